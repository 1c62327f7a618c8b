"""The player against a small kiosk and local pages: every verb by real events, and its faults."""
# ruff: noqa: E501 - pages are easier to read unbroken

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from portal.webview.asking import ListRequest
from ui.rehearsal.report import PlayReport
from ui.rehearsal.scenario import Scenario

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

_file = Path(__file__).parent.parent / "portal" / "web.py"
_spec = importlib.util.spec_from_file_location("loopback_web", _file)
assert _spec is not None and _spec.loader is not None
loopback = importlib.util.module_from_spec(_spec)
sys.modules["loopback_web"] = loopback
_spec.loader.exec_module(loopback)

FORM = """<!doctype html><meta charset=utf-8><style>body{font:16px sans-serif}</style>
<h1>Cổng thử</h1>
<label for=n>Họ và tên *</label><input id=n oninput="said.textContent='Chào '+this.value">
<table><tr><td>Số định danh</td><td><input id=c maxlength=12></td></tr></table>
<label>Ngày sinh <input type=date id=d onchange="born.textContent='ngày '+this.value"></label><p id=born></p>
<label>Tỉnh <select id=t onchange="place.textContent='ở '+this.value"><option>--Chọn--</option>
<option disabled>Không chọn được</option><option>Khánh Hòa</option><option>Đắk Lắk</option></select></label><p id=place></p>
<fieldset><legend>Giới tính</legend><label><input type=radio name=g value=nam>Nam</label>
<label><input type=radio name=g value=nu onchange="sex.textContent='đã chọn nữ'">Nữ</label></fieldset><p id=sex></p>
<div id=dan>Dân tộc</div><div role=combobox tabindex=0 aria-labelledby=dan onclick="ul.hidden=false">chọn…</div>
<ul id=ul hidden><li onclick="people.textContent='dân tộc Ê Đê'">Ê Đê</li><li>Kinh</li></ul><p id=people></p>
<label><input type=checkbox id=k onchange="promise.textContent=this.checked?'đã cam đoan':'chưa cam đoan'">
Tôi cam đoan</label><p id=promise></p>
<div><span>Giấy chứng sinh</span> <input type=file id=f accept=.pdf onchange="got.textContent='nhận '+f.files[0].name"></div>
<p id=got></p><p id=said></p>
<iframe src=/frame width=400 height=200 style="margin-left:40px"></iframe><div id=host></div>
<div style="height:1800px"></div>
<button onclick="done.textContent='Mã hồ sơ: H01.1-261122-0042'">Nộp hồ sơ</button><p id=done></p>
<script>host.attachShadow({mode:'open'}).innerHTML=
 '<label>Ghi chú <input id=i></label><button>Lưu ghi chú</button><p></p>';
host.shadowRoot.querySelector('button').onclick=()=>{
 host.shadowRoot.querySelector('p').textContent='đã lưu '+host.shadowRoot.querySelector('input').value}</script>"""
FRAME = """<meta charset=utf-8><div style="height:600px">khung</div><label>Số điện thoại <input type=tel id=p></label>
<button onclick="o.textContent='gọi '+p.value">Ghi số</button><p id=o></p>"""


