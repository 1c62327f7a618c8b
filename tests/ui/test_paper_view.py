"""A paper that the portal hands out, in the kiosk's own viewer."""

import resource
import time
from pathlib import Path

import pytest
from house import button, rule_faults, texts
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from ui.gallery import settle
from ui.screens.paper_view import MOST_PIXELS, MOST_READ, TALLEST, Sheet, shown_size
from ui.widgets.buttons import ActionButton


def to_portal(kiosk) -> None:
    kiosk.go_to_portal()
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Tìm kiếm")
    settle()


@pytest.fixture
def pdf(qapp, tmp_path: Path) -> Path:
    """Two pages: a red one and a blue one."""
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    painter = QPainter(writer)
    painter.fillRect(0, 0, writer.width(), writer.height(), QColor("red"))
    writer.newPage()
    painter.fillRect(0, 0, writer.width(), writer.height(), QColor("blue"))
    painter.end()
    return tmp_path / "a.pdf"


def colour(kiosk) -> str:
    """Of the middle of what the person sees of the paper."""
    paper = kiosk.flow.portal._paper
    return paper.grab().toImage().pixelColor(paper.rect().center()).name()


def test_a_pdf_is_shown_turned_and_closed(make_kiosk, pdf: Path) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.paper_came.emit(pdf)
    settle()
    assert "Trang 1 trong 2" in texts(kiosk.shell) and colour(kiosk) == "#ff0000"
    assert rule_faults(kiosk.shell) == []
    assert not kiosk.browser.isVisible()
    kiosk.tap("Trang sau")
    assert "Trang 2 trong 2" in texts(kiosk.shell) and colour(kiosk) == "#0000ff"
    kiosk.tap("Trở về trang")
    assert kiosk.browser.isVisible()


