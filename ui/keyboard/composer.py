"""Composes Vietnamese words key by key: a key answers with what to delete before the cursor and what to put.

No Qt, no clock, no memory beyond the present word. Characters are counted as NFC code points.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from ui.keyboard import marks
from ui.keyboard.marks import Method
from ui.keyboard.syllable import (
    ALPHABET,
    Tone,
    ToneStyle,
    foreign_onset,
    last_vowel,
    may_become,
    split,
    tone_index,
    with_tone,
    without_tone,
)

LONGEST = 32
"""No syllable is longer; what is longer is not read again letter by letter."""


class Edit(NamedTuple):
    """Delete so many characters before the cursor, then insert the text."""

    delete: int
    insert: str


@dataclass(frozen=True)
class _Word:
    """A word on its way. `letters` are lower case and toneless; `upper` says which are capitals.

    `raw` is what stands there if this is no Vietnamese syllable: the keys as typed, an undo and a named tone
    key having settled what came before them. `dead`: keys that were undone and are plain letters from now on.
    """

    letters: str = ""
    upper: tuple[bool, ...] = ()
    tone: Tone = Tone.NGANG
    raw: str = ""
    dead: frozenset[str] = frozenset()
    horn_given: bool = False  # ươ came by itself; the person's own w for it is still to come
    pinned: int = -1  # the letter whose tone was put there by hand
    lone_w: bool = False  # the ư is a w typed without a vowel

    def legal(self) -> bool:
        """Whether it is shown as a syllable. An open "oo" has no tone until its "ng" or "c" comes (Coor)."""
        open_oo = self.tone and split(self.letters)[1:] == ("oo", "")
        return not open_oo and may_become(self.letters, self.tone)

    def shown(self, style: ToneStyle) -> str:
        return self._spelled(style) if self.legal() else self.raw

    def appended(self, key: str) -> "_Word":
        lower = _lower(key)
        letters = self.letters + lower
        return replace(self, letters=letters, upper=(*self.upper, lower != key), raw=self.raw + key)

    def settled(self, style: ToneStyle) -> "_Word":
        return replace(self, raw=self._spelled(style))

    def _spelled(self, style: ToneStyle) -> str:
        carrier = tone_index(self.letters, style) if self.pinned < 0 else self.pinned
        if not self.tone:
            carrier = -1
        letters = list(self.letters)
        if carrier >= 0:
            letters[carrier] = with_tone(letters[carrier], self.tone)
        pairs = zip(letters, self.upper, strict=True)
        return "".join(letter.upper() if upper else letter for letter, upper in pairs)


class Composer:
    """One field's typing. `text` is the present word as it stands in the field."""

    def __init__(self, method: Method = "telex", tone_style: ToneStyle = "old") -> None:
        self._method = method
        self._style = tone_style
        self._word = _Word()
        self.text = ""

    def key(self, char: str) -> Edit:
        """One typed character: a letter, a direct letter (ă â đ ê ô ơ ư), a method key or anything else."""
        if not self._belongs(char):
            self.reset()
            return Edit(0, char)
        base, tone = without_tone(char)
        if tone and _lower(base) in ALPHABET:
            return self._becomes(self._with_ready_letter(char, base, tone))
        lower = _lower(char)
        word = None
        if lower not in self._word.dead:
            word = self._toned(char, lower) or self._marked(char, lower) or self._stroked(char, lower)
        if word is None and not char.isalpha() and self._word.legal():
            self.reset()  # a digit that marks nothing is a digit, and the word is over
            return Edit(0, char)
        return self._becomes(word or self._letter(char))

    def letter(self, char: str) -> Edit:
        """One typed character that stays as it is; the word is followed, so that a named tone finds it."""
        if len(char) != 1 or not char.isalpha():
            self.reset()
            return Edit(0, char)
        return self._becomes(self._word.appended(char))

    def tone(self, tone: Tone) -> Edit:
        """A named tone key. The same tone again takes it away; without a vowel nothing happens.

        A syllable carries it where the spelling wants it, any other word (Chamaléa) on its last vowel so far.
        """
        word = self._word
        toneless = "".join(_lower(without_tone(char)[0]) for char in self.text)
        if toneless == word.letters:  # else a key that shows as a letter would be swallowed
            toned = self._with_named_tone(word, Tone.NGANG if tone == word.tone else tone)
            if toned is not None:
                return self._becomes(toned)
        at = last_vowel(self.text)
        if at < 0:
            return Edit(0, "")
        letter, present = without_tone(self.text[at])
        marked = with_tone(letter, Tone.NGANG if tone == present else tone)
        changed = self._read(self.text[:at] + marked + self.text[at + 1 :])
        return self._becomes(replace(changed, dead=word.dead))

    def backspace(self) -> Edit:
        """Removes one letter with its marks; without a word, the character before the cursor."""
        if not self.text:
            return Edit(1, "")
        return self._becomes(self._read(self.text[:-1]))

    def resume(self, before: str) -> None:
        """Take up the word that ends at the cursor. `before`: the field's text left of the cursor."""
        start = len(before)
        while start > 0 and before[start - 1].isalpha():
            start -= 1
        self._word = self._read(before[start:])
        self.text = before[start:]

    def reset(self) -> None:
        """Forget the word: the cursor or the field has changed."""
        self._word = _Word()
        self.text = ""

    # ---- what a key does ---------------------------------------------------------------------------

    def _belongs(self, char: str) -> bool:
        if len(char) != 1 or not self._word.letters:
            return len(char) == 1 and char.isalpha()
        return char.isalpha() or char in marks.TONE_KEYS[self._method] or self._is_vni_mark(char)

    def _is_vni_mark(self, char: str) -> bool:
        return char in marks.MARK_KEYS[self._method] or char == marks.STROKE_KEYS[self._method]

    def _letter(self, char: str) -> _Word:
        word = self._word.appended(char)
        promoted = marks.promoted(word.letters)
        if promoted != word.letters:
            return replace(word, letters=promoted, horn_given=True)
        return word

    def _toned(self, char: str, lower: str) -> _Word | None:
        word = self._word
        tone = marks.TONE_KEYS[self._method].get(lower)
        if tone is None or tone_index(word.letters, self._style) < 0 or not may_become(word.letters):
            return None
        foreign = foreign_onset(word.letters)
        if char.isalpha() and foreign:
            return None  # Ksor is a name
        if tone == word.tone:
            return self._undone(replace(word, tone=Tone.NGANG), char) if tone else None
        toned = replace(word, tone=tone, pinned=_place_by_hand(word.letters), raw=word.raw + char)
        return toned.settled(self._style) if foreign else toned

    def _marked(self, char: str, lower: str) -> _Word | None:
        word = self._word
        mark = marks.MARK_KEYS[self._method].get(lower)
        if mark is None:
            return None
        letters = marks.marked(word.letters, mark, word.tone)
        if letters is not None:
            return replace(word, letters=letters, raw=word.raw + char)
        if mark in ("horn-breve", "horn") and word.horn_given:
            return replace(word, horn_given=False, raw=word.raw + char)
        if not may_become(word.letters):
            return None
        if lower == "w" and word.lone_w and word.letters.endswith("ư"):
            left = replace(word, letters=word.letters[:-1], upper=word.upper[:-1])
            if tone_index(left.letters, self._style) < 0 or left.pinned == len(left.letters):
                left = replace(left, tone=Tone.NGANG, pinned=-1)  # it went with its letter
            return self._undone(left, char)
        gone = marks.unmarked(word.letters, mark)
        if gone is not None:
            return self._undone(replace(word, letters=gone), char)
        if lower == "w" and tone_index(word.letters, self._style) < 0:
            added = word.appended("Ư" if char == "W" else "ư")
            return replace(added, raw=word.raw + char, lone_w=True)
        return None

    def _stroked(self, char: str, lower: str) -> _Word | None:
        word = self._word
        if lower != marks.STROKE_KEYS[self._method]:
            return None
        letters = marks.stroked(word.letters)
        if letters is not None:
            return replace(word, letters=letters, raw=word.raw + char)
        letters = marks.unstroked(word.letters)
        return None if letters is None else self._undone(replace(word, letters=letters), char)

    def _undone(self, word: _Word, char: str) -> _Word:
        """The mark is gone; the key stands there as a letter and stays one to the end of the word."""
        word = word.settled(self._style).appended(char)
        return replace(word, dead=word.dead | {_lower(char)}, horn_given=False, lone_w=False)

    def _with_ready_letter(self, char: str, base: str, tone: Tone) -> _Word:
        """An "é" that came whole, from an input method or a program: the tone stays where it was put."""
        word = replace(self._letter(base), tone=tone, pinned=len(self._word.letters))
        if self._word.tone or not word.legal():
            return self._word.appended(char)
        return word.settled(self._style)

    def _with_named_tone(self, word: _Word, tone: Tone) -> _Word | None:
        if tone_index(word.letters, self._style) < 0:
            return None
        toned = replace(word, tone=tone, pinned=_place_by_hand(word.letters))
        return toned.settled(self._style) if toned.legal() else None

    # ---- the field ---------------------------------------------------------------------------------

    def _becomes(self, word: _Word) -> Edit:
        old, new = self.text, word.shown(self._style)
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        self._word, self.text = word, new
        return Edit(len(old) - same, new[same:])

    def _read(self, text: str) -> _Word:
        """The word that shows this text; keys of before are plain letters now."""
        if len(text) > LONGEST:
            return _verbatim(text)
        word = _Word()
        for char in text:
            base, tone = without_tone(char)
            added = word.appended(base)
            toned = self._with_named_tone(added, tone) if tone and not word.tone else None
            word = toned or word.appended(char)
        shown = word.shown(self._style)
        same = len(shown) == len(text) if word.legal() else shown == text  # a syllable in the other style
        return word if same else _verbatim(text)


def _place_by_hand(letters: str) -> int:
    """Where the tone of a word of another language stays (Briáu); -1 where the spelling knows the place."""
    return last_vowel(letters) if foreign_onset(letters) else -1


def _verbatim(text: str) -> _Word:
    return _Word("0" + text, (False,) * (len(text) + 1), raw=text)


def _lower(char: str) -> str:
    """Lower case of a letter of the alphabet; any other character as it is ("İ" has no single one)."""
    lower = char.lower()
    return lower if lower in ALPHABET else char
