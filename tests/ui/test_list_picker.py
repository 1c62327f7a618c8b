"""Our own list: what is offered, found by typing, ticked, and how a long one is gone through."""

import pytest
from house import rule_faults, texts
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QWidget

from portal.webview.asking import ListRequest, Option
from ui.gallery import settle
from ui.screens.list_picker import AT_ONCE, ListPicker
from ui.theme import TextSize
from ui.widgets.buttons import ActionButton

PROVINCES = ("An Giang", "Đắk Lắk", "Điện Biên", "Khánh Hòa", "Lâm Đồng", "Thành phố Hồ Chí Minh")


def request(count: int = 6, chosen: tuple[int, ...] = (), *, multiple: bool = False) -> ListRequest:
    names = [PROVINCES[number] if number < 6 else f"Xã Mẫu {number}" for number in range(count)]
    options = [Option(at + 1, name, "", at in chosen) for at, name in enumerate(names)]
    return ListRequest(tuple(options), multiple)


@pytest.fixture
def listed(make_kiosk):
    kiosk = make_kiosk()
    kiosk.go_to_portal()

    def show(wanted: ListRequest):
        card = ListPicker(kiosk.look, kiosk.shell).open(wanted)
        settle()
        assert rule_faults(kiosk.shell) == []
        return card

    return kiosk, show


def test_a_tap_on_a_line_is_the_choice(listed) -> None:
    kiosk, show = listed
    card = show(request(chosen=(3,)))
    assert card.findChildren(QLineEdit) == []  # a short list needs no search
    chosen = [one for one in card.findChildren(ActionButton) if one.kind == "chosen"]
    assert [one.accessibleName() for one in chosen] == ["Khánh Hòa, đang chọn"]
    assert all(one.height() >= kiosk.look.theme.mm(16) for one in card.findChildren(ActionButton))
    kiosk.tap("Điện Biên")
    assert card.answer == [3]


def test_who_changes_their_mind_chooses_nothing(listed) -> None:
    kiosk, show = listed
    card = show(request())
    kiosk.tap("Thôi")
    assert card.answer is None


def test_several_are_ticked(listed) -> None:
    kiosk, show = listed
    card = show(request(chosen=(0, 1), multiple=True))
    kiosk.tap("An Giang")
    kiosk.tap("Lâm Đồng")
    kiosk.tap("Xong")
    assert card.answer == [2, 5]


@pytest.mark.parametrize("typed", ["đắk", "dak lak", "Lac dak", "lắk"])
def test_a_long_list_is_searched_without_marks_of_tone(listed, typed: str) -> None:
    kiosk, show = listed
    card = show(request(40))
    (line,) = card.findChildren(QLineEdit)
    line.setText(typed.replace("Lac", "lak"))
    settle()
    names = [one.text() for one in card.findChildren(ActionButton) if one.objectName().startswith("option")]
    assert names == ["Đắk Lắk"] and rule_faults(kiosk.shell) == []
    line.setText("zz")
    settle()
    assert kiosk.say("ui.list.nothing") in texts(kiosk.shell)


def test_a_list_too_long_to_show_at_once_opens_at_the_present_line_and_goes_round(listed) -> None:
    _, show = listed
    card = show(request(2 * AT_ONCE + 5, (AT_ONCE + 9,)))

    def lines() -> list[str]:
        found = [one for one in card.findChildren(ActionButton) if one.objectName().startswith("option")]
        return [one.text() for one in found if one.isVisibleTo(card)]

    assert lines()[0] == f"Xã Mẫu {AT_ONCE}" and len(lines()) == AT_ONCE
    (here,) = [one for one in card.findChildren(ActionButton) if one.kind == "chosen"]
    assert not here.visibleRegion().isEmpty()
    for first in (f"Xã Mẫu {2 * AT_ONCE}", "An Giang"):
        card.findChild(ActionButton, "more-options").click()
        settle()
        assert lines()[0] == first


def test_groups_are_headings(listed) -> None:
    kiosk, show = listed
    card = show(ListRequest((Option(0, ""), Option(1, "Một", "Miền Nam"), Option(2, "Hai", "Miền Bắc"))))
    order = ("Không chọn gì", "Miền Nam", "Một", "Miền Bắc", "Hai")
    said = [one for one in card.findChildren(QWidget) if getattr(one, "text", str)() in order]
    said.sort(key=lambda one: one.mapTo(card, QPoint(0, 0)).y())
    assert tuple(one.text() for one in said) == order
    kiosk.tap("Không chọn gì")
    assert card.answer == [0]


def test_a_line_is_in_sight_in_very_large_letters_on_a_low_screen(listed) -> None:
    kiosk, show = listed
    kiosk.look.set_text_size(TextSize.HUGE)
    settle()
    card = show(request(40))
    (first,) = [one for one in card.findChildren(ActionButton) if one.objectName() == "option-1"]
    assert first.visibleRegion().boundingRect().height() >= kiosk.look.theme.touch
