import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from kioskcore.config import Config, Counts, Paths
from kioskcore.journal import Journal
from kioskcore.paths import ROOT
from kioskcore.ports import Measure, VisitCounter
from tests.usage.counting import DAY, total
from usage.counter import Counter
from usage.store import CountStore


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(paths=Paths(state=str(tmp_path)))


def stored(config: Config) -> dict[tuple[str, str, str], int]:
    store = CountStore(config.database_url, Journal(config.state_folder))
    found = {(one.key.procedure, one.key.mode, one.key.measure): one.value for one in store.totals()}
    store.close()
    return found


def test_counts_reach_the_disk_when_it_is_closed(config: Config) -> None:
    counter = Counter(config, Journal(config.state_folder), today=lambda: DAY)
    port: VisitCounter = counter
    port.add(Measure.VISIT, procedure="other", mode="self")
    port.add(Measure.PAGE_SCANNED, procedure="2.000635", mode="guided", number=3)
    port.add(Measure.STOPPED_AT, procedure="2.000635", mode="guided", detail="scan")
    port.close()
    port.close()
    assert counter.notice is None
    assert stored(config) == {
        ("other", "self", "visit"): 1,
        ("2.000635", "guided", "page_scanned"): 3,
        ("2.000635", "guided", "stopped_at:scan"): 1,
    }


def test_what_may_not_be_counted_is_dropped_without_a_word(config: Config, tmp_path: Path) -> None:
    counter = Counter(config, Journal(config.state_folder))
    counter.add(Measure.VISIT, procedure="Trần Văn Mẫu", mode="self")
    counter.add(Measure.ERROR, procedure="other", mode="self", detail="so personal")
    counter.add(Measure.VISIT, procedure="other", mode="self", number=0)
    counter.close()
    assert stored(config) == {}
    journal = (tmp_path / "journal.jsonl").read_text()
    assert [json.loads(line)["event"] for line in journal.splitlines()] == ["count-refused"] * 3
    assert "Mẫu" not in journal
    assert "personal" not in journal


def test_a_fault_of_the_store_stays_outside_the_visit(tmp_path: Path) -> None:
    (tmp_path / "counts.sqlite").write_bytes(b"no database" * 99)
    config = Config(paths=Paths(state=str(tmp_path)))
    counter = Counter(config, Journal(tmp_path))
    counter.start()
    end = time.monotonic() + 30
    while counter.notice is None and time.monotonic() < end:
        time.sleep(0.01)
    assert counter.notice == "COUNTS-CORRUPT"
    counter.add(Measure.VISIT, procedure="other", mode="self")
    counter.close()
    assert stored(config) == {("other", "self", "visit"): 1}


def test_a_place_that_comes_back_gets_what_waited(tmp_path: Path) -> None:
    place = tmp_path / "later"
    place.write_text("in the way")
    config = Config(
        paths=Paths(state=str(tmp_path)), counts=Counts(database=f"sqlite:///{place}/counts.sqlite")
    )
    counter = Counter(config, Journal(tmp_path))
    counter.add(Measure.VISIT, procedure="other", mode="self")
    end = time.monotonic() + 10
    while counter.notice is None and time.monotonic() < end:
        time.sleep(0.01)
    place.unlink()
    counter.add(Measure.VISIT, procedure="other", mode="self")
    counter.close()
    assert stored(config) == {("other", "self", "visit"): 2}


def test_loading_the_counter_does_not_load_the_database_library() -> None:
    script = "import sys, usage.counter; print('sqlalchemy' in sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "False"


def test_a_count_belongs_to_the_day_it_was_made(config: Config) -> None:
    days = iter([date(2026, 3, 1), date(2026, 3, 2)])
    counter = Counter(config, Journal(config.state_folder), today=lambda: next(days))
    counter.add(Measure.VISIT, procedure="2.000635", mode="self")
    counter.add(Measure.VISIT, procedure="2.000635", mode="self")
    counter.close()
    store = CountStore(config.database_url, Journal(config.state_folder))
    assert store.totals(first=DAY) == [total()]
    store.close()
