"""A picture changed from the studio, over real HTTP to a rehearsal server: quoted, masked, capped, billed as charged."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat
from studio_samples import TOKEN, write_paid
from studio_served import until
from warm_process import WarmProcess

from pressrun.commands.studio.forks import sections
from pressrun.commands.studio.gate import Visitor
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

Open = Callable[..., Any]
Shop = tuple[Path, Rehearsal, str]
PAINTED_FINELY = """
    const pen = document.getElementById("mask").getContext("2d");
    pen.lineWidth = 3;
    for (let at = 0; at < 900; at += 1) { pen.beginPath(); pen.moveTo(at, (at * 37) % 500); pen.lineTo((at * 53) % 900, 400 + (at * 71) % 600); pen.stroke(); }
    return maskSent().length"""
DROPPED = """
    const drawn = document.createElement("canvas"), dropped = new DataTransfer();
    drawn.width = drawn.height = 1024;
    drawn.toBlob((data) => {
        dropped.items.add(new File([data], "by hand.png", {type: "image/png"}));
        const drop = new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true});
        document.querySelector(".paint-view").dispatchEvent(drop);
    }, "image/png")"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One product in one language on one layout, with a picture that was paid: folder, server, the sheet's address."""
    server = serve(vary=True)
    root, sheet = write_paid(tmp_path_factory.mktemp("shop"), server.base_url)
    yield root, server, sheet
    server.close()


def painted(size: tuple[int, int] = (1024, 1024)) -> str:
    """A mask with a hole in its upper left quarter, as a page sends it."""
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    ImageDraw.Draw(mask).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(0, 0, 0, 0))
    out = io.BytesIO()
    mask.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_a_change_costs_what_was_quoted_and_charged(studio: Open, shop: Shop) -> None:
    root, server, sheet = shop
    visit, before = studio(root), server.settle()["charges"]
    assert visit.get(f"{sheet}/size").json() == {"width": 1024, "height": 1024}
    wish = {"wish": "make it a snowy winter scene", "quality": "low"}
    quoted = visit.send(f"{sheet}/fork/quote", wish).json()
    assert server.settle()["charges"] == before
    made = visit.send(f"{sheet}/fork", {**wish, "most_usd": quoted["price_usd"]}).json()
    charges = server.settle()["charges"][len(before) :]
    assert len(charges) == 1
    assert made["cost_usd"] == pytest.approx(charges[0]["usd"], abs=1e-6)
    assert made["branch"] == quoted["branch"]
    again = visit.send(f"{sheet}/fork/quote", {**wish, "name": made["branch"]}).json()
    assert (again["there"], again["price_usd"]) == (True, 0.0)
    page = visit.get(f"{sheet}/picture").text
    assert "snowy winter scene" in page
    run = sheet.rpartition("/sheets/")[0]
    assert visit.get(f"{run}/masters/{made['sha256']}/view").headers["content-type"] == "image/webp"
    drawn = Image.open(io.BytesIO(visit.get(f"{sheet}/branch/{made['branch']}").content))
    assert drawn.size == (1080, 1080)
    [line] = [line for line in visit.client.app.state.audit.lines() if line["what"] == "fork"]
    assert (line["who"], line["cost_usd"]) == ("Mara", made["cost_usd"])


def test_what_lies_outside_a_painted_mask_stays(studio: Open, shop: Shop) -> None:
    root, _, sheet = shop
    visit = studio(root)
    said = {"wish": "a red ball", "quality": "low", "mask": painted(), "name": "ball"}
    quoted = visit.send(f"{sheet}/fork/quote", said).json()
    made = visit.send(f"{sheet}/fork", {**said, "most_usd": quoted["price_usd"]}).json()
    store, run = visit.client.app.state.campaign.store, visit.client.app.state.campaign.run("latest")
    before = Image.open(io.BytesIO(store.read(run.journal.lookup(run.shelf.tiles[0].pictures)[run.shelf.tiles[0].pictures[0]].digest)))
    after = Image.open(io.BytesIO(store.read(made["sha256"])))
    box = (600, 600, 1024, 1024)
    assert before.convert("RGB").crop(box).tobytes() == after.convert("RGB").crop(box).tobytes()
    assert before.convert("RGB").tobytes() != after.convert("RGB").tobytes()


@pytest.mark.parametrize(("said", "code"), [
    ({}, "bad-request"), ({"wish": " "}, "bad-request"), ({"wish": "x", "take": 0}, "bad-request"),
    ({"wish": "x", "quality": "best"}, "bad-request"), ({"wish": "x", "mask": "!!"}, "mask-kind"),
    ({"wish": "x", "mask": base64.b64encode(b"<svg/>").decode()}, "mask-kind"), ({"wish": "x", "mask": 5}, "mask-kind"),
    ({"wish": "x", "mask": "A" * (12 << 20)}, "mask-kind"), ({"wish": "x", "mask": painted((64, 64))}, "mask-size"),
    ({"wish": "x", "name": "trunk"}, "branch-exists"),
])  # fmt: skip
def test_what_cannot_be_done_is_told_and_costs_nothing(studio: Open, shop: Shop, said: dict[str, Any], code: str) -> None:
    root, server, sheet = shop
    visit, before = studio(root), server.settle()["charges"]
    answer = visit.send(f"{sheet}/fork", {"most_usd": 1, **said})
    assert answer.status_code == 400
    assert code in {one["code"] for one in answer.json()["findings"]}
    assert server.settle()["charges"] == before


