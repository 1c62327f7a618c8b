"""The on-screen keyboard by taps: what reaches the field, when it shows, how large it is."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from kioskcore.words import load_words, word_faults
from ui.keyboard.board import BEST_GAP_MM, KEY_MM, SHARE, Board
from ui.keyboard.composer import Composer
from ui.keyboard.key import Key
from ui.keyboard.keyboard import WORDS_FOLDER, Keyboard
from ui.keyboard.layouts import Act
from ui.keyboard.syllable import Tone

WORDS = load_words([WORDS_FOLDER])
TONES = {"´": Tone.SAC, "`": Tone.HUYEN, "?": Tone.HOI, "~": Tone.NGA, ".": Tone.NANG}
MILLIMETRE = 84 / 25.4  # a 1366 x 768 panel of 18.5 inches


class Desk(QWidget):
    """A window as the shell is one: fields above, the keyboard below."""

    def __init__(self, width: int = 1366, height: int = 768, millimetre: float = MILLIMETRE, **how) -> None:
        super().__init__()
        self.line, self.other, self.text = QLineEdit(), QLineEdit(), QTextEdit()
        self.plain, self.button = QPlainTextEdit(), QPushButton("x")
        self.keyboard = Keyboard(millimetre, WORDS["vi"], **{"guard_seconds": 0.0, **how})
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.line, self.other, self.text, self.plain, self.button):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.keyboard)
        self.resize(width, height)

    def key(self, what: str | Act | Tone) -> Key:
        def fits(key: Key) -> bool:
            if isinstance(what, Tone):
                return key.spec.act is Act.TONE and key.spec.tone is what
            if isinstance(what, Act):
                return key.spec.act is what
            return key.spec.act is Act.TEXT and key.face.text == what

        return next(key for key in self.keyboard.board.all_keys if fits(key))

    def tap(self, *keys: str | Act | Tone) -> None:
        for what in keys:
            QTest.mouseClick(self.key(what), Qt.MouseButton.LeftButton)

    def write(self, keys: str) -> None:
        """Letters by their keys, _ for space, < for Backspace, ´ ` ? ~ . for the named tones."""
        for key in keys:
            self.tap({"_": Act.SPACE, "<": Act.BACKSPACE}.get(key) or TONES.get(key, key))


@pytest.fixture
def desk(qtbot) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(**how) -> Desk:
        desk = Desk(**how)
        made.append(desk)
        qtbot.addWidget(desk)
        desk.show()
        desk.activateWindow()
        desk.line.setFocus()
        qtbot.waitUntil(desk.keyboard.isVisible)
        return desk

    yield make
    for desk in made:
        desk.keyboard.set_enabled(False)


def test_a_name_is_typed_by_taps(desk) -> None:
    shown = desk()
    shown.write("nguyên~_thi._hươngh<_tieengs")
    assert shown.line.text() == "nguyễn thị hương tiếng"
    assert shown.line.hasFocus()


@pytest.mark.parametrize("field", ["line", "text", "plain"])
def test_every_widget_of_qt_is_served(desk, qtbot, field: str) -> None:
    shown = desk()
    widget = getattr(shown, field)
    widget.setFocus()
    qtbot.wait(50)
    shown.write("đăk´<k_duongwf")
    text = widget.text() if field == "line" else widget.toPlainText()
    assert text == "đắk dường"


@pytest.mark.parametrize(("method", "keys"), [("telex", "tieengs hoaf"), ("vni", "tie61ng hoa2")])
@pytest.mark.parametrize(("style", "wanted"), [("old", "tiếng hòa"), ("new", "tiếng hoà")])
def test_method_and_style_are_the_callers(desk, method: str, keys: str, style: str, wanted: str) -> None:
    shown = desk(method=method, tone_style=style)
    shown.write(keys.replace(" ", "_"))
    assert shown.line.text() == wanted


def test_capitals_for_one_letter_then_locked(desk) -> None:
    shown = desk()
    shown.tap(Act.SHIFT, "L", "a", Act.SHIFT, Act.SHIFT, "Đ", "A", Act.SHIFT, "o")
    assert shown.line.text() == "LaĐAo"


def test_with_vietnamese_off_letters_stay_and_tones_can_be_set(desk) -> None:
    shown = desk()
    shown.tap(Act.LANGUAGE, Act.SHIFT)
    shown.write("Coor")
    shown.tap(Act.SPACE, Act.SHIFT)
    shown.write("Chamale´a_đươ`ng")
    assert shown.line.text() == "Coor Chamaléa đường"
    press(shown, "s")
    shown.write("<´´<<")
    assert shown.line.text() == "Coor Chamaléa đươ"


