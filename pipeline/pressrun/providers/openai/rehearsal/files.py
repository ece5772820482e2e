"""`/v1/files`: uploads for batches and edits, and the results of batches."""

from __future__ import annotations

import mimetypes
from typing import Any

from pressrun.providers.openai.rehearsal import intake
from pressrun.providers.openai.rehearsal.protocol import Attachment, missing, tables
from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Call, Reply, json_reply
from pressrun.providers.openai.rehearsal.service import Service
from pressrun.providers.openai.rehearsal.shelf import Shelf

LIST_LIMIT = 10_000


class Files:
    """The uploaded files of one server."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._shelf = Shelf(service.folder, "files")

    def upload(self, call: Call) -> Reply:
        parts = intake.read_multipart(call.content_type, call.body)
        files = [part for part in parts if part.filename is not None and part.name == "file"]
        if not files:
            raise missing("file")
        values = intake.fields_of(parts)
        tables()["files"].check(values | {"file": files[0].data}, strict=False)
        return json_reply(self.keep(files[0].filename or "upload", files[0].data, values["purpose"]))

    def keep(self, name: str, data: bytes, purpose: str) -> dict[str, Any]:
        """Store bytes as a file; its file object."""
        record = {
            "id": self._service.new_id("file-"),
            "object": "file",
            "bytes": len(data),
            "created_at": self._service.now(),
            "expires_at": None,
            "filename": name,
            "purpose": purpose,
            "status": "processed",
            "status_details": None,
        }
        self._shelf.put(record, data)
        return record

    def listing(self, call: Call) -> Reply:
        return json_reply(self._shelf.page(call.query.get("after"), int(call.query.get("limit", LIST_LIMIT))))

    def retrieve(self, call: Call) -> Reply:
        return json_reply(self.record(call.names[0]))

    def content(self, call: Call) -> Reply:
        record = self.record(call.names[0])
        kind = mimetypes.guess_type(record["filename"])[0] or "application/octet-stream"
        return Reply(200, self._shelf.data(record["id"]), kind)

    def delete(self, call: Call) -> Reply:
        record = self.record(call.names[0])
        self._shelf.drop(record["id"])
        return json_reply({"id": record["id"], "object": "file", "deleted": True})

    def record(self, file_id: str) -> dict[str, Any]:
        found = self._shelf.get(file_id)
        if found is None:
            raise Refusal(404, f"No such File object: {file_id}", param="id")
        return found

    def data(self, file_id: str) -> bytes:
        return self._shelf.data(self.record(file_id)["id"])

    def picture(self, file_id: str) -> Attachment:
        """An uploaded picture, for an edit that names it; its kind is told by its name, as the API does."""
        record = self.record(file_id)
        kind = mimetypes.guess_type(record["filename"])[0] or "application/octet-stream"
        return Attachment(self._shelf.data(file_id), "image", kind)
