"""A square of 1080 pixels as JPEG, quality 90 without subsampling."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from tests.bench import words
from tests.bench.clock import Cost
from tests.bench.peers import GREEN, HEAD, Ground, fitted

BOX = (936, 182, (56.0, 96.0))  # width, height and sizes of the headline; it stands at 72, 168
LEFT, TOP, NAME_LINE, PRICE_LINE = 72, 168, 900, 1000


def pillow(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """A loop that keeps its background and its fonts."""
    from PIL import Image, ImageDraw, ImageFont

    kept = Image.open(ground.picture).convert("RGB")
    label, price = ImageFont.truetype(str(ground.label_font), 28), ImageFont.truetype(str(HEAD), 88)
    with Cost() as cost:
        for index in range(count):
            page = kept.copy()
            draw = ImageDraw.Draw(page)
            size, lines = fitted(words.headline(index), HEAD, *BOX)
            draw.multiline_text((LEFT, TOP), "\n".join(lines), GREEN, ImageFont.truetype(str(HEAD), size), spacing=0)
            draw.text((LEFT, NAME_LINE), words.name(index).upper(), GREEN, label, anchor="ls")
            draw.text((LEFT, PRICE_LINE), f"£{words.price(index)}", GREEN, price, anchor="ls")
            page.save(folder / f"{index}.jpg", quality=90, subsampling=0)
    return cost.of(count)


def skia(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """skia-python: one surface, the background drawn over the last sheet."""
    import skia as sk

    kept = sk.Image.open(str(ground.picture)).makeRasterImage()
    head, label = (sk.Typeface.MakeFromFile(str(font)) for font in (HEAD, ground.label_font))
    paint = sk.Paint(Color=int("FF" + GREEN[1:], 16), AntiAlias=True)
    surface = sk.Surface(1080, 1080)
    small, large = sk.Font(label, 28), sk.Font(head, 88)
    with Cost() as cost:
        for index in range(count):
            with surface as canvas:
                canvas.drawImage(kept, 0, 0)
                size, lines = fitted(words.headline(index), HEAD, *BOX)
                for number, line in enumerate(lines):
                    canvas.drawString(line, LEFT, TOP + size * (0.9 + 1.05 * number), sk.Font(head, size), paint)
                canvas.drawString(words.name(index).upper(), LEFT, NAME_LINE, small, paint)
                canvas.drawString(f"£{words.price(index)}", LEFT, PRICE_LINE, large, paint)
            data = surface.makeImageSnapshot().encodeToData(sk.EncodedImageFormat.kJPEG, 90)
            (folder / f"{index}.jpg").write_bytes(bytes(data))
    return cost.of(count)


PAGE = """<style>@font-face{{font-family:Head;src:url({head})}}@font-face{{font-family:Label;src:url({label})}}
body{{margin:0;width:1080px;height:1080px;background:url({ground});color:{green}}}div{{position:absolute;left:72px}}
#h{{top:168px;font-family:Head;line-height:1.05}}#n{{top:872px;font:28px Label}}#p{{top:916px;font:88px Head}}</style>
<div id=h></div><div id=n></div><div id=p></div>"""
WRITE = """const [size, head, name, price] = arguments, at = id => document.getElementById(id);
at('h').style.fontSize = size + 'px'; at('h').innerText = head; at('n').innerText = name; at('p').innerText = price;"""


def chromium(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """One browser and one page that stay open; a script puts the next words in, and the page is captured."""
    import base64

    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 f"--user-data-dir={folder / 'profile'}", "--window-size=1080,1300", "--hide-scrollbars"):  # fmt: skip
        options.add_argument(flag)
    page = folder / "page.html"
    page.write_text(
        PAGE.format(head=HEAD.as_uri(), label=ground.label_font.as_uri(), ground=ground.picture.as_uri(), green=GREEN)
    )
    driver = webdriver.Chrome(options=options)
    shot = {"format": "jpeg", "quality": 90, "optimizeForSpeed": True, "captureBeyondViewport": False,
            "clip": {"x": 0, "y": 0, "width": 1080, "height": 1080, "scale": 1}}  # fmt: skip
    try:
        driver.get(page.as_uri())
        with Cost() as cost:
            for index in range(count):
                size, lines = fitted(words.headline(index), HEAD, *BOX)
                said = ("\n".join(lines), words.name(index).upper(), f"£{words.price(index)}")
                driver.execute_script(WRITE, size, *said)
                taken = driver.execute_cdp_cmd("Page.captureScreenshot", shot)
                (folder / f"{index}.jpg").write_bytes(base64.b64decode(taken["data"]))
        return cost.of(count)
    finally:
        driver.quit()


def satori(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """satori sets the words as SVG, resvg draws them, sharp lays them over the background and encodes."""
    modules = folder / "node"
    modules.mkdir()
    shutil.copy(Path(__file__).with_name("satori.mjs"), modules)
    npm = ["npm", "install", "--no-audit", "--no-fund", "--silent", "satori@0", "@resvg/resvg-js@2", "sharp@0"]
    subprocess.run(npm, cwd=modules, check=True, capture_output=True)
    sheets = []
    for index in range(count):
        size, lines = fitted(words.headline(index), HEAD, *BOX)
        sheets.append([size, "\n".join(lines), words.name(index).upper(), f"£{words.price(index)}"])
    task = {"ground": str(ground.picture), "head": str(HEAD), "label": str(ground.label_font), "green": GREEN,
            "out": str(folder), "sheets": sheets}  # fmt: skip
    done = subprocess.run(["node", "satori.mjs"], cwd=modules, input=json.dumps(task), text=True, check=True,
                          capture_output=True)  # fmt: skip
    took = json.loads(done.stdout)
    return {"value": count / took["seconds"], "cpu_ms": 1000 * took["cpu"] / count}
