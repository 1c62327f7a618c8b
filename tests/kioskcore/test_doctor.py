import json
from pathlib import Path

import pytest

from kioskcore.config import Config, Guides, Paths, Portal, Scan, practising
from kioskcore.doctor import Level, folder_checks, machine_checks, probe_checks, report, tell
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from kioskcore.ports import Probe
from kioskcore.words import load_words
from scanner.backends.folder import FolderBackend

WORDS = load_words([ROOT / "kioskcore" / "words"])


def levels(config: Config) -> dict[str, Level]:
    return {check.name: check.level for check in machine_checks(config, WORDS["vi"])}


def test_a_folder_that_can_be_made_is_fine_and_nothing_is_left_of_the_trial(tmp_path: Path) -> None:
    config = Config(paths=Paths(state=str(tmp_path / "a" / "state"), work=str(tmp_path / "work")))
    found = levels(config)
    assert found["state_folder"] is Level.OK and found["work_folder"] is Level.OK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc here")
@pytest.mark.parametrize("folder", ["/dev/null/x", "/dev/null", "/proc/x"])
def test_a_folder_that_cannot_be_made_fails_even_for_root(folder: str) -> None:
    found = levels(Config(paths=Paths(state=folder, work=folder)))
    assert found["state_folder"] is Level.FAIL and found["work_folder"] is Level.FAIL


def test_what_stands_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a file")
    checks = machine_checks(Config(paths=Paths(state=str(tmp_path / "note.txt" / "state"))), WORDS["en"])
    hint = next(check.hint for check in checks if check.name == "state_folder")
    assert f"{tmp_path / 'note.txt'} is not a folder" in hint


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
    asked = Scan(sane_devices=("test:0",))
    assert [check.level for check in probe_checks(asked, [bad, good], WORDS["vi"])] == [Level.WARN, Level.OK]
    assert [check.level for check in probe_checks(asked, [bad], WORDS["vi"])] == [Level.FAIL, Level.FAIL]
    assert probe_checks(Scan(sources=("sane",)), [bad], WORDS["vi"])[0].level is Level.FAIL


def test_only_what_the_settings_ask_for_fails_and_that_nothing_works_is_told_once() -> None:
    codes = {"sane": "SCAN-NO-DEVICE", "camera": "SCAN-NO-CAMERA", "phone": "SCAN-PHONE-OFF"}
    none = [Probe(name, ok=False, code=code) for name, code in codes.items()]
    *each, whole = probe_checks(Scan(), none, WORDS["vi"])
    assert {check.level for check in each} == {Level.WARN}
    assert (whole.name, whole.level) == ("scan_source", Level.FAIL) and "scan.folder" in whole.hint
    assert "Nguồn lấy giấy: chưa có nguồn nào dùng được" in report([whole], WORDS["vi"], as_json=False)[0]
    beside = probe_checks(Scan(), [*none, Probe("usb", ok=True)], WORDS["vi"])
    assert [check.level for check in beside] == [Level.WARN, Level.WARN, Level.OK, Level.OK]


@pytest.mark.parametrize(("language", "said"), [("vi", "chưa đặt thư mục"), ("en", "no folder for pictures")])
def test_a_folder_that_nobody_set_is_no_warning_beside_a_source_that_works(language: str, said: str) -> None:
    unset, words = FolderBackend(Scan()).probe(), WORDS[language]
    beside = report(probe_checks(Scan(), [Probe("sane", ok=True), unset], words), words, False)
    assert said in beside[0] and "WARN" not in beside[0].upper() and "->" not in beside[0]
    alone, healthy = report(probe_checks(Scan(), [unset], words), words, False)
    assert said in alone and "scan.folder" in alone and not healthy


def test_folders_of_sites_and_guides_are_told_only_where_set() -> None:
    assert folder_checks(Config(), [], WORDS["en"]) == []
    config = Config(portal=Portal(sites_folder="/a"), guides=Guides(folder="/b"))
    sites, guides = folder_checks(config, [KioskError("SITE-INVALID", file="x.toml")], WORDS["en"])
    assert (sites.name, sites.level, sites.detail) == ("sites", Level.FAIL, "/a") and "x.toml" in sites.hint
    assert (guides.name, guides.level) == ("guides", Level.OK)


def test_the_report_in_words_and_as_json() -> None:
    checks = probe_checks(Scan(), [Probe("sane", ok=False, code="SCAN-NOT-INSTALLED")], WORDS["en"])
    text, healthy = report(checks, WORDS["en"], as_json=False)
    assert not healthy and "->" in text
    assert json.loads(report(checks, WORDS["en"], as_json=True)[0])[0]["name"] == "scan.sane"


def test_practice_puts_the_made_up_papers_first() -> None:
    config = practising(Config())
    assert config.practice.on and config.scan.sources == ("sample", *Config().scan.sources)


@pytest.mark.parametrize("ok", [True, False])
def test_whether_papers_can_be_made_searchable_is_told_where_the_settings_want_it(
    ok: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config(paths=Paths(state=str(tmp_path), work=str(tmp_path)))
    for found, lines in ((Probe("text_layer", ok=ok, detail="x"), 1), (None, 0)):
        probes = [Probe("folder", ok=True)]
        assert tell(config, [], probes, found, lambda *_: [], as_json=True) == 0  # papers are made anyway
        checks = [check for check in json.loads(capsys.readouterr().out) if check["name"] == "text_layer"]
        assert len(checks) == lines
        for check in checks:
            assert check["level"] == ("ok" if ok else "warn")
            assert ("tesseract-ocr-vie" in check["hint"]) is not ok