def test_symbols_and_back(desk) -> None:
    shown = desk()
    shown.tap(Act.SYMBOLS, "#", "(", ")", Act.SYMBOLS, "a", "@", "/")
    assert shown.line.text() == "#()a@/"


def test_latin_on_the_persons_wish_until_the_field_changes(desk, qtbot) -> None:
    shown = desk()
    shown.tap(Act.LANGUAGE)
    shown.write("user")
    assert shown.line.text() == "user"
    assert shown.key(Act.LANGUAGE).face.text == "EN"
    shown.other.setFocus()
    qtbot.waitUntil(lambda: shown.keyboard.vietnamese)
    shown.write("as")
    assert shown.other.text() == "á"


@pytest.mark.parametrize(
    "hint",
    [
        Qt.InputMethodHint.ImhEmailCharactersOnly,
        Qt.InputMethodHint.ImhUrlCharactersOnly,
        Qt.InputMethodHint.ImhLatinOnly,
        Qt.InputMethodHint.ImhSensitiveData,
    ],
)
def test_vietnamese_is_off_where_it_would_harm(desk, qtbot, hint: Qt.InputMethodHint) -> None:
    shown = desk()
    shown.other.setInputMethodHints(hint)
    shown.other.setFocus()
    qtbot.waitUntil(lambda: not shown.keyboard.vietnamese)
    shown.write("ass")
    shown.tap("_", "+")
    assert shown.other.text() == "ass_+"


def test_endings_of_addresses_replace_the_tones(desk, qtbot) -> None:
    shown = desk()
    shown.other.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
    shown.other.setFocus()
    qtbot.waitUntil(lambda: not shown.keyboard.vietnamese)
    shown.tap("b", "a", Tone.SAC)
    assert shown.other.text() == "ba@gmail.com"


def test_a_password_is_latin_and_stays_so(desk, qtbot) -> None:
    shown = desk()
    shown.other.setEchoMode(QLineEdit.EchoMode.Password)
    shown.other.setFocus()
    qtbot.waitUntil(lambda: not shown.keyboard.vietnamese)
    shown.tap(Act.LANGUAGE, "a", "s")
    assert shown.other.text() == "as"


def test_digits_get_the_number_pad_with_a_way_to_letters(desk, qtbot) -> None:
    shown = desk()
    shown.other.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
    shown.other.setFocus()
    qtbot.waitUntil(lambda: any(key.spec.act is Act.LETTERS for key in shown.keyboard.board.all_keys))
    shown.tap("0", "9", "1", Act.BACKSPACE, "8", Act.LETTERS, "a")
    assert shown.other.text() == "098a"


def test_it_hides_with_the_last_field_and_tells(desk, qtbot) -> None:
    shown = desk()
    with qtbot.waitSignal(shown.keyboard.hidden):
        shown.button.setFocus()
    with qtbot.waitSignal(shown.keyboard.shown):
        shown.line.setFocus()
    shown.line.setReadOnly(True)
    qtbot.waitUntil(lambda: not shown.keyboard.isVisible())


def test_the_hide_key_hides_until_the_field_is_touched_again(desk, qtbot) -> None:
    shown = desk()
    shown.tap(Act.HIDE)
    qtbot.wait(500)
    assert not shown.keyboard.isVisible()
    QTest.mouseClick(shown.windowHandle(), Qt.MouseButton.LeftButton, pos=shown.line.geometry().center())
    qtbot.waitUntil(shown.keyboard.isVisible)


