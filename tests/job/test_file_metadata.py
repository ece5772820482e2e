"""What every delivered file says of itself, and of the pictures on it, as exiftool reads it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import needed
import pikepdf
import pytest
from job_campaign import Campaign
from PIL import Image

from pressrun.model.file_metadata import Particulars

SCRIPTS = [
    "Żółć æøå ß ğ ő", "Tiếng Việt", "Καφές", "Кофе й", "ყავა", "Սուրճ", "قهوة", "קָפֶה", "कॉफ़ी क्षत्रिय", "কফি", "காபி",
    "กาแฟดำ", "ကော်ဖီ", "コーヒー ひらがな", "커피", "咖啡", "𠮷野家", "☕️👩🏽‍🍳🇯🇵", "½ × £5 “a” & <b> 'c'",
]  # fmt: skip
LONG = "तिरुवनंतपुरम सेंट्रल"  # more bytes than the older form has for a place, and cut between two letters there
ROWS = f"""locale,currency,alt,place,words,others,district
ja-JP,GBP,山の夕暮れとコーヒー豆の袋,東京,コーヒー、山,{";".join(SCRIPTS)},
ar-EG,GBP,حقيبة قهوة أمام جبل,القاهرة,قهوة، جبل,,{LONG}
"""
METADATA = """metadata:
  description: "{{ product.name }} – {{ region.place }} 🎒"
  alt_text: "{{ region.alt }}"
  rights: "© 2027 Testa & Co <alle Rechte>"
  keywords: ["{{ region.words }}", "{{ product.sku }}", "{{ region.others }}"]
  location: {city: "{{ region.place }}", sublocation: "{{ region.district }}", country_code: "{{ region.locale[3:] }}"}
layouts: [post, card]"""
PHOTO = """  hero:
    provider: {type: library}
    references: ["packshots/{{ product.sku }}.jpg"]
