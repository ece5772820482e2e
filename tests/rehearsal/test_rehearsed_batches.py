"""Files and batches: half price, results once, and everything that goes wrong in one."""

from __future__ import annotations

import base64
import io
import json
import time
from typing import Any

import openai
import pytest
from PIL import Image

BODY: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a red barn", "size": "1024x1024", "quality": "low"}
URL = "/v1/images/generations"


def row(number: int, body: dict[str, Any] | None = None, **change: Any) -> dict[str, Any]:
    body = BODY | {"prompt": f"barn {number}"} | (body or {})
    return {"custom_id": f"row-{number}", "method": "POST", "url": URL, "body": body} | change


def submit(client: Any, rows: list[Any], endpoint: str = URL) -> Any:
    text = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in rows)
    upload = client.files.create(file=("rows.jsonl", text.encode(), "application/jsonl"), purpose="batch")
    return client.batches.create(input_file_id=upload.id, endpoint=endpoint, completion_window="24h")


def finish(client: Any, batch: Any) -> Any:
    while batch.status not in ("completed", "failed", "expired", "cancelled"):
        time.sleep(0.01)
        batch = client.batches.retrieve(batch.id)
    return batch


def lines(client: Any, file_id: str | None) -> dict[str, Any]:
    if file_id is None:
        return {}
    found = [json.loads(line) for line in client.files.content(file_id).text.splitlines()]
    return {one["custom_id"]: one for one in found}


def test_files(start: Any) -> None:
    client, _ = start()
    uploads = [client.files.create(file=(f"{n}.jsonl", b"x" * n, "text/plain"), purpose="batch") for n in (1, 2, 3)]
    assert client.files.content(uploads[1].id).read() == b"xx"
    again = client.files.retrieve(uploads[1].id)
    assert (again.bytes, again.filename, again.purpose, again.status) == (2, "2.jsonl", "batch", "processed")
    assert [one.id for one in client.files.list()] == [one.id for one in reversed(uploads)]
    assert client.files.delete(uploads[0].id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(uploads[0].id)
    with pytest.raises(openai.BadRequestError) as caught:
        client.files.create(file=("a", b"x"), purpose="decoration")
    assert caught.value.param == "purpose"


def test_a_batch_runs_and_costs_half(start: Any) -> None:
    client, server = start()
    batch = submit(client, [row(n) for n in range(3)])
    assert batch.status == "validating"
    batch = finish(client, batch)
    assert batch.status == "completed"
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (3, 3, 0)
    assert batch.error_file_id is None
    results = lines(client, batch.output_file_id)
    assert sorted(results) == ["row-0", "row-1", "row-2"]
    body = results["row-1"]["response"]["body"]
    assert results["row-1"]["response"]["status_code"] == 200
    assert Image.open(io.BytesIO(base64.b64decode(body["data"][0]["b64_json"]))).size == (1024, 1024)
    direct = client.images.generate(**BODY | {"prompt": "barn 1"})
    assert direct.data[0].b64_json == body["data"][0]["b64_json"]
    charges = server.charges()
    assert {charge["custom_id"] for charge in charges["charges"]} == {"row-0", "row-1", "row-2", None}
    assert charges["charges"][0]["batch"] == batch.id
    assert charges["charges"][0]["usd"] == pytest.approx(charges["charges"][-1]["usd"] / 2)
    assert charges["totals"]["batch_usd"] == pytest.approx(3 * (196 * 15 + 2 * 2.5) / 1e6)
    assert batch.usage.output_tokens == 3 * 196
    assert batch.model == "gpt-image-2"


def test_edits_in_a_batch(start: Any) -> None:
    client, _ = start()
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "PNG")
    photo = client.files.create(file=("a.png", out.getvalue(), "image/png"), purpose="vision")
    url = "/v1/images/edits"
    rows = [
        row(0, {"images": [{"file_id": photo.id}]}, url=url),
        row(1, {"images": [{"file_id": "file-none"}]}, url=url),
        row(2, {}, url=url),
    ]
    batch = finish(client, submit(client, rows, url))
    assert sorted(lines(client, batch.output_file_id)) == ["row-0"]
    failed = lines(client, batch.error_file_id)
    assert failed["row-1"]["response"]["status_code"] == 404
    assert failed["row-2"]["response"]["body"]["error"]["code"] == "missing_required_parameter"


def test_rows_that_fail(start: Any) -> None:
    client, server = start(faults=[{"fault": "batch_row", "prompt": "barn 2"}])
    rows = [
        row(0, {"prompt": "[[fault:moderation]]"}),
        row(1, {"seed": 4}),
        row(2),
        row(3, {"stream": True}),
        row(4, {"prompt": "[[fault:disconnect_after]]"}),
        row(5, {"prompt": "[[fault:batch_row]]"}),
        row(6),
    ]
    batch = finish(client, submit(client, rows))
    assert batch.status == "completed"
    assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 6)
    assert sorted(lines(client, batch.output_file_id)) == ["row-6"]
    failed = lines(client, batch.error_file_id)
    assert failed["row-0"]["response"]["body"]["error"]["code"] == "moderation_blocked"
    assert failed["row-1"]["response"]["body"]["error"]["param"] == "seed"
    assert failed["row-2"]["response"]["status_code"] == 500
    assert failed["row-4"]["error"]["code"] == "server_error"
    assert failed["row-5"]["response"]["status_code"] == 500
    assert server.charges()["totals"]["count"] == 2, "row 6, and row 4, whose answer was lost"