def test_after_hiding_a_scrolling_finger_does_not_bring_it_back(desk, qtbot) -> None:
    shown = desk()
    shown.tap(Act.HIDE)
    window, device = shown.windowHandle(), QTest.createTouchDevice()
    for step, point in enumerate((QPoint(700, 500), QPoint(700, 400), QPoint(700, 300))):
        touch = QTest.touchEvent(window, device)
        (touch.press if step == 0 else touch.move)(0, point, window).commit()
    QTest.touchEvent(window, device).release(0, QPoint(700, 300), window).commit()
    qtbot.wait(500)
    assert not shown.keyboard.isVisible()


def test_after_hiding_neither_a_tap_elsewhere_nor_a_field_drawn_anew_brings_it_back(desk, qtbot) -> None:
    shown = desk()
    shown.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # as in the header: the cursor stays in its field
    shown.tap(Act.HIDE)
    QTest.mouseClick(shown.windowHandle(), Qt.MouseButton.LeftButton, pos=shown.button.geometry().center())
    qtbot.wait(400)
    assert not shown.keyboard.isVisible() and shown.line.hasFocus()
    again = QLineEdit()
    shown.layout().replaceWidget(shown.line, again)
    shown.line.hide()
    again.setFocus()
    qtbot.wait(400)
    assert not shown.keyboard.isVisible()
    shown.other.setFocus()
    qtbot.waitUntil(shown.keyboard.isVisible)


def test_switched_off_it_stays_away_and_leaves_a_real_keyboard_alone(desk, qtbot) -> None:
    shown = desk()
    shown.keyboard.set_enabled(False)
    assert not shown.keyboard.isVisible()
    shown.other.setFocus()
    qtbot.wait(300)
    assert not shown.keyboard.isVisible()
    QTest.keyClicks(shown.other, "as")
    assert shown.other.text() == "as"
    shown.keyboard.set_enabled(True)
    qtbot.waitUntil(shown.keyboard.isVisible)


def test_enter_and_next_go_on(desk, qtbot) -> None:
    shown = desk()
    with qtbot.waitSignal(shown.line.returnPressed):
        shown.tap("a", Act.ENTER)
    shown.tap("b", Act.NEXT)
    assert shown.line.text() == "ab"
    assert shown.other.hasFocus()
    qtbot.wait(50)
    shown.tap("b")
    assert shown.other.text() == "b"


def test_nothing_is_remembered_in_the_next_field(desk, qtbot) -> None:
    shown = desk()
    shown.tap("a", Act.SHIFT, Act.SHIFT)
    shown.other.setFocus()
    qtbot.waitUntil(lambda: shown.keyboard.board.state.shift == "off")
    shown.tap("s")
    assert (shown.line.text(), shown.other.text()) == ("a", "s")


def test_reset_forgets_the_word(desk) -> None:
    shown = desk()
    for forgotten, wanted in ((False, "ươn"), (True, "uonw")):
        shown.line.clear()
        shown.tap("ư", "o", "n")
        if forgotten:  # that the horn of the o came by itself and its own w may follow
            shown.keyboard.reset()
        shown.tap("w")
        assert shown.line.text() == wanted


def test_the_same_key_twice_within_the_guard_counts_once(qtbot) -> None:
    now = [10.0]
    board = Board(MILLIMETRE, WORDS["vi"], 0.25, clock=lambda: now[0])
    qtbot.addWidget(board)
    got: list[str] = []
    board.typed.connect(got.append)
    one, two = (key for key in board.all_keys if key.spec.value in ("1", "2"))
    for key, later in ((one, 0.0), (one, 0.2), (two, 0.01), (one, 0.01), (one, 0.26)):
        now[0] += later
        board.strike(key)
    assert got == ["1", "2", "1", "1"]


def test_the_guard_is_at_most_a_second(qtbot) -> None:
    now = [10.0]
    board = Board(MILLIMETRE, WORDS["vi"], 5.0, clock=lambda: now[0])
    qtbot.addWidget(board)
    got: list[str] = []
    board.typed.connect(got.append)
    key = next(key for key in board.all_keys if key.spec.value == "1")
    board.strike(key)
    now[0] += 1.01
    board.strike(key)
    assert got == ["1", "1"]