"""
JPEG_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" photoshop:Credit="Nord Photo/Testa"
 plus:ModelReleaseStatus="http://ns.useplus.org/ldf/vocab/MR-UMR">
<dc:creator><rdf:Seq><rdf:li>Žaneta Öberg</rdf:li></rdf:Seq></dc:creator>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="de">Nur im Netz</rdf:li>
<rdf:li xml:lang="x-default">Web only, until 2028</rdf:li></rdf:Alt></xmpRights:UsageTerms>
<plus:ModelReleaseID><rdf:Bag><rdf:li>MR-4711</rdf:li></rdf:Bag></plus:ModelReleaseID>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
ALL = {
    "post.png", "post.jpg", "post.webp", "post.avif", "post.pdf", "card.pdf", "card-proof.png", "card-plates.tif",
    "card-ink.png",
}  # fmt: skip


def read_back(folder: Path) -> dict[str, dict[str, Any]]:
    if shutil.which("exiftool") is None:
        needed.absent("exiftool")
    command = ["exiftool", "-json", "-G1", "-r", "-struct", str(folder)]
    told = json.loads(subprocess.run(command, capture_output=True, timeout=60, check=True).stdout)
    return {str(Path(one["SourceFile"]).relative_to(folder)): one for one in told}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """One product in two languages, on a photograph that says whose it is, in every format."""
    made = Campaign.new(tmp_path_factory.mktemp("metadata") / "campaign")
    (made.root / "jobs/data/regions.csv").write_text(ROWS, "utf-8")
    made.edit("jobs/data/copy.csv", "en-GB,de-DE", "ja-JP,ar-EG")
    made.edit(made.job, "layouts: [post, card]", METADATA)
    made.edit(made.job, "locale: region.locale", "where: product.sku == 'BAG'\nlocale: region.locale")
    made.edit(made.job, '  hero:\n    prompt: scene.j2\n    references: ["{{ product.packshot }}"]\n', PHOTO)
    made.edit("brands/testa/brand.yaml", "motifs:", "metadata: {credit: Testa Press, keywords: Testa}\nmotifs:")
    made.edit("templates/layouts/post.yaml", "[png]", "[png, jpeg, webp, avif, screen-pdf]")
    made.edit("templates/layouts/card.yaml", "[press-pdf, proof-png]", "[press-pdf, proof-png, separations, ink-map]")
    photo = Image.radial_gradient("L").resize((300, 300)).convert("RGB")
    photo.save(made.root / "brands/testa/packshots/BAG.jpg", xmp=JPEG_XMP.encode())
    assert made.run().counts.failed == 0
    return made


@pytest.fixture(scope="module")
def told(campaign: Campaign) -> dict[str, dict[str, Any]]:
    return read_back(campaign.latest / "assets/BAG")


def test_every_format_says_what_the_row_has(told: dict[str, dict[str, Any]]) -> None:
    assert set(told) == {f"{locale}/{name}" for locale in ("ja-JP", "ar-EG") for name in ALL}
    for name, one in told.items():
        japanese = name.startswith("ja")
        place = "東京" if japanese else "القاهرة"
        said = {key.partition(":")[2]: value for key, value in one.items() if key.startswith("XMP")}
        assert said["Description"] == f"Bean Bag – {place} 🎒", name
        assert said["AltTextAccessibility"] == ("山の夕暮れとコーヒー豆の袋" if japanese else "حقيبة قهوة أمام جبل")
        assert said["Subject"] == [
            "Testa", *(["コーヒー", "山"] if japanese else ["قهوة", "جبل"]), "BAG", *(SCRIPTS if japanese else ())
        ], name  # fmt: skip
        assert said.get("Location") == (None if japanese else LONG), name
        assert (said["City"], said["CountryCode"]) == (place, "JP" if japanese else "EG")
        assert said["Rights"] == "© 2027 Testa & Co <alle Rechte>"
        assert said["Creator"] == ["Testa & Co"]
        assert said["Credit"] == "Testa Press"
        assert said["DigitalSourceType"].endswith("/digitalCreation")
        assert not [key for key in one if re.search("Warning|Error", key)], name


def test_libraries_that_read_the_older_form_are_told_the_same(told: dict[str, dict[str, Any]]) -> None:
    for name in (name for name in told if name.endswith((".jpg", ".tif"))):
        said = {key.partition(":")[2]: value for key, value in told[name].items() if key.startswith("IPTC")}
        place = "東京" if name.startswith("ja") else "القاهرة"
        assert said["CodedCharacterSet"] == "UTF8"
        assert said["Caption-Abstract"] == f"Bean Bag – {place} 🎒"
        assert said["City"] == place
        assert said["CopyrightNotice"] == "© 2027 Testa & Co <alle Rechte>"
        assert said["Keywords"] == told[name]["XMP-dc:Subject"], name
        assert said.get("Sub-location") == (None if name.startswith("ja") else "तिरुवनंतपु"), name
        assert said["DateCreated"] == "2027:03:01"


def test_exif_says_it_as_well(told: dict[str, dict[str, Any]]) -> None:
    """What many libraries and browsers read before all else."""
    pictures = {name: one for name, one in told.items() if name.endswith((".jpg", "post.png", ".webp", ".avif"))}
    assert len(pictures) == 8
    for name, one in pictures.items():
        place = "東京" if name.startswith("ja") else "القاهرة"
        assert one["IFD0:ImageDescription"] == f"Bean Bag – {place} 🎒"
        assert one["IFD0:Artist"] == "Testa & Co"
        assert one["IFD0:Copyright"] == "© 2027 Testa & Co <alle Rechte>"


def test_the_information_of_a_pdf_says_it_in_every_script(told: dict[str, dict[str, Any]], campaign: Campaign) -> None:
    """What most viewers of PDF show, in place of the XMP. Exiftool takes its letters for two bytes each, so that it
    reads no emoji there."""
    pages = {name: one for name, one in told.items() if name.endswith(".pdf")}
    assert len(pages) == 4
    for name, one in pages.items():
        with pikepdf.open(campaign.latest / "assets/BAG" / name) as pdf:
            assert str(pdf.trailer.Info.Keywords) == ", ".join(one["XMP-dc:Subject"]), name
            assert str(pdf.trailer.Info.Subject) == one["XMP-dc:Description"], name


def test_what_a_picture_came_with_goes_into_files_and_manifest(
    told: dict[str, dict[str, Any]], campaign: Campaign
) -> None:
    for name, one in told.items():
        (work,) = one["XMP-iptcExt:ArtworkOrObject"]
        assert work == {"AOCreator": ["Žaneta Öberg"], "AOCreditLine": "Nord Photo/Testa"}, name
        assert one["XMP-plus:ImageCreator"] == [{"ImageCreatorName": "Žaneta Öberg"}]
        assert one["XMP-xmpRights:UsageTerms"] == "Web only, until 2028"
        assert one["XMP-plus:ModelReleaseStatus"] == "Unlimited Model Releases"
        assert one["XMP-plus:ModelReleaseID"] == ["MR-4711"]
    for line in campaign.lines():
        (picture,) = line["pictures"]
        assert picture["came_with"] == {
            "creator": "Žaneta Öberg", "credit": "Nord Photo/Testa", "usage-terms": "Web only, until 2028",
            "model-release": "MR-UMR", "model-release-id": "MR-4711",
        }  # fmt: skip


def test_a_changed_word_writes_the_files_anew_and_nothing_else(campaign: Campaign, tmp_path: Path) -> None:
    again = campaign.copy(tmp_path / "again")
    assert again.run().counts.reused == 18
    again.edit(again.job, "© 2027", "© 2028")
    assert again.run().counts.made == 18


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line"),
    [
        ("jobs/spring.yaml", "{{ region.alt }}", "{{ region.old }}", "unknown-column", 25),
        ("jobs/spring.yaml", "alt_text:", "alt_tekst:", "unknown-key", 25),
        ("brands/testa/brand.yaml", "credit: Testa Press", "credit: '{{ row }}'", "invalid-value", 13),
    ],
)
def test_what_is_written_wrongly_is_told(
    campaign: Campaign, tmp_path: Path, file: str, old: str, new: str, code: str, line: int
) -> None:
    again = campaign.copy(tmp_path / "again")
    again.edit(file, old, new)
    ended = again.command("check", "--json")
    assert ended.code == 2
    assert [one for one in ended.found if one.startswith(f"error {code} {file}:{line}")], ended.found


def test_what_many_sheets_say_alike_is_put_together_once(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.edit(fresh.job, "layouts: [post, card]", "metadata: {creator: Testa}\nlayouts: [post, card]")
    put_together: list[dict[Any, str]] = []
    of = Particulars.of

    def noted(said: dict[Any, str]) -> Particulars:
        put_together.append(said)
        return of(said)

    monkeypatch.setattr(Particulars, "of", noted)
    assert len(fresh.run().assets) > 2
    assert put_together == [{("creator",): "Testa"}]


def test_what_a_file_says_of_itself_is_its_words_alone(fresh: Campaign) -> None:
    """No markup, nothing that waits for a page, no lone signs; of a layer without markup, `<` is a letter."""
    look = "role: headline, color: ink, size: [4px, 6px], lines: 2, box: {height: 16px}"
    said = (
        f'  - {{type: text, id: was, text: "was <s>£14.90</s> &amp; <u>more</u>", markup: true, {look}}}\n'
        f'  - {{type: text, id: folio, text: "{{{{ page.number }}}} / {{{{ page.total }}}}", {look}}}\n'
        f'  - {{type: text, id: dash, text: " – ", {look}}}\n'
        f'  - {{type: text, id: less, text: "a <b> c", {look}}}\n'
    )
    fresh.edit("templates/layouts/post.yaml", "  - {type: logo", f"{said}  - {{type: logo")
    fresh.edit(fresh.job, "locale: region.locale", "where: product.sku == 'BAG'\nlocale: region.locale")
    fresh.run()
    with Image.open(fresh.latest / "assets/BAG/en-GB/post.png") as sheet:
        xmp = sheet.info["XML:com.adobe.xmp"]
    assert " · was £14.90 &amp; more · a &lt;b&gt; c</rdf:li>" in xmp, xmp
