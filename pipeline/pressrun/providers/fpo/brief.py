"""What a brief and a prompt say, as the few choices a set designer needs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.calm_area import calm_area
from pressrun.model.picture import PictureRequest

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the picture."""

WORLDS: Mapping[str, str] = {
    "urban": "urban city street concrete industrial brutalist block blocks metro architectural pavement loft hard",
    "cosy": "cosy cozy warm home hygge linen gentle fireside comfort homely snug hearth unhurried wool soft",
    "luxury": "luxury luxe luxurious premium elegant gold spotlight noir velvet refined opulent jewel dark evening",
    "sporty": "sporty sport sports energetic dynamic motion speed athletic active performance trail run running race",
}
PLACES: Mapping[str, str] = {
    "mountain": "mountain mountains alpine peak peaks summit ridge ridgeline rock rocky trail fell crag",
    "hills": "hill hills meadow field fields countryside orchard valley harvest plantation farm garden",
    "forest": "forest woods woodland trees pine pines grove",
    "city": "city skyline street rooftop urban downtown metropolis pavement buildings",
    "sea": "sea beach coast shore ocean lake harbour island dunes",
    "kitchen": "kitchen cafe café counter breakfast worktop bakery larder shelf shelves",
    "desk": "desk office study workspace library studio-desk notebook",
}
SEASONS: Mapping[str, str] = {
    "spring": "spring springtime blossom blossoms flowering cherry buds fresh thaw easter april may",
    "summer": "summer summertime sunny midsummer grass dry june july august",
    "autumn": "autumn fall autumnal harvest fallen amber beech october september november pumpkin",
    "winter": "winter wintry snow snowy frost frosty rime icy christmas holiday holidays december january",
}
_USE = re.compile(r"\AUse: .*?(?:\n\n|\Z)", re.DOTALL)
_SILENT = re.compile(r"^(avoid|style|palette|motifs|room for copy|characters|lettering|no\b)", re.IGNORECASE)
"""Sections of a prompt that say nothing of where and when."""

class Scenery(Struct, frozen=True):
    """World, place and season by name (place and season may be empty), and the rectangle that stays calm.

    ``soft`` and ``reach`` are factors on a shadow's blur and length; ``family`` and ``single`` seed what the takes
    and sizes of a picture share, and what each has alone.
    """

    world: str
    place: str
    season: str
    calm: Rect
    calm_side: str
    soft: float
    reach: float
    family: bytes
    single: bytes


def _score(words: str, vocabulary: Mapping[str, str]) -> dict[str, int]:
    found = re.findall(r"[\w-]+", words.lower())
    return {name: sum(found.count(word) for word in known.split()) for name, known in vocabulary.items()}


def scenery(prompt: str, *, subject: bool) -> str:
    """The prompt without the sections that name no scenery: what to avoid, style, palette, motifs."""
    kept, keep = [], True
    for line in prompt.splitlines():
        if not line.strip():
            keep = True
        elif _SILENT.match(line.strip()) or (not subject and line.lower().startswith("subject:")):
            keep = False
        elif re.match(r"^[A-Z][\w ,]{2,50}:", line):
            keep = True
        if keep:
            kept.append(line)
    return "\n".join(kept)


def _best(scores: Mapping[str, int]) -> str:
    name = max(scores, key=lambda key: scores[key])
    return name if scores[name] else ""


def light_words(words: str) -> tuple[float, float]:
    """Factors on the blur and the length of shadows, from words like ``hard``, ``diffuse``, ``low sun``, ``noon``."""
    found = set(re.findall(r"\w+", words.lower()))
    hard = len(found & {"hard", "crisp", "sharp", "clear", "direct"})
    mild = len(found & {"soft", "gentle", "diffuse", "diffused", "overcast", "curtains", "haze"})
    low = len(found & {"low", "long", "evening", "dawn", "dusk", "autumn", "winter", "sunset"})
    high = len(found & {"high", "noon", "midday", "summer", "overhead"})
    return 1.6 ** max(-1, min(1, mild - hard)), 1.35 ** max(-1, min(1, low - high))


def read(request: PictureRequest) -> Scenery:
    """Pick the world from the theme, the place and the season from the prompt, and the seeds from everything."""
    brief = request.brief
    # The variant of a set is the picture that it is an edit of, in another season.
    change = " ".join(value for name, value in request.options if name == "change")
    asked = request.prompt.removesuffix(f"\n\n{change}") if change else request.prompt
    request = replace(request, prompt=_USE.sub("", asked))  # a stand-in is one whatever it stands for
    themed = " ".join(
        [*(brief.theme.replace("-", " "),) * 4, *brief.theme_terms * 2, brief.lighting, brief.composition]
    )
    # What a fork was asked to be goes before what the picture was.
    said = " ".join(value for name, value in request.options if name == "instruction")
    world = (
        _best(_score(said, WORLDS))
        or _best(_score(themed, WORLDS))
        or _best(_score(scenery(request.prompt, subject=True), WORLDS))
        or "plain"
    )
    place = (
        _best(_score(said, PLACES))
        or _best(_score(scenery(request.prompt, subject=False), PLACES))
        or _best(_score(" ".join(brief.theme_terms), PLACES))
    )
    season = (
        _best(_score(said, SEASONS))
        or _best(_score(scenery(request.prompt, subject=True), SEASONS))
        or _best(_score(themed, SEASONS))
    )
    before, season = season, _best(_score(change, SEASONS)) or season
    soft, reach = light_words(f"{brief.lighting} {season}")
    calm, side = calm_area(brief.space)
    # Masters of one picture share its subject line: they get one design, laid out for each size.
    subject = next((line.strip() for line in re.split(r"[\n.;]", request.prompt) if line.strip()), "")
    shared = (brief.brand, brief.theme, brief.theme_palette, before, place, subject)
    sent = [one.digest for one in (*request.references, *((request.mask,) if request.mask else ()))]
    sent, options = (sent[1:], ()) if change else (sent, request.options)
    whole = (request.prompt, request.size, brief, request.background, sent, options)
    family = hashlib.sha256(repr(shared).encode()).digest()
    single = hashlib.sha256(repr((shared, whole, request.take)).encode()).digest()
    return Scenery(world, place, season, calm, side, soft, reach, family, single)
