"""`override` writes a change of one sheet where people can read it, and nothing where it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from job_campaign import Campaign, Ended
from msgspec.structs import replace

from pressrun.commands import cli
from pressrun.model.errors import InputError
from pressrun.model.settings import Settings
from pressrun.run.edits.override_written import SheetNamed, overrides_of, setting_of, take_back, write_override
from pressrun.run.planned_job import load_job

Call = Callable[..., Ended]
FILE = "MUG/en-GB/post.png"
OVERRIDES = "jobs/spring-overrides.yaml"


@pytest.fixture
def override(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`pressrun COMMAND …` in the campaign's folder."""
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")

    def called(campaign: Campaign, *arguments: str) -> Ended:
        monkeypatch.chdir(campaign.root)
        capsys.readouterr()
        code = cli.run_command(list(arguments))
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return called


def written(campaign: Campaign) -> str:
    return (campaign.root / OVERRIDES).read_text("utf-8")


def test_a_change_is_written_made_told_and_listed(warm: Campaign, override: Call) -> None:
    said = ("headline.text=Cup of joy: yes", "--set", "headline.shift=[4px, 0px]", "--set", "logo.hidden=true")
    ended = override(warm, "override", FILE, "--set", *said, "--note", "the client's wish")
    assert ended.code == 0, ended.err
    assert written(warm) == (
        "# Changes to single sheets, made by hand. They are kept, whatever is made again around them.\n"
        "overrides:\n"
        "  - row: MUG/en-GB\n"
        "    layout: post\n"
        "    note: the client's wish\n"
        "    change:\n"
        "      headline:\n"
        "        text: 'Cup of joy: yes'\n"
        "        shift: [4px, 0px]\n"
        "      logo:\n"
        "        hidden: true\n"
        "    was:\n"
        "      headline:\n"
        "        text: Good morning\n"
        "        box: {height: 26px}\n"
        "      logo:\n"
        "        logo: [default, reversed]\n"
    )
    assert (warm.root / warm.job).read_text("utf-8").endswith("overrides: spring-overrides.yaml\n")
    assert [asset.path for asset in warm.run().assets if asset.status == "made"] == [f"assets/{FILE}"]
    shown = override(warm, "show", FILE)
    assert f"headline.text Cup of joy: yes  ({OVERRIDES}:3)\n" in shown.out
    [listed] = warm.manifest()["overrides"]
    assert listed == {
        "place": {"file": OVERRIDES, "line": 3, "column": 5}, "row": "MUG/en-GB", "layout": "post",
        "note": "the client's wish", "sheets": 1, "stale": False,
        "changes": {"headline.text": "Cup of joy: yes", "headline.shift": ["4px", "0px"], "logo.hidden": True},
    }  # fmt: skip
    warm.edit("jobs/data/copy.csv", "headline,,Good morning", "headline,,Good evening")
    warm.run()
    assert warm.manifest()["overrides"][0]["stale"]
    assert f"headline.text Cup of joy: yes  ({OVERRIDES}:3), stale\n" in override(warm, "show", FILE).out


WRITTEN = """\
# What the client said on the telephone.
overrides:
  # They call it another name.
  - row: MUG/en-GB   # only in Britain
    layout: post
    change: {headline: {text: "Brew"}}

  - {row: TIN/de-DE, layout: post, change: {headline: {color: flame}}}
"""


def test_what_people_wrote_stays_as_it_is(warm: Campaign, override: Call) -> None:
    warm.edit(warm.job, "save_as:", "overrides: spring-overrides.yaml\nsave_as:")
    (warm.root / OVERRIDES).write_text(WRITTEN, "utf-8")
    job = (warm.root / warm.job).read_text("utf-8")
    assert override(warm, "override", FILE, "--set", "headline.size=9px").code == 0
    changed = written(warm)
    assert 'change: {headline: {text: "Brew", size: 9px}}' in changed
    assert [line for line in WRITTEN.splitlines() if line not in changed.splitlines()] == [
        '    change: {headline: {text: "Brew"}}'
    ]
    assert (warm.root / warm.job).read_text("utf-8") == job


@pytest.mark.parametrize(
    ("file", "setting", "code"),
    [
        (FILE, "haedline.text=x", "unknown-layer"),
        (FILE, "headline.color=falme", "unknown-color"),
        (FILE, "headline.siez=9px", "did you mean 'size'"),
        (FILE, "headline.text={{ nothing }}", "unknown-name"),
        ("MUG/en-GB/psot.png", "headline.text=x", "no-asset"),
        (FILE, "headline", None),
    ],
)  # fmt: skip
def test_of_a_wrong_change_nothing_is_written(
    warm: Campaign, override: Call, file: str, setting: str, code: str | None
) -> None:
    job = (warm.root / warm.job).read_bytes()
    ended = override(warm, "override", file, "--set", setting)
    assert ended.code == 2
    assert code is None or code in ended.err
    assert "overrides.yaml" not in ended.err, "a file is named that was not written"
    assert (warm.root / warm.job).read_bytes() == job
    assert not (warm.root / OVERRIDES).exists()
    assert not list(Path(warm.root / "jobs").glob(".*"))


