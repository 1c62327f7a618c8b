"""Which key stands where, as data: rows of keys measured in units of one letter key. No Qt."""

from dataclasses import dataclass
from enum import StrEnum

from ui.keyboard.syllable import Tone


class Act(StrEnum):
    """What a key does; the words name each in `keyboard.<act>`."""

    TEXT = "text"
    TONE = "tone"
    SPACE = "space"
    SHIFT = "shift"
    BACKSPACE = "backspace"
    ENTER = "enter"
    NEXT = "next"
    LANGUAGE = "language"
    SYMBOLS = "symbols"
    LETTERS = "letters"  # from the number pad to the letters
    HIDE = "hide"
    GAP = "gap"  # no key: air between blocks


@dataclass(frozen=True)
class KeySpec:
    """`value`: the text of a TEXT key, empty for the others. `width` in units."""

    act: Act
    value: str = ""
    width: float = 1.0
    tone: Tone = Tone.NGANG


@dataclass(frozen=True)
class Layout:
    """Rows from top to bottom. `units` is the width of a row; shorter rows are filled with air at the end."""

    rows: tuple[tuple[KeySpec, ...], ...]
    widest_mm: float  # a unit is never wider than this

    @property
    def units(self) -> float:
        return max(sum(key.width for key in row) for row in self.rows)


def _text(chars: str, width: float = 1.0) -> tuple[KeySpec, ...]:
    return tuple(KeySpec(Act.TEXT, char, width) for char in chars)


def _tone(tone: Tone, width: float) -> KeySpec:
    return KeySpec(Act.TONE, width=width, tone=tone)


_TONES = (Tone.SAC, Tone.HUYEN, Tone.HOI, Tone.NGA, Tone.NANG)
_GAP = KeySpec(Act.GAP, width=0.25)

_DIGIT_ROW = (*_text("1234567890"), KeySpec(Act.BACKSPACE, width=2))
_TOP_ROW = _text("qwertyuiop-/")
_HOME_ROW = (KeySpec(Act.GAP, width=0.5), *_text("asdfghjkl"), KeySpec(Act.ENTER, width=2.5))
_LOW_ROW = (KeySpec(Act.SHIFT, width=2), *_text("zxcvbnm,.@"))
_LEFT_OF_SPACE = (KeySpec(Act.SYMBOLS, width=1.5), KeySpec(Act.LANGUAGE, width=1.5))

TALL = Layout(
    (
        _DIGIT_ROW,
        (*_text("ăâđêôơư"), *(_tone(tone, 1) for tone in _TONES)),
        _TOP_ROW,
        _HOME_ROW,
        _LOW_ROW,
        (
            *_LEFT_OF_SPACE,
            KeySpec(Act.SPACE, width=5),
            KeySpec(Act.NEXT, width=2),
            KeySpec(Act.HIDE, width=2),
        ),
    ),
    widest_mm=30,
)
"""Six rows for upright screens: the Vietnamese letters and the tones lie above the letters."""

WIDE = Layout(
    (
        (*_DIGIT_ROW, _GAP, *_text("ăâ"), _GAP, _tone(Tone.SAC, 2)),
        (*_TOP_ROW, _GAP, *_text("đê"), _GAP, _tone(Tone.HUYEN, 2)),
        (*_HOME_ROW, _GAP, *_text("ôơ"), _GAP, _tone(Tone.HOI, 2)),
        (*_LOW_ROW, _GAP, *_text("ư", 2), _GAP, _tone(Tone.NGA, 2)),
        (
            *_LEFT_OF_SPACE,
            KeySpec(Act.SPACE, width=7),
            KeySpec(Act.NEXT, width=2),
            _GAP,
            KeySpec(Act.HIDE, width=2),
            _GAP,
            _tone(Tone.NANG, 2),
        ),
    ),
    widest_mm=30,
)
"""Five rows for lying screens, which are low: the Vietnamese letters and the tones lie at the right hand."""

NUMBERS = Layout(
    (
        (*_text("123/"), KeySpec(Act.BACKSPACE, width=1.5)),
        (*_text("456-"), KeySpec(Act.NEXT, width=1.5)),
        (*_text("789."), KeySpec(Act.ENTER, width=1.5)),
        (KeySpec(Act.LETTERS), *_text("0,+"), KeySpec(Act.HIDE, width=1.5)),
    ),
    widest_mm=36,
)
"""The number pad."""

SYMBOLS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "!?#&*()'\"_+=%:;\\$~^<>[]{}|", strict=True))
"""What the letter keys type after the symbols key."""

LATIN = dict(zip("ăâđêôơư", "_:?&=#+", strict=True))
"""What the keys of the Vietnamese letters type in fields for addresses and codes."""

ENDINGS = dict(zip(_TONES, ("@gmail.com", ".com", ".vn", ".gov.vn", "www."), strict=True))
"""What the tone keys type in fields for addresses and codes."""