@pytest.mark.parametrize("most", [None, -1, "all", True, 1e9, pytest.param(10**400, id="huge")])
def test_nothing_is_made_without_a_cap(studio: Open, shop: Shop, most: object) -> None:
    root, server, sheet = shop
    before = server.settle()["charges"]
    assert studio(root).send(f"{sheet}/fork", {"wish": "snow", "take": 7, "most_usd": most}).status_code == 400
    assert server.settle()["charges"] == before


def test_a_bill_above_the_cap_is_never_run_up(studio: Open, shop: Shop) -> None:
    root, server, sheet = shop
    before = server.settle()["charges"]
    answer = studio(root).send(f"{sheet}/fork", {"wish": "gold", "quality": "high", "most_usd": 0})
    assert answer.status_code == 400
    assert server.settle()["charges"] == before


def test_a_draft_is_looked_at_with_its_own_picture_until_the_job_asks_for_another(studio: Open, shop: Shop) -> None:
    """Drawn again to be changed, or with guides, it had a stand-in: the job asks for a better quality."""
    root, _, sheet = shop
    visit, template = studio(root), root / "templates" / "prompts" / "product-hero.j2"
    made = image(visit.get(sheet.replace("/sheets/", "/pictures/") + "/view").content)
    told, guided = visit.get(f"{sheet}/now").json(), visit.get(f"{sheet}/guides").content
    assert not told["stood_in"]
    assert mean_difference(made, image(base64.b64decode(told["picture"]))) < 6
    before = template.read_bytes()
    try:
        template.write_bytes(before.replace(b"a setting made", b"another setting made"))
        told, other = visit.get(f"{sheet}/now").json(), visit.get(f"{sheet}/guides").content
    finally:
        template.write_bytes(before)
    assert told["stood_in"]
    assert mean_difference(image(guided), image(other)) > 10
    assert mean_difference(made, image(base64.b64decode(told["picture"]))) > 20


