import json
from pathlib import Path

import pytest

from kioskcore.config import Config, Paths, practising
from kioskcore.doctor import Level, machine_checks, probe_checks, report
from kioskcore.paths import ROOT
from kioskcore.ports import Probe
from kioskcore.words import load_words

WORDS = load_words([ROOT / "kioskcore" / "words"])


def levels(config: Config) -> dict[str, Level]:
    return {check.name: check.level for check in machine_checks(config, WORDS["vi"])}


def test_a_folder_that_cannot_be_written_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config(paths=Paths(state=str(tmp_path / "state"), work=str(tmp_path / "work")))
    assert levels(config)["state_folder"] is Level.OK
    monkeypatch.setattr("os.access", lambda *_: False)
    assert levels(config)["state_folder"] is Level.FAIL


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no memory-backed folder here")
def test_a_work_folder_on_a_disk_is_warned_of(tmp_path: Path) -> None:
    assert levels(Config(paths=Paths(work="/dev/shm/x")))["work_in_memory"] is Level.OK
    assert levels(Config(paths=Paths(work="/usr/lib")))["work_in_memory"] is Level.WARN


def test_without_a_display_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    check = next(check for check in machine_checks(Config(), WORDS["en"]) if check.name == "display")
    assert check.level is Level.WARN and "screen" in check.hint


def test_one_working_scan_source_is_enough() -> None:
    bad, good = Probe("sane", ok=False, code="SCAN-NOT-INSTALLED"), Probe("folder", ok=True)
    assert [check.level for check in probe_checks([bad, good], WORDS["vi"])] == [Level.WARN, Level.OK]
    assert [check.level for check in probe_checks([bad], WORDS["vi"])] == [Level.FAIL]


def test_the_report_in_words_and_as_json() -> None:
    checks = probe_checks([Probe("sane", ok=False, code="SCAN-NOT-INSTALLED")], WORDS["en"])
    text, healthy = report(checks, WORDS["en"], as_json=False)
    assert not healthy and "->" in text
    assert json.loads(report(checks, WORDS["en"], as_json=True)[0])[0]["name"] == "scan.sane"


def test_practice_puts_the_made_up_papers_first() -> None:
    config = practising(Config())
    assert config.practice.on and config.scan.sources == ("sample", *Config().scan.sources)
