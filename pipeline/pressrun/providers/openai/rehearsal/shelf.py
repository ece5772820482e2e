"""Records with their bytes, in memory and, where there is a folder, on disk: what a restarted server still knows."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Threads:
    """What goes on behind the answers, each piece of it in a thread of its own that has the name of its record."""

    def __init__(self) -> None:
        self._every: list[threading.Thread] = []

    def start(self, work: Callable[..., None], record: str, *told: object) -> None:
        thread = threading.Thread(target=work, args=(record, *told), name=record, daemon=True)
        self._every.append(thread)
        thread.start()

    @property
    def at_work(self) -> bool:
        return any(thread.is_alive() for thread in self._every)

    def close(self) -> None:
        for thread in self._every:
            thread.join()


class Shelf:
    """Records by id, in the order they came."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self._lock = threading.Lock()
        self._records: dict[str, dict[str, Any]] = {}
        self._data: dict[str, bytes] = {}
        self._folder = folder / name if folder is not None else None
        if self._folder is not None:
            self._folder.mkdir(exist_ok=True)
            found = [json.loads(path.read_text("utf-8")) for path in self._folder.glob("*.json")]
            for record in sorted(found, key=lambda record: int(record["shelf"])):
                self._records[record["id"]] = record

    def put(self, record: dict[str, Any], data: bytes | None = None) -> None:
        """Keep or replace a record (by its `id`); its bytes stay as they are when none are given."""
        with self._lock:
            key = record["id"]
            place = self._records.get(key, {}).get("shelf", len(self._records))
            self._records[key] = record = record | {"shelf": place}
            if self._folder is not None:
                if data is not None:
                    (self._folder / f"{key}.bin").write_bytes(data)
                beside = self._folder / f"{key}.new"
                beside.write_text(json.dumps(record), "utf-8")
                beside.replace(self._folder / f"{key}.json")
            elif data is not None:
                self._data[key] = data

    def get(self, key: str) -> dict[str, Any] | None:
        with self._lock:
            record = self._records.get(key)
            return {name: value for name, value in record.items() if name != "shelf"} if record else None

    def data(self, key: str) -> bytes:
        with self._lock:
            return (self._folder / f"{key}.bin").read_bytes() if self._folder is not None else self._data[key]

    def drop(self, key: str) -> None:
        with self._lock:
            self._records.pop(key, None)
            self._data.pop(key, None)
            if self._folder is not None:
                for suffix in ("json", "bin"):
                    (self._folder / f"{key}.{suffix}").unlink(missing_ok=True)

    def page(self, after: str | None, limit: int) -> dict[str, Any]:
        """One page of a list object, newest first, as the API lists things."""
        with self._lock:
            keys = list(reversed(self._records))
        start = keys.index(after) + 1 if after in keys else 0
        chosen = keys[start : start + limit]
        return {
            "object": "list",
            "data": [self.get(key) for key in chosen],
            "first_id": chosen[0] if chosen else None,
            "last_id": chosen[-1] if chosen else None,
            "has_more": start + limit < len(keys),
        }

    def all(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._records.values())
