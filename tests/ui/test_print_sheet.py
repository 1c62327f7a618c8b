"""Our print sheet: what is asked for, what is sent, what is said while the paper does not come."""

from pathlib import Path

import pytest
from house import button, rule_faults, texts
from PySide6.QtGui import QPainter, QPdfWriter

from kioskcore.config import Print
from kioskcore.errors import KIND_OF, KioskError
from kioskcore.ports import PrintWish
from kioskcore.visit import Event
from ui.gallery import settle
from ui.screens.code_slip import draw_slip

OURS = {"queue": "desk", "place": "Máy in bên phải bàn", "price": 500, "copies_most": 2, "pages_most": 5}


class PlayedPrinter:
    """`script`: for each question whether the paper is out, True, False or a code."""

    def __init__(self, folder: Path, *script: bool | str, refuses: str = "") -> None:
        self.folder, self.script, self.refuses = folder, list(script), refuses
        self.sent: list[PrintWish] = []

    def send(self, wish: PrintWish) -> int:
        if self.refuses:
            raise KioskError(self.refuses)
        self.sent.append(wish)
        return 7

    def done(self, number: int) -> bool:
        assert number == 7
        answer = self.script.pop(0)
        if isinstance(answer, str):
            raise KioskError(answer)
        return answer


def written(file: Path, pages: int) -> Path:
    writer = QPdfWriter(str(file))
    painter = QPainter(writer)
    for number in range(pages):
        if number:
            writer.newPage()
        painter.drawText(100, 1000, f"trang {number + 1}")
    painter.end()
    return file


@pytest.fixture
def to_print(make_kiosk, tmp_path: Path):
    def make(printer: PlayedPrinter | None, pages: int = 3):
        kiosk = make_kiosk(printer=printer, print=Print(**OURS))
        kiosk.go_to_portal()
        kiosk.browser.print_came.emit(written(tmp_path / "a.pdf", pages))
        settle()
        return kiosk

    return make


def ask(kiosk) -> None:
    kiosk.flow.desk.sheet._ask()
    kiosk.flow.pool.wait()
    settle()


def send(kiosk) -> None:
    kiosk.tap("In")
    kiosk.flow.pool.wait()
    settle()


def test_pages_copies_price_and_place_are_chosen_and_sent(to_print, tmp_path: Path) -> None:
    printer = PlayedPrinter(tmp_path, False, True)
    kiosk = to_print(printer)
    assert {"Cả 3 trang", "1 bản", "Máy in bên phải bàn"} <= set(texts(kiosk.shell))
    assert "3 tờ: bác trả cán bộ 1.500 đồng." in texts(kiosk.shell)
    assert rule_faults(kiosk.shell) == []
    kiosk.tap("Chỉ trang 1")
    kiosk.tap("Thêm một bản")
    assert "2 tờ: bác trả cán bộ 1.000 đồng." in texts(kiosk.shell)
    assert not button(kiosk.shell, "Thêm một bản").isEnabled()
    send(kiosk)
    assert printer.sent == [PrintWish(tmp_path / "a.pdf", 2, (1, 1))]
    ask(kiosk)
    assert "Đang in, bác chờ giấy ra" in texts(kiosk.shell)
    ask(kiosk)
    assert "Giấy đã in xong" in texts(kiosk.shell)
    kiosk.tap("Đóng lại")
    assert "Trang 1 trong 3" in texts(kiosk.shell)  # the paper that was printed still shows


def test_a_paper_that_does_not_come_is_told_and_goes_on_when_somebody_mended_it(
    to_print, tmp_path: Path
) -> None:
    kiosk = to_print(PlayedPrinter(tmp_path, "PRINT-PAPER", "PRINT-PAPER", False, True))
    send(kiosk)
    ask(kiosk)
    ask(kiosk)
    assert any("PRINT-PAPER" in text for text in texts(kiosk.shell))
    assert rule_faults(kiosk.shell) == []
    assert kiosk.count.names().count("error:PRINT-PAPER") == 1
    ask(kiosk)
    assert "Đang in, bác chờ giấy ra" in texts(kiosk.shell)
    ask(kiosk)
    assert "Giấy đã in xong" in texts(kiosk.shell)


@pytest.mark.parametrize("code", [code for code in KIND_OF if code.startswith(("PRINT-NO", "PRINT-S"))])
def test_a_printer_that_refuses_is_told(to_print, tmp_path: Path, code: str) -> None:
    kiosk = to_print(PlayedPrinter(tmp_path, refuses=code))
    send(kiosk)
    assert any(code in text for text in texts(kiosk.shell))
    assert not kiosk.flow.desk.sheet._timer.isActive()


def test_without_a_printer_that_is_said_and_the_paper_shown(to_print) -> None:
    kiosk = to_print(None)
    assert any("PRINT-OFF" in text for text in texts(kiosk.shell))
    kiosk.tap("Đóng lại")
    assert "Trang 1 trong 3" in texts(kiosk.shell)  # to be photographed
    kiosk.tap("Trở về trang")
    assert kiosk.browser.isVisible()


def test_a_long_paper_can_be_printed_page_by_page_only(to_print, tmp_path: Path) -> None:
    printer = PlayedPrinter(tmp_path, True)
    kiosk = to_print(printer, pages=6)
    assert any("PRINT-TOO-LONG" in text for text in texts(kiosk.shell))
    assert not button(kiosk.shell, "Cả 6 trang").isEnabled()
    send(kiosk)
    assert printer.sent[0].pages == (1, 1)


def test_the_end_of_the_visit_closes_the_sheet(to_print, tmp_path: Path) -> None:
    kiosk = to_print(PlayedPrinter(tmp_path, False))
    send(kiosk)
    kiosk.flow.fire(Event.LEAVE)
    settle()
    assert kiosk.shell.overlays() == [] and not kiosk.flow.desk.sheet._timer.isActive()


def test_the_dossier_code_can_be_taken_home_on_paper(to_print, tmp_path: Path) -> None:
    printer = PlayedPrinter(tmp_path, True)
    kiosk = to_print(printer)
    kiosk.tap("Không in")
    kiosk.browser.dossier_found.emit("G22.99.08-261122-000001")
    kiosk.flow.fire(Event.SUBMITTED)
    settle()
    kiosk.tap("In mã này ra giấy")
    send(kiosk)
    assert printer.sent[0].pdf.parent == tmp_path


def test_the_slip_holds_the_code_in_one_line(make_kiosk, tmp_path: Path) -> None:
    from PySide6.QtPdf import QPdfDocument

    code = "G22.99.08-261122-000001"
    file = draw_slip(make_kiosk().look, tmp_path / "slip.pdf", code, "Đăng ký khai sinh")
    document = QPdfDocument()
    document.load(str(file))
    assert document.pageCount() == 1
    assert code in document.getAllText(0).text().splitlines()
    document.close()