def test_a_held_key_types_once(desk, qtbot) -> None:
    shown = desk()
    QTest.mousePress(shown.key("m"), Qt.MouseButton.LeftButton)
    qtbot.wait(900)
    QTest.mouseRelease(shown.key("m"), Qt.MouseButton.LeftButton)
    assert shown.line.text() == "m"


def test_two_fingers_at_once_are_two_letters(desk, qtbot) -> None:
    shown = desk()
    device = QTest.createTouchDevice()
    board, window = shown.keyboard.board, shown.windowHandle()

    def at(letter: str) -> QPoint:
        return shown.key(letter).mapTo(shown, shown.key(letter).rect().center())

    QTest.touchEvent(window, device).press(0, at("n"), window).commit()
    QTest.touchEvent(window, device).stationary(0).press(1, at("o"), window).commit()
    assert shown.key("o").isDown()
    QTest.touchEvent(window, device).release(0, at("n"), window).release(1, at("o"), window).commit()
    assert shown.line.text() == "no"
    assert not any(key.isDown() for key in board.all_keys)


@pytest.mark.parametrize(
    ("width", "height", "dpi"),
    [(1366, 768, 84), (1920, 1080, 102), (3840, 2160, 204), (1080, 1920, 102), (1024, 768, 96)],
)
@pytest.mark.parametrize("digits", [False, True])
def test_size_of_board_and_keys(desk, qtbot, width: int, height: int, dpi: int, digits: bool) -> None:
    millimetre = dpi / 25.4
    shown = desk(width=width, height=height, millimetre=millimetre)
    if digits:
        shown.other.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        shown.other.setFocus()
        qtbot.waitUntil(lambda: any(key.spec.act is Act.LETTERS for key in shown.keyboard.board.all_keys))
    qtbot.wait(20)
    keyboard = shown.keyboard
    assert keyboard.height() <= SHARE * height
    assert keyboard.geometry().bottom() <= height
    keys = keyboard.board.all_keys
    roomy = height * SHARE / (6 if height > width else 5) > (KEY_MM + 1.5) * millimetre
    assert roomy or (width, height) == (1024, 768)
    for key in keys:
        assert keyboard.board.rect().contains(key.geometry())
        assert key.height() >= KEY_MM * millimetre - 1 or not roomy
        assert key.width() >= KEY_MM * millimetre - 1 or width < 1080
    for one, other in ((a, b) for a in keys for b in keys if a is not b):
        assert not one.geometry().intersects(other.geometry())
    first, second = keys[0].geometry(), keys[1].geometry()
    wide = second.left() - first.right() >= BEST_GAP_MM * millimetre
    assert wide or first.width() < (KEY_MM + 1) * millimetre  # else the keys have what can be had


def test_a_field_in_a_scroll_area_stays_in_sight(qtbot) -> None:
    window, sheet, area, field = QWidget(), QWidget(), QScrollArea(), QLineEdit()
    keyboard = Keyboard(MILLIMETRE, WORDS["vi"])
    inner, outer = QVBoxLayout(sheet), QVBoxLayout(window)
    inner.addSpacing(600)
    inner.addWidget(field)
    area.setWidgetResizable(True)
    area.setWidget(sheet)
    outer.addWidget(area)
    outer.addWidget(keyboard)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(keyboard.isVisible)
    viewport = area.viewport()
    qtbot.waitUntil(lambda: viewport.rect().contains(field.mapTo(viewport, field.rect().bottomLeft())))
    keyboard.set_enabled(False)


def test_the_window_may_change_its_size(desk, qtbot) -> None:
    shown = desk()
    shown.resize(1080, 1920)
    qtbot.waitUntil(lambda: len({key.y() for key in shown.keyboard.board.all_keys}) == 6)
    assert shown.keyboard.height() <= SHARE * 1920


def test_no_key_ever_takes_the_focus_and_none_is_a_window(desk) -> None:
    shown = desk()
    for widget in (shown.keyboard, shown.keyboard.board, *shown.keyboard.board.all_keys):
        assert widget.focusPolicy() == Qt.FocusPolicy.NoFocus
        assert not widget.isWindow()
    assert not any(key.autoRepeat() for key in shown.keyboard.board.all_keys)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("state", ["letters", "capitals", "symbols", "latin"])