def test_through_a_link_out_of_the_campaign_nothing_is_written(warm: Campaign, override: Call, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere.yaml"
    (warm.root / OVERRIDES).symlink_to(outside)
    job = (warm.root / warm.job).read_bytes()
    ended = override(warm, "override", FILE, "--set", "logo.hidden=true")
    assert ended.code == 2
    assert "outside-campaign" in ended.err
    assert (outside.exists(), (warm.root / OVERRIDES).is_symlink()) == (False, True)
    assert (warm.root / warm.job).read_bytes() == job


def test_into_a_table_nothing_is_written(warm: Campaign, override: Call) -> None:
    warm.edit(warm.job, "save_as:", "overrides: spring.csv\nsave_as:")
    table = warm.root / "jobs" / "spring.csv"
    table.write_text("row,layout,layer,key,value\nMUG/en-GB,post,headline,text,Brew\n", "utf-8")
    before = table.read_bytes()
    assert "[overrides-in-table]" in override(warm, "override", FILE, "--set", "headline.size=9px").err
    assert table.read_bytes() == before


def test_a_focus_is_stale_when_another_picture_is_shown(warm: Campaign, override: Call) -> None:
    assert override(warm, "override", FILE, "--set", "scene.focus=[0%, 40%]").code == 0
    assert "        shown: " in written(warm)

    def stale() -> list[str]:
        findings = override(warm, "check", warm.job, "--json").json
        return [finding["layer"] for finding in findings if finding["code"] == "stale-override"]

    assert stale() == []
    warm.edit("jobs/data/products.csv", "morning light on a table", "evening light on a table")
    assert stale() == ["scene"]


def test_a_path_names_its_run_for_every_command_whatever_job_ran_since(warm: Campaign, override: Call) -> None:
    earlier = warm.latest.resolve().relative_to(warm.root.resolve()) / "assets" / FILE
    other = (warm.root / warm.job).read_text("utf-8").replace("regions.csv", "others.csv")
    (warm.root / "jobs/data/others.csv").write_text((warm.root / "jobs/data/regions.csv").read_text("utf-8"))
    (warm.root / "jobs/autumn.yaml").write_text(other, "utf-8")
    assert override(warm, "run", "jobs/autumn.yaml").code == 0
    ended = override(warm, "override", str(earlier), "--set", "logo.hidden=true")
    assert ended.code == 0, ended.err
    assert f"Now: pressrun run {warm.job} " in ended.out
    assert "logo" in written(warm)
    ended = override(warm, "approve", str(earlier))
    assert ended.code == 0, ended.err
    assert f"Now: pressrun run {warm.job} --final" in ended.out
    ended = override(warm, "picture", str(warm.root / earlier), "master.png")
    assert ended.code == 0, ended.err
    assert "no-asset" in override(warm, "approve", str(earlier.with_name("none.png"))).err


def test_a_change_of_one_take_of_several_is_of_that_take_alone(fresh: Campaign) -> None:
    fresh.edit(fresh.job, "    steps: [{type: tone}]", "    takes: 2\n    steps: [{type: tone}]")
    fresh.edit(fresh.job, "save_as:", "overrides: spring-overrides.yaml\nsave_as:")
    fresh.edit(fresh.job, "{{ layout.name }}", "{{ layout.name }}-{{ take }}")
    of_all = "overrides:\n  - {row: MUG/en-GB, layout: post, change: {headline: {text: Brew}}}\n"
    (fresh.root / OVERRIDES).write_text(of_all, "utf-8")
    job, first = fresh.root / fresh.job, SheetNamed("MUG/en-GB", "post", 1, {})
    assert overrides_of(load_job(job, Settings()), first) == []
    with pytest.raises(InputError, match="not changed by hand on this sheet alone"):
        take_back(job, first, "headline", "text")
    write_override(job, first, [setting_of("logo.hidden=true")], "")
    project = load_job(job, Settings())
    assert project.overrides is not None
    assert [one.written.take for one in project.overrides.every] == [0, 1]
    assert overrides_of(project, first) == [("logo", "hidden", True)]
    assert overrides_of(project, replace(first, take=2)) == []
    take_back(job, first, "logo", "hidden")
    assert written(fresh).strip() == of_all.strip()
