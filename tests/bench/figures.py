"""One figure, measured in this process; printed as JSON on the last line."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.campaigns import ROOT, campaign

CAMPAIGN = 1_000  # files: what starting costs is in the figure, as it is in a campaign's


def _warm_then_timed(layout: str, rows: int) -> float:
    """Files a second of a whole run whose plates are there already: every text is new, no picture is."""
    from pressrun import run_job

    with tempfile.TemporaryDirectory() as folder:
        run_job(campaign(Path(folder), layout, 4, "Warming"))
        job = campaign(Path(folder), layout, rows, "Slowly poured")
        started = time.perf_counter()
        report = run_job(job)
        seconds = time.perf_counter() - started
        assert report.counts.made == rows, report.counts
        return rows / seconds


def square() -> dict[str, float]:
    return {"value": _warm_then_timed("social/square", CAMPAIGN)}


def flyer() -> dict[str, float]:
    return {"value": _warm_then_timed("bench/press", CAMPAIGN)}


def sample() -> dict[str, float]:
    from pressrun import run_job

    with tempfile.TemporaryDirectory() as folder:
        for name in ("brands", "templates", "jobs"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        started = time.perf_counter()
        report = run_job(Path(folder) / "jobs/spring-launch.yaml")
        assert report.counts.made == report.counts.planned >= 200
        return {"value": time.perf_counter() - started}


def unchanged() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        job = campaign(Path(folder), "bench/small", 10_000, "Morning")
        command = [sys.executable, "-m", "pressrun", "run", str(job), "--quiet"]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
        return {"value": time.perf_counter() - started}


def expand() -> dict[str, float]:
    from pressrun import registry
    from pressrun.expand import expand_rows, prompts_for
    from pressrun.load import load_project

    with tempfile.TemporaryDirectory() as folder:
        job = campaign(Path(folder), "bench/small", 100_000, "Morning")
        started = time.perf_counter()
        project = load_project(job, registry)
        prompts = sum(len(prompts_for(project, row)) for row in expand_rows(project))
        seconds = time.perf_counter() - started
        assert prompts == 200_000
        return {"value": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def pillow() -> dict[str, float]:
    """What a straightforward script does: open the scene, fit it, paste the packshot, draw the texts, save."""
    from PIL import Image, ImageDraw, ImageFont

    from pressrun.graphics.fonts import firago_files

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scene, packshot = _pictures(folder)
        face = str(firago_files(folder)[1])
        count = 40
        started = time.perf_counter()
        for index in range(count):
            page = Image.open(scene).convert("RGB").resize((1080, 1080), Image.Resampling.LANCZOS)
            product = Image.open(packshot)
            page.paste(product, ((1080 - product.width) // 2, 860 - product.height), product)
            draw = ImageDraw.Draw(page)
            size = 96
            while draw.textlength(f"Slowly poured number {index}", ImageFont.truetype(face, size)) > 900:
                size -= 2
            draw.text((64, 150), f"Slowly poured number {index}", "white", ImageFont.truetype(face, size))
            draw.text((64, 920), f"€{5 + index % 40}.90", "white", ImageFont.truetype(face, 72))
            page.save(folder / f"{index}.jpg", quality=90, subsampling=0)
        return {"value": count / (time.perf_counter() - started)}


def chromium() -> dict[str, float]:
    """An equal page as HTML, loaded and captured by one browser that stays open."""
    from selenium import webdriver

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scene, packshot = _pictures(folder)
        options = webdriver.ChromeOptions()
        for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     f"--user-data-dir={folder / 'profile'}", "--window-size=1080,1080", "--hide-scrollbars"):  # fmt: skip
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options)
        try:
            count = 30
            started = time.perf_counter()
            for index in range(count):
                page = folder / "page.html"
                page.write_text(
                    f"<body style='margin:0;width:1080px;height:1080px;background:url({scene.name}) center/cover;"
                    "font-family:sans-serif;color:#fff'><h1 style='position:absolute;left:64px;top:120px;font-size:96px'>"
                    f"Slowly poured number {index}</h1><img src={packshot.name} style='position:absolute;left:380px;"
                    f"top:400px'><b style='position:absolute;left:64px;top:920px;font-size:72px'>€{index}.90</b>"
                )
                driver.get(page.as_uri())
                shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "jpeg", "quality": 90})
                (folder / f"{index}.jpg").write_text(shot["data"])
            return {"value": count / (time.perf_counter() - started)}
        finally:
            driver.quit()


def _pictures(folder: Path) -> tuple[Path, Path]:
    """A scene and a packshot as files, drawn once and not timed."""
    from PIL import Image

    scene, packshot = folder / "scene.png", folder / "packshot.png"
    Image.effect_noise((1536, 1536), 40).convert("RGB").save(scene)
    Image.new("RGBA", (320, 460), (40, 90, 60, 255)).save(packshot)
    return scene, packshot


FIGURES: dict[str, Callable[[], dict[str, float]]] = {
    "square": square, "flyer": flyer, "sample": sample, "unchanged": unchanged, "expand": expand, "pillow": pillow,
    "chromium": chromium,
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(FIGURES[sys.argv[1]]()))
