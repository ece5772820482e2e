"""`pressrun studio`: a local page over the campaign, to look, compare, decide and change."""

from __future__ import annotations

import contextlib
import getpass
from importlib.util import find_spec
from pathlib import Path

import click
import cloup

from pressrun.commands.terminal import tell
from pressrun.model.errors import InputError, MissingTool
from pressrun.model.finding import Finding, Severity

ANYWHERE = ("0.0.0.0", "::")  # addresses that other machines reach


@cloup.command()
@cloup.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR",
              help="The campaign's folder (default: the nearest from here upwards).")
@cloup.option("--port", type=click.IntRange(0, 65535), default=8600, show_default=True, metavar="N",
              help="Port on this machine (0: any that is free).")
@cloup.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Address to listen on; other machines get in only with --token.")
@cloup.option("--token", envvar="PRESSRUN_STUDIO_TOKEN", metavar="WORD",
              help="What the first address carries (default: another one each time).")
@cloup.option("--by", metavar="NAME", help="Who decides (default: you).")
@cloup.option("--open", "opens", is_flag=True, help="Open it in the browser.")
def studio(root: Path | None, port: int, host: str, token: str | None, by: str | None, opens: bool) -> int:
    """Look at runs, compare, decide and comment in a browser: prints an address, and serves until Ctrl-C.

    It reads the records of runs and writes what `approve`, `reject`, `fork` and `override` write; the next run obeys.
    """
    from pressrun import doors

    if not (find_spec("starlette") and find_spec("uvicorn")):
        raise MissingTool("the pages need Starlette and Uvicorn", "pip install 'pressrun[studio]'")
    from pressrun.commands.studio.server import app_of, hosts_of, listening, serve

    if host not in ("127.0.0.1", "localhost", "::1") and not token:
        message, hint = f"{host} is reached from other machines", "set --token, or PRESSRUN_STUDIO_TOKEN"
        raise InputError([Finding(Severity.ERROR, "token-wanted", message, hint=hint)])
    if token is not None and len(token) < 16:
        message, hint = "the token is short enough to be guessed", "16 characters at least"
        raise InputError([Finding(Severity.ERROR, "token-short", message, hint=hint)])
    campaign = (root or doors.find_root(Path.cwd())).resolve()
    door = listening(host, port)
    word = token or doors.secret()
    number = door.getsockname()[1]
    shown = "127.0.0.1" if host in ANYWHERE else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{number}/?token={word}"
    app = app_of(campaign, word, by or _me(), hosts_of(host))
    tell(address)
    tell(f"{campaign}; Ctrl-C ends it.", err=True)
    if opens:
        click.launch(address)
    serve(app, door)
    return 0


def _me() -> str:
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""


