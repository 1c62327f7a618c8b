"""The page's file box: papers of the visit only, heavy ones made smaller first, and always a way out."""

from dataclasses import replace
from pathlib import Path

import pytest
from house import button, rule_faults, texts
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtTest import QTest
from test_visit import shows, to_portal, to_scan

from kioskcore.errors import KioskError
from kioskcore.ports import FileKind, Paper
from kioskcore.visit import Event, State
from portal.webview.asking import UploadRequest
from tests.ui.conftest import Kiosk
from ui.gallery import settle
from ui.screens import chooser as chooser_module
from ui.screens.chooser import UploadChooser
from ui.widgets.buttons import ActionButton

LIMIT = 200_000
SMALLER = "Thu nhỏ cho vừa"


class Shelf:
    """Papers without a scanner behind them."""

    def __init__(self, *papers: Paper) -> None:
        self._papers = papers

    def papers(self, limit: int = 0) -> tuple[Paper, ...]:
        return self._papers


def with_papers(kiosk: Kiosk, qtbot, number: int = 1) -> None:
    to_scan(kiosk, qtbot)
    for _ in range(number):
        kiosk.tap("Quét")
        qtbot.waitUntil(lambda: shows(kiosk, "Trang này rõ chưa?"))
        while shows(kiosk, "Trang này rõ chưa?"):
            kiosk.tap("Rõ rồi")
        kiosk.tap("Hết trang rồi")
        qtbot.waitUntil(lambda: not kiosk.flow.scan.busy)
    if number == 1:
        kiosk.tap("Tôi không có giấy này")
    kiosk.tap("Đi tiếp")
    kiosk.tap("Sang trang nộp")


def choose(kiosk: Kiosk, request: UploadRequest, *taps: object) -> list[Path]:
    """The page asks for a file; the person taps words, or looks, each as soon as it can be done."""
    left = list(taps)

    def act() -> None:
        settle()
        now = left[0]
        if not callable(now):
            shown = {b.text() for b in kiosk.shell.findChildren(ActionButton) if b.isVisible()}
            if now in shown:
                left.pop(0)
                if left:
                    QTimer.singleShot(50, act)
                kiosk.tap(now)
                return
        elif now():
            left.pop(0)
        if left:
            QTimer.singleShot(50, act)

    QTimer.singleShot(50, act)
    answer = kiosk.browser.chooser(request)
    assert left == []
    return answer


def box(multiple: bool = False, limit: int = 0) -> UploadRequest:
    return UploadRequest((".pdf",), multiple, max_bytes=limit)


