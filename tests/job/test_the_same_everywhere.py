"""One campaign, from any table, by any workers, with any store and journal: the same files and the same record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import needed
import pandas as pd
import psycopg
import pytest
from dask_cluster import Cluster, cluster_of_two
from job_campaign import Campaign
from postgres_server import PostgresServer
from s3_server import S3Server
from table_files import as_workbook, rows_of

from pressrun.model.settings import Settings
from pressrun.run.job import run_job

JOB = "jobs/spring.yaml"
PEOPLE = {"product": "products", "region": "regions", "prices": "prices"}  # files by the name that a job gives them


@dataclass
class Run:
    """A campaign before its run, and what is given to it."""

    campaign: Campaign
    settings: Settings = field(default_factory=lambda: Settings(inline=True))
    frames: dict[str, pd.DataFrame] | None = None
    said: dict[str, Any] = field(default_factory=dict)  # lines of .env
    places: dict[str, str] = field(default_factory=dict)  # what the record calls a table, by its CSV file
    has_header: bool = True  # else the first row is line 1

    def outcome(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """The record's lines, and the digests of what was delivered."""
        said = [f"{name}={json.dumps(said) if isinstance(said, dict) else said}\n" for name, said in self.said.items()]
        (self.campaign.root / ".env").write_text("".join(said))
        report = run_job(self.campaign.root / JOB, self.settings, tables=self.frames)
        assert (report.exit, report.counts.made) == (0, report.counts.planned)
        lines = [json.loads(line) for line in (self.campaign.latest / "assets.jsonl").read_bytes().splitlines()]
        for line in lines:
            for place in (*line["sources"], *(finding["place"] for finding in line["findings"])):
                self._as_in_csv(place)
        return lines, self.campaign.assets()

    def _as_in_csv(self, place: dict[str, Any]) -> None:
        """Where a row stands is what must differ: its table's name, and whether the names of columns are a line."""
        if self.places:
            place["file"] = {told: csv_file for csv_file, told in self.places.items()}[place["file"]]
            place["line"] += not self.has_header


def typed(name: str, row: dict[str, str]) -> dict[str, Any]:
    """As programs keep it that know numbers: 11.50 is 11.5 there."""
    return row | {"amount": float(row["amount"])} if name == "prices" else dict(row)


def each_table(run: Run) -> Iterator[tuple[str, Path, list[dict[str, str]]]]:
    """What people have: by the job's name for it, its file, which is taken away, and its rows."""
    for name, stem in PEOPLE.items():
        file = run.campaign.root / f"jobs/data/{stem}.csv"
        yield name, file, rows_of(file)
        file.unlink()


def workbook(run: Run, postgres: Callable[[], PostgresServer]) -> None:
    for name, file, rows in each_table(run):
        file.with_suffix(".xlsx").write_bytes(as_workbook([typed(name, row) for row in rows]))
        run.campaign.edit(JOB, f"{file.stem}.csv", f"{file.stem}.xlsx")
        run.places[f"jobs/data/{file.name}"] = f"jobs/data/{file.stem}.xlsx"


def parquet(run: Run, postgres: Callable[[], PostgresServer]) -> None:
    needed.package("pyarrow")
    run.has_header = False
    for name, file, rows in each_table(run):
        pd.DataFrame([typed(name, row) for row in rows]).to_parquet(file.with_suffix(".parquet"))
        run.campaign.edit(JOB, f"{file.stem}.csv", f"{file.stem}.parquet")
        run.places[f"jobs/data/{file.name}"] = f"jobs/data/{file.stem}.parquet"


def frames(run: Run, postgres: Callable[[], PostgresServer]) -> None:
    run.frames, run.has_header = {}, False
    for name, file, rows in each_table(run):
        run.frames[name] = pd.DataFrame([typed(name, row) for row in rows])
        run.places[f"jobs/data/{file.name}"] = f"{name} (DataFrame)"


