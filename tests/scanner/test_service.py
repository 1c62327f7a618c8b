import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import psutil
import pytest
from PIL import Image, ImageChops, ImageStat

from kioskcore.paths import ROOT
from kioskcore.ports import ColourMode, FileKind, Page, Paper, ScanJob
from kioskcore.words import load_words
from scanner.service import ScanChild
from tests.scanner.desk import Desk, Heard

Make = Callable[..., Desk]


def sample(script: str = "", **job: bool) -> ScanJob:
    return ScanJob(f"sample:{script}", **job)


def test_a_sample_paper_becomes_a_clean_page_and_a_pdf(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample())
    page = desk.heard.until("page")
    assert desk.heard.until("scanned") == 1
    assert page.corners is not None
    assert page.confidence > 0.5
    for file in (page.raw, page.clean, page.raw_preview, page.clean_preview):
        assert file.parent == desk.work / "scan"
        assert file.stat().st_size > 1000
    desk.service.make_paper("giay-1", "Đơn đề nghị", [page], 2_000_000)
    paper = desk.heard.until("paper")
    assert paper.file.read_bytes().startswith(b"%PDF-")
    assert paper.size_bytes == paper.file.stat().st_size <= 2_000_000
    assert (paper.pages, paper.title) == (1, "Đơn đề nghị")
    assert paper.preview.exists()
    assert desk.heard.threads == {"scan-service"}