def test_every_key_has_a_name_of_its_own(desk, language: str, state: str) -> None:
    shown = desk()
    shown.keyboard.set_words(WORDS[language])
    taps = {"letters": [], "capitals": [Act.SHIFT], "symbols": [Act.SYMBOLS], "latin": [Act.LANGUAGE]}
    shown.tap(*taps[state])
    if state == "latin":
        shown.keyboard.board.set_vietnamese(False, marks=False)
    names = [key.accessibleName() for key in shown.keyboard.board.all_keys]
    assert all(names)
    if state != "symbols":
        assert len(set(names)) == len(names)
    assert not set(names) & set("@/-.,_:?&=#+!()")  # signs are called by their names


def test_a_screen_reader_finds_buttons_with_names(desk) -> None:
    shown = desk()
    assert QAccessible.queryAccessibleInterface(shown.keyboard.board).text(QAccessible.Text.Name)
    for key, name in ((shown.key(Tone.SAC), "Dấu sắc"), (shown.key(Act.BACKSPACE), "Xóa một chữ")):
        told = QAccessible.queryAccessibleInterface(key)
        assert told.role() == QAccessible.Role.Button
        assert told.text(QAccessible.Text.Name) == name


def test_one_capital_and_many_look_and_sound_different(desk) -> None:
    shown = desk()
    seen = []
    for _ in range(3):
        key = shown.key(Act.SHIFT)
        seen.append((key.face, key.accessibleName()))
        shown.tap(Act.SHIFT)
    assert len({face for face, _ in seen}) == len({name for _, name in seen}) == 3


def test_no_words_are_missing_in_a_language() -> None:
    assert set(WORDS) == {"vi", "en"}
    assert not word_faults(WORDS)


def press(desk: Desk, keys: str) -> None:
    for key in keys:
        window = desk.windowHandle()
        if key == "<":
            QTest.keyClick(window, Qt.Key.Key_Backspace)
        else:
            QTest.keyClick(window, key)


def test_a_real_keyboard_composes_too(desk) -> None:
    shown = desk()
    press(shown, "Nguyeenx thij <<ij")
    assert shown.line.text() == "Nguyễn thị"


def test_a_real_keyboard_may_be_left_alone(desk) -> None:
    shown = desk()
    shown.keyboard.set_physical(False)
    press(shown, "as")
    assert shown.line.text() == "as"


def test_real_and_painted_keys_share_one_word(desk) -> None:
    shown = desk()
    press(shown, "tie")
    shown.tap("e", "n")
    press(shown, "g")
    shown.tap(Tone.SAC)
    assert shown.line.text() == "tiếng"


def test_moving_the_cursor_begins_a_new_word(desk) -> None:
    shown = desk()
    press(shown, "ta")
    QTest.keyClick(shown.windowHandle(), Qt.Key.Key_Home)
    press(shown, "s")
    assert shown.line.text() == "sta"


def test_the_word_before_the_cursor_is_read_anew(desk) -> None:
    shown = desk()
    window = shown.windowHandle()
    back = Qt.KeyboardModifier.ShiftModifier
    for keys in (
        [(Qt.Key.Key_Left,), (Qt.Key.Key_End,)],
        [(Qt.Key.Key_Tab,), (Qt.Key.Key_Backtab, back), (Qt.Key.Key_End,)],
    ):
        shown.keyboard.reset()
        shown.line.clear()
        press(shown, "mai")
        for key in keys:
            QTest.keyClick(window, *key)
        shown.tap(Tone.NANG)
        assert shown.line.text() == "mại"


