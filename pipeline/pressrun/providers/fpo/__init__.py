"""``fpo`` (for position only): stand-in art, drawn here from the brief. It costs nothing and needs no account."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from pressrun.model.picture import Picture, PictureRequest
from pressrun.model.provenance import SourceType
from pressrun.model.provider import ProviderOptions, ReadReference


def draw(request: PictureRequest) -> Picture:
    """Draw the request's scene as a PNG of exactly ``request.size``; the same request gives the same bytes.

    The product's place (``brief.stage``) stays free; ``brief.space`` stays calm. A transparent background gives one
    of the brand's motifs as a cut-out instead, RGBA; a picture that shall show words gives a motif with them around.
    Raises ``ValueError`` where the brief holds a colour that is not ``#RRGGBB``.
    """
    from pressrun.graphics.pixels.quick_png import quick_png
    from pressrun.providers.fpo import diagram, figure, overhead, sticker
    from pressrun.providers.fpo.light import grain
    from pressrun.providers.fpo.scene import stage_set
    from pressrun.providers.fpo.worlds import WORLDS

    scene = stage_set(request)
    if request.background == "transparent":
        image = sticker.draw(scene, request.prompt, grain(scene, 0.02))
    elif request.lettering:
        image = diagram.draw(scene, request.prompt, request.lettering, grain(scene, 0.02))
    elif overhead.asked(request.prompt):
        overhead.draw(scene)
        image = scene.canvas.to_image(grain(scene))
    else:
        WORLDS[scene.reading.world](scene)
        if words := figure.described(scene, request.prompt):
            figure.behind_the_table(scene, words)
        image = scene.canvas.to_image(grain(scene))
    said = (("world", scene.reading.world), ("place", scene.reading.place), ("season", scene.reading.season))
    return Picture(quick_png(image), SourceType.ALGORITHMIC, said=said)


class FpoProvider(ProviderOptions):
    """The entry in the job: ``provider: {type: fpo}``."""

    RECIPE: ClassVar[int] = 7

    type: Literal["fpo"] = Field(
        default="fpo",
        description="Stand-ins for position only, drawn from the brief; they cost nothing.",
    )

    def generate(self, request: PictureRequest, read: ReadReference) -> Picture:
        return draw(request)