class Kiosk(QWidget):
    """A waiting screen, a form and a browser with a picture chooser, as the real one has them."""

    def __init__(self, browser: Any, pdf: Path, home: str) -> None:
        super().__init__()
        self.browser, self.pdf, self.home = browser, pdf, home
        self.resize(1100, 760)
        row = QHBoxLayout(self)
        side = QVBoxLayout()
        self.begin = QPushButton("Chạm để bắt đầu")
        self.begin.clicked.connect(self._open)
        self.words = QLabel("Xin mời")
        form = QFormLayout()
        self.name = QLineEdit()
        form.addRow("Tên của bác:", self.name)
        self.people = QComboBox()
        self.people.addItems(["Kinh", "Ê Đê", "Raglai"])
        form.addRow("Dân tộc của bác", self.people)
        self.agree = QCheckBox("Tôi đã mang giấy tờ")
        self.off = QPushButton("Nút tắt")
        self.off.setEnabled(False)
        for widget in (self.begin, self.words, self.agree, self.off):
            side.addWidget(widget)
        side.addLayout(form)
        side.addWidget(self._long_list())
        row.addLayout(side, 1)
        row.addWidget(browser, 3)
        browser.set_chooser(self._choose)
        browser.set_lister(self._list)

    def _long_list(self) -> QScrollArea:
        inside, area = QWidget(), QScrollArea()
        column = QVBoxLayout(inside)
        for number in range(1, 31):
            button = QPushButton(f"Mục {number}")
            button.clicked.connect(lambda _=False, number=number: self.words.setText(f"đã bấm mục {number}"))
            column.addWidget(button)
        area.setWidget(inside)
        area.setFixedHeight(160)
        return area

    def _list(self, request: ListRequest) -> list[int] | None:
        """Two lines at a time, as the kiosk's long lists."""
        card, waiting, chosen = QWidget(self, Qt.WindowType.Window), QEventLoop(), []
        column = QVBoxLayout(card)
        lines = []
        for option in request.options:
            line = QPushButton(option.text)
            line.setObjectName(f"option-{option.number}")
            line.clicked.connect(
                lambda _=False, number=option.number: (chosen.append(number), waiting.quit())
            )
            line.setVisible(len(lines) < 2)
            lines.append(line)
            column.addWidget(line)
        more = QPushButton("Xem nữa")
        more.setObjectName("more-options")
        more.clicked.connect(lambda: [line.setVisible(at >= 2) for at, line in enumerate(lines)])
        column.addWidget(more)
        card.show()
        QTimer.singleShot(30_000, waiting, waiting.quit)
        waiting.exec()
        card.close()
        return chosen or None

    def _open(self) -> None:
        self.browser.open(self.home)

    def _choose(self, _request: object) -> list[Path]:
        card, waiting = QWidget(self, Qt.WindowType.Window), QEventLoop()  # as in the kiosk: no QDialog
        column = QVBoxLayout(card)
        tile = QPushButton("Bản chụp giấy chứng sinh")
        tile.setProperty("paper_id", "giay-chung-sinh")
        tile.setCheckable(True)
        confirm = QPushButton("Dùng tờ này")
        confirm.setObjectName("confirm")
        confirm.clicked.connect(waiting.quit)
        column.addWidget(tile)
        column.addWidget(confirm)
        card.show()
        QTimer.singleShot(30_000, waiting, waiting.quit)  # a play that fails here must not wait for ever
        waiting.exec()
        card.close()
        return [self.pdf] if tile.isChecked() else []


@pytest.fixture
def web() -> Iterator[Any]:
    server = loopback.Web()
    server.pages["/"] = FORM
    server.pages["/frame"] = FRAME
    yield server
    server.close()


@pytest.fixture
def kiosk(qtbot, web, tmp_path: Path):
    from portal.webview.browser import Browser

    work = tmp_path / "work"
    work.mkdir()
    (work / "giay.pdf").write_bytes(b"%PDF-1.4 made up")
    shown = Kiosk(Browser(loopback.OnlyHere(web.url), download_folder=work), work / "giay.pdf", web.url + "/")
    shown.show()
    qtbot.waitExposed(shown)
    yield shown
    with qtbot.waitSignal(shown.browser.closed, timeout=10_000):
        shown.browser.close_page()
    shown.deleteLater()


def play(qtbot, kiosk: Kiosk, out: Path, *steps: dict[str, Any], **more: Any) -> PlayReport:
    from ui.rehearsal.player import Player

    scenario = Scenario.model_validate({"title": "thử", "steps": steps, **more})
    reports: list[PlayReport] = []
    player = Player(scenario, out, reports.append, browser=lambda: kiosk.browser, chance=Random(1))
    player.start()
    qtbot.waitUntil(lambda: bool(reports), timeout=90_000)
    assert len(reports) == 1
    return reports[0]


def played(report: PlayReport) -> None:
    assert report.ok, report.to_json()


