"""The practice portal in the kiosk's own browser, under the kiosk's own policy, as a hand would use it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hand import press
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kioskcore.paths import ROOT
from portal.marks import find_dossier_code
from portal.policy import Policy
from portal.practice.child import PracticePortal
from portal.sites import load_sites
from portal.webview.browser import Browser
from portal.webview.finder import Found, Query
from tests.portal.walk import PROCEDURE, pdf

CODE = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    "from portal.practice.server import main; sys.exit(main())"
)


class Hand:
    """Taps and types in the page, as far as a person could see it."""

    def __init__(self, qtbot: QtBot, browser: Browser) -> None:
        self._qtbot, self._browser = qtbot, browser

    def see(self, text: str) -> None:
        self._qtbot.waitUntil(lambda: text in self._browser.page_text(), timeout=10_000)

    def find(self, query: Query) -> Found:
        answers: list[Found | None] = []
        self._browser.wait_for(query, 8, answers.append)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
        found = answers[0]
        assert found is not None and found.inside and not found.covered, query
        return found

    def stand_still(self, query: Query) -> Found:
        """A page that is still being laid out moves from under the finger."""
        found = self.find(query)
        while (again := self.find(query)).rect != found.rect:
            found = again
        return found

    def tap(self, query: Query) -> None:
        press(self._qtbot, self._browser, QPoint(*map(round, self.stand_still(query).point)))

    def type(self, label: str, words: str) -> None:
        self.tap(Query("label", label))
        self._qtbot.wait(100)
        QTest.keyClicks(self._browser.view().focusProxy(), words)


@pytest.fixture
def base() -> Iterator[str]:
    portal = PracticePortal([sys.executable, "-c", CODE])
    yield portal.start()
    portal.stop()


@pytest.fixture
def browser(qtbot: QtBot, base: str, tmp_path: Path) -> Iterator[Browser]:
    port = int(base.rstrip("/").rpartition(":")[2])
    shown = Browser(
        Policy(load_sites(), {"practice": port}), download_folder=tmp_path, find_code=find_dossier_code
    )
    shown.resize(1000, 760)
    shown.show()
    yield shown
    with qtbot.waitSignal(shown.closed, timeout=10_000):
        shown.close_page()


def choose(qtbot: QtBot, browser: Browser, script: str) -> None:
    """Lists open as windows of their own, which no hand reaches here: choose by the page's events.

    `script` answers nothing while the page's own scripts are still to come.
    """
    done: list[object] = []

    def chosen() -> bool:
        browser._page.runJavaScript(script, 0, done.append)
        return any(done)

    qtbot.waitUntil(chosen)


def test_from_the_procedure_to_the_dossier_code(
    qtbot: QtBot, browser: Browser, base: str, tmp_path: Path
) -> None:
    hand = Hand(qtbot, browser)
    paper = tmp_path / "giay-to-1.pdf"
    paper.write_bytes(pdf(2))
    browser.set_chooser(lambda _request: [paper])
    codes: list[str] = []
    browser.dossier_found.connect(codes.append)

    browser.open(f"{base}thu-tuc-hanh-chinh/{PROCEDURE}")
    hand.tap(Query("text", "Chọn cơ quan thực hiện"))
    hand.see("Chọn tỉnh trước")
    choose(
        qtbot,
        browser,
        "(() => {const tinh = document.getElementById('tinh'), xa = document.getElementById('xa');"
        "if (!xa.disabled) return ''; tinh.value = '51'; tinh.dispatchEvent(new Event('change'));"
        "xa.value = 'Xã Ba Tơ'; return xa.value})()",
    )
    hand.tap(Query("text", "Đồng ý"))
    hand.see("Công an xã Ba Tơ")
    hand.tap(Query("text", "Nộp trực tuyến"))
    hand.see("Đang chờ điện thoại")
    hand.tap(Query("text", "Xác nhận đăng nhập trên điện thoại"))
    hand.see("Quyền của bác")  # the waiting page went on by itself
    hand.tap(Query("css", "#dong_y"))
    hand.tap(Query("text", "Xác nhận chia sẻ"))
    hand.see("Passcode luyện tập")
    digits = browser.page_text().partition("Passcode luyện tập:")[2].split()
    hand.type("Passcode 6 chữ số", digits[0] + digits[1])
    hand.tap(Query("text", "Xác nhận"))
    hand.see("Cách liên hệ với bác")
    hand.type("Số điện thoại", "0900000000")
    hand.tap(Query("text", "Tiếp tục"))
    hand.see("Kê khai biểu mẫu điện tử")
    hand.type("Họ, chữ đệm, tên", "Nguyen Thi Luyen Tap")
    hand.type("Ngày sinh", "01/01/1960")
    hand.tap(Query("radio", "Nữ", group="Giới tính"))
    hand.type("Địa chỉ tạm trú", "Thon Vi Du")
    hand.tap(Query("radio", "Nhà thuê", group="Chỗ ở này là"))
    hand.type("Ở từ ngày", "01/09/2026")
    hand.tap(Query("text", "Tiếp tục"))
    hand.see("Thành phần hồ sơ")
    hand.tap(Query("css", "#cho-o"))
    hand.see("giay-to-1.pdf")  # its name beside the button, before anything is sent
    hand.tap(Query("text", "Tiếp tục"))
    hand.see("Nhận kết quả và lệ phí")
    hand.tap(Query("radio", "Nhận bản điện tử trên Cổng", group="Cách nhận kết quả"))
    hand.tap(Query("radio", "Trả qua mạng ngay bây giờ", group="Cách trả tiền"))
    hand.tap(Query("text", "Tiếp tục"))
    hand.see("Ngân hàng Luyện Tập")
    hand.tap(Query("text", "Thanh toán luyện tập"))
    hand.see("Kiểm tra lại hồ sơ")
    assert codes == []
    hand.tap(Query("css", "#cam_doan"))
    hand.tap(Query("text", "Nộp hồ sơ"))
    qtbot.waitUntil(lambda: len(codes) == 1, timeout=10_000)
    assert codes[0] in browser.page_text()


def test_no_page_of_it_is_stopped_by_the_policy_or_complains(
    qtbot: QtBot, browser: Browser, base: str
) -> None:
    blocked: list[str] = []
    complaints: list[str] = []
    browser.blocked.connect(blocked.append)
    told: Callable[..., None] = lambda _level, text, *_where: complaints.append(text)  # noqa: E731
    browser._page.javaScriptConsoleMessage = told  # type: ignore[method-assign]
    for path in ("", "thu-tuc-hanh-chinh", f"thu-tuc-hanh-chinh/{PROCEDURE}/co-quan", "dang-nhap", "ho-tro"):
        with qtbot.waitSignal(browser.loading, timeout=15_000, check_params_cb=lambda busy: not busy):
            browser.open(base + path)
        qtbot.wait(200)
    assert (blocked, complaints) == ([], [])
