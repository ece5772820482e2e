"""The stand-in art keeps its promises: the same bytes, the brief's colours, a calm part, a clear cut-out."""

from __future__ import annotations

import functools
import hashlib
import io
import pickle
import subprocess
import sys

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.photos.photographs import verified
from pressrun.model.calm_area import calm_area
from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.providers.fpo import diagram, draw, figure, overhead
from pressrun.providers.fpo.brief import read
from pressrun.providers.fpo.colour import parse, to_lab
from pressrun.providers.fpo.scene import stage_set

NORTHLIGHT = (
    ("primary", "#1F3A2E"), ("accent", "#E4572E"), ("ink", "#1A1A1A"), ("paper", "#F6F1E7"), ("sand", "#D9C3A0"),
    ("crema", "#C98F5A"), ("leaf", "#7A8F5E"),
)  # fmt: skip
CAIRNWAY = (
    ("paper", "#EFF4F7"), ("ink", "#141311"), ("basalt", "#192E3B"), ("slate", "#3D5362"), ("granite", "#7C8E98"),
    ("glacier", "#B1D2DD"), ("tarn", "#004F88"), ("signal", "#D1D70A"),
)  # fmt: skip
THEMES = {
    "northlight-cosy": (NORTHLIGHT, "cosy", ("sand", "crema", "paper"), ("a coffee branch with cherries",)),
    "northlight-urban": (NORTHLIGHT, "urban", ("leaf", "paper", "primary"), ("four-pointed north star",)),
    "northlight-luxury": (NORTHLIGHT, "luxury", ("primary", "ink", "crema"), ("layered hill contours",)),
    "cairnway-urban": (CAIRNWAY, "urban", ("slate", "paper", "granite", "signal"), ("contour lines",)),
    "cairnway-sporty": (CAIRNWAY, "sporty", ("glacier", "tarn", "paper", "signal"), ("contour lines",)),
    "cairnway-luxury": (CAIRNWAY, "luxury", ("basalt", "ink", "granite"), ("stacked flat stones",)),
    "northlight-gallery": (NORTHLIGHT, "gallery", ("paper", "sand", "leaf"), ()),
}
SMALL = (256, 384)


def ask(name: str = "northlight-cosy", **changes: object) -> PictureRequest:
    palette, theme, themed, motifs = THEMES[name]
    brief = Brief(
        name.split("-")[0],
        palette,
        motifs,
        theme,
        (),
        themed,
        "soft light",
        "product on the axis",
        "top third",
        (0.5, 0.8),
    )
    request = PictureRequest("A bag of coffee\nspring morning at the window", SMALL, brief)
    facts = {key: value for key, value in changes.items() if hasattr(brief, key)}
    rest = {key: value for key, value in changes.items() if key not in facts}
    return replace(request, brief=replace(brief, **facts), **rest)  # type: ignore[arg-type]


@functools.cache
def drawn(request: PictureRequest) -> bytes:
    """Once for all tests that look at it."""
    return draw(request).data


def pixels(request: PictureRequest) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(drawn(request))).convert("RGB")).astype(np.float32) / 255


def lab(colour: tuple[float, float, float]) -> np.ndarray:
    return np.array(to_lab(colour))


def test_the_same_request_gives_the_same_bytes() -> None:
    assert draw(ask()).data == draw(ask()).data


def test_a_file_by_another_name_is_drawn_the_same() -> None:
    one, other = (Reference("a" * 64, name, "image/png") for name in ("a.png", "final.png"))
    assert draw(ask(references=(one,))).data == draw(ask(references=(other,))).data


