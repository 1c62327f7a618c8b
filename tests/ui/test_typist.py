"""A finger on the keys of the screen: what a scenario types by taps is what stands in the field."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kioskcore.words import load_words
from ui.keyboard.keyboard import WORDS_FOLDER, Keyboard
from ui.rehearsal.player import Player
from ui.rehearsal.report import PlayReport
from ui.rehearsal.scenario import Scenario

Play = Callable[..., PlayReport]


class Desk(QWidget):
    """Three fields above the keyboard."""

    def __init__(self, method: Any = "telex") -> None:
        super().__init__()
        self.fields = {name: QLineEdit() for name in ("Họ tên", "Thư điện tử", "Mật khẩu", "Số nhà")}
        self.fields["Thư điện tử"].setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.fields["Mật khẩu"].setEchoMode(QLineEdit.EchoMode.Password)
        self.fields["Số nhà"].setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        layout = QVBoxLayout(self)
        for name, field in self.fields.items():
            field.setAccessibleName(name)
            layout.addWidget(field)
        layout.addStretch(1)
        words = load_words([WORDS_FOLDER])["vi"]
        self.keyboard = Keyboard(96 / 25.4, words, method, guard_seconds=0.1, parent=self)
        layout.addWidget(self.keyboard)
        self.resize(1366, 768)

    def text(self, name: str) -> str:
        return self.fields[name].text()


@pytest.fixture
def make_desk(qtbot) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(**more: Any) -> Desk:
        desks.append(Desk(**more))
        desks[-1].show()
        desks[-1].activateWindow()
        qtbot.waitExposed(desks[-1])
        return desks[-1]

    yield make
    for desk in desks:
        desk.keyboard.set_enabled(False)
        desk.hide()
        desk.deleteLater()


@pytest.fixture
def play(qtbot, tmp_path: Path) -> Play:
    def go(*steps: dict[str, Any]) -> PlayReport:
        scenario = Scenario.model_validate({"start": {"typing": "screen"}, "steps": steps})
        reports: list[PlayReport] = []
        player = Player(scenario, tmp_path, reports.append)
        player.start()
        qtbot.waitUntil(lambda: bool(reports), timeout=60_000)
        return reports[0]

    return go


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_words_with_marks_capitals_doubled_letters_and_signs(make_desk, play: Play, method: str) -> None:
    desk = make_desk(method=method)
    text = "Nguyễn Thị THỬ, xã Đường Hoa; aawwff a1 xx 50% [ghi_chú]"
    report = play({"type": text, "into": "Họ tên"})
    assert report.ok, report.to_json()
    assert desk.text("Họ tên") == text


def test_what_stood_there_is_taken_away_first(make_desk, play: Play) -> None:
    desk = make_desk()
    desk.fields["Họ tên"].setText("Lê Thử")
    assert play({"type": "Bùi", "into": "Họ tên"}).ok
    assert desk.text("Họ tên") == "Bùi"


def test_latin_masked_and_digit_fields(make_desk, play: Play) -> None:
    desk = make_desk()
    report = play(
        {"type": "thu.a_b@xa.gov.vn", "into": "Thư điện tử"},
        {"type": "Aa1!ww", "into": "Mật khẩu"},
        {"type": "12/3 A", "into": "Số nhà"},
    )
    assert report.ok, report.to_json()
    assert [desk.text(name) for name in ("Thư điện tử", "Mật khẩu", "Số nhà")] == [
        "thu.a_b@xa.gov.vn",
        "Aa1!ww",
        "12/3 A",
    ]


def test_without_keys_on_the_screen_the_step_fails(make_desk, play: Play) -> None:
    desk = make_desk()
    desk.keyboard.set_enabled(False)
    report = play({"type": "An", "into": "Họ tên"})
    assert not report.ok and report.steps[0].error == "NO-KEYBOARD"


def test_a_letter_that_no_key_shows_fails(make_desk, play: Play) -> None:
    make_desk()
    report = play({"type": "A漢", "into": "Họ tên"})
    assert not report.ok and report.steps[0].error == "NO-KEY"


def test_a_board_that_becomes_another_between_two_strikes(make_desk, play: Play) -> None:
    """A page tells late that its field wants digits: the keys are made anew while the typist waits."""
    desk = make_desk()
    field = desk.fields["Họ tên"]
    hints = (Qt.InputMethodHint.ImhNone, Qt.InputMethodHint.ImhDigitsOnly)
    field.textChanged.connect(lambda text: field.setInputMethodHints(hints[len(text) % 2]))
    report = play({"type": "77777777", "into": "Họ tên"})
    assert report.ok, report.to_json()
    assert desk.text("Họ tên") == "77777777"
