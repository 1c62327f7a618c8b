"""The two ways of typing in a play: keys of a real keyboard, or a finger on the keys of the screen.

Both take up one field after the other: `take_up(window)`, then `clear` and `type`.
"""

import unicodedata
from collections.abc import Callable, Generator
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from shiboken6 import isValid

from ui.keyboard.board import Board
from ui.keyboard.composer import Composer
from ui.keyboard.key import Key
from ui.keyboard.layouts import Act as KeyAct
from ui.keyboard.layouts import KeySpec
from ui.keyboard.syllable import Tone, without_tone
from ui.rehearsal import eyes, hands
from ui.rehearsal.acts import POLL_MS, Act, Ask, Patience, Pause, StepFailedError, Work

KEY_MS = 12  # a quick typist; pages that rewrite a field as one types need a moment between keys
TAP_MS = 40
_SHOWS_WITHIN_SECONDS = 5.0
_TOLD_MS = 400
"""From the first key on the screen until the page has said what kind of field it is."""
_TREMBLE_MS = 60
"""Waited beyond the board's guard before the same key is struck again."""
_LONGEST = 300
"""A field that is not empty after so many strikes of the delete key is never emptied."""

_KEYS_OF_SIGNS = {" ": KeyAct.SPACE, "\n": KeyAct.ENTER}

Filled = Callable[[], Generator[Pause | Ask | Act, Any, bool]]


class Typist(Protocol):
    """Each method is work of a step. `filled`: whether something stands in the field now."""

    def take_up(self, window: QWindow) -> Work: ...
    def clear(self, filled: Filled) -> Work: ...
    def type(self, text: str) -> Work: ...


class KeyTypist:
    """Strikes real keys, every letter as one."""

    def take_up(self, window: QWindow) -> Work:
        self._window = window
        yield from ()

    def clear(self, filled: Filled) -> Work:
        """Select all: the first key then takes its place."""
        held = Qt.KeyboardModifier.ControlModifier
        yield Act(lambda: hands.key(self._window, Qt.Key.Key_A, held), KEY_MS)

    def type(self, text: str) -> Work:
        for character in text:
            yield Act(lambda letter=character: hands.letter(self._window, letter), KEY_MS)  # type: ignore[misc]


class FingerTypist:
    """Taps the keys on the screen by what is painted on them. Fails: NO-KEYBOARD, NO-KEY, NOT-CLEARED."""

    def __init__(self) -> None:
        self._window: QWindow | None = None
        self._last: Key | None = None

    def take_up(self, window: QWindow) -> Work:
        self._window = window
        patience = Patience(_SHOWS_WITHIN_SECONDS)
        patience.why = "NO-KEYBOARD"
        while self._board() is None:
            patience.check()
            yield Pause(POLL_MS)
        self._last = None
        yield Pause(_TOLD_MS)

    def clear(self, filled: Filled) -> Work:
        for _ in range(_LONGEST):
            yield from self._strike(self._key_of(KeyAct.BACKSPACE))
            if not (yield from filled()):
                return
        raise StepFailedError("NOT-CLEARED")

    def type(self, text: str) -> Work:
        for place, word in enumerate(unicodedata.normalize("NFC", text).split(" ")):
            if place:
                yield from self._type_one(" ")
            yield from self._choose_language(word)
            for character in word:
                yield from self._type_one(character)

    # ---- one word, one letter --------------------------------------------------------------------------

    def _choose_language(self, word: str) -> Work:
        """Vietnamese for what has marks, plain letters for what Vietnamese typing would change."""
        vietnamese = self._shown().state.vietnamese
        if vietnamese != (not word.isascii()) and (not word.isascii() or not _typed_as_it_is(word)):
            switch = self._find(lambda key: key.spec.act is KeyAct.LANGUAGE)
            if switch is not None:  # the number pad has none, and needs none
                yield from self._strike(switch)

    def _type_one(self, character: str) -> Work:
        letter, tone = without_tone(character)
        yield from self._strike((yield from self._turn_up(letter)))
        if tone is not Tone.NGANG:
            yield from self._strike(self._key_of(KeyAct.TONE, tone))

    def _turn_up(self, letter: str) -> Generator[Pause | Ask | Act, Any, Key]:
        """The key that shows the letter, after the switches that bring it to the board."""
        act = _KEYS_OF_SIGNS.get(letter, KeyAct.TEXT)
        face = letter if act is KeyAct.TEXT else None
        shift = [KeyAct.SHIFT] if letter != letter.lower() else []
        for switch in (None, *shift, KeyAct.LETTERS, KeyAct.SYMBOLS, KeyAct.SYMBOLS, *shift):
            turn = self._find(lambda key, act=switch: key.spec.act is act)  # type: ignore[misc]
            if turn is not None:
                yield from self._strike(turn)
            found = self._find(lambda key: key.spec.act is act and face in (None, key.face.text))
            if found is not None:
                return found
        raise StepFailedError("NO-KEY")

    # ---- the board ---------------------------------------------------------------------------------------

    def _strike(self, key: Key) -> Work:
        """Tap its middle, after the time in which the same key again would count as trembling."""
        spec = key.spec
        if key is self._last:
            yield Pause(round(self._shown().guard_seconds * 1000) + _TREMBLE_MS)
        if not isValid(key):  # the page told late what kind of field it is, and the board has other keys now
            key = self._key_like(spec)
        why = eyes.reachable(eyes.Spot(key, key.rect(), 0))
        if why:
            raise StepFailedError(why)
        self._last = key
        yield Act(lambda: hands.tap(key, key.rect().center()), TAP_MS, returns=True)

    def _key_like(self, spec: KeySpec) -> Key:
        wanted = (spec.act, spec.value, spec.tone)
        found = self._find(lambda key: (key.spec.act, key.spec.value, key.spec.tone) == wanted)
        if found is None:
            raise StepFailedError("NO-KEY")
        return found

    def _key_of(self, act: KeyAct, tone: Tone = Tone.NGANG) -> Key:
        found = self._find(lambda key: key.spec.act is act and key.spec.tone is tone)
        if found is None:
            raise StepFailedError("NO-KEY")
        return found

    def _find(self, fits: Callable[[Key], bool]) -> Key | None:
        return next((key for key in self._shown().all_keys if fits(key)), None)

    def _shown(self) -> Board:
        board = self._board()
        if board is None:
            raise StepFailedError("NO-KEYBOARD")
        return board

    def _board(self) -> Board | None:
        """The board of the field's own window, where it shows."""
        windows = [shown for shown in eyes.on_top() if hands.window_of(shown) is self._window]
        boards = (board for shown in windows for board in shown.findChildren(Board))
        return next((board for board in boards if board.isVisible()), None)


def _typed_as_it_is(word: str) -> bool:
    """Whether composing leaves the word alone, whichever way of typing is set."""
    for method in ("telex", "vni"):
        composer, stands = Composer(method), ""
        for letter in word:
            edit = composer.key(letter)
            stands = stands[: len(stands) - edit.delete] + edit.insert
        if stands != word:
            return False
    return True


def typist_for(typing: str) -> Typist:
    """The typist of a scenario: "screen" taps, "keys" strikes."""
    return FingerTypist() if typing == "screen" else KeyTypist()
