"""Drivers by the settings, those of other packages by entry point, and the same ways in from the terminal."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kioskcore.config import Config, ConfigError, Scan, load_config
from kioskcore.doctor import probe_checks
from kioskcore.doctor import report as doctor_report
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from kioskcore.ports import LiveBackend, OfferingBackend, Preview, Probe, ScanJob
from kioskcore.sources import OWN_SOURCES
from kioskcore.words import load_words
from scanner.account import Account
from scanner.backends import BACKENDS, make_backend, make_backends, probe_all
from scanner.command import add_arguments, run
from scanner.sources import Told
from tests.scanner.desk import Desk
from tests.scanner.film import film, paper_at, table
from tests.scanner.printer import Printer, running

Make = Callable[..., Desk]

FOREIGN = """
from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Probe

class Backend:
    name = "maker"
    def __init__(self, config): self.dpi = config.scan.dpi
    def probe(self): return Probe(self.name, True, None, f"{self.dpi} dpi")
    def devices(self): return [Device("maker:1", DeviceKind.SCANNER, "Maker")]
    def scan(self, job, folder, on_page, on_progress): raise KioskError("SCAN-COVER")
    def cancel(self): pass

def broken(config): raise RuntimeError("licence missing")
"""


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package installed beside ours that brings two drivers; one of them cannot start."""
    folder = tmp_path / "site"
    info = folder / "maker-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "maker_driver.py").write_text(FOREIGN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: maker\nVersion: 1.0\n")
    points = "maker = maker_driver:Backend\nbroken = maker_driver:broken\nsane = maker_driver:Backend\n"
    (info / "entry_points.txt").write_text(f"[kiosk_dvc.scan_backends]\n{points}")
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    sys.modules.pop("maker_driver", None)


def test_a_driver_of_another_package_is_used_where_the_settings_name_it(foreign: Path) -> None:
    config = Config(scan=Scan(sources=("maker", "sample"), dpi=250))
    assert list(make_backends(config)) == ["maker", "sample"]
    assert probe_all(config)[0].detail == "250 dpi"
    assert list(make_backends(Config(scan=Scan(sources=("sample",))))) == ["sample"]


def test_our_own_names_cannot_be_taken(foreign: Path) -> None:
    assert type(make_backend("sane", Config())).__module__ == "scanner.backends.sane"


def test_a_driver_that_does_not_load_does_not_hide_the_others(foreign: Path) -> None:
    config = Config(scan=Scan(sources=("broken", "sample", "nobody")))
    assert list(make_backends(config)) == ["sample"]
    told = [(probe.ok, probe.code) for probe in probe_all(config)]
    assert told == [(False, "SCAN-NOT-INSTALLED"), (True, None), (False, "SCAN-SOURCE-UNKNOWN")]
    with pytest.raises(KioskError):
        make_backend("broken", config)


def test_settings_may_name_our_drivers_and_those_of_other_packages(foreign: Path, tmp_path: Path) -> None:
    assert sorted(OWN_SOURCES) == sorted(BACKENDS)
    file = tmp_path / "kiosk_config.toml"
    file.write_text('[scan]\nsources = ["sane", "maker"]\n')
    assert load_config(file).scan.sources == ("sane", "maker")
    file.write_text('[scan]\nsources = ["sane", "foldr"]\n')
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    [fault] = caught.value.faults
    assert (fault.line, fault.key) == (2, "scan.sources") and "foldr" in fault.problem
    assert "tên gần nhất: folder" in fault.problem and "did you mean: folder" in fault.problem


def test_no_driver_ends_the_doctor(foreign: Path) -> None:
    (foreign / "maker_driver.py").write_text(FOREIGN.replace("return Probe(", "raise OSError("))
    found = probe_all(Config(scan=Scan(sources=("maker", "blah", "sample"))), examine=True)
    assert [(probe.ok, probe.code) for probe in found] == [
        (False, "SCAN-IO"),
        (False, "SCAN-SOURCE-UNKNOWN"),
        (True, None),
    ]
    for words in load_words([ROOT / "kioskcore" / "words"]).values():
        strange = Probe("maker", ok=False, code="MAKER-7")
        told, healthy = doctor_report(probe_checks(Scan(), [*found, strange], words), words, False)
        assert healthy and "blah" in told and "folder" in told and "-> MAKER-7" in told


def test_a_foreign_driver_through_the_child(make_desk: Make, foreign: Path) -> None:
    desk = make_desk(prefix=["env", f"PYTHONPATH={foreign}"], sources=["maker"])
    desk.service.find_devices()
    assert desk.heard.until("devices")[0].name == "Maker"
    desk.service.scan(ScanJob("maker:1"))
    assert desk.heard.until("failed").code == "SCAN-COVER"


def test_every_driver_can_be_asked_on_a_bare_machine() -> None:
    probes = probe_all(Config(scan=Scan(sources=tuple(BACKENDS))))
    other = "sane" if sys.platform == "win32" else "wia"
    assert [probe.backend for probe in probes] == [name for name in BACKENDS if name != other]
    for words in load_words([ROOT / "kioskcore" / "words"]).values():
        assert all(all(words.error(probe.code)) for probe in probes if probe.code)


def test_who_is_live_and_who_offers() -> None:
    made = {name: make_backend(name, Config()) for name in BACKENDS}
    assert {name for name, each in made.items() if isinstance(each, LiveBackend)} == {"camera", "phone"}
    assert {name for name, each in made.items() if isinstance(each, OfferingBackend)} == {"folder", "usb"}


def scan(tmp_path: Path, *words: str) -> tuple[int, dict[str, Any]]:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    report = tmp_path / "report.json"
    given = parser.parse_args([*words, "--out", str(tmp_path / "out.pdf"), "--report", str(report)])
    return run(given, Config()), json.loads(report.read_text(encoding="utf-8"))


def test_a_network_scanner_from_the_terminal(tmp_path: Path) -> None:
    with running(Printer(script=["page", "page"])) as printer:
        status, report = scan(tmp_path, "--source", f"escl:{printer.url}", "--feeder", "--dpi", "75")
    assert (status, report["pdf"]["pages"]) == (0, 2)


def test_a_film_from_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = film(tmp_path / "a.avi", [table()] * 5 + [paper_at(0.5, 0.5)] * 40)
    status, report = scan(tmp_path, "--source", source)
    assert (status, report["pdf"]["pages"]) == (0, 1)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "Đặt giấy phẳng dưới máy chụp."
    assert "Đã chụp xong." in said  # what the page is like is told after it


def test_a_phone_from_the_terminal_is_shown_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    show = Told(Account(load_words([ROOT / "kioskcore" / "words"])["vi"]))
    for hint in ("phone_open", "phone_open", "phone_sending"):
        show(Preview(None, hint, "https://127.0.0.1:7/abc", 0))
    said = capsys.readouterr().err
    assert said.count("https://127.0.0.1:7/abc") == 2 and said.count("cảnh báo") == 1
    squares = [line for line in said.splitlines() if "▀" in line or "█" in line]
    assert len(squares) > 10 and "Đường gửi này có mã hóa." in said
