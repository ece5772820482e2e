"""References that lie at a provider: each is uploaded once in the life of the store, as long as it is kept there."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from pressrun.model.batch import BatchDesk
from pressrun.model.journal import Results
from pressrun.model.journal.results import Result
from pressrun.model.picture import PictureRequest
from pressrun.model.store import Store

UPLOADED = "uploaded"  # the kind of a result that says where a reference lies at the provider


class Uploads:
    """References of one provider, by digest. ``tried`` makes a call of the desk, as often as makes sense."""

    def __init__(
        self, desk: BatchDesk, address: str, store: Store, journal: Results,
        tried: Callable[[Callable[[], Any]], Any] = lambda call: call(),
    ) -> None:  # fmt: skip
        self._desk, self._address, self._store, self._journal, self._tried = desk, address, store, journal, tried
        self._lock = threading.Lock()
        self.files: dict[str, str] = {}

    def of(self, request: PictureRequest) -> dict[str, str]:
        """The provider's names for what is sent along with a request. Raises CallFailed."""
        with self._lock:
            for reference in (*request.references, *((request.mask,) if request.mask else ())):
                if reference.digest not in self.files:
                    self.files[reference.digest] = self._sent(reference.digest)
            return dict(self.files)

    def _sent(self, digest: str) -> str:
        key = hashlib.sha256(json.dumps([UPLOADED, self._address, digest]).encode()).hexdigest()
        known = self._journal.lookup([key]).get(key)
        file = str(known.facts["file"]) if known else ""
        if not file or not self._tried(partial(self._desk.has_file, file)):
            data = self._store.read(digest)
            file = self._tried(partial(self._desk.send_picture, digest, data))
            self._journal.record([Result.of(key, UPLOADED, digest, len(data), {"file": file})])
        return file
