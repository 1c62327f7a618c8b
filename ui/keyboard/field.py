"""What kind of typing the focused field wants, from Qt's input hints and from a web page's own attributes."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt

_Hint = Qt.InputMethodHint
_SECRET = _Hint.ImhHiddenText | _Hint.ImhSensitiveData
_DIGITS = _Hint.ImhDigitsOnly | _Hint.ImhFormattedNumbersOnly | _Hint.ImhDialableCharactersOnly
_LATIN = _Hint.ImhEmailCharactersOnly | _Hint.ImhUrlCharactersOnly | _Hint.ImhLatinOnly

_LATIN_TYPES = frozenset({"email", "url", "password"})
_DIGIT_TYPES = frozenset({"number", "tel"})
_DIGIT_MODES = frozenset({"numeric", "decimal", "tel"})
_LATIN_MODES = frozenset({"email", "url"})
_LATIN_FILLS = re.compile(r"^(email|username|(new|current)-password|url|tel|cc-|bday|postal-code|impp)")
_ONE_TIME = re.compile(r"one.?time|(?<![a-z])otp|otp(?![a-z])|ma (xac|bao mat)|maxac")
_DIGITS_SAID = re.compile(r"\d chu so(?![a-z])")
"""A passcode is masked like a password, and yet only digits."""
_CAPTCHA = re.compile(r"captcha|ma (hinh|anh|kiem tra)")
_LOGIN = re.compile(r"e-?mail|user.?name|pass.?word|ten dang nhap|mat khau|matkhau")


@dataclass(frozen=True)
class Field:
    """`digits`: show the number pad; `vietnamese`: compose; `secret`: a masked field."""

    digits: bool = False
    vietnamese: bool = True
    secret: bool = False


def field_of_hints(hints: Qt.InputMethodHint) -> Field:
    """From `Qt.ImHints`, which QtWebEngine fills from the type and inputmode of a web input too."""
    secret, digits = bool(hints & _SECRET), bool(hints & _DIGITS)
    return Field(digits and not secret, not (secret or digits or hints & _LATIN), secret)


def field_of_page(field: Field, told: Mapping[str, str]) -> Field:
    """The field again, knowing the page's attributes: "type", "inputmode", "autocomplete" and "about".

    `about` holds whatever names the field: name, id, label, placeholder.
    """
    kind, mode, fill = (told.get(name, "").strip().lower() for name in ("type", "inputmode", "autocomplete"))
    about = _folded(told.get("about", ""))
    one_time = fill == "one-time-code" or bool(_ONE_TIME.search(about))
    said = kind in _DIGIT_TYPES or mode in _DIGIT_MODES or bool(_DIGITS_SAID.search(about))
    digits = field.digits or said
    latin = digits or one_time or kind in _LATIN_TYPES or mode in _LATIN_MODES or field.secret
    latin = latin or bool(_LATIN_FILLS.match(fill) or _CAPTCHA.search(about) or _LOGIN.search(about))
    secret = field.secret or kind == "password"
    return Field(said or (digits and not secret), field.vietnamese and not latin, secret)


def _folded(text: str) -> str:
    """Lower case without Vietnamese marks, so that "Mã xác nhận" and "ma_xac_nhan" are one."""
    marks = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in marks if not unicodedata.combining(char)).replace("_", " ")
