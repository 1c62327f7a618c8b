import argparse
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.config import Config, Paths
from kioskcore.journal import Journal
from kioskcore.words import load_words, word_faults
from tests.usage.counting import DAY, total, totals
from usage import command
from usage.facts import Total
from usage.report import make_report
from usage.store import CountStore


def test_shares_leave_practice_out() -> None:
    report = make_report(
        [
            total("submitted", 5, "self"),
            total("submitted", 3, "guided", "1.004873"),
            total("submitted", 2, "on_behalf"),
            total("submitted", 90, "practice"),
        ]
    )
    assert report.self_share == 0.5
    assert report.own_hand_share == 0.8
    assert report.by_mode["practice"] == {"submitted": 90}
    assert report.by_procedure == {"1.004873": {"submitted": 3}, "2.000635": {"submitted": 7}}


def test_nothing_filed_has_no_share() -> None:
    assert make_report([total("visit", 4)]).self_share is None


@given(st.lists(totals, max_size=20))
def test_sums_are_whole(given_totals: list[Total]) -> None:
    report = make_report(given_totals)
    every = sum(value for sums in report.by_mode.values() for value in sums.values())
    assert every == sum(one.value for one in given_totals)
    assert report.self_share is None or 0 <= report.self_share <= report.own_hand_share <= 1  # type: ignore[operator]


def run(config: Config, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments), config)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = Config(paths=Paths(state=str(tmp_path)))
    store = CountStore(config.database_url, Journal(tmp_path))
    store.add([total("visit", 4), total("submitted", 2), total("submitted", 2, "on_behalf")])
    store.close()
    return config


def test_json_holds_rows_and_shares(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(config, "--json", "--from", DAY.isoformat(), "--to", DAY.isoformat()) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["self_share"] == 0.5
    assert told["by_mode"]["self"] == {"submitted": 2, "visit": 4}
    assert {"measure": "visit", "value": 4}.items() <= told["rows"][-1].items() or len(told["rows"]) == 3
    assert run(config, "--json", "--from", "2027-01-01") == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []


def test_text_is_for_people(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(config) == 0
    told = capsys.readouterr().out
    assert "Tự làm: 4 lượt, 2 hồ sơ đã nộp" in told
    assert "Tự nộp không cần giúp: 50%." in told


@pytest.mark.parametrize(
    ("language", "practised", "nothing"),
    [
        ("vi", "Luyện tập: 3 lượt, 1 hồ sơ tập nộp (không tính vào kết quả)", "Chưa có hồ sơ thật nào"),
        ("en", "Practice: 3 visits, 1 dossiers filed for practice (not counted", "No real dossier"),
    ],
)
def test_practice_does_not_count_and_the_text_says_so(language: str, practised: str, nothing: str) -> None:
    report = make_report([total("visit", 3, "practice"), total("submitted", 1, "practice")])
    told = command.as_text(report, load_words([command.WORDS_FOLDER])[language])
    assert practised in told and nothing in told
    assert "0 hồ sơ đã nộp" in told or "0 dossiers filed" in told


def test_a_day_that_is_none_is_refused(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(config, "--from", "yesterday")
    assert "YYYY-MM-DD" in capsys.readouterr().err


def test_a_damaged_file_is_said(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "counts.sqlite").write_bytes(b"no database" * 99)
    assert run(config, "--json") == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["rows"] == []
    assert "Sổ đếm bị hỏng" in told.err


def test_words_are_whole_in_every_language() -> None:
    words = load_words([command.WORDS_FOLDER])
    assert set(words) == {"vi", "en"}
    assert word_faults(words) == []
