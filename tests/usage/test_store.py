"""The store on real databases: SQLite with every fault we could think of, and a real PostgreSQL."""

import json
import multiprocessing
import random
import resource
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kioskcore.journal import Journal
from tests.usage.counting import DAY, total, totals
from tests.usage.postgres import running_postgres
from usage.facts import Key, Total
from usage.store import CountStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "counts.sqlite"


def store_of(file: Path) -> CountStore:
    return CountStore(f"sqlite:///{file}", Journal(file.parent))


def journal(file: Path) -> list[str]:
    lines = (file.parent / "journal.jsonl").read_text().splitlines()
    return [json.loads(line)["event"] for line in lines]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@given(st.lists(totals, max_size=30))
@settings(max_examples=30)
def test_adding_one_by_one_or_together_gives_the_sum(amounts: list[Total]) -> None:
    expected: Counter[Key] = Counter()
    for one in amounts:
        expected[one.key] += one.value
    with tempfile.TemporaryDirectory() as name:
        alone, together = store_of(Path(name, "a.sqlite")), store_of(Path(name, "b.sqlite"))
        assert all(alone.add([one]) for one in amounts)
        assert together.add(amounts)
        found = {one.key: one.value for one in alone.totals()}
        assert found == {one.key: one.value for one in together.totals()} == dict(expected)
        alone.close()
        together.close()


def assert_merge_knows_no_order(store: CountStore, growing: list[Total], seed: int) -> None:
    """Each machine's totals grow; sent twice, late and shuffled, the last state comes out."""
    stages, sums = [], Counter[Key]()
    for one in growing:
        sums[one.key] += one.value
        stages.append([Total(key, value) for key, value in sums.items()])
    mixed = stages * 2
    random.Random(seed).shuffle(mixed)
    for stage in mixed:
        assert store.merge(stage)
    assert {one.key: one.value for one in store.totals()} == dict(sums)


