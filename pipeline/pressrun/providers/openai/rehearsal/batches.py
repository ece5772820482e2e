"""`/v1/batches`: half price, later, row by row, with everything that can go wrong in one."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import Any

from pressrun.providers.openai.rehearsal.faults import PlayedFault
from pressrun.providers.openai.rehearsal.files import Files
from pressrun.providers.openai.rehearsal.images import row_order
from pressrun.providers.openai.rehearsal.intake import read_json
from pressrun.providers.openai.rehearsal.protocol import tables
from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Call, Reply, json_reply, spoil
from pressrun.providers.openai.rehearsal.service import Disconnect, Sender, Service, answer_body
from pressrun.providers.openai.rehearsal.shelf import Shelf, Threads

ENDPOINTS = ("/v1/images/generations", "/v1/images/edits")
WINDOW = 24 * 60 * 60
FINISHED = ("failed", "completed", "expired", "cancelled")


class BatchShelf:
    """The batches of one server, each worked off by a thread of its own."""

    def __init__(self, service: Service, files: Files) -> None:
        self._service = service
        self._files = files
        self._shelf = Shelf(service.folder, "batches")
        self._lock = threading.Lock()
        self.threads = Threads()
        for record in self._shelf.all():
            if record["status"] not in FINISHED:
                self.threads.start(self._work, record["id"])

    def create(self, call: Call) -> Reply:
        values = tables()["batches"].check(read_json(call.body), strict=True)
        if values["endpoint"] not in ENDPOINTS:
            raise Refusal(400, f"The rehearsal has no batches for '{values['endpoint']}'.", param="endpoint")
        try:
            source = self._files.record(values["input_file_id"])
        except Refusal:
            raise Refusal(
                400,
                f"File '{values['input_file_id']}' not found.",
                param="input_file_id",
                code="invalid_value",
            ) from None
        if source["purpose"] != "batch":
            raise Refusal(400, f"File '{source['id']}' was not uploaded with purpose 'batch'.", param="input_file_id")
        now = self._service.now()
        fault = self._service.faults.pick("/v1/batches", "", "")
        record = {
            "id": self._service.new_id("batch_"),
            "object": "batch",
            "endpoint": values["endpoint"],
            "model": None,
            "errors": None,
            "input_file_id": source["id"],
            "completion_window": values["completion_window"],
            "status": "validating",
            "output_file_id": None,
            "error_file_id": None,
            "created_at": now,
            "expires_at": now + WINDOW,
            **dict.fromkeys(
                f"{step}_at"
                for step in ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")
            ),
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "usage": None,
            "metadata": values.get("metadata"),
            "rehearsal": {"fault": fault.fault, "done": fault.done} if fault else None,
        }
        self._shelf.put(record)
        self.threads.start(self._work, record["id"])
        return json_reply(_public(record))

    def retrieve(self, call: Call) -> Reply:
        return json_reply(_public(self._record(call.names[0])))

    def listing(self, call: Call) -> Reply:
        page = self._shelf.page(call.query.get("after"), int(call.query.get("limit", 20)))
        return json_reply(page | {"data": [_public(record) for record in page["data"]]})

    def cancel(self, call: Call) -> Reply:
        with self._lock:
            record = self._record(call.names[0])
            if record["status"] in FINISHED:
                raise Refusal(409, f"Cannot cancel a batch with status '{record['status']}'.", code="invalid_status")
            record |= {"status": "cancelling", "cancelling_at": self._service.now()}
            self._shelf.put(record)
        return json_reply(_public(record))

    def _record(self, batch_id: str) -> dict[str, Any]:
        found = self._shelf.get(batch_id)
        if found is None:
            raise Refusal(404, f"No batch found with id '{batch_id}'.", param="id")
        return found

    def _move(self, batch_id: str, status: str, **facts: Any) -> bool:
        """On to the next status, unless the batch is being cancelled meanwhile; whether it went."""
        with self._lock:
            record = self._record(batch_id)
            leaves = record["status"] == "cancelling" and status not in FINISHED
            moved = {} if leaves else {"status": status, f"{status}_at": self._service.now()}
            self._shelf.put(record | moved | facts)
            return not leaves

    def _note(self, batch_id: str, **facts: Any) -> None:
        with self._lock:
            self._shelf.put(self._record(batch_id) | facts)

    def _work(self, batch_id: str) -> None:
        delay = self._service.options.batch_delay
        stopped = self._service.stopped
        record = self._record(batch_id)
        fault = PlayedFault(**record["rehearsal"]) if record["rehearsal"] else None
        if stopped.wait(delay * 0.1):
            return
        rows, errors = self._read(record, fault)
        if errors:
            self._move(batch_id, "failed", errors={"object": "list", "data": errors})
            return
        model = rows[0]["body"].get("model")
        total = {"total": len(rows), "completed": 0, "failed": 0}
        self._move(batch_id, "in_progress", model=model, request_counts=total)
        # In an expiring batch a share of the rows is done, and the rest never comes to its turn.
        until = int(len(rows) * fault.done) if fault and fault.fault == "batch_expired" else len(rows)
        good: list[str] = []
        bad: list[str] = []
        usage: Counter[str] = Counter()
        for row in rows[:until]:
            if stopped.wait(delay * 0.8 / len(rows)):
                return
            if self._record(batch_id)["status"] == "cancelling":
                break
            with self._service.busy():
                line, fine = self._row(batch_id, record["endpoint"], row)
            (good if fine else bad).append(json.dumps(line))
            if fine:
                usage.update(_tokens(line["response"]["body"]))
            self._note(batch_id, request_counts=total | {"completed": len(good), "failed": len(bad)})
        cancelled = not self._move(batch_id, "finalizing") or len(good) + len(bad) < until
        if stopped.wait(delay * 0.1):
            return
        if not cancelled:
            bad += [json.dumps(self._expired(row)) for row in rows[until:]]
        counts = total | {"completed": len(good), "failed": len(bad)}
        cancelled = cancelled or self._record(batch_id)["status"] == "cancelling"
        self._move(
            batch_id,
            "cancelled" if cancelled else "expired" if until < len(rows) else "completed",
            output_file_id=self._result(batch_id, "output", good),
            error_file_id=self._result(batch_id, "error", bad),
            request_counts=counts,
            usage=_usage(usage),
        )

    def _read(
        self, record: dict[str, Any], fault: PlayedFault | None
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows, and what is wrong with the file: any of it fails the whole batch."""
        options = self._service.options
        data = self._files.data(record["input_file_id"])
        lines = data.decode("utf-8", "replace").splitlines()
        errors: list[dict[str, Any]] = []

        def wrong(code: str, message: str, line: int | None = None, param: str | None = None) -> None:
            errors.append({"code": code, "message": message, "line": line, "param": param})

        if fault is not None and fault.fault == "batch_failed":
            wrong("token_limit_exceeded", "Enqueued token limit reached for this organization. Please try again later.")
        if not any(line.strip() for line in lines):
            wrong("empty_file", "The input file is empty.")
        if len(lines) > options.batch_rows:
            wrong("too_many_tasks", f"The input file has more than {options.batch_rows} requests.")
        if len(data) > options.batch_bytes:
            wrong("file_too_large", f"The input file is larger than {options.batch_bytes} bytes.")
        rows: list[dict[str, Any]] = []
        seen: set[str] = set()
        models: set[str] = set()
        for number, line in enumerate(lines if not errors else [], 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                wrong("invalid_json_line", "This line is not parseable as valid JSON.", number)
                continue
            if not isinstance(row, dict) or not isinstance(row.get("body"), dict):
                wrong("missing_required_parameter", "Missing required parameter: 'body'.", number, "body")
                continue
            if not isinstance(row.get("custom_id"), str) or not row["custom_id"]:
                wrong("missing_required_parameter", "Missing required parameter: 'custom_id'.", number, "custom_id")
            elif row["custom_id"] in seen:
                wrong(
                    "duplicate_custom_id",
                    f"The custom_id for this request, '{row['custom_id']}', is a duplicate of another request. "
                    "The custom_id parameter must be unique for each request in a batch.",
                    number,
                    "custom_id",
                )
            if row.get("method") != "POST":
                wrong("invalid_method", "The only supported method is 'POST'.", number, "method")
            if row.get("url") != record["endpoint"]:
                wrong(
                    "invalid_url", "The URL provided for this request does not match the batch endpoint.", number, "url"
                )
            name = str(row["body"].get("model"))
            if name not in self._service.models or name not in (options.batch_models or self._service.models):
                wrong(
                    "model_not_found",
                    f"The provided model '{name}' is not supported by the Batch API.",
                    number,
                    "body.model",
                )
            seen.add(str(row.get("custom_id")))
            models.add(name)
            rows.append(row)
        if len(models) > 1:
            wrong("mismatched_model", "All requests of a batch must use the same model.", None, "body.model")
        return rows, errors

    def _row(self, batch_id: str, endpoint: str, row: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """One row's result line, and whether it belongs into the output file."""
        request_id = self._service.new_id("req_")
        line = {"id": self._service.new_id("batch_req_"), "custom_id": row["custom_id"]}
        try:
            order = row_order(self._service, endpoint, row["body"], self._files.picture)
            work = self._service.fulfil(order, Sender(request_id, batch=batch_id, custom_id=row["custom_id"]))
            reply = spoil(answer_body(self._service, work), work.fault)
            body = json.loads(reply.body)
        except Refusal as refusal:
            answer = {"status_code": refusal.status, "request_id": request_id, "body": refusal.body()}
            return line | {"response": answer, "error": None}, False
        except (Disconnect, ValueError):
            error = {"code": "server_error", "message": "The request could not be completed."}
            return line | {"response": None, "error": error}, False
        answer = {"status_code": reply.status, "request_id": request_id, "body": body}
        return line | {"response": answer, "error": None}, True

    def _expired(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": self._service.new_id("batch_req_"),
            "custom_id": row["custom_id"],
            "response": None,
            "error": {
                "code": "batch_expired",
                "message": "This request could not be executed before the completion window expired.",
            },
        }

    def _result(self, batch_id: str, kind: str, lines: list[str]) -> str | None:
        if not lines:
            return None
        text = "".join(line + "\n" for line in lines)
        return str(self._files.keep(f"{batch_id}_{kind}.jsonl", text.encode(), "batch_output")["id"])


def _public(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "rehearsal"}


def _tokens(body: dict[str, Any]) -> dict[str, int]:
    usage = body.get("usage") or {}
    return {name: int(usage.get(name, 0)) for name in ("input_tokens", "output_tokens", "total_tokens")}


def _usage(tokens: Counter[str]) -> dict[str, Any]:
    return {
        "input_tokens": tokens["input_tokens"],
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": tokens["output_tokens"],
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": tokens["total_tokens"],
    }
