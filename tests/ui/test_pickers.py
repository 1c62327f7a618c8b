"""Our own pickers: what is typed, what HTML gets, and what is refused in words."""

import pytest
from house import rule_faults, texts
from hypothesis import given
from hypothesis import strategies as st

from portal.webview.asking import DialogKind, DialogRequest, PickRequest
from ui.gallery import settle
from ui.screens.page_asks import PageAsks
from ui.screens.pickers import FORMS, Pickers, shown, to_digits, to_html


@pytest.fixture
def pickers(make_kiosk):
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    return kiosk, Pickers(kiosk.look, kiosk.shell)


def typed(kiosk, digits: str) -> None:
    for digit in digits:
        kiosk.tap(digit)


@pytest.mark.parametrize(
    ("kind", "digits", "value"),
    [
        ("date", "02091955", "1955-09-02"),
        ("time", "0730", "07:30"),
        ("month", "112026", "2026-11"),
        ("week", "482026", "2026-W48"),
        ("datetime-local", "251120260805", "2026-11-25T08:05"),
    ],
)
def test_what_is_typed_is_what_the_field_gets(pickers, kind: str, digits: str, value: str) -> None:
    kiosk, picker = pickers
    card = picker.open(PickRequest(kind, ""))
    settle()
    assert rule_faults(kiosk.shell) == []
    typed(kiosk, digits)
    assert shown(kind, digits) in texts(kiosk.shell)
    kiosk.tap("Xong")
    assert card.answer == value


def test_the_old_value_shows_until_the_first_digit(pickers) -> None:
    kiosk, picker = pickers
    card = picker.open(PickRequest("date", "1955-09-02"))
    settle()
    assert "02/09/1955" in texts(kiosk.shell)
    typed(kiosk, "3")
    assert "3_/__/____" in texts(kiosk.shell)
    typed(kiosk, "1")
    kiosk.tap("Xóa số")
    assert "3_/__/____" in texts(kiosk.shell)
    kiosk.tap("Để trống")
    assert card.answer == ""


@pytest.mark.parametrize("digits", ["30022000", "0209", ""])
def test_a_day_that_is_none_is_refused_in_words(pickers, digits: str) -> None:
    kiosk, picker = pickers
    card = picker.open(PickRequest("date", ""))
    settle()
    typed(kiosk, digits)
    kiosk.tap("Xong")
    assert "Không có ngày này. Bác xem lại từng số." in texts(kiosk.shell)
    assert card.isVisible()
    kiosk.tap("Thôi")
    assert card.answer is None


def test_a_day_outside_the_pages_limits_is_told_which(pickers) -> None:
    kiosk, picker = pickers
    card = picker.open(PickRequest("date", "", "2000-01-01", "2026-12-31"))
    settle()
    typed(kiosk, "31121999")
    kiosk.tap("Xong")
    assert "Phải từ 01/01/2000 trở đi." in texts(kiosk.shell)
    for _ in range(8):
        kiosk.tap("Xóa số")
    typed(kiosk, "01012027")
    kiosk.tap("Xong")
    assert "Phải đến 31/12/2026 là cùng." in texts(kiosk.shell)
    assert card.isVisible()


def test_a_colour_is_chosen_by_name(pickers) -> None:
    kiosk, picker = pickers
    card = picker.open(PickRequest("color", "#000000"))
    settle()
    assert rule_faults(kiosk.shell) == []
    kiosk.tap("Xanh dương")
    assert card.answer == "#1976d2"


@given(st.dates(), st.times())
def test_every_day_and_time_comes_back_as_it_went(day, clock) -> None:
    week = f"{day.isocalendar().year:04}-W{day.isocalendar().week:02}"
    for kind, value in (
        ("date", day.isoformat()),
        ("time", f"{clock:%H:%M}"),
        ("month", day.isoformat()[:7]),
        ("week", week),
        ("datetime-local", f"{day.isoformat()}T{clock:%H:%M}"),
    ):
        assert to_html(kind, to_digits(kind, value)) == value


@given(st.text(max_size=30), st.sampled_from(sorted(FORMS)))
def test_no_text_of_a_page_breaks_a_picker(text: str, kind: str) -> None:
    digits = to_digits(kind, text)
    assert digits == "" or to_html(kind, digits) is not None
    assert len(shown(kind, digits)) == len(FORMS[kind].mask)


def test_a_telephone_number_is_told_not_called(pickers) -> None:
    kiosk, _ = pickers
    kiosk.browser.number_asked.emit("18001096")
    settle()
    assert "18001096" in texts(kiosk.shell) and rule_faults(kiosk.shell) == []
    kiosk.tap("Tôi hiểu rồi")
    assert kiosk.browser.isVisible() and kiosk.shell.overlays() == []


@pytest.mark.parametrize(
    ("kind", "heading"),
    [(DialogKind.ALERT, "Trang này báo cho bác"), (DialogKind.CONFIRM, "Trang này hỏi bác")],
)
def test_what_the_page_says_is_said_to_be_the_pages(make_kiosk, kind: DialogKind, heading: str) -> None:
    """No page may speak as the kiosk, and one that only tells does not ask."""
    kiosk = make_kiosk()
    card, _ = PageAsks(kiosk.look, kiosk.shell).open(DialogRequest(kind, "Bác trúng thưởng"))
    assert texts(card)[:2] == [heading, "Bác trúng thưởng"]
    card.close_with(None)


def test_the_camera_is_asked_for_in_our_own_words(pickers) -> None:
    kiosk, _ = pickers
    card, _ = PageAsks(kiosk.look, kiosk.shell).open(DialogRequest(DialogKind.CAMERA, "nghe lời trang"))
    settle()
    assert "Trang muốn dùng máy chụp hình. Bác có cho không?" in texts(kiosk.shell)
    assert "nghe lời trang" not in texts(kiosk.shell)
    kiosk.tap("Không")
    assert card.answer is False