@given(st.lists(totals, max_size=12), st.integers(0, 999))
@settings(max_examples=30)
def test_merging_twice_late_and_shuffled_changes_nothing(growing: list[Total], seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = store_of(Path(name, "centre.sqlite"))
        assert_merge_knows_no_order(store, growing, seed)
        store.close()


@given(growing=st.lists(totals, max_size=12), seed=st.integers(0, 999))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merging_on_postgresql(server: str, tmp_path: Path, growing: list[Total], seed: int) -> None:
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS counts"))
    engine.dispose()
    store = CountStore(server, Journal(tmp_path))
    assert_merge_knows_no_order(store, growing, seed)
    store.close()


def test_two_machines_send_to_postgresql_at_once(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS counts"))
    engine.dispose()
    rows = [Total(replace(total().key, day=DAY + timedelta(days=n)), n + 1) for n in range(50)]
    store = CountStore(server, Journal(tmp_path))
    store.merge([rows[0]])
    good: list[bool] = []

    def send(seed: int) -> None:
        mine = rows.copy()
        random.Random(seed).shuffle(mine)
        store = CountStore(server, Journal(tmp_path))
        good.extend(store.merge(mine) for _ in range(5))
        store.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.totals() == rows
    assert good == [True] * 20
    store.close()


def test_a_server_that_is_away_is_a_notice_not_an_error(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    store = CountStore("postgresql+psycopg://kiosk@127.0.0.1:1/none", Journal(tmp_path))
    assert not store.merge([total()])
    assert store.totals() == []
    assert store.notice == "COUNTS-UNSAVED"


def test_the_table_has_no_time_no_text_and_no_visit(file: Path) -> None:
    store = store_of(file)
    store.add([total(), total()])
    store.close()
    with sqlite3.connect(file) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(counts)")]
        rows = connection.execute("SELECT * FROM counts").fetchall()
        mode = connection.execute("PRAGMA journal_mode").fetchone()
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    assert columns == ["day", "point", "machine", "procedure", "mode", "measure", "value"]
    assert rows == [("2026-03-02", "diem-1", "may-1", "2.000635", "self", "visit", 2)]
    assert mode == ("wal",)
    assert tables == [("counts",)]


def test_days_are_chosen_with_both_ends(file: Path) -> None:
    store = store_of(file)
    rows = [Total(replace(total().key, day=DAY + timedelta(days=n)), 1) for n in range(5)]
    store.add(rows)
    assert store.totals(DAY + timedelta(days=1), DAY + timedelta(days=3)) == rows[1:4]
    store.close()


def damage_all(file: Path) -> None:
    file.write_bytes(b"this is no database at all" * 50)


def damage_header(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[0:16] = bytes(16)
    file.write_bytes(content)


def damage_foreign_table(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE counts (name TEXT)")
    connection.close()


def damage_value(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO counts VALUES ('someday', 'p', 'm', 'x', 'self', 'visit', 3)")
    connection.close()


@pytest.mark.parametrize("damage", [damage_all, damage_header, damage_foreign_table, damage_value])
def test_a_damaged_file_is_set_aside_and_counting_goes_on(file: Path, damage: object) -> None:
    first = store_of(file)
    first.add([total(value=7)])
    first.close()
    damage(file)  # type: ignore[operator]
    store = store_of(file)
    assert store.totals() in ([], [total(value=7)])
    assert store.add([total()])
    assert store.notice == "COUNTS-CORRUPT"
    assert journal(file).count("counts-corrupt") == 1
    assert len(list(file.parent.glob("counts.sqlite.damaged-????-??-??"))) == 1
    store.close()
    again = store_of(file)
    assert again.totals()[-1].value in (1, 8)
    assert again.notice is None
    again.close()


def test_what_is_still_readable_is_carried_over(file: Path) -> None:
    store = store_of(file)
    store.add([Total(replace(total().key, day=DAY + timedelta(days=n)), n + 1) for n in range(400)])
    store.close()
    content = bytearray(file.read_bytes())
    content[-3000:] = b"\xff" * 3000  # the last pages
    file.write_bytes(content)
    store = store_of(file)
    assert store.add([total()])
    assert store.notice == "COUNTS-CORRUPT"
    kept = store.totals()
    assert 0 < len(kept) <= 400
    assert kept[0] == total(value=2)
    store.close()


def test_damage_twice_in_a_day_keeps_both_files(file: Path) -> None:
    for count in (1, 2):
        store = store_of(file)
        assert store.add([total()])
        store.close()
        damage_all(file)
        store = store_of(file)
        assert store.add([total(value=5)])
        assert store.totals() == [total(value=5)]
        store.close()
        assert len(list(file.parent.glob("*.damaged-*"))) == count


def test_a_full_disk_costs_nothing_but_a_notice(file: Path) -> None:
    store = store_of(file)
    assert store.add([total()])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        assert not store.add([total()])
        assert store.notice == "COUNTS-UNSAVED"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.add([total()])
    assert store.notice is None
    assert store.totals() == [total(value=2)]
    store.close()


def test_a_place_that_cannot_hold_a_file(tmp_path: Path) -> None:
    (tmp_path / "counts.sqlite").mkdir()
    store = store_of(tmp_path / "counts.sqlite")
    assert not store.add([total()])
    assert store.notice == "COUNTS-UNSAVED"
    (tmp_path / "plain").write_text("")
    below = CountStore(f"sqlite:///{tmp_path}/plain/counts.sqlite", Journal(tmp_path))
    assert not below.add([total()])


def add_many(file: Path, times: int) -> None:
    store = store_of(file)
    for _ in range(times):
        assert store.add([total()])
    store.close()


def test_the_old_and_the_new_visit_write_at_once(file: Path) -> None:
    add_many(file, 1)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=add_many, args=(file, 25)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    store = store_of(file)
    assert store.totals() == [total(value=76)]
    store.close()