def test_a_paper_is_made_larger_and_read_to_its_last_corner(make_kiosk, tmp_path: Path) -> None:
    """By the buttons of the page, which stand where they always stand; "more" goes right first, then down."""
    image = QImage(600, 800, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.fillRect(580, 780, 20, 20, QColor("red"))
    painter.end()
    image.save(str(tmp_path / "a.png"))
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.paper_came.emit(tmp_path / "a.png")
    settle()
    sheet = kiosk.shell.findChild(Sheet)
    wide = sheet.width()
    for _ in range(5):
        kiosk.tap("Phóng to trang")
    sheet = kiosk.shell.findChild(Sheet)
    assert sheet.width() == pytest.approx(2 * wide, rel=0.1) and kiosk.browser.zoom() < 2
    assert rule_faults(kiosk.shell) == []
    for _ in range(30):
        if not button(kiosk.shell, "Còn nữa").isEnabled():
            break
        kiosk.tap("Còn nữa")
    assert sheet.visibleRegion().boundingRect().bottomRight() == sheet.rect().bottomRight()
    assert sheet.grab().toImage().pixelColor(sheet.width() - 5, sheet.height() - 5).name() == "#ff0000"
    kiosk.tap("Thu nhỏ trang")
    assert button(kiosk.shell, "Lên trên").isEnabled(), "back at the top: the place is lost"
    sheet = kiosk.shell.findChild(Sheet)
    for _ in range(30):
        if not button(kiosk.shell, "Lên trên").isEnabled():
            break
        kiosk.tap("Lên trên")
    assert sheet.visibleRegion().boundingRect().topLeft() == sheet.rect().topLeft()
    for _ in range(5):
        kiosk.tap("Thu nhỏ trang")
    assert kiosk.shell.findChild(Sheet).width() == wide


def test_the_footers_back_closes_the_paper_too(make_kiosk, tmp_path: Path) -> None:
    image = QImage(300, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    image.save(str(tmp_path / "a.png"))
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.paper_came.emit(tmp_path / "a.png")
    settle()
    assert "Trang 1 trong 1" in texts(kiosk.shell)
    kiosk.tap("Quay lại")
    assert kiosk.browser.isVisible()


@pytest.mark.parametrize(("name", "code"), [("a.pdf", "PDF-UNREADABLE"), ("a.png", "IMAGE-UNREADABLE")])
def test_a_broken_paper_is_told(make_kiosk, tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.4 nothing")
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.paper_came.emit(tmp_path / name)
    settle()
    assert any(code in text for text in texts(kiosk.shell))
    kiosk.tap("Quay lại")
    assert kiosk.browser.isVisible()


HAIR = """%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 2 14400]>>endobj
trailer<</Root 1 0 R>>
"""


@pytest.mark.parametrize("name", ["hair.pdf", "hair.png", "bar.png"])
def test_a_strip_of_a_paper_costs_no_more_than_a_page(make_kiosk, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name == "hair.pdf":
        file.write_text(HAIR)
    else:
        wide, tall = (10, 8000) if name == "hair.png" else (8000, 10)
        strip = QImage(wide, tall, QImage.Format.Format_RGB32)
        strip.fill(QColor("green"))
        strip.save(str(file))
    kiosk = make_kiosk()
    to_portal(kiosk)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    kiosk.browser.paper_came.emit(file)
    settle()
    assert "Trang 1 trong 1" in texts(kiosk.shell)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB; it was 2 to 4 GB
    assert time.process_time() - began < 4
    kiosk.tap("Trở về trang")
    assert kiosk.browser.isVisible()


@given(st.floats(0, 20_000), st.floats(0, 20_000), st.integers(100, 4000))
def test_a_shown_page_is_bounded_whatever_its_shape(wide: float, tall: float, width: int) -> None:
    size = shown_size(wide, tall, width)
    assert 1 <= size.width() <= width and 1 <= size.height() <= TALLEST
    assert size.width() * size.height() <= MOST_PIXELS
    assert shown_size(210, 297, width).width() >= min(width, 3900) - 1


def test_a_picture_too_large_for_the_memory_is_refused_unread(make_kiosk, tmp_path: Path) -> None:
    side = int(MOST_READ**0.5) + 1
    big = QImage(side, side, QImage.Format.Format_Mono)
    big.fill(1)
    big.save(str(tmp_path / "big.png"))
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.paper_came.emit(tmp_path / "big.png")
    settle()
    assert any("PORTAL-DOWNLOAD" in text for text in texts(kiosk.shell))


def test_the_pages_buttons_are_away_while_a_paper_shows(make_kiosk, pdf: Path) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.tap(kiosk.say("ui.find.say"))
    kiosk.browser.setFocus()
    kiosk.browser.paper_came.emit(pdf)
    settle()
    buttons = [kiosk.say(f"ui.{key}") for key in ("portal.home", "portal.reload", "find.say")]
    portal = kiosk.flow.portal
    named = {button.accessibleName() for button in portal.findChildren(ActionButton) if button.isVisible()}
    assert not named.intersection(buttons) and not portal._find.isVisible()
    kiosk.tap("Quay lại")
    named = {button.accessibleName() for button in portal.findChildren(ActionButton) if button.isVisible()}
    assert kiosk.browser.isVisible() and set(buttons) <= named


def test_when_the_network_is_back_the_words_about_it_go(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.failed.emit("PORTAL-OFFLINE")
    settle()
    assert not kiosk.browser.isVisible()
    kiosk.browser.online_again.emit()
    settle()
    assert kiosk.browser.isVisible()


def test_a_paper_on_its_way_is_told_and_waits_where_the_page_has_gone_on(make_kiosk, pdf: Path) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.paper_comes.emit(True)
    settle()
    assert "Giấy\nđang tới…" in texts(kiosk.shell)
    kiosk.browser.address_changed.emit("https://dichvucong.gov.vn/xong")
    kiosk.browser.paper_comes.emit(False)
    kiosk.browser.paper_came.emit(pdf)
    settle()
    assert kiosk.browser.isVisible() and "Giấy\nđang tới…" not in texts(kiosk.shell)
    kiosk.tap("Xem giấy vừa tải")
    assert colour(kiosk) == "#ff0000" and "Xem giấy vừa tải" not in texts(kiosk.shell)


def test_a_paper_does_not_cover_what_somebody_types(make_kiosk, qtbot, pdf: Path) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.shell.activateWindow()
    kiosk.tap(kiosk.say("ui.find.say"))
    line = kiosk.flow.portal._find._line
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    kiosk.browser.paper_comes.emit(True)
    kiosk.browser.paper_comes.emit(False)
    kiosk.browser.paper_came.emit(pdf)
    settle()
    assert kiosk.browser.isVisible()
    kiosk.flow.portal.make_room(True)  # a low screen has no line to spare while the keyboard is up
    assert "Xem giấy vừa tải" not in texts(kiosk.shell)
    kiosk.flow.portal.make_room(False)
    kiosk.tap("Xem giấy vừa tải")
    assert colour(kiosk) == "#ff0000"