def test_who_is_described_stands_behind_the_table_the_same_in_every_picture() -> None:
    seen = []
    for prompt in ("Ann reads\nspring morning at the window", "Ann pours tea\nwinter"):
        scene = stage_set(ask(prompt=prompt, size=(384, 256)))
        ground = scene.canvas.px.copy()
        figure.behind_the_table(scene, "an old woman with a plait, glasses and an apron")
        seen.append(np.abs(scene.canvas.px - ground).max(axis=0) > 0.2)
        assert not seen[-1][round(scene.horizon) + 1 :].any()
    assert seen[0].any()
    assert (seen[0] == seen[1]).mean() > 0.99
    words = "A bag\n\nCharacters: Ann, the same in every picture: an old woman"
    assert figure.described(stage_set(ask()), words).endswith("an old woman")
    assert figure.described(stage_set(ask("northlight-luxury")), words) == ""  # there is no table


def test_lines_of_a_diagram_end_on_what_they_explain() -> None:
    motif = np.zeros((100, 100), bool)
    motif[30:80, 40:60] = True
    for start in ((0.0, 30.0), (99.0, 70.0), (50.0, 0.0)):
        x, y = diagram.tip(motif, start, (50.0, 50.0))
        assert motif[round(y), round(x)]
    assert diagram.tip(np.zeros((100, 100), bool), (0.0, 0.0), (50.0, 50.0)) == (50.0, 50.0)


def test_another_process_gives_the_same_bytes() -> None:
    requests = [ask(), ask("cairnway-sporty", take=2), ask("northlight-luxury", background="transparent")]
    code = (
        "import hashlib, pickle, sys; from pressrun.providers.fpo import draw\n"
        "for r in pickle.load(sys.stdin.buffer): print(hashlib.sha256(draw(r).data).hexdigest())"
    )
    out = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(requests), capture_output=True, check=True)
    assert out.stdout.decode().split() == [hashlib.sha256(draw(request).data).hexdigest() for request in requests]