def image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB").resize((360, 360))


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    """From 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_only_who_may_buy_asks_for_pictures(studio: Open, shop: Shop) -> None:
    root, _, sheet = shop
    owner = studio(root)
    guest = studio(root, f"/?link={owner.client.app.state.keys.signed(Visitor('Ann', 'decide', 4_000_000_000))}", owner.client.app)
    assert guest.send(f"{sheet}/fork", {"wish": "snow", "most_usd": 1}).status_code == 403
    assert 'id="fork-form"' not in guest.get(f"{sheet}/picture").text


def test_a_prompt_is_read_by_its_sections() -> None:
    found = sections("Subject: a mug: blue\n\nStyle: still life;\ncalm\n\nNo lettering, no logos.")
    assert [(one.title, one.text) for one in found] == [
        ("Subject", "a mug: blue"), ("Style", "still life;\ncalm"), ("", "No lettering, no logos."),
    ]  # fmt: skip


def test_a_mask_is_painted_in_the_browser_and_the_bill_is_seen(browser_session: Any, shop: Shop) -> None:
    import uvicorn
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    from pressrun.commands.studio.server import app_of, listening

    root, server, sheet = shop
    with contextlib.closing(listening("127.0.0.1", 0)) as door:
        serving = uvicorn.Server(uvicorn.Config(app_of(root, TOKEN, "Mara"), log_level="warning", lifespan="off",
                                                timeout_graceful_shutdown=1))  # fmt: skip
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            before, browser = len(server.settle()["charges"]), browser_session
            browser.open(f"http://127.0.0.1:{door.getsockname()[1]}{sheet}/picture?token={TOKEN}")
            browser.wait("document.getElementById('mask').width === 1024")
            browser.driver.find_element(By.ID, "paint").click()
            mask = browser.driver.find_element(By.ID, "mask")
            ActionChains(browser.driver).move_to_element(mask).click_and_hold().move_by_offset(60, 40).release().perform()
            assert browser.js(PAINTED_FINELY) > 65536  # more than browsers send of what is to outlive its page
            browser.js("document.getElementById('wish').focus()")
            browser.press("a green apple")
            browser.js("document.querySelector('#fork-form [name=quality]').value = 'low'")
            browser.driver.find_element(By.ID, "ask-price").click()
            browser.wait("!document.getElementById('make').hidden")
            assert "$" in browser.text("#make")
            browser.driver.find_element(By.ID, "make").click()
            browser.wait("document.querySelectorAll('#result img').length === 2")
            assert "$" in browser.text("#bill")
            assert "pressrun run jobs/first-run.yaml --quality low --branch green-apple" in browser.text("#bill")
            assert len(server.settle()["charges"]) == before + 1
            runs = len(list((root / "runs").iterdir()))
            browser.driver.find_element(By.ID, "make-files").click()  # a command was told, and nothing to press
            until(lambda: len(list((root / "runs").glob("*/manifest.json"))) > runs)
            newest = json.loads((max((root / "runs").iterdir()) / "assets.jsonl").read_text("utf-8"))
            assert "green apple" in newest["pictures"][0]["prompt"]
            browser.js(DROPPED)
            browser.wait("document.getElementById('adopted').textContent === 'by hand.png stands for it.'")
            browser.wait("document.querySelectorAll('#result img').length === 2")
            browser.driver.find_element(By.ID, "adopt-undo").click()
            browser.wait("document.getElementById('adopt-undo').hidden && document.readyState === 'complete'")
            assert len(server.settle()["charges"]) == before + 1
        finally:
            serving.should_exit = True
            thread.join()


def test_another_take_is_quoted_and_run_for_its_rows_alone_under_what_was_seen(studio: Open, shop: Shop) -> None:
    root, server, sheet = shop
    visit, before = studio(root), len(server.settle()["charges"])
    wish = {"take": 3, "quality": "low"}
    quoted = visit.send(f"{sheet}/again/quote", wish).json()
    assert (quoted["pictures"], len(server.settle()["charges"])) == (1, before)
    assert 0 < quoted["price_usd"] < 0.1
    for wrong in ({**wish, "most_usd": None}, {**wish, "most_usd": -1}, {"take": 0, "most_usd": 1}, {"quality": "best", "most_usd": 1}):
        assert visit.send(f"{sheet}/again", wrong).status_code == 400
    made = visit.send(f"{sheet}/again", {**wish, "most_usd": quoted["price_usd"]}).json()
    started = visit.client.app.state.runs.started[made["id"]]
    assert started.process.wait(120) == 0, started.said
    assert len(server.settle()["charges"]) == before + 1
    latest = visit.client.app.state.campaign.run("latest").shelf
    assert [(tile.take, tile.keys["product"]) for tile in latest.tiles] == [(3, "MUG-350")]
    assert visit.send(f"{sheet}/again/quote", wish).json() == {"price_usd": 0.0, "pictures": 0, "doubt": False}


def test_the_files_of_a_change_cost_what_else_of_the_job_is_missing(studio: Open, shop: Shop) -> None:
    """They were had for 0 dollars or not at all, where the job asks for pictures that nobody bought yet."""
    root, server, sheet = shop
    job, visit = root / "jobs" / "first-run.yaml", studio(root)
    alone = job.read_text("utf-8")
    wish = {"wish": "put it on a wooden table", "quality": "low"}
    quoted = visit.send(f"{sheet}/fork/quote", wish).json()
    made = {"sha256": visit.send(f"{sheet}/fork", {**wish, "most_usd": quoted["price_usd"]}).json()["sha256"]}
    before = len(server.settle()["charges"])
    assert visit.send(f"{sheet}/fork/files/quote", made).json() == {"price_usd": 0.0, "pictures": 0, "doubt": False}
    job.write_text(alone.replace("product.sku == 'MUG-350' and ", ""), "utf-8")
    try:
        quoted = visit.send(f"{sheet}/fork/files/quote", made).json()
        assert (quoted["pictures"], len(server.settle()["charges"])) == (1, before)
        assert quoted["price_usd"] > 0
        assert visit.send("/live/quote", {"job": "first-run"}).json()["pictures"] == 2, "its own quality is another one"
        assert visit.send(f"{sheet}/fork/files", made).status_code == 400, "no price was seen"
        started = visit.send(f"{sheet}/fork/files", {**made, "most_usd": quoted["price_usd"]}).json()
        run = visit.client.app.state.runs.started[started["id"]]
        assert run.process.wait(120) in (0, 1), run.said  # a rehearsal's pictures are patterns, which checks do not like
        [charge] = server.settle()["charges"][before:]
        assert 0 < charge["usd"] <= quoted["price_usd"]
        assert len(visit.client.app.state.campaign.run("latest").shelf.tiles) == 2
        *_, line = (line for line in visit.client.app.state.audit.lines() if line["what"] == "run")
        assert line["max_usd"] == quoted["price_usd"]
    finally:
        job.write_text(alone, "utf-8")


def test_what_is_perhaps_charged_is_shown_as_such(studio: Open, shop: Shop) -> None:
    root, _, sheet = shop
    visit = studio(root)
    assert "perhaps charged" not in visit.get(f"{sheet}/picture").text
    begun = (
        "import sys; from decimal import Decimal; from pressrun.model.journal import Quote\n"
        "from pressrun.stores.sqlite import SqliteJournal\n"
        "SqliteJournal(sys.argv[1]).begin_attempts([Quote('f' * 64, 'openai', 'gpt-image-2', Decimal('0.0412'), run='lost')])"
    )
    assert WarmProcess(["-c", begun, root / ".pressrun" / "journal.db"]).wait() == 0  # who began it ends before it does
    page = visit.get(f"{sheet}/picture").text
    assert "perhaps charged" in page
    assert "$0.0412" in page
