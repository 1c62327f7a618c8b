"""Which marks a key of Telex or VNI puts on the vowels of a word: pure functions on lower-case letters.

`marked` answers with the word's letters after the key, or None where the key changes nothing.
"""

from typing import Literal

from ui.keyboard.syllable import Tone, may_become, plain, split

Method = Literal["telex", "vni"]
Mark = Literal["circumflex-a", "circumflex-e", "circumflex-o", "circumflex", "horn-breve", "horn", "breve"]

TONE_KEYS: dict[Method, dict[str, Tone]] = {
    "telex": {
        "s": Tone.SAC,
        "f": Tone.HUYEN,
        "r": Tone.HOI,
        "x": Tone.NGA,
        "j": Tone.NANG,
        "z": Tone.NGANG,
    },
    "vni": {
        "1": Tone.SAC,
        "2": Tone.HUYEN,
        "3": Tone.HOI,
        "4": Tone.NGA,
        "5": Tone.NANG,
        "0": Tone.NGANG,
    },
}
MARK_KEYS: dict[Method, dict[str, Mark]] = {
    "telex": {"a": "circumflex-a", "e": "circumflex-e", "o": "circumflex-o", "w": "horn-breve"},
    "vni": {"6": "circumflex", "7": "horn", "8": "breve"},
}
STROKE_KEYS: dict[Method, str] = {"telex": "d", "vni": "9"}

_HAT = {"a": "â", "e": "ê", "o": "ô"}
_OPEN_UO = ("", "h", "th", "kh")
"""Onsets after which an open "uo" becomes "uơ" (huơ, thuở, khuơ), elsewhere "ươ"."""


def marked(letters: str, mark: Mark, tone: Tone) -> str | None:
    """The word with the mark, where that is or may become a syllable."""
    onset, nucleus, final = split(letters)
    if not nucleus or not may_become(letters):
        return None
    for candidate in _candidates(onset, nucleus, final, mark):
        word = onset + candidate + final
        if candidate != nucleus and may_become(word, tone if may_become(letters, tone) else Tone.NGANG):
            return word
    return None


def unmarked(letters: str, mark: Mark) -> str | None:
    """The word without the marks of this kind, or None where it has none."""
    onset, nucleus, final = split(letters)
    gone = "".join(plain(letter) if letter in _made_by(mark) else letter for letter in nucleus)
    return None if gone == nucleus else onset + gone + final


def promoted(letters: str) -> str:
    """The word with "ưo" and "uơ" made "ươ" as soon as a letter follows them: thuơ + n, nguwo + i."""
    onset, nucleus, final = split(letters)
    if nucleus[:2] in ("ưo", "uơ") and nucleus[2:] + final:
        word = f"{onset}ươ{nucleus[2:]}{final}"
        if may_become(word):
            return word
    return letters


def stroked(letters: str) -> str | None:
    """The word with its d made đ: the whole onset is d, or it has no vowel yet and ends in d (HĐND)."""
    if not may_become(letters):
        return None
    onset, nucleus, _final = split(letters)
    if onset == "d":
        return "đ" + letters[1:]
    return letters[:-1] + "đ" if not nucleus and onset.endswith("d") else None


def unstroked(letters: str) -> str | None:
    onset, nucleus, _final = split(letters)
    if not may_become(letters):
        return None
    if onset == "đ":
        return "d" + letters[1:]
    return letters[:-1] + "d" if not nucleus and onset.endswith("đ") else None


def _made_by(mark: Mark) -> str:
    return {"circumflex": "âêô", "horn-breve": "ơưă", "horn": "ơư", "breve": "ă"}.get(mark) or _HAT[mark[-1]]


def _candidates(onset: str, nucleus: str, final: str, mark: Mark) -> list[str]:
    if mark.startswith("circumflex"):
        return _hats(nucleus, "aeo" if mark == "circumflex" else mark[-1])
    found: list[str] = []
    if mark != "breve":
        found += _horns(onset, nucleus, final)
    if mark != "horn":
        found += _on_last(nucleus, "a", "ă")
    return found


def _hats(nucleus: str, bases: str) -> list[str]:
    """The last fitting vowel gets the hat. After a horned u ("ươ"), o takes the u's horn away with it."""
    for at in reversed(range(len(nucleus))):
        base = plain(nucleus[at])
        if base in bases:
            if nucleus[at] == _HAT[base]:
                return []
            hatted = nucleus[:at] + _HAT[base] + nucleus[at + 1 :]
            return [hatted, hatted.replace("ưô", "uô")]
    return []


def _horns(onset: str, nucleus: str, final: str) -> list[str]:
    skeleton = "".join(plain(letter) for letter in nucleus)
    if skeleton.startswith("uo"):
        rest = nucleus[2:]
        if not rest and not final and onset in _OPEN_UO and nucleus[0] == "u" and nucleus[1] != "ơ":
            return ["uơ"]
        return [f"ươ{rest}"]
    if skeleton.startswith("u"):
        return ["ư" + nucleus[1:]]
    return _on_last(nucleus, "o", "ơ")


def _on_last(nucleus: str, base: str, letter: str) -> list[str]:
    for at in reversed(range(len(nucleus))):
        if plain(nucleus[at]) == base:
            return [nucleus[:at] + letter + nucleus[at + 1 :]]
    return []