@pytest.mark.parametrize(
    "change",
    [
        {"brand": "other"}, {"palette": NORTHLIGHT[:-1]}, {"motifs": ("contour lines",)}, {"theme": "urban"},
        {"theme_terms": ("woollen",)}, {"theme_palette": ("crema", "sand")}, {"lighting": "low sun"},
        {"composition": "wide"}, {"space": "left half"}, {"stage": (0.6, 0.8)}, {"prompt": "A bag of tea\nwinter"},
        {"take": 2}, {"background": "transparent"}, {"references": (Reference("a" * 64, "a.png", "image/png"),)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
@pytest.mark.parametrize("background", ["opaque", "transparent"])
def test_whatever_is_asked_differently_is_drawn_differently(change: dict[str, object], background: str) -> None:
    plain = ask(background=background)
    other = ask(**{"background": background, **change})
    if plain != other:
        assert drawn(plain) != drawn(other)


@pytest.mark.parametrize("size", [(256, 256), (384, 256), (384, 160), (160, 384), (301, 203), (64, 64)])
@pytest.mark.parametrize("name", THEMES)
def test_any_size_is_drawn_exactly(name: str, size: tuple[int, int]) -> None:
    picture = draw(ask(name, size=size, space="left half", stage=(0.72, 0.86)))
    image = Image.open(io.BytesIO(picture.data))
    assert image.size == size
    assert (verified(picture.data).media_type, picture.source_type, picture.cost_usd) == ("image/png", "algorithmicMedia", 0.0)


STAGES = [(0.0, 0.0), (1.0, 1.0), (0.5, 0.2), (0.05, 0.98)]
SPACES = ["", "top half", "bottom third", "everything"]


@pytest.mark.parametrize("shift", range(len(SPACES)))
@pytest.mark.parametrize("name", THEMES)
def test_odd_stages_and_spaces_still_give_a_picture(name: str, shift: int) -> None:
    """Every theme with every stage and with every space, and every stage with every space."""
    shift_of_theme = list(THEMES).index(name) % len(SPACES)
    stage, space = STAGES[shift], SPACES[(shift + shift_of_theme) % len(SPACES)]
    assert draw(ask(name, stage=stage, space=space, size=(160, 160))).data


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("take", [1, 2, 3])
def test_the_picture_keeps_to_the_palette(name: str, take: int) -> None:
    palette, _, themed, _ = THEMES[name]
    named = dict(palette)
    mean = lab(tuple(pixels(ask(name, take=take)).mean(axis=(0, 1))))  # type: ignore[arg-type]
    ground = [lab(parse(named[colour])) for colour in themed[:2]]
    # The mean lies near what the two leading colours mix to (the wall is the larger), light and shade included.
    line = [ground[0] * (1 - t) + ground[1] * t for t in np.linspace(0, 1, 11)]
    assert min(float(np.linalg.norm(mean - point)) for point in line) < 0.16
    hues = [lab(parse(value)) for _, value in palette]
    reach = max(float(np.hypot(*hue[1:])) for hue in hues)
    assert float(np.hypot(*mean[1:])) <= reach


@pytest.mark.parametrize("name", THEMES)
def test_the_accent_stays_small(name: str) -> None:
    named = dict(THEMES[name][0])
    accent = np.array(parse(named.get("accent", named.get("signal", ""))))
    near = np.abs(pixels(ask(name)) - accent).max(axis=2) < 0.12
    assert near.mean() < 0.04


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(
    ("space", "stage", "size"),
    [
        ("top third", (0.5, 0.8), (256, 384)),
        ("left half", (0.74, 0.82), (384, 256)),
        ("right third", (0.33, 0.8), (256, 256)),
        ("bottom third", (0.5, 0.56), (256, 256)),
    ],
)
@pytest.mark.parametrize("take", [1, 2, 3])
def test_the_asked_for_space_is_calmer_than_the_rest(
    name: str, space: str, stage: tuple[float, float], size: tuple[int, int], take: int
) -> None:
    assert_calm(ask(name, space=space, stage=stage, size=size, take=take))


def assert_calm(request: PictureRequest) -> None:
    """Where copy is to be set, there is much less to see than elsewhere."""
    grey = pixels(request).mean(axis=2)
    height, width = (side // 8 for side in grey.shape)
    # Means of eight by eight pixels leave the grain out; steps between neighbours are what disturbs text.
    coarse = grey[: height * 8, : width * 8].reshape(height, 8, width, 8).mean(axis=(1, 3))
    steps = np.abs(np.diff(coarse, axis=0))[:, 1:] + np.abs(np.diff(coarse, axis=1))[1:]
    left, top, right, bottom = calm_area(request.brief.space)[0]
    ys, xs = np.mgrid[1:height, 1:width]
    inside = (xs >= left * width) & (xs < right * width) & (ys >= top * height) & (ys < bottom * height)
    assert steps[inside].mean() < 0.6 * steps[~inside].mean()


@pytest.mark.parametrize("name", THEMES)
def test_what_is_seen_from_above_is_a_table_with_a_free_board(name: str) -> None:
    above = ask(name, prompt="A cup, seen from above\nspring morning", stage=(0.5, 0.64))
    assert_calm(above)
    assert draw(above).data == drawn(above)
    assert np.abs(pixels(above) - pixels(ask(name, prompt="A cup\nspring morning", stage=(0.5, 0.64)))).mean() > 0.03
    board = pixels(above)[int(0.57 * 384) : int(0.71 * 384), int(0.36 * 256) : int(0.64 * 256)].mean(axis=2)
    assert board.std() < 0.06  # a mat, a window's light


@pytest.mark.parametrize(
    ("prompt", "above"),
    [
        ("Subject: a flat lay of breakfast", True), ("Composition: the camera looks straight down on it", True),
        ("Subject: a bird's-eye view of a table", True), ("Subject: a cup\n\nAvoid: an overhead shot", False),
        ("Style: soft light from above", False), ("Subject: an overhead lamp above a table", False),
    ],
)  # fmt: skip
def test_it_is_read_whether_a_picture_is_seen_from_above(prompt: str, above: bool) -> None:
    assert overhead.asked(prompt) == above


@pytest.mark.parametrize("name", THEMES)
def test_takes_differ_visibly_and_stay_in_the_family(name: str) -> None:
    first, second = pixels(ask(name)), pixels(ask(name, take=2))
    assert np.abs(first - second).mean() > 0.015
    assert np.linalg.norm(first.mean(axis=(0, 1)) - second.mean(axis=(0, 1))) < 0.12


def test_worlds_of_one_brand_differ_more_than_takes() -> None:
    cosy, urban, luxury = (pixels(ask(f"northlight-{theme}")) for theme in ("cosy", "urban", "luxury"))
    for one, other in ((cosy, urban), (cosy, luxury), (urban, luxury)):
        assert np.abs(one - other).mean() > 0.1


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("take", [1, 2, 3])
def test_a_transparent_picture_is_a_cut_out(name: str, take: int) -> None:
    image = Image.open(io.BytesIO(draw(ask(name, background="transparent", size=(256, 256), take=take)).data))
    assert image.mode == "RGBA"
    alpha = np.asarray(image.getchannel("A"))
    border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert not border.any()
    assert 0.05 < (alpha == 255).mean() < 0.8


def test_the_prompt_names_place_and_season() -> None:
    reading = read(ask(prompt="A shoe\nfirst snow on a mountain ridge"))
    assert (reading.world, reading.place, reading.season) == ("cosy", "mountain", "winter")


@pytest.mark.parametrize(
    ("words", "rect", "side"),
    [
        ("top third", (0, 0, 1, 1 / 3), "top"),
        ("left half", (0, 0, 0.5, 1), "left"),
        ("bottom 40%", (0, 0.6, 1, 1), "bottom"),
        ("upper two thirds", (0, 0, 1, 2 / 3), "top"),
        ("right quarter", (0.75, 0, 1, 1), "right"),
        ("top left quarter", (0, 0, 0.5, 0.5), "top"),
        ("none", (0, 0, 0, 0), ""),
    ],
)
def test_space_is_read_in_words(words: str, rect: tuple[float, ...], side: str) -> None:
    area, found = calm_area(words)
    assert area == pytest.approx(rect)
    assert found == side


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="sand"):
        draw(ask(palette=(("paper", "sand"),)))


def test_what_is_to_be_avoided_is_not_drawn() -> None:
    prompt = (
        "Subject: a winter blend\n\nContext: a table at home\n\nMotifs, quietly: mountain hills\n\nAvoid: city, autumn"
    )
    reading = read(ask(prompt=prompt))
    assert (reading.place, reading.season) == ("", "winter")


def test_masters_of_one_picture_share_their_design() -> None:
    tall, wide = read(ask(size=(256, 384))), read(ask(size=(384, 256), space="left half", stage=(0.7, 0.8)))
    assert tall.family == wide.family
    assert tall.single != wide.single


def test_words_that_a_picture_shall_show_change_the_stand_in() -> None:
    plain = ask(prompt="Subject: a cup on a plain ground", size=(240, 200))
    lettered = replace(plain, lettering=("Filter", "a much longer label of several words"))
    pictures = [Image.open(io.BytesIO(draw(one).data)).convert("RGB") for one in (plain, lettered, lettered)]
    assert pictures[0].tobytes() != pictures[1].tobytes()
    assert pictures[1].tobytes() == pictures[2].tobytes()
    assert pictures[1].size == (240, 200)


@pytest.mark.parametrize("name", [name for name in THEMES if "cosy" not in name])
def test_the_accent_lies_whole_beside_the_stage_or_not_at_all(name: str) -> None:
    accent = lab(parse(dict(THEMES[name][0]).get("accent") or dict(THEMES[name][0])["signal"]))
    for size, stage in (((480, 320), (0.72, 0.8)), ((480, 320), (0.68, 0.8)), ((360, 320), (0.74, 0.74))):
        seen = pixels(ask(name, size=size, stage=stage, space="left half", prompt="A bag of coffee"))
        edge = np.concatenate([seen[:, :3].reshape(-1, 3), seen[:, -3:].reshape(-1, 3)])
        off = min(float(np.linalg.norm(lab(tuple(colour)) - accent)) for colour in edge)
        assert off > 0.08