def test_shortcuts_pass_by_the_composer(desk) -> None:
    shown = desk()
    press(shown, "as")
    QTest.keyClick(shown.windowHandle(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(shown, "b")
    assert shown.line.text() == "b"


def test_a_named_tone_finds_the_word_at_the_cursor(desk) -> None:
    shown = desk()
    shown.line.setText("Nguyên")
    shown.tap(Tone.NGA)
    assert shown.line.text() == "Nguyễn"


@pytest.mark.parametrize(
    ("text", "after", "key", "wanted"),
    [
        ("lan thi", 3, "f", "làn thi"),
        ("lan thi", 7, "j", "lan thị"),
        ("nguyen", 6, "x", "nguyẽn"),
        ("lan thi", 4, "f", "lan fthi"),
        ("lan thi", 0, "f", "flan thi"),
        ("Post", 4, "s", "Posts"),
    ],
)
def test_a_telex_key_marks_a_word_one_came_back_to(
    desk, text: str, after: int, key: str, wanted: str
) -> None:
    shown = desk()
    for strike in (shown.tap, lambda key: press(shown, key)):
        shown.keyboard.reset()
        shown.line.setText(text)
        shown.line.setCursorPosition(after)
        strike(key)
        assert shown.line.text() == wanted


def test_with_vietnamese_off_a_word_one_came_back_to_is_left_alone(desk) -> None:
    shown = desk()
    shown.tap(Act.LANGUAGE)
    shown.line.setText("lan")
    shown.tap("f")
    press(shown, "s")
    assert shown.line.text() == "lanfs"


def test_backspace_goes_back_into_an_older_word(desk) -> None:
    shown = desk()
    shown.write("ba´_<<a`")
    assert shown.line.text() == "bà"


def test_selected_text_is_replaced(desk) -> None:
    shown = desk()
    shown.write("tieen")
    shown.line.selectAll()
    shown.write("as")
    assert shown.line.text() == "á"
    shown.line.selectAll()
    shown.tap(Act.BACKSPACE)
    assert shown.line.text() == ""


def test_a_field_that_is_full_is_believed(desk) -> None:
    shown = desk()
    shown.line.setMaxLength(4)
    shown.write("tieeng")
    shown.tap(Tone.SAC)
    assert shown.line.text() == "tiến"


def test_a_tap_where_nothing_has_the_focus_does_nothing(desk, qtbot) -> None:
    shown = desk()
    shown.line.clearFocus()
    shown.setFocus()
    shown.tap("a", Tone.SAC, Act.BACKSPACE, Act.ENTER)
    assert shown.line.text() == ""


def test_no_pixel_between_two_keys_is_dead(desk) -> None:
    shown = desk()
    board, key, beside = shown.keyboard.board, shown.key("g").geometry(), shown.key("h").geometry()
    below = shown.key("v").geometry()
    gap = range(key.right() + 1, beside.left())
    assert len(gap) > 2
    for x in gap:
        shown.line.clear()
        QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=QPoint(x, key.center().y()))
        assert shown.line.text() == ("g" if x - key.right() <= beside.left() - x else "h")
    for y in range(key.bottom() + 1, below.top()):
        shown.line.clear()
        QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=QPoint(below.center().x(), y))
        assert len(shown.line.text()) == 1
    assert not any(key.isDown() for key in board.all_keys)


def test_a_finger_far_from_every_key_types_nothing(desk, qtbot) -> None:
    shown = desk(width=3840, height=2160, millimetre=204 / 25.4)
    shown.other.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
    shown.other.setFocus()
    board = shown.keyboard.board
    qtbot.waitUntil(lambda: any(key.spec.act is Act.LETTERS for key in board.all_keys))
    QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=QPoint(9, board.height() // 2))
    assert shown.other.text() == ""
    assert shown.other.hasFocus()


@given(st.lists(st.sampled_from([*"aeouwdsfrxjngthicy", "ư", "ơ", "_", "<", "<", *TONES]), max_size=25))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_field_always_holds_what_the_composer_says(typing_desk, keys: list[str]) -> None:
    shown = typing_desk
    shown.line.clear()
    shown.keyboard.reset()
    composer, wanted = Composer(), ""
    for key in keys:
        shown.write(key)
        if not composer.text:
            composer.resume(wanted)  # every key goes on with the word it comes to
        if key in TONES:
            edit = composer.tone(TONES[key])
        else:
            edit = composer.backspace() if key == "<" else composer.key(key.replace("_", " "))
        wanted = wanted[: max(len(wanted) - edit.delete, 0)] + edit.insert
        assert shown.line.text() == wanted


@pytest.fixture
def typing_desk(desk) -> Desk:
    return desk()
