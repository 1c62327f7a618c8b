"""Which fields get Vietnamese, digits or plain letters, by what Qt and a page say of them."""

import pytest
from PySide6.QtCore import Qt

from ui.keyboard.field import Field, field_of_hints, field_of_page

Hint = Qt.InputMethodHint


@pytest.mark.parametrize(
    ("hints", "field"),
    [
        (Hint.ImhNone, Field()),
        (Hint.ImhNoPredictiveText | Hint.ImhPreferLowercase | Hint.ImhMultiLine, Field()),
        (Hint.ImhDigitsOnly, Field(digits=True, vietnamese=False)),
        (Hint.ImhFormattedNumbersOnly, Field(digits=True, vietnamese=False)),
        (Hint.ImhDialableCharactersOnly, Field(digits=True, vietnamese=False)),
        (Hint.ImhEmailCharactersOnly, Field(vietnamese=False)),
        (Hint.ImhUrlCharactersOnly, Field(vietnamese=False)),
        (Hint.ImhHiddenText | Hint.ImhSensitiveData, Field(vietnamese=False, secret=True)),
        (Hint.ImhHiddenText | Hint.ImhDigitsOnly, Field(vietnamese=False, secret=True)),
    ],
)
def test_qt_hints(hints: Qt.InputMethodHint, field: Field) -> None:
    assert field_of_hints(hints) == field


@pytest.mark.parametrize(
    ("told", "vietnamese", "digits"),
    [
        ({"type": "text", "about": "Họ và tên"}, True, False),
        ({"type": "text", "about": "option note shipping"}, True, False),
        ({"type": "text", "about": "Nơi cư trú", "autocomplete": "street-address"}, True, False),
        ({"type": "text", "autocomplete": "one-time-code"}, False, False),
        ({"type": "text", "autocomplete": "one-time-code", "inputmode": "numeric"}, False, True),
        ({"type": "text", "about": "txtOTP"}, False, False),
        ({"type": "text", "about": "Nhập mã xác nhận"}, False, False),
        ({"type": "text", "about": "ma_xac_thuc"}, False, False),
        ({"type": "text", "about": "captchaCode"}, False, False),
        ({"type": "text", "about": "Mã kiểm tra"}, False, False),
        ({"type": "text", "about": "Tên đăng nhập"}, False, False),
        ({"type": "text", "about": "Địa chỉ email"}, False, False),
        ({"type": "email"}, False, False),
        ({"type": "url"}, False, False),
        ({"type": "tel"}, False, True),
        ({"type": "text", "inputmode": "decimal"}, False, True),
        ({"type": "text", "autocomplete": "username"}, False, False),
        ({}, True, False),
    ],
)
def test_page_attributes(told: dict[str, str], vietnamese: bool, digits: bool) -> None:
    assert field_of_page(Field(), told) == Field(digits=digits, vietnamese=vietnamese)


def test_a_page_cannot_bring_vietnamese_back() -> None:
    for field in (Field(vietnamese=False), Field(vietnamese=False, secret=True), Field(True, False)):
        assert field_of_page(field, {"type": "text", "about": "Họ tên"}) == field


@pytest.mark.parametrize("more", [{"inputmode": "numeric"}, {"about": "passcode Passcode 6 chữ số"}])
def test_a_masked_code_of_digits_gets_the_number_pad(more: dict[str, str]) -> None:
    wanted = Field(digits=True, vietnamese=False, secret=True)
    assert field_of_page(Field(), {"type": "password", **more}) == wanted


def test_a_password_by_type_is_secret() -> None:
    assert field_of_page(Field(), {"type": "password"}) == Field(vietnamese=False, secret=True)
