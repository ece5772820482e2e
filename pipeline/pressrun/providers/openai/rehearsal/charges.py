"""The till: what the real API would have billed, and when."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from msgspec import Struct
from msgspec.structs import asdict

from pressrun.providers.openai.rehearsal.models import Model


class Usage(Struct, frozen=True):
    """Tokens of one call, in the API's own split."""

    text_in: int
    image_in: int
    image_out: int

    def body(self) -> dict[str, Any]:
        """The `usage` object of an image answer."""
        return {
            "input_tokens": self.text_in + self.image_in,
            "input_tokens_details": {"text_tokens": self.text_in, "image_tokens": self.image_in},
            "output_tokens": self.image_out,
            "output_tokens_details": {"text_tokens": 0, "image_tokens": self.image_out},
            "total_tokens": self.text_in + self.image_in + self.image_out,
        }

    def nano_usd(self, model: Model, batch: bool) -> int:
        """The price in nano-dollars; a batch costs half."""
        full = self.text_in * model.text_in + self.image_in * model.image_in + self.image_out * model.image_out
        return full // 2 if batch else full


class Charge(Struct, frozen=True):
    """One booking. `usd` is `nano_usd` in dollars; `n` the pictures; `batch` the batch's id, or None."""

    id: str
    endpoint: str
    model: str
    size: str
    quality: str
    n: int
    usd: float
    nano_usd: int
    usage: dict[str, Any]
    prompt_sha256: str
    request_id: str
    client_request_id: str | None
    batch: str | None
    custom_id: str | None
    fault: str | None
    at: float


class Till:
    """Books charges, in memory and, where there is a folder, in `charges.jsonl`, which a restart reads back."""

    def __init__(self, folder: Path | None, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._charges: list[Charge] = []
        self._rows: set[tuple[str, str]] = set()
        self._file: TextIO | None = None
        if folder is not None:
            path = folder / "charges.jsonl"
            if path.exists():
                self._charges = _read(path)
                self._rows = {(one.batch, one.custom_id) for one in self._charges if one.batch and one.custom_id}
            self._file = path.open("a", encoding="utf-8")

    def book(self, *, model: Model, usage: Usage, batch: str | None, custom_id: str | None, **facts: Any) -> None:
        """One charge; a batch's row that is booked already is left alone (a restarted server does it again)."""
        nano = usage.nano_usd(model, batch is not None)
        with self._lock:
            if batch and custom_id:
                if (batch, custom_id) in self._rows:
                    return
                self._rows.add((batch, custom_id))
            charge = Charge(
                id=f"charge_{len(self._charges) + 1:06d}",
                model=model.name,
                usd=round(nano / 1e9, 9),
                nano_usd=nano,
                usage=usage.body(),
                batch=batch,
                custom_id=custom_id,
                at=self._clock(),
                **facts,
            )
            self._charges.append(charge)
            if self._file is not None:
                self._file.write(json.dumps(asdict(charge)) + "\n")
                self._file.flush()  # enough to outlive this process; the machine's own death is not rehearsed

    def all(self) -> list[Charge]:
        with self._lock:
            return list(self._charges)

    def report(self) -> dict[str, Any]:
        """What `GET /charges` answers: every charge, and totals by model and lane."""
        charges = self.all()
        models: dict[str, dict[str, Any]] = {}
        for charge in charges:
            line = models.setdefault(charge.model, {"count": 0, "images": 0, "nano": 0})
            line["count"] += 1
            line["images"] += charge.n
            line["nano"] += charge.nano_usd
        batch = sum(charge.nano_usd for charge in charges if charge.batch)
        total = sum(charge.nano_usd for charge in charges)
        return {
            "charges": [asdict(charge) for charge in charges],
            "totals": {
                "count": len(charges),
                "images": sum(charge.n for charge in charges),
                "usd": round(total / 1e9, 9),
                "direct_usd": round((total - batch) / 1e9, 9),
                "batch_usd": round(batch / 1e9, 9),
                "by_model": {
                    name: {"count": line["count"], "images": line["images"], "usd": round(line["nano"] / 1e9, 9)}
                    for name, line in models.items()
                },
            },
        }

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None


def _read(path: Path) -> list[Charge]:
    charges = []
    for line in path.read_text("utf-8").splitlines():
        try:
            charges.append(Charge(**json.loads(line)))
        except ValueError:  # a line torn by a kill was never answered for
            continue
    return charges
