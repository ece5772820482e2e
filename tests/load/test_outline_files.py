"""Outlines from SVG files: they are a part of the layout, and of its digest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pressrun import registry
from pressrun.load import load_project

CARTON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path id="die" fill="none" d="M0 0L20 0"/></svg>'
LEAF = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path d="M0 0L{} 0L10 10Z"/></svg>'
USE = "- {type: shape, fill: ink, clip: {svg: shapes/leaf.svg}}\n  - {type: shape, fill: ink, shape: path, svg: shapes/leaf.svg}\n"


def test_an_svg_becomes_path_data(campaign: Callable[..., Path]) -> None:
    digests = set()
    for width in (20, 18):
        job = campaign({"templates/layouts/social/card.yaml": {"layers:\n": f"layers:\n  {USE}"}})
        file = job.parents[1] / "templates" / "shapes" / "leaf.svg"
        file.parent.mkdir(exist_ok=True)
        file.write_text(LEAF.format(width))
        project = load_project(job, registry)
        loaded = project.layouts["social/card"]
        clip, shape = loaded.layout.layers[0].clip, loaded.layout.layers[1]
        for one in (clip, shape):
            assert one.figure == "path"
            assert (one.svg, one.view) == (None, (20, 10))
            assert f"{width} 0" in (one.path or "")
        digests.add(loaded.digest)
        assert "templates/shapes/leaf.svg" in project.inputs
    assert len(digests) == 2


def test_so_do_the_lines_of_an_element(campaign: Callable[..., Path]) -> None:
    use = "- {type: shape, stroke: ink, shape: path, svg: shapes/carton.svg, element: die}\n"
    job = campaign({"templates/layouts/social/card.yaml": {"layers:\n": f"layers:\n  {use}"}})
    file = job.parents[1] / "templates" / "shapes" / "carton.svg"
    file.parent.mkdir(exist_ok=True)
    file.write_text(CARTON)
    shape = load_project(job, registry).layouts["social/card"].layout.layers[0]
    assert (shape.path, shape.view, shape.element) == ("M0 0L20 0", (20, 10), None)
