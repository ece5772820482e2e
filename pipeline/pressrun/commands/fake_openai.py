"""`pressrun fake-openai`: a server of one's own that speaks OpenAI's protocol, to rehearse a campaign for nothing."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from pressrun.commands.flags import Figure
from pressrun.commands.terminal import tell


@cloup.command("fake-openai")
@cloup.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port on this machine (0: any).")
@cloup.option("--state", type=click.Path(path_type=Path), metavar="DIR", help="Keep charges and files over a restart.")
@cloup.option("--latency", type=Figure(0), default=0.0, metavar="S", help="Seconds a picture takes.")
@cloup.option("--images-per-minute", "images", type=click.IntRange(1), metavar="N", help="Refuse (429) what is faster.")
@cloup.option("--tokens-per-minute", "tokens", type=click.IntRange(1), metavar="N", help="The same for tokens.")
@cloup.option("--batch-delay", type=Figure(0), default=0.0, metavar="S", help="Seconds a batch takes.")
@cloup.option("--fault", "faults", multiple=True, metavar="NAME", help="Misbehave once so; repeat it for more.")
@cloup.option("--faults", "listed", is_flag=True, help="List the ways to misbehave, and end.")
@cloup.option("--model", "models", multiple=True, metavar="NAME", help="Answer to this model name too.")
@cloup.option("--format", "formats", multiple=True, type=click.Choice(("gif", "svg")), help="Draw in this format too.")
@cloup.option("--same", is_flag=True, help="Draw the same picture for the same order (else another for every call).")
def fake_openai(
    port: int, state: Path | None, latency: float, images: int | None, tokens: int | None, batch_delay: float,
    faults: tuple[str, ...], listed: bool, models: tuple[str, ...], formats: tuple[str, ...], same: bool,
) -> int:  # fmt: skip
    """Rehearse buying: a local server that draws stand-ins, counts charges, and misbehaves on command.

    Prints its base URL and serves until Ctrl-C. For any job: export it as OPENAI_BASE_URL, and run with
    `--provider openai`; in one job: `provider: {type: openai, base_url: URL}`. What it charged: GET /charges.

    It also misbehaves where a prompt says so, `[[fault:slow 2.5]]`, and by POST /faults, e.g.
    `[{"fault": "server_error", "times": 3, "prompt": "barn"}]`.
    """
    from pressrun.model.errors import MissingTool
    from pressrun.providers.openai.rehearsal.pace import Rate
    from pressrun.providers.openai.rehearsal.server import run

    if listed:
        _list_faults()
        return 0

    def say(base_url: str) -> None:
        tell(base_url)
        origin = base_url.removesuffix("/v1").removesuffix("/rehearsal")
        tell(f"For any job: export OPENAI_BASE_URL={base_url}, then pressrun run JOB --provider openai", err=True)
        tell(f"In one job: provider: {{type: openai, base_url: {base_url}}}", err=True)
        tell(f"What was charged: {origin}/charges. Ctrl-C ends it.", err=True)

    try:
        run(
            port, say=say, state_dir=state, latency=latency, rate=Rate(images=images, tokens=tokens),
            batch_delay=batch_delay, faults=faults, also_models=models, also_formats=formats,
            vary=not same,
        )  # fmt: skip
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from error
    except OSError as error:
        raise MissingTool(f"port {port} cannot be had: {error.strerror}", "choose another with --port") from error
    return 0


def _list_faults() -> None:
    from pressrun.providers.openai.rehearsal.faults import CHARGED, UNCHARGED

    for title, known in (("not charged", UNCHARGED), ("charged all the same", CHARGED)):
        tell(f"{title}:")
        for name, what in known.items():
            tell(f"  {name:<20} {what}")
