"""A paper that the portal hands out, in the kiosk's own viewer."""

from pathlib import Path

import pytest
from house import rule_faults, texts
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from kioskcore.visit import Event
from ui.gallery import settle


def to_portal(kiosk) -> None:
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit("1.004194")
    settle()
    kiosk.flow.fire(Event.TO_PORTAL)
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
    return kiosk.flow.portal._paper._drawn().pixelColor(500, 500).name()


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


def test_when_the_network_is_back_the_words_about_it_go(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.failed.emit("PORTAL-OFFLINE")
    settle()
    assert not kiosk.browser.isVisible()
    kiosk.browser.online_again.emit()
    settle()
    assert kiosk.browser.isVisible()