def query(run: Run, postgres: Callable[[], PostgresServer]) -> None:
    run.has_header = False
    schema = str(postgres().options()["schema"])
    with psycopg.connect(postgres().url, autocommit=True) as shop:
        shop.execute(f'CREATE SCHEMA "{schema}"'.encode())
        for name, file, rows in each_table(run):
            columns = ", ".join(f"{column} {'numeric(9, 2)' if column == 'amount' else 'text'}" for column in rows[0])
            shop.execute(f'CREATE TABLE "{schema}".{file.stem} (at serial, {columns})'.encode())
            into = f'INSERT INTO "{schema}".{file.stem} ({", ".join(rows[0])}) VALUES ({", ".join(["%s"] * len(rows[0]))})'
            for row in rows:
                given = {**row, "amount": Decimal(row["amount"])} if name == "prices" else row
                shop.execute(into.encode(), list(given.values()))
            asked = f"select {', '.join(rows[0])} from {file.stem} order by at"
            run.campaign.edit(JOB, f"{{file: data/{file.name}", f'{{sql: "{asked}", url: "env:SHOP_DB"')
            run.places[f"jobs/data/{file.name}"] = f"{name} (query)"
    address = postgres().url.replace("postgresql://", "postgresql+psycopg://")
    run.said["SHOP_DB"] = f"{address}?options=-csearch_path%3D{schema}"


TABLES = {"csv": lambda run, postgres: None, "xlsx": workbook, "parquet": parquet, "frame": frames, "query": query}


@pytest.fixture(scope="module")
def cluster(s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_of_two(tmp_path_factory.mktemp("machines")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def plain(finished: Campaign) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """From CSV, in one process, with a folder and SQLite."""
    assert len(finished.assets()) == 18
    return finished.lines(), finished.assets()


@pytest.mark.parametrize(
    ("table", "executor", "store", "journal"),
    [
        pytest.param("xlsx", "local", "s3", "postgres"),
        pytest.param("parquet", "threads", "s3", "postgres", marks=pytest.mark.heavy),
        pytest.param("frame", "threads", "folder", "postgres"),
        pytest.param("query", "inline", "s3", "sqlite"),
        pytest.param("csv", "local", "folder", "sqlite"),
        pytest.param("csv", "dask", "s3", "sqlite", marks=pytest.mark.heavy),  # a folder is not seen from there
        pytest.param("frame", "inline", "folder", "sqlite"),
        pytest.param("csv", "inline", "folder", "postgres"),
        pytest.param("query", "dask", "s3", "postgres", marks=pytest.mark.heavy),
        pytest.param("parquet", "dask", "s3", "postgres", marks=pytest.mark.heavy),
    ],
)
def test_bytes_and_record_are_the_same(
    plain: tuple[list[dict[str, Any]], dict[str, str]], fresh: Campaign, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch, table: str, executor: str, store: str, journal: str,
) -> None:  # fmt: skip
    monkeypatch.delenv("PRESSRUN_EXECUTOR", raising=False)
    run = Run(fresh, Settings(inline=True) if executor == "inline" else Settings(jobs=2))
    TABLES[table](run, lambda: request.getfixturevalue("postgres"))
    if executor in ("local", "threads"):
        run.said["PRESSRUN_EXECUTOR"] = executor
    elif executor == "dask":
        run.said["PRESSRUN_EXECUTOR"] = {"type": "dask", "scheduler": request.getfixturevalue("cluster").address}
    if store == "s3":
        run.said["PRESSRUN_STORE"] = request.getfixturevalue("s3").options()
    if journal == "postgres":
        run.said["PRESSRUN_JOURNAL"] = request.getfixturevalue("postgres").options()
    assert run.outcome() == plain
    own = fresh.root / ".pressrun"
    assert (own / "objects").exists() == (store == "folder")
    assert (own / "journal.db").exists() == (journal == "sqlite")
