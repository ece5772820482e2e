"""A request the API turns down: status, body and headers in the form the real one uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Raised anywhere below the handler; becomes an HTTP answer, or a line of a batch's error file."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.param = param
        self.code = code
        self.headers = dict(headers or {})
        self.details = dict(details or {})

    def error(self) -> dict[str, Any]:
        return {"message": self.message, "type": self.kind, "param": self.param, "code": self.code, **self.details}

    def body(self) -> dict[str, Any]:
        return {"error": self.error()}


def model_not_found(model: str) -> Refusal:
    return Refusal(
        404,
        f"The model '{model}' does not exist or you do not have access to it.",
        code="model_not_found",
        param="model",
    )


def moderation_blocked(stage: str, categories: tuple[str, ...], request_id: str) -> Refusal:
    """`stage` is input or output; `categories` are the coarse public ones (sexual, violence, harassment …)."""
    return Refusal(
        400,
        "Your request was rejected by the safety system. If you believe this is an error, contact us at "
        f"help.openai.com and include the request ID {request_id}. safety_violations=[{', '.join(categories)}].",
        kind="image_generation_user_error",
        code="moderation_blocked",
        details={"moderation_details": {"moderation_stage": stage, "categories": list(categories)}},
    )
