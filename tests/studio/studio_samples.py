"""Runs to look at, written and not rendered: records in the form that runs leave them, with small pictures."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PIL import Image

from pressrun.commands.starter import write_campaign
from pressrun.model.journal import Result
from pressrun.model.settings import Settings
from pressrun.run.job import run_job
from pressrun.stores.sqlite import SqliteJournal

LOCALES = ("en-GB", "de-DE", "ar-AE")
LAYOUTS = ("social/square", "print/a5-flyer")
TOKEN = "0123456789abcdef0123456789"
RUN = "20270301-100000-launch"


def picture(width: int, height: int, color: tuple[int, int, int], kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind)
    return out.getvalue()


def key_of(product: int) -> str:
    return f"{product:064x}"


def asset(product: int, locale: str, layout: str, format: str = "jpeg", **other: Any) -> dict[str, Any]:
    """The line of one file."""
    sku, ending = f"SKU-{product:05d}", {"jpeg": ".jpg", "press-pdf": ".pdf", "proof-png": "-proof.png"}[format]
    path = f"assets/{sku}/{locale}/{layout.rpartition('/')[2]}{ending}"
    print_size = {"trim_mm": [148.0, 210.0], "bleed_mm": 3.0, "pages": 1}
    pixels = {"width_px": 1080, "height_px": 1080}
    size = {"jpeg": pixels, "press-pdf": print_size, "proof-png": {**print_size, **pixels}}[format]
    number = product * 100 + LOCALES.index(locale) * 10 + LAYOUTS.index(layout) * 3 + ("jpeg", "press-pdf", "proof-png").index(format)
    said = {
        "id": f"{number:012x}", "path": path, "sha256": f"{number:064x}", "bytes": 1000,
        "media_type": {"jpeg": "image/jpeg", "press-pdf": "application/pdf", "proof-png": "image/png"}[format],
        "size": size, "layout": layout, "format": format, "row": f"{sku}/{locale}",
        "keys": {"product": sku, "region": locale},
        "sources": [{"rows": "product", "file": "jobs/data/products.csv", "line": product + 2}],
        "locale": locale, "theme": "", "take": 1,
        "pictures": [{
            "slot": "hero", "master": "square", "key": key_of(product), "sha256": f"{product + 7:064x}",
            "provider": "fpo", "model": "", "prompt": f"Subject: thing {product}", "take": 1, "cost_usd": 0.0,
            "digital_source_type": "algorithmicMedia", "steps": [], "reused": False, "lettering": [],
        }],
        "text": [{"id": "headline", "lines": 1, "overflow": False, "size_pt": 40.0 - product % 7, "text": f"Words in {locale}"}],
        "choices": [{"layer": "headline", "chosen": "ink", "contrast": 7.5}], "findings": [], "status": "made",
        "decision": "", "codes": [], "overrides": [], "condition": "",
    }  # fmt: skip
    return {**said, **other}


def lines(products: int, locales: tuple[str, ...] = LOCALES) -> list[dict[str, Any]]:
    """Files of so many products: a square and a flyer with its proof in each language."""
    return [
        asset(product, locale, layout, format)
        for product in range(products)
        for locale in locales
        for layout, format in ((LAYOUTS[0], "jpeg"), (LAYOUTS[1], "press-pdf"), (LAYOUTS[1], "proof-png"))
    ]


def write_many(root: Path, name: str, products: int) -> None:
    """The same for a great many products, without pictures: 9 files each."""
    folder = write_run(root, name, lines(1), pictured=False, job="many")
    pattern = (folder / "assets.jsonl").read_text("utf-8").replace("SKU-00000", "SKU-@####")
    pattern = pattern.replace('"id": "0000', '"id": "@###')
    text = "".join(pattern.replace("@####", f"{number:05d}").replace("@###", f"{number:04x}") for number in range(products))
    (folder / "assets.jsonl").write_text(text, "utf-8")


def write_run(
    root: Path, name: str, assets: list[dict[str, Any]], started: str = "2020-03-01T10:00:00Z", pictured: bool = True,
    **manifest: Any,
) -> Path:  # fmt: skip
    """A finished run of the job `launch`, and a journal that knows its pictures."""
    folder = root / "runs" / name
    folder.mkdir(parents=True)
    (root / "brands").mkdir(exist_ok=True)
    jpeg, png = picture(108, 108, (30, 120, 90)), picture(105, 148, (200, 190, 170), "PNG")
    for one in assets if pictured else ():
        file = folder / one["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes({"jpeg": jpeg, "proof-png": png}.get(one["format"], b"%PDF-1.7"))
    failed = sum(one["status"] == "failed" for one in assets)
    findings = [finding["severity"] for one in assets for finding in one["findings"]]
    said: Mapping[str, Any] = {
        "schema": "pressrun/manifest/1", "run": name, "job": "launch", "brand": "plain", "tools": {"engines": ["one"]},
        "started": started, "finished": started, "provider": "fpo", "providers": {}, "models": [], "inputs": {},
        "counts": {"planned": len(assets), "made": len(assets) - failed, "reused": 0, "failed": failed},
        "cost": {"estimated_usd": 0.0, "spent_usd": 0.0, "reused_usd": 0.0},
        "findings": {one: findings.count(one) for one in ("error", "warning", "note")}, "notes": [], "exit": 0,
        **manifest,
    }  # fmt: skip
    (folder / "assets.jsonl").write_text("".join(json.dumps(one) + "\n" for one in assets), "utf-8")
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
    (root / ".pressrun").mkdir(exist_ok=True)
    journal = SqliteJournal(root / ".pressrun" / "journal.db")
    keys = {one["key"]: one["sha256"] for asset in assets for one in asset["pictures"]}
    journal.record(Result.of(key, "picture", digest, 10) for key, digest in keys.items())
    journal.close()
    return folder


def write_paid(root: Path, base_url: str) -> tuple[Path, str]:
    """One product in one language on one layout, with a picture that was paid at this server: its folder, and the
    address of its sheet."""
    write_campaign(root, "Plain")
    job = root / "jobs" / "first-run.yaml"
    text = job.read_text("utf-8")
    for old, new in {
        "provider: {type: fpo}": f"provider: {{type: openai, base_url: {base_url}, profile: rehearsal}}",
        "  - social/story\n  - print/a5-flyer\n": "",
        "      tall: {size: 1536x2304, space: top third, stage: [50%, 64%]}\n": "",
        "square: {size: 1536x1536": "square: {size: 1024x1024",
        "locale: region.locale\n": "where: product.sku == 'MUG-350' and region.locale == 'en-GB'\nlocale: region.locale\n",
    }.items():
        assert old in text
        text = text.replace(old, new)
    patterned = "checks: {contrast: {level: warning, because: a rehearsal's pictures are patterns}}\n"
    job.write_text(text + patterned, "utf-8")
    report = run_job(job, replace(Settings(inline=True), quality="low"))
    assert report.cost.spent_usd > 0
    return root, f"/runs/{report.run}/sheets/{report.assets[0].id}"