def test_the_box_gets_the_paper_that_was_tapped(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    assert choose(kiosk, box(), kiosk.scan.made.title) == [kiosk.scan.made.file]
    assert "file_uploaded" in kiosk.count.names()
    assert choose(kiosk, UploadRequest((), True), "Không gửi") == []
    assert kiosk.count.names().count("file_uploaded") == 1


def test_a_box_that_takes_nothing_the_kiosk_makes_is_refused_in_words(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    request = UploadRequest((".docx",), False)
    assert choose(kiosk, request, lambda: shows(kiosk, "PORTAL-FILE-TYPE"), "Không gửi") == []


def test_leaving_while_the_page_waits_for_a_file(make_kiosk, qtbot) -> None:
    """Idle strikes inside the nested wait: it must come back empty and the visit must end."""
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    QTimer.singleShot(30, lambda: kiosk.flow.fire(Event.IDLE))
    assert kiosk.browser.chooser(box()) == []
    assert kiosk.visit.state is State.ENDING
    assert not kiosk.shell.overlays()


def test_the_chooser_goes_when_the_page_that_asked_is_gone(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    QTimer.singleShot(100, kiosk.shell, lambda: kiosk.browser.loading.emit(True))
    assert kiosk.browser.chooser(box()) == []
    settle()
    assert kiosk.say("ui.upload.cancel") not in texts(kiosk.shell)


def test_a_box_for_several_papers_takes_those_that_are_ticked(make_kiosk, tmp_path: Path) -> None:
    kiosk = make_kiosk()
    files = [tmp_path / f"{number}.pdf" for number in range(3)]
    papers = [Paper(str(n), f"Giấy số {n}", file, 1, 1000, file) for n, file in enumerate(files)]
    chooser = UploadChooser(kiosk.look, kiosk.shell, Shelf(*papers))
    seen: list[bool] = []

    def tile(number: int) -> ActionButton:
        found = kiosk.shell.findChildren(ActionButton)
        return next(one for one in found if one.property("paper_id") == str(number) and one.isVisible())

    def tap() -> None:  # while `choose` waits
        seen.append(button(kiosk.shell, "Gửi các giấy đã chọn").isEnabled())
        for number in (2, 0, 1, 1):
            QTest.mouseClick(tile(number), Qt.MouseButton.LeftButton)
        kiosk.tap("Gửi các giấy đã chọn")

    QTimer.singleShot(200, tap)
    assert chooser.choose(box(multiple=True)) == [files[2], files[0]]
    assert seen == [False]  # with nothing chosen there is nothing to send


# ---- pictures only -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ((), FileKind.PDF),
        ((" .PDF", "image/*"), FileKind.PDF),
        (("image/png", "image/jpeg"), FileKind.JPEG),
        (("image/*",), FileKind.JPEG),
        ((".PNG",), FileKind.PNG),
        ((".docx", "video/*"), None),
        ((".pdf;.jpg",), FileKind.PDF),
        ((".jpg;.png",), FileKind.JPEG),
        (("png|jpg",), FileKind.JPEG),
        (("<%=types%>",), FileKind.PDF),
    ],
)
def test_what_a_box_is_given(accept: tuple[str, ...], kind: FileKind | None) -> None:
    assert chooser_module.kind_taken(accept) is kind


def test_a_box_for_pictures_gets_the_page_that_was_tapped(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(script=[2])
    with_papers(kiosk, qtbot)
    paper, making = kiosk.scan.made, lambda: shows(kiosk, "Máy đang làm ảnh để gửi")
    tiles: list[str] = []

    def tap_the_second() -> bool:
        found = [one for one in kiosk.shell.findChildren(ActionButton) if one.property("paper_id")]
        if not any(one.isVisible() for one in found):
            return False
        tiles.extend(f"{one.text()}, {one.note}" for one in found)
        QTest.mouseClick(found[1], Qt.MouseButton.LeftButton)
        return True

    (file,) = choose(kiosk, UploadRequest(("image/*",), False, LIMIT), tap_the_second, making)
    assert tiles == [f"{paper.title}, Trang {number} trong 2" for number in (1, 2)]
    assert (kiosk.scan.made_of, kiosk.scan.kind) == (["page-2"], FileKind.JPEG)
    assert file.stem == f"{paper.paper_id}-1"
    assert "file_uploaded" in kiosk.count.names()


def test_several_pages_become_pictures_of_names_of_their_own(make_kiosk, qtbot, monkeypatch) -> None:
    """Also the same page again: a box that has the first file must not see it change."""
    monkeypatch.setattr(chooser_module, "BUSY_MS", 0)
    kiosk = make_kiosk(script=[1, 1])
    with_papers(kiosk, qtbot, number=2)
    titles = [paper.title for paper in kiosk.flow.scan.papers]
    request = UploadRequest((".png",), True)
    files = choose(kiosk, request, *titles, "Gửi các trang đã chọn")
    files += choose(kiosk, request, titles[0], "Gửi các trang đã chọn")
    ids = [paper.paper_id for paper in kiosk.flow.scan.papers]
    assert [file.stem for file in files] == [f"{ids[0]}-1", f"{ids[1]}-2", f"{ids[0]}-3"]
    assert kiosk.scan.kind is FileKind.PNG
    assert kiosk.scan.budget_asked == round(kiosk.look.config.scan.budget_mb * 1_000_000)  # no limit is known


def test_a_picture_that_cannot_be_made_leads_to_the_scanner(make_kiosk, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(chooser_module, "BUSY_MS", 0)
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    kiosk.scan.script = ["PAPER-TOO-BIG"]
    title = kiosk.scan.made.title
    said = lambda: shows(kiosk, "PAPER-NOT-SHRUNK") and not rule_faults(kiosk.shell)  # noqa: E731
    assert choose(kiosk, UploadRequest((".jpg",), False), title, said, "Quét giấy") == []
    qtbot.waitUntil(lambda: kiosk.visit.state is State.SCAN)
    assert [paper.pages for paper in kiosk.flow.scan.papers] == [1]


# ---- too heavy for the site ----------------------------------------------------------------------


def test_a_paper_that_is_too_heavy_is_told_why_and_made_smaller_by_one_tap(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    first = kiosk.scan.made
    told = kiosk.look.error(KioskError("PORTAL-FILE-SIZE", limit_size="200 KB"))[0]

    def heavy() -> bool:
        tile = button(kiosk.shell, first.title)
        return not tile.isEnabled() and told in tile.note and "200 KB" in tile.note

    clock = QElapsedTimer()
    clock.start()
    (file,) = choose(kiosk, box(limit=LIMIT), heavy, SMALLER)
    assert clock.elapsed() >= chooser_module.BUSY_MS  # what happened could be seen
    assert file != first.file and file.stem == f"{first.paper_id}-200kb"
    assert kiosk.scan.made_of == ["page-1"]
    assert choose(kiosk, box(limit=LIMIT), first.title) == [file]  # known from now on
    assert choose(kiosk, box(), first.title) == [first.file]  # a box that takes more gets the better one


def test_nobody_has_to_wait_for_the_smaller_paper(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    kiosk.scan.hold.clear()
    busy = lambda: shows(kiosk, "Máy đang thu nhỏ giấy này")  # noqa: E731
    assert choose(kiosk, box(limit=LIMIT), SMALLER, busy, "Không gửi") == []
    kiosk.scan.hold.set()
    stock = kiosk.flow.desk.chooser._stock
    qtbot.waitUntil(lambda: stock.papers(LIMIT)[0].size_bytes == LIMIT)  # it was not made for nothing


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("PAPER-TOO-BIG", "PAPER-TOO-BIG"),
        ("PAGE-TOO-BIG", "PAGE-TOO-BIG"),
        ("SCAN-CRASH", "PAPER-NOT-SHRUNK"),
    ],
)
def test_a_paper_that_cannot_be_made_smaller_leads_to_the_scanner(
    make_kiosk, qtbot, monkeypatch, fault: str, told: str
) -> None:
    monkeypatch.setattr(chooser_module, "BUSY_MS", 0)
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    kiosk.scan.script = [fault]
    said = lambda: any(told in text for text in texts(kiosk.shell)) and not rule_faults(kiosk.shell)  # noqa: E731
    assert choose(kiosk, box(limit=LIMIT), SMALLER, said, "Quét giấy") == []
    qtbot.waitUntil(lambda: kiosk.visit.state is State.SCAN)
    assert f"error:{told}" in kiosk.count.names()
    assert kiosk.flow.scan.desk.fault is None  # it was no fault of a scan
    assert [paper.pages for paper in kiosk.flow.scan.papers] == [1]  # and nothing is lost


def test_without_any_paper_the_box_leads_to_the_scanner(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    assert choose(kiosk, box(), "Quét giấy") == []
    qtbot.waitUntil(lambda: kiosk.visit.state is State.SCAN)


def test_of_several_the_smaller_one_is_ticked_beside_the_others(make_kiosk, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(chooser_module, "BUSY_MS", 0)
    kiosk = make_kiosk(script=[1, 2])
    with_papers(kiosk, qtbot, number=2)
    one, two = kiosk.flow.scan.papers
    assert (one.pages, two.pages) == (1, 2)
    limit = one.size_bytes  # only the second is heavier
    files = choose(kiosk, box(True, limit), one.title, SMALLER, "Gửi các giấy đã chọn")
    assert [file.stem for file in files] == [one.file.stem, f"{two.paper_id}-{limit // 1000}kb"]


def test_the_visit_may_end_while_a_paper_is_made_smaller(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    kiosk.scan.hold.clear()

    def end() -> bool:
        kiosk.flow.fire(Event.IDLE)
        return True

    assert choose(kiosk, box(limit=LIMIT), SMALLER, end) == []
    assert kiosk.visit.state is State.ENDING
    assert not kiosk.shell.overlays()
    kiosk.scan.hold.set()


def test_a_paper_scanned_anew_is_not_taken_for_the_smaller_one(make_kiosk, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(chooser_module, "BUSY_MS", 0)
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    choose(kiosk, box(limit=LIMIT), SMALLER)
    wanted = next(one for one in kiosk.flow.scan.desk.wanted if one.paper)
    wanted.paper = replace(wanted.paper)
    (paper,) = kiosk.flow.desk.chooser._stock.papers(LIMIT)
    assert paper is wanted.paper


def test_a_paper_that_is_not_of_the_list_any_more_is_not_made_smaller(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    with_papers(kiosk, qtbot)
    told: list[object] = []
    stranger = Paper("x", "Giấy lạ", Path("x.pdf"), 1, 10, Path("x.png"))
    stock = kiosk.flow.desk.chooser._stock
    (page,) = stock.pages()
    stock.shrink(stranger, 5, told.append)
    stock.picture(replace(page, paper=stranger), FileKind.JPEG, 5, told.append)
    assert [getattr(one, "code", "") for one in told] == ["PAPER-NOT-SHRUNK"] * 2