def test_a_whole_visit_on_an_unknown_portal(qtbot, kiosk, tmp_path: Path) -> None:
    report = play(
        qtbot,
        kiosk,
        tmp_path / "out",
        {"expect": "Xin mời"},
        {"tap": "chạm để bắt đầu"},
        {"expect": "Cổng thử", "where": "page"},
        {"type": "${ten}", "into": "Họ và tên"},
        {"expect": "Chào ${ten}"},
        {"type": "${so}", "into": "Số định danh"},
        {"type": "05/11/2026", "into": "Ngày sinh"},
        {"expect": "ngày 2026-"},
        {"choose": "Đắk Lắk", "from": "Tỉnh"},
        {"expect": "ở Đắk Lắk"},
        {"choose": "Nữ", "from": "Giới tính"},
        {"expect": "đã chọn nữ"},
        {"choose": "Ê Đê", "from": "Dân tộc", "where": "page"},
        {"expect": "dân tộc Ê Đê"},
        {"tick": "Tôi cam đoan"},
        {"expect": "đã cam đoan"},
        {"tick": "Tôi cam đoan"},
        {"untick": "Tôi cam đoan"},
        {"expect": "chưa cam đoan"},
        {"upload": "giay-chung-sinh", "into": "Giấy chứng sinh"},
        {"expect": "nhận giay.pdf"},
        {"type": "0900000000", "into": "Số điện thoại"},
        {"tap": "Ghi số"},
        {"expect": "gọi 0900000000"},
        {"type": "bà Thử ở xã Nguyễn Huệ", "into": "Ghi chú"},
        {"tap": "Lưu ghi chú"},
        {"expect": "đã lưu bà Thử ở xã Nguyễn Huệ"},
        {"picture": "truoc-khi-nop"},
        {"tap": "Nộp hồ sơ"},
        {"read": r"Mã hồ sơ: (\S+)", "as": "ma"},
        {"expect": "${ma}"},
        {"expect": "Có lỗi", "absent": True},
        variables={"ten": {"random": "name"}, "so": {"random": "digits:12"}},
    )
    played(report)
    assert report.variables == {"ma": "H01.1-261122-0042"}
    told = json.loads(report.to_json())
    assert told["steps"][3]["target"] == "${ten}"
    assert "Thử" not in json.dumps(told["steps"][3], ensure_ascii=False)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == sorted(report.pictures)
    assert any(name.endswith("-truoc-khi-nop.png") for name in names)
    assert names[-1].endswith("-end.png")
    picture = QImage(str(tmp_path / "out" / names[-1]))
    assert picture.width() >= 800


def test_the_kiosks_own_widgets(qtbot, kiosk, tmp_path: Path) -> None:
    report = play(
        qtbot,
        kiosk,
        tmp_path,
        {"type": "Lê Thử", "into": "Tên của bác"},
        {"choose": "Raglai", "from": "Dân tộc của bác"},
        {"tick": "Tôi đã mang giấy tờ"},
        {"tap": "Mục 27"},
        {"expect": "đã bấm mục 27"},
        {"tap": "Mục 2", "where": "kiosk"},
        {"expect": "đã bấm mục 2", "where": "kiosk"},
        {"type": "Trần Thử", "into": "Tên của bác"},
        {"press": "Backspace"},
        {"press": "Ctrl+Z"},
        {"wait": 0.2},
    )
    played(report)
    assert kiosk.name.text() == "Trần Thử"
    assert kiosk.people.currentText() == "Raglai"
    assert kiosk.agree.isChecked()


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"tap": "Không có nút này"}, "NOT-FOUND"),
        ({"tap": "Nút tắt"}, "DISABLED"),
        ({"expect": "Không có chữ này"}, "NOT-FOUND"),
        ({"expect": "Xin mời", "absent": True}, "STILL-THERE"),
        ({"type": "x", "into": "Không có ô này"}, "NOT-FOUND"),
        ({"choose": "Hà Nội", "from": "Không có ô này"}, "NOT-FOUND"),
        ({"tick": "Không có ô này"}, "NOT-FOUND"),
        ({"read": "Mã: (.+)", "as": "ma"}, "NOT-FOUND"),
        ({"press": "Phím lạ"}, "NO-KEY"),
        ({"upload": "x", "into": "y"}, "NOT-FOUND"),
    ],
)
def test_what_cannot_be_done_is_told_with_a_picture(qtbot, kiosk, tmp_path: Path, step, code) -> None:
    report = play(qtbot, kiosk, tmp_path, {**step, "within": 0.6}, {"tap": "Chạm để bắt đầu"})
    assert not report.ok
    assert [(one.ok, one.error) for one in report.steps] == [(False, code)]
    assert report.pictures[-1].endswith("-failure.png")
    assert (tmp_path / report.pictures[-1]).stat().st_size > 1000