def test_each_page_is_shown_as_it_came_before_it_is_clean(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(ScanJob("sample:page,page"))
    desk.heard.until("scanned")
    order = [kind for kind, _ in desk.heard.events if kind in ("preview", "page")]
    assert order == ["preview", "page"] * 2
    shown = [preview.picture for preview in desk.heard.all("preview")]
    assert shown == [page.raw_preview for page in desk.heard.all("page")]


def test_turning_adds_to_the_present_turn_and_keeps_the_rest(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample())
    first = desk.heard.until("page")
    desk.service.clean_again(first, turn_degrees=90)
    turned = desk.heard.until("page", 2)
    desk.service.clean_again(turned, turn_degrees=-90, tone=ColourMode.GREY)
    back = desk.heard.until("page", 3)
    assert turned.page_id == back.page_id == first.page_id
    assert (turned.width_mm, turned.height_mm) == (first.height_mm, first.width_mm)
    assert turned.turn_degrees == (first.turn_degrees + 90) % 360
    assert back.turn_degrees == first.turn_degrees
    assert (turned.mode, back.mode) == (first.mode, ColourMode.GREY)


def test_the_persons_own_corners_are_used(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample())
    corners = ((300.0, 400.0), (1500.0, 400.0), (1500.0, 2100.0), (300.0, 2100.0))
    desk.service.clean_again(desk.heard.until("page"), corners=corners)
    assert desk.heard.until("page", 2).corners == corners


def test_both_sides_of_a_card_become_one_sheet_at_true_size(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample("page,page"))
    desk.heard.until("scanned", seconds=60)
    sides = desk.heard.all("page")
    desk.service.make_paper("the", "Thẻ", sides, 6_000_000, "Chỉ dùng để tập")
    made = desk.heard.until("paper", seconds=60)
    assert made.pages == 1
    with pikepdf.open(made.file) as pdf:
        (sheet,) = pdf.pages
        assert [round(float(edge) * 25.4 / 72) for edge in sheet.mediabox] == [0, 0, 210, 297]
    desk.service.make_paper("the", "Thẻ", sides * 2, 6_000_000, "")
    assert desk.heard.until("failed").code == "CARD-TOO-MANY"


def test_three_sheets_from_the_feeder(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample(feeder=True))
    assert desk.heard.until("scanned") == 3
    assert len({page.page_id for page in desk.heard.all("page")}) == 3
    assert desk.files("-raw.jpg") == sorted(page.raw.name for page in desk.heard.all("page"))


def test_devices_are_those_that_work_here(make_desk: Make, tmp_path: Path) -> None:
    desk = make_desk(folder=str(tmp_path / "not-there"))
    desk.service.find_devices()
    assert [device.source for device in desk.heard.until("devices")] == ["sample:"]


def test_a_driver_that_cannot_list_does_not_hide_the_others(make_desk: Make, tmp_path: Path) -> None:
    program = tmp_path / "scanimage"
    program.write_text("#!/bin/sh\nexit 9\n")
    program.chmod(0o755)
    broken = ["env", f"PATH={tmp_path}:{os.environ['PATH']}"]
    desk = make_desk(prefix=broken, sources=["sane", "sample"])
    desk.service.find_devices()
    assert [device.source for device in desk.heard.until("devices")] == ["sample:"]
    alone = make_desk(prefix=broken, sources=["sane"])
    alone.service.find_devices()
    assert alone.heard.until("failed").code == "SCAN-IO"


def test_a_fault_of_the_driver_keeps_the_pages_before_it(make_desk: Make) -> None:
    desk = make_desk()
    codes = ["SCAN-JAM", "SCAN-COVER", "SCAN-BUSY", "SCAN-DENIED", "SCAN-MEMORY"]
    desk.service.scan(sample(f"page,{codes[0]}"))
    for code in codes[1:]:
        desk.service.scan(sample(code))
    desk.heard.until("failed", len(codes))
    assert desk.heard.codes == codes
    (page,) = desk.heard.all("page")
    assert page.clean.exists()
    assert desk.heard.all("scanned") == []


def test_one_spoilt_page_does_not_cost_the_others(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample("page,spoilt,page"))
    assert desk.heard.until("failed").code == "IMAGE-UNREADABLE"
    assert len(desk.heard.all("page")) == 2


def test_a_crash_is_told_and_the_next_request_has_a_new_child(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample("page,crash"))
    assert desk.heard.until("failed").code == "SCAN-CRASH"
    desk.service.scan(sample())
    desk.heard.until("scanned")
    assert len(desk.heard.all("page")) == 2


def test_a_child_killed_in_a_scan_is_a_crash(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample("slow,slow,slow,page"))
    desk.heard.until("progress")
    os.kill(desk.child, signal.SIGKILL)
    assert desk.heard.until("failed").code == "SCAN-CRASH"


def test_silence_is_ended_after_the_deadline(make_desk: Make) -> None:
    desk = make_desk(deadline=3)
    desk.service.scan(sample("hang"))
    desk.service.scan(sample("hang"))  # for a new child
    start = time.monotonic()
    assert desk.heard.until("failed", 1).code == "SCAN-TIMEOUT"
    assert 2 < time.monotonic() - start < 20
    child = desk.child
    assert desk.heard.until("failed", 2).code == "SCAN-TIMEOUT"
    assert not psutil.pid_exists(child)


def test_a_stopped_child_is_silent_too(make_desk: Make) -> None:
    desk = make_desk(deadline=5)
    desk.service.scan(sample("slow,slow,slow,slow,slow,page"))
    desk.heard.until("progress")
    os.kill(desk.child, signal.SIGSTOP)
    assert desk.heard.until("failed").code == "SCAN-TIMEOUT"


def test_progress_keeps_a_long_scan_alive(make_desk: Make) -> None:
    """In all it is longer than the deadline; a page at the end would be cleaned, by a busy machine."""
    desk = make_desk(deadline=5)
    desk.service.scan(sample("slow," * 7 + "SCAN-JAM"))
    start = time.monotonic()
    assert desk.heard.until("failed").code == "SCAN-JAM"
    assert time.monotonic() - start > 5


def test_cancel_stops_the_scan_and_those_that_wait(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample("page,slow,slow,slow,page"))
    desk.service.scan(sample())
    desk.heard.until("page")
    start = time.monotonic()
    desk.service.cancel()
    desk.heard.until("failed", 2)
    assert time.monotonic() - start < 2
    assert desk.heard.codes == ["SCAN-CANCELLED", "SCAN-CANCELLED"]
    assert len(desk.heard.all("page")) == 1
    assert len(desk.files()) == 4
    desk.service.scan(sample())
    assert desk.heard.until("scanned") == 1


def test_cancel_kills_a_driver_that_does_not_listen(make_desk: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.service.CANCEL_SECONDS", 1.0)
    desk = make_desk()
    desk.service.scan(sample("page,hang"))
    desk.heard.until("page")
    desk.service.cancel()
    assert desk.heard.until("failed").code == "SCAN-CANCELLED"


def test_cancel_without_a_scan_does_nothing(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.cancel()
    desk.service.scan(sample())
    assert desk.heard.until("scanned") == 1
    assert desk.heard.codes == []


def test_requests_behind_a_failed_one_still_run(make_desk: Make) -> None:
    desk = make_desk()
    for script in ("crash", "SCAN-JAM", "page", "crash", "page"):
        desk.service.scan(sample(script))
    desk.heard.until("scanned", 2)
    assert desk.heard.codes == ["SCAN-CRASH", "SCAN-JAM", "SCAN-CRASH"]


def test_a_wrong_job_is_refused_before_it_crosses(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(ScanJob("sample:", dpi=5000))
    desk.service.scan(ScanJob("twain"))
    desk.service.make_paper("../../etc/x", "t", [], 5)
    desk.heard.until("failed", 3)
    assert desk.heard.codes == ["SCAN-JOB-INVALID"] * 3
    assert desk.service._process is None


def test_a_source_that_the_settings_do_not_name_is_no_device(make_desk: Make) -> None:
    desk = make_desk(sources=["folder"])
    desk.service.scan(sample())
    assert desk.heard.until("failed").code == "SCAN-NO-DEVICE"


def test_a_paper_over_the_budget_is_told_and_comes_in_parts_where_they_are_wanted(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(replace(sample(), tone=ColourMode.BLACK_WHITE))  # quick to write
    page = desk.heard.until("page", seconds=60)
    desk.service.make_paper("don", "Đơn", [page, page], 9000)
    one = desk.heard.until("failed", seconds=60)
    desk.service.make_paper("don", "Đơn", [page, page], int(one.facts["size"]) + 1000)
    error = desk.heard.until("failed", 2, seconds=60)
    assert [each.code for each in (one, error)] == ["PAGE-TOO-BIG", "PAPER-TOO-BIG"]
    for words in load_words([ROOT / "kioskcore" / "words"]).values():
        for each in (one, error):
            assert all(words.error(each.code, each.facts))
    assert desk.files(".pdf") == desk.files(".part") == []
    least = int(error.facts["size"])
    desk.service.make_paper("don", "Đơn", [page, page], least - 1000, part="(phần #)")
    made = desk.heard.until("paper", seconds=60)
    assert [part.title for part in made.parts] == ["Đơn (phần 1)", "Đơn (phần 2)"]
    assert [part.pages for part in made.parts] == [1, 1] and len({part.paper_id for part in made.parts}) == 2
    for part in made.parts:
        assert part.file.stat().st_size == part.size_bytes < least
        assert part.preview.is_file()
        with pikepdf.open(part.file) as pdf:
            assert str(pdf.docinfo["/Title"]) == part.title


def test_a_paper_is_made_to_fit_a_box_or_whoever_asked_is_told_why_not(make_desk: Make) -> None:
    """The scan screen must not take it for the fault of a scan."""
    desk = make_desk()
    desk.service.scan(sample())
    page = desk.heard.until("page")
    desk.service.fit("giay-1-small", "Đơn", [page], 150_000)
    desk.service.fit("giay-1-1", "Đơn", [page], 500_000, kind=FileKind.JPEG)
    desk.service.fit("giay-1-tiny", "Đơn", [page], 4000)
    desk.service.fit("../x", "Đơn", [page], 150_000)
    desk.service.fit("giay-1-2", "Đơn", [page, page], 500_000, kind=FileKind.JPEG)
    desk.heard.until("fitted", 5, seconds=30)
    small, picture, *errors = desk.heard.all("fitted")
    assert small.size_bytes == small.file.stat().st_size <= 150_000
    with pikepdf.open(small.file) as pdf:
        assert len(pdf.pages) == 1
    assert_picture_of(page, picture, 500_000)
    assert [error.code for error in errors] == ["PAGE-TOO-BIG", "SCAN-JOB-INVALID", "SCAN-JOB-INVALID"]
    assert desk.files(".part") == desk.heard.codes == desk.heard.all("paper") == []


def assert_picture_of(page: Page, made: Paper, most: int) -> None:
    """As another program reads it: the page in colour, with its resolution and nothing else in its head."""
    assert made.file == made.preview and made.file.suffix == ".jpg"
    assert made.size_bytes == made.file.stat().st_size <= most
    with Image.open(made.file) as picture, Image.open(page.clean) as clean:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert all(name == "dpi" or name.startswith("jfif") for name in picture.info)  # no EXIF
        assert picture.info["dpi"][0] == pytest.approx(picture.width / page.width_mm * 25.4, abs=0.6)
        small = [one.convert("L").resize((60, 80)) for one in (picture, clean)]
    assert ImageStat.Stat(ImageChops.difference(*small)).mean[0] < 6


def test_a_page_whose_files_are_gone_is_an_error(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample())
    page = desk.heard.until("page")
    page.raw.unlink()
    desk.service.clean_again(page)
    assert desk.heard.until("failed").code == "IMAGE-UNREADABLE"


def test_close_ends_every_process_and_may_be_repeated(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample("page,hang"))
    desk.heard.until("page")
    child = desk.child
    start = time.monotonic()
    desk.service.close()
    desk.service.close()
    assert time.monotonic() - start < 2
    assert not psutil.pid_exists(child)
    heard = len(desk.heard.events)
    desk.service.scan(sample())
    desk.service.find_devices()
    time.sleep(0.3)
    assert len(desk.heard.events) == heard


def test_closing_what_never_started_is_quiet() -> None:
    ScanChild([sys.executable], deadline_seconds=5).close()


@pytest.mark.parametrize(
    "command",
    [["/no/such/program"], [sys.executable, "-c", "print('hello')"], [sys.executable, "-c", "pass"]],
    ids=["missing", "nonsense", "silent end"],
)
def test_a_child_that_is_none_is_a_crash(command: list[str]) -> None:
    heard = Heard()
    service = ScanChild(command, deadline_seconds=10)
    service.start(heard)
    try:
        service.find_devices()
        service.find_devices()
        heard.until("failed", 2)
        assert heard.codes == ["SCAN-CRASH", "SCAN-CRASH"]
    finally:
        service.close()


def test_the_child_ends_with_the_visit_process(tmp_path: Path, make_desk: Make) -> None:
    """Whoever kills the visit process without a word leaves no scan child behind."""
    desk = make_desk()
    desk.service.scan(sample("page,hang"))
    desk.heard.until("page")
    child = psutil.Process(desk.child)
    assert desk.service._process is not None
    assert desk.service._process.stdin is not None
    desk.service._process.stdin.close()
    assert child.wait(5) is not None or not child.is_running()


def test_half_written_files_of_a_dead_child_are_swept(make_desk: Make) -> None:
    desk = make_desk()
    desk.service.scan(sample("crash"))
    desk.heard.until("failed")
    folder = desk.work / "scan"
    for name in ("p1-clean.png.part", "p0123456789ab-raw.jpg", "p0123456789ab-before.jpg"):
        (folder / name).write_bytes(b"half")
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "sane-1.tif").write_bytes(b"whole, but nobody waits for it")
    desk.service.scan(sample())
    desk.heard.until("scanned")
    page = desk.heard.all("page")[0]
    told = (page.raw, page.clean, page.raw_preview, page.clean_preview)
    assert desk.files() == sorted(file.name for file in told)


def test_what_a_library_prints_does_not_reach_the_parent(make_desk: Make) -> None:
    desk = make_desk(prefix=["env", "PYTHONVERBOSE=0", "OPENCV_LOG_LEVEL=VERBOSE"])
    desk.service.scan(sample())
    assert desk.heard.until("scanned") == 1
    assert desk.heard.codes == []


def test_a_full_work_folder_is_told_and_leaves_no_half_file(make_desk: Make) -> None:
    desk = make_desk(prefix=["bash", "-c", 'ulimit -f 100; exec "$@"', "bash"])  # files of 100 KiB at most
    desk.service.scan(sample())
    assert desk.heard.until("failed").code == "DISK-FULL"
    assert desk.heard.all("page") == []
    assert desk.files(".part") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_is_told(make_desk: Make, tmp_path: Path) -> None:
    work = tmp_path / "tiny"
    work.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", str(work)], check=True)
    try:
        desk = make_desk(work=work)
        desk.service.scan(sample())
        assert desk.heard.until("failed").code == "DISK-FULL"
        assert desk.files(".part") == []
        desk.service.close()
    finally:
        subprocess.run(["umount", str(work)], check=True)


def test_no_name_of_a_persons_file_is_told(make_desk: Make, tmp_path: Path) -> None:
    secret = tmp_path / "nguyen-van-mau.jpg"
    secret.write_bytes(b"\xff\xd8 broken")
    desk = make_desk()
    desk.service.scan(ScanJob(f"folder:{secret}"))
    error = desk.heard.until("failed")
    assert error.code == "IMAGE-UNREADABLE"
    assert "nguyen" not in f"{error} {error.facts}"
