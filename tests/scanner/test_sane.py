"""Against the real scanimage program and SANE's own test device."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from kioskcore.config import Scan
from kioskcore.doctor import Level, probe_checks
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from kioskcore.ports import ColourMode, ScanJob
from kioskcore.words import load_words
from scanner.backends.sane import SaneBackend, split_source
from tests.scanner.desk import Desk

pytestmark = pytest.mark.sane
Make = Callable[..., Desk]
DEVICE = "sane:test:0"


@pytest.fixture
def sane(sane_folder: Path) -> SaneBackend:
    return SaneBackend(Scan(sane_config_dir=str(sane_folder)))


def scan(sane: SaneBackend, folder: Path, source: str = DEVICE, **job: object) -> list[tuple[int, int]]:
    """Width and height of the pages that came."""
    from PIL import Image

    sizes: list[tuple[int, int]] = []

    def on_page(file: Path) -> None:
        with Image.open(file) as picture:
            picture.load()
            sizes.append(picture.size)

    sane.scan(ScanJob(source, **{"dpi": 75, **job}), folder, on_page, lambda fraction: None)
    return sizes


def test_the_test_device_is_found_with_its_feeder(sane: SaneBackend) -> None:
    assert sane.probe().ok
    (device,) = sane.devices()
    assert (device.source, device.feeder, device.duplex) == (DEVICE, True, False)
    assert "frontend-tester" in device.name


def test_the_doctor_says_which_device_is_there_and_which_is_not(sane_folder: Path, tmp_path: Path) -> None:
    named = {"sane_config_dir": str(sane_folder), "sane_devices": ("net:gone:0", "test:0")}
    both = SaneBackend(Scan(**named)).examine()
    assert both.ok and "net:gone:0 (SCAN-" in both.detail and "test:0" in both.detail
    gone = SaneBackend(Scan(**{**named, "sane_devices": ("net:gone:0",)})).examine()
    assert not gone.ok and gone.code is not None and "net:gone:0" in gone.detail
    (tmp_path / "dll.conf").write_text("")
    none = SaneBackend(Scan(sane_config_dir=str(tmp_path))).examine()
    assert (none.ok, none.code) == (False, "SCAN-NO-DEVICE")
    asked = Scan(sane_devices=("test:0",))
    check = probe_checks(asked, [none], load_words([ROOT / "kioskcore" / "words"])["vi"])[0]
    assert check.level is Level.FAIL and "scanimage -L" in check.hint


def test_only_the_devices_of_the_settings(sane_folder: Path, tmp_path: Path) -> None:
    sane = SaneBackend(Scan(sane_config_dir=str(sane_folder), sane_devices=("net:gone", "test:0")))
    assert [device.source for device in sane.devices()] == [DEVICE]
    with pytest.raises(KioskError) as caught:
        scan(sane, tmp_path, "sane:other:0")
    assert caught.value.code == "SCAN-NO-DEVICE"


@pytest.mark.parametrize(
    ("size", "dpi", "pixels"),
    [
        ("A5", 100, (582, 787)),  # the glass of the test device is 200 x 200 mm
        ("A4", 75, (590, 590)),
        ("auto", 75, (590, 590)),
        ("ID-1", 300, (1748, 1240)),
    ],
)
def test_one_page_of_the_flatbed_has_the_size_asked_for(
    sane: SaneBackend, tmp_path: Path, size: str, dpi: int, pixels: tuple[int, int]
) -> None:
    (got,) = scan(sane, tmp_path, page_size=size, dpi=dpi)
    assert got == pytest.approx(pixels, rel=0.01)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", list(ColourMode))
def test_every_mode_scans(sane: SaneBackend, tmp_path: Path, mode: ColourMode) -> None:
    assert len(scan(sane, tmp_path, mode=mode)) == 1


def test_three_sheets_then_all_ten(sane: SaneBackend, tmp_path: Path) -> None:
    assert len(scan(sane, tmp_path, f"{DEVICE}?batch-count=3", feeder=True)) == 3
    assert len(scan(sane, tmp_path, feeder=True)) == 10


@pytest.mark.parametrize("feeder", [False, True])
@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("DEVICE_BUSY", "SCAN-BUSY"),
        ("JAMMED", "SCAN-JAM"),
        ("NO_DOCS", "SCAN-NO-PAPER"),
        ("COVER_OPEN", "SCAN-COVER"),
        ("IO_ERROR", "SCAN-IO"),
        ("NO_MEM", "SCAN-MEMORY"),
        ("ACCESS_DENIED", "SCAN-DENIED"),
        ("UNSUPPORTED", "SCAN-IO"),
        ("INVAL", "SCAN-IO"),
    ],
)
def test_each_status_of_the_driver_has_its_code(
    sane: SaneBackend, tmp_path: Path, status: str, code: str, feeder: bool
) -> None:
    with pytest.raises(KioskError) as caught:
        scan(sane, tmp_path, f"{DEVICE}?read-return-value=SANE_STATUS_{status}", feeder=feeder)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("status", "code"), [(7, "SCAN-NO-PAPER"), (5, None)])
def test_a_driver_that_hangs_when_all_is_said_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, code: str | None
) -> None:
    program = tmp_path / "scanimage"
    words = f"Scanned page 1. (scanner status = {status})\\nBatch terminated, 1 page scanned\\n"
    options = 'case "$*" in *--all-options*) exit;; esac\n'
    page = "" if code else "for each; do case $each in --batch=*) echo ${each#--batch=}; esac; done\n"
    program.write_text(f"#!/bin/sh\n{options}{page}printf '{words}' >&2\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr("scanner.backends.sane._CLOSE_SECONDS", 0.2)
    backend = SaneBackend(Scan())
    pages: list[Path] = []
    job = ScanJob(DEVICE, dpi=75)
    if code:
        with pytest.raises(KioskError) as caught:
            backend.scan(job, tmp_path, pages.append, lambda fraction: None)
        assert caught.value.code == code
    else:
        backend.scan(job, tmp_path, pages.append, lambda fraction: None)
        assert len(pages) == 1


@pytest.mark.parametrize(
    "option", ["hand-scanner=yes", "three-pass=yes", "fuzzy-parameters=yes", "ppl-loss=7"]
)
def test_odd_devices_still_give_a_page(sane: SaneBackend, tmp_path: Path, option: str) -> None:
    assert len(scan(sane, tmp_path, f"{DEVICE}?{option}")) == 1


@pytest.mark.parametrize(
    ("source", "job", "code"),
    [
        ("sane:nodev:0", {}, "SCAN-NO-DEVICE"),
        ("sane:", {}, "SCAN-NO-DEVICE"),
        (DEVICE, {"feeder": True, "duplex": True}, "SCAN-JOB-INVALID"),
        (f"{DEVICE}?format=png", {}, "SCAN-JOB-INVALID"),
        (f"{DEVICE}?output-file=x", {}, "SCAN-JOB-INVALID"),
    ],
)
def test_what_cannot_be_scanned_is_said(
    sane: SaneBackend, tmp_path: Path, source: str, job: dict[str, bool], code: str
) -> None:
    with pytest.raises(KioskError) as caught:
        scan(sane, tmp_path, source, **job)
    assert caught.value.code == code


def test_without_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sane = SaneBackend(Scan())
    assert sane.probe().code == "SCAN-NOT-INSTALLED"
    with pytest.raises(KioskError) as caught:
        scan(sane, tmp_path)
    assert caught.value.code == "SCAN-NOT-INSTALLED"


SLOW = f"{DEVICE}?read-delay=yes&read-delay-duration=200000&read-limit=yes&read-limit-size=64"


def test_progress_then_cancel_leaves_no_program_and_no_file(make_desk: Make, sane_folder: Path) -> None:
    desk = make_desk(sources=["sane"], sane_config_dir=str(sane_folder))
    desk.service.scan(ScanJob(SLOW, dpi=300))
    desk.heard.until("progress", 2)
    assert "scanimage" in [child.name() for child in psutil.Process(desk.child).children(recursive=True)]
    start = time.monotonic()
    desk.service.cancel()
    assert desk.heard.until("failed").code == "SCAN-CANCELLED"
    assert time.monotonic() - start < 4.5
    assert psutil.Process(desk.child).children(recursive=True) == []
    assert desk.files() == []


def test_killing_the_child_takes_scanimage_with_it(make_desk: Make, sane_folder: Path) -> None:
    desk = make_desk(sources=["sane"], sane_config_dir=str(sane_folder))
    desk.service.scan(ScanJob(SLOW, dpi=300))
    desk.heard.until("progress")
    (program,) = psutil.Process(desk.child).children(recursive=True)
    os.kill(desk.child, 9)
    assert desk.heard.until("failed").code == "SCAN-CRASH"
    program.wait(5)
    assert not program.is_running()


def test_killing_scanimage_is_a_crash_of_the_driver_only(make_desk: Make, sane_folder: Path) -> None:
    desk = make_desk(sources=["sane"], sane_config_dir=str(sane_folder))
    desk.service.scan(ScanJob(SLOW, dpi=300))
    desk.heard.until("progress")
    child = desk.child
    (program,) = psutil.Process(child).children(recursive=True)
    program.kill()
    assert desk.heard.until("failed").code == "SCAN-CRASH"
    desk.service.scan(ScanJob(DEVICE, dpi=75))
    assert desk.heard.until("scanned") == 1
    assert desk.child == child


def test_a_stuck_scanimage_is_a_timeout(make_desk: Make, sane_folder: Path) -> None:
    desk = make_desk(deadline=3, sources=["sane"], sane_config_dir=str(sane_folder))
    desk.service.scan(ScanJob(SLOW, dpi=300))
    desk.heard.until("progress")
    (program,) = psutil.Process(desk.child).children(recursive=True)
    program.suspend()
    assert desk.heard.until("failed").code == "SCAN-TIMEOUT"
    program.wait(5)


def test_a_three_sheet_feeder_job_through_the_child(make_desk: Make, sane_folder: Path) -> None:
    desk = make_desk(sources=["sane"], sane_config_dir=str(sane_folder))
    desk.service.find_devices()
    (device,) = desk.heard.until("devices")
    desk.service.scan(ScanJob(f"{device.source}?batch-count=3&test-picture=Grid", dpi=100, feeder=True))
    assert desk.heard.until("scanned") == 3
    assert desk.heard.codes == []
    pages = desk.heard.all("page")
    assert [round(page.width_mm) for page in pages] == [200, 200, 200]
    assert len(desk.files()) == 3 * 4


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_scanimage_calls_a_cut_page_good_but_we_do_not(
    make_desk: Make, sane_folder: Path, tmp_path: Path
) -> None:
    work = tmp_path / "tiny"
    work.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(work)], check=True)
    try:
        desk = make_desk(work=work, sources=["sane"], sane_config_dir=str(sane_folder))
        desk.service.scan(ScanJob(DEVICE, dpi=150))
        assert desk.heard.until("failed").code == "DISK-FULL"
        assert desk.files() == []
        desk.service.close()
    finally:
        subprocess.run(["umount", str(work)], check=True)


def test_a_file_size_limit_is_a_full_disk(make_desk: Make, sane_folder: Path) -> None:
    limited = ["bash", "-c", 'ulimit -f 100; exec "$@"', "bash"]
    desk = make_desk(prefix=limited, sources=["sane"], sane_config_dir=str(sane_folder))
    desk.service.scan(ScanJob(DEVICE, dpi=150))
    assert desk.heard.until("failed").code == "DISK-FULL"
    assert desk.files() == []


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("sane:test:0", ("test:0", {})),
        ("sane:escl:http://10.0.0.5:80/eSCL?x", ("escl:http://10.0.0.5:80/eSCL?x", {})),
        ("sane:test:0?a=b&c-d=E F", ("test:0", {"a": "b", "c-d": "E F"})),
        ("sane:test:0?a=b;rm", ("test:0?a=b;rm", {})),
    ],
)
def test_a_source_is_split_at_its_options(source: str, parts: tuple[str, dict[str, str]]) -> None:
    assert split_source(source) == parts
