"""What each key shows, types and is called in each state of the board."""

from dataclasses import dataclass
from enum import StrEnum

from kioskcore.words import Words
from ui.keyboard.key import Face, Tint
from ui.keyboard.layouts import ENDINGS, LATIN, SYMBOLS, Act, KeySpec
from ui.keyboard.syllable import Tone, with_tone


class Shift(StrEnum):
    OFF = "off"
    ONCE = "once"
    LOCKED = "locked"


@dataclass(frozen=True)
class BoardState:
    """What changes the faces of all keys at once. `marks`: the Vietnamese letters and the tones are there."""

    vietnamese: bool = True
    marks: bool = True
    shift: Shift = Shift.OFF
    symbols: bool = False


_SIGNS = {
    "@": "at",
    ".": "dot",
    ",": "comma",
    "-": "hyphen",
    "_": "underscore",
    "/": "slash",
    "\\": "backslash",
    ":": "colon",
    ";": "semicolon",
    "?": "question",
    "!": "exclamation",
    "#": "hash",
    "&": "ampersand",
    "*": "asterisk",
    "(": "open_round",
    ")": "close_round",
    "'": "apostrophe",
    '"': "quote",
    "+": "plus",
    "=": "equals",
    "%": "percent",
    "$": "dollar",
    "~": "tilde",
    "^": "caret",
    "<": "less",
    ">": "greater",
    "[": "open_square",
    "]": "close_square",
    "{": "open_curly",
    "}": "close_curly",
    "|": "bar",
}
_TONE_WORDS = {
    Tone.SAC: "tone_sac",
    Tone.HUYEN: "tone_huyen",
    Tone.HOI: "tone_hoi",
    Tone.NGA: "tone_nga",
    Tone.NANG: "tone_nang",
}
_ICONS = (Act.SHIFT, Act.BACKSPACE, Act.ENTER, Act.NEXT, Act.HIDE)


def typed_by(spec: KeySpec, state: BoardState) -> str:
    """The text that a TEXT or TONE key types now; empty where a TONE key sets a tone."""
    if spec.act is Act.TONE:
        return "" if state.marks else ENDINGS[spec.tone]
    text = spec.value
    if state.symbols and text in SYMBOLS:
        return SYMBOLS[text]
    if not state.marks and text in LATIN:
        return LATIN[text]
    return text if state.shift is Shift.OFF else text.upper()


def face_of(spec: KeySpec, state: BoardState, words: Words) -> tuple[Face, str]:
    """What is painted, and the accessible name."""
    if spec.act is Act.TEXT:
        text = typed_by(spec, state)
        own = state.marks and spec.value in LATIN
        return Face(text, tint=Tint.VIETNAMESE if own else Tint.LETTER), _name(text, words)
    if spec.act is Act.TONE:
        return _tone_face(spec, state, words)
    if spec.act in _ICONS:
        label, say, tint = spec.act.value, spec.act.value, Tint.ACTION
        if spec.act is Act.SHIFT and state.shift is not Shift.OFF:
            say, tint = "shift_on", Tint.ON
            if state.shift is Shift.LOCKED:
                label = say = "shift_locked"
        caption = words.say(f"keyboard.label.{label}")
        return Face(caption=caption, icon=spec.act, tint=tint), words.say(f"keyboard.say.{say}")
    if spec.act is Act.LANGUAGE:
        now = "vietnamese" if state.vietnamese else "english"
        tint = Tint.ON if state.vietnamese else Tint.ACTION
        return Face(words.say(f"keyboard.label.{now}"), tint=tint), words.say(f"keyboard.say.{now}")
    key = "abc" if spec.act is Act.SYMBOLS and state.symbols else spec.act.value
    tint = Tint.LETTER if spec.act is Act.SPACE else Tint.ACTION
    return Face(words.say(f"keyboard.label.{key}"), tint=tint), words.say(f"keyboard.say.{key}")


def _tone_face(spec: KeySpec, state: BoardState, words: Words) -> tuple[Face, str]:
    if not state.marks:
        text = ENDINGS[spec.tone]
        return Face(text), text
    name = _TONE_WORDS[spec.tone]
    letter = with_tone("a" if state.shift is Shift.OFF else "A", spec.tone)
    face = Face(letter, words.say(f"keyboard.label.{name}"), tint=Tint.TONE)
    return face, words.say(f"keyboard.say.{name}")


def _name(text: str, words: Words) -> str:
    if text in _SIGNS:
        return words.say(f"keyboard.sign.{_SIGNS[text]}")
    return words.say("keyboard.say.upper", letter=text.lower()) if text != text.lower() else text
