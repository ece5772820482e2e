"""A file put in the place of a picture by dropping it there: what `pressrun adopt` does, with what came from a browser
decoded and encoded again first."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import NotAllowed, campaign_of, visitor_of, wrong
from pressrun.commands.studio.forks import is_another_asked, picture_of
from pressrun.decisions.branches import TRUNK
from pressrun.decisions.hand_retouched import adopt, give_back, standing_for
from pressrun.model.errors import InputError, PictureFailed, PressrunError
from pressrun.model.finding import Finding, Severity

MOST_BYTES = 48 << 20
MOST_PIXELS = 100_000_000
PLAIN = {"P": "RGBA", "PA": "RGBA", "1": "L"}  # modes → in which they are kept


async def taken_in(request: Request) -> Response:
    """The body of the request, an image file called ``name``, stands for the picture from now on."""
    from starlette.concurrency import run_in_threadpool

    try:
        if not visitor_of(request).may("decide"):
            raise NotAllowed("decide")
        return await run_in_threadpool(_put_in_place, request, await _read(request))
    except PressrunError as error:
        return wrong(request, error)


async def _read(request: Request) -> bytes:
    """The body, as far as it is not too long: what is behind that is never read. Raises InputError."""
    data = bytearray()
    try:
        async for part in request.stream():
            data += part
            if len(data) > MOST_BYTES:
                raise _fault("picture-size", f"the file has more than {MOST_BYTES >> 20} MB", "save it smaller")
    except ClientDisconnect:
        raise _fault("bad-request", "the file did not come whole", "try again") from None
    return bytes(data)


def _put_in_place(request: Request, data: bytes) -> Response:
    run, tile, asset, picture = picture_of(request)
    campaign = campaign_of(request)
    name = file_name(request.query_params.get("name", ""))
    from pressrun.graphics.photos.photo_credits import credit_of

    again, credit = encoded_again(data, name), credit_of(data)
    made = adopt(picture.key, again, name, campaign.store, run.journal, credit)
    request.app.state.made.add(made.digest)
    run.forget_branches()
    request.app.state.audit.add(
        who=visitor_of(request).who, what="adopt", run=run.shelf.run, sheets=[tile.id], file=name, key=made.key
    )
    root, branch = run.journal.branch_of(made.key) or (picture.key, TRUNK)
    return JSONResponse({
        "key": made.key, "sha256": made.digest, "branch": branch, "file": name, "root": root,
        "other": is_another_asked(run, asset, picture),
    })  # fmt: skip


def taken_away(request: Request, said: Mapping[str, Any]) -> Response:
    """What was put in place is taken away: what it stood for stands again."""
    run, tile, _, picture = picture_of(request)
    back = give_back(standing_for(picture.key, run.journal)[0] or picture.key, run.journal)
    run.forget_branches()
    request.app.state.audit.add(who=visitor_of(request).who, what="adopt-undo", run=run.shelf.run, sheets=[tile.id],
                                key=back)  # fmt: skip
    return JSONResponse({"key": back})


def encoded_again(data: bytes, name: str) -> bytes:
    """An uploaded picture as a PNG of our own: its pixels, upright, and its colour profile, nothing else that it came
    with. Raises InputError."""
    from pressrun.graphics.photos.incoming import (  # with numpy: no first page waits for it
        KINDS_READ,
        head_of,
        incoming,
    )
    from pressrun.graphics.photos.photographs import READERS, in_light

    hint = f"save it as {KINDS_READ}"
    try:
        width, height = head_of(io.BytesIO(data), name).seen
        if width * height > MOST_PIXELS:
            raise _fault("picture-size", f"{name} has more than {MOST_PIXELS:,} pixels", "save it smaller")
        with Image.open(io.BytesIO(in_light(incoming(data, name).data)), formats=READERS) as sent:
            profile = sent.info.get("icc_profile")
            clear = "transparency" in sent.info
            clean = sent.convert("RGBA" if clear else PLAIN.get(sent.mode, sent.mode))
        out = io.BytesIO()
        clean.info.clear()
        clean.save(out, "PNG", compress_level=3, **({"icc_profile": profile} if profile else {}))
    except PictureFailed as error:
        raise _fault("picture-kind", error.message, error.hint or hint) from None
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise _fault("picture-kind", f"{name} is no picture that can be read", hint) from None
    return out.getvalue()


def file_name(said: str) -> str:
    """The name of an uploaded file, as it is told: without folders, and of a line."""
    name = said.replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in name if one.isprintable()).strip()[:120] or "a file"


def _fault(code: str, message: str, hint: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