def test_a_batch_expires(start: Any) -> None:
    client, server = start(faults=[{"fault": "batch_expired", "done": 0.4}])
    batch = finish(client, submit(client, [row(n) for n in range(5)]))
    assert batch.status == "expired"
    assert batch.expired_at
    assert len(lines(client, batch.output_file_id)) == 2
    expired = lines(client, batch.error_file_id)
    assert sorted(expired) == ["row-2", "row-3", "row-4"]
    assert expired["row-2"]["error"]["code"] == "batch_expired"
    assert expired["row-2"]["response"] is None
    assert server.charges()["totals"]["count"] == 2
    assert finish(client, submit(client, [row(9)])).status == "completed"


def test_cancelling(start: Any) -> None:
    client, server = start(batch_delay=4)
    batch = submit(client, [row(n) for n in range(40)])
    while batch.request_counts.completed < 2:
        time.sleep(0.02)
        batch = client.batches.retrieve(batch.id)
    assert client.batches.cancel(batch.id).status == "cancelling"
    batch = finish(client, batch)
    assert batch.status == "cancelled"
    done = lines(client, batch.output_file_id)
    assert 2 <= len(done) < 40
    assert server.charges()["totals"]["count"] == len(done)
    with pytest.raises(openai.ConflictError):
        client.batches.cancel(batch.id)


def test_the_delay_and_the_list(start: Any) -> None:
    client, _ = start(batch_delay=1.2)
    began = time.monotonic()
    batches = [submit(client, [row(0)]) for _ in range(3)]
    assert [one.id for one in client.batches.list(limit=2)] == [one.id for one in reversed(batches)]
    seen = {batches[0].status}
    while "completed" not in seen:
        seen.add(client.batches.retrieve(batches[0].id).status)
    assert time.monotonic() - began >= 1.2
    assert {"validating", "in_progress", "finalizing"} <= seen


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        (["not json", row(1)], "invalid_json_line", 1),
        ([row(1), row(1)], "duplicate_custom_id", 2),
        ([row(1), row(2, custom_id="")], "missing_required_parameter", 2),
        ([row(1, body=None) | {"body": None}], "missing_required_parameter", 1),
        ([row(1, method="GET")], "invalid_method", 1),
        ([row(1, url="/v1/images/edits")], "invalid_url", 1),
        ([row(1, {"model": "gpt-image-9"})], "model_not_found", 1),
        ([row(1), row(2, {"model": "gpt-image-1.5"})], "mismatched_model", None),
        ([], "empty_file", None),
        ([row(n) for n in range(6)], "too_many_tasks", None),
    ],
)
def test_files_no_batch_is_made_of(start: Any, rows: list[Any], code: str, line: int | None) -> None:
    client, server = start(batch_rows=5)
    batch = finish(client, submit(client, rows))
    assert batch.status == "failed"
    assert (batch.errors.data[0].code, batch.errors.data[0].line) == (code, line)
    assert server.charges()["totals"]["count"] == 0


def test_a_batch_that_fails_on_command_and_a_model_batches_do_not_take(start: Any) -> None:
    client, _ = start(faults=["batch_failed"], batch_models=["gpt-image-1.5"])
    assert finish(client, submit(client, [row(1)])).errors.data[0].code == "token_limit_exceeded"
    assert finish(client, submit(client, [row(1)])).errors.data[0].code == "model_not_found"


@pytest.mark.parametrize(
    "change", [{"endpoint": "/v1/embeddings"}, {"input_file_id": "file-none"}, {"completion_window": "1h"}]
)
def test_batches_that_cannot_be_created(start: Any, change: dict[str, Any]) -> None:
    client, _ = start()
    upload = client.files.create(file=("rows.jsonl", b"{}", "application/jsonl"), purpose="batch")
    with pytest.raises(openai.BadRequestError) as caught:
        client.batches.create(**{"input_file_id": upload.id, "endpoint": URL, "completion_window": "24h"} | change)
    assert caught.value.param == next(iter(change))
    with pytest.raises(openai.NotFoundError):
        client.batches.retrieve("batch_none")


def test_a_restarted_server_carries_a_batch_on_and_books_no_row_twice(start: Any, tmp_path: Any) -> None:
    client, server = start(state_dir=tmp_path, batch_delay=2)
    batch = submit(client, [row(n) for n in range(6)])
    while not server.charges()["totals"]["count"]:
        time.sleep(0.01)
    server.close()
    client, server = start(state_dir=tmp_path)
    batch = finish(client, client.batches.retrieve(batch.id))
    assert batch.status == "completed"
    assert len(lines(client, batch.output_file_id)) == 6
    rows = [charge["custom_id"] for charge in server.charges()["charges"]]
    assert sorted(rows) == [f"row-{n}" for n in range(6)]