def test_on_a_page_what_is_covered_disabled_or_not_offered_is_told(qtbot, kiosk, web, tmp_path: Path) -> None:
    web.pages["/"] = (
        "<meta charset=utf-8><button disabled>Chưa được</button>"
        "<label>Tỉnh <select><option>A</option><option disabled>B</option></select></label>"
        "<div style='position:relative'><button>Bị che</button>"
        "<div style='position:absolute;inset:0;background:white'>màn</div></div>"
    )
    for step, code in (
        ({"tap": "Chưa được"}, "DISABLED"),
        ({"tap": "Bị che"}, "COVERED"),
        ({"choose": "Z", "from": "Tỉnh"}, "NO-OPTION"),
        ({"choose": "B", "from": "Tỉnh"}, "DISABLED"),
    ):
        report = play(
            qtbot, kiosk, tmp_path, {"tap": "Chạm để bắt đầu"}, {"expect": "màn"}, {**step, "within": 1.0}
        )
        assert [one.error for one in report.steps] == ["", "", code]


def test_a_chooser_inside_the_window_that_closes_at_the_first_tap(qtbot, kiosk, tmp_path: Path) -> None:
    """As a card over the page, with an event loop of its own; the same words stand beneath it.

    The file comes some time after the tap, as a picture that must be made first.
    """

    def choose(_request: object) -> list[Path]:
        card, loop = QWidget(kiosk), QEventLoop()
        card.setAutoFillBackground(True)
        card.setGeometry(kiosk.rect())
        tile = QPushButton("Giấy chứng sinh", card)
        tile.setGeometry(300, 200, 300, 80)
        tile.clicked.connect(lambda: QTimer.singleShot(1400, loop.quit))
        card.show()
        loop.exec()
        card.deleteLater()
        return [kiosk.pdf]

    beneath = QPushButton("Giấy chứng sinh", kiosk)
    beneath.setGeometry(20, 120, 200, 40)
    beneath.show()
    kiosk.browser.set_chooser(choose)
    report = play(
        qtbot,
        kiosk,
        tmp_path,
        {"tap": "Chạm để bắt đầu"},
        {"upload": "Giấy chứng sinh", "into": "Giấy chứng sinh"},
        {"expect": "nhận giay.pdf"},
    )
    played(report)


def test_a_stopped_play_tells_nothing_more(qtbot, kiosk, tmp_path: Path) -> None:
    from ui.rehearsal.player import Player

    reports: list[PlayReport] = []
    scenario = Scenario.model_validate({"steps": [{"wait": 0.1}, {"tap": "Chạm để bắt đầu"}]})
    player = Player(scenario, tmp_path, reports.append)
    player.start()
    player.stop()
    qtbot.wait(800)
    assert reports == []
    assert kiosk.browser.address() == ""


def test_an_optional_step_may_fail(qtbot, kiosk, tmp_path: Path) -> None:
    report = play(
        qtbot,
        kiosk,
        tmp_path,
        {"tap": "Đóng quảng cáo", "optional": True, "within": 0.3},
        {"expect": "Xin mời"},
    )
    played(report)
    assert [(one.ok, one.skipped) for one in report.steps] == [(False, True), (True, False)]
