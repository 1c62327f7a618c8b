"""Says what is told, sentence after sentence: the recording, else the system's voice, else nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from kioskcore.told import Told

QUIETEST, LOUDEST, STEP = 10, 100, 15
"""Volume in percent. The softest can still be heard."""


class AnyVoice(Protocol):
    @property
    def ended(self) -> SignalInstance: ...
    def speaks(self, language: str) -> bool: ...
    def play(self, file: Path) -> None: ...
    def speak(self, text: str, language: str) -> None: ...
    def stop(self) -> None: ...
    def set_volume(self, volume: float) -> None: ...


@dataclass(frozen=True)
class Heard:
    """One thing to say: a recording, or a text in a language; `by` is what shows it."""

    file: Path | None
    text: str
    language: str
    by: QWidget | None = None


class Speaker(QObject):
    """`changed` when it begins or falls silent; `at(widget)` when it comes to what that shows."""

    changed = Signal()
    at = Signal(object)

    def __init__(self, language: Callable[[], str], volume: int, parent: QObject | None = None) -> None:
        """`language`: that of the visit now. `volume` in percent, to begin with."""
        super().__init__(parent)
        self._language = language
        self._voice: AnyVoice | None = None
        self._queue: list[Heard] = []
        self.volume = volume
        self.busy = False

    @property
    def ready(self) -> bool:
        return self._voice is not None

    def set_voice(self, voice: AnyVoice) -> None:
        self._voice = voice
        voice.set_volume(self.volume / 100)
        voice.ended.connect(self._next)
        self.changed.emit()

    def hears(self, told: Iterable[Told]) -> bool:
        """Whether any of it can be heard."""
        return any(True for one in told for _ in self._ways(one))

    def say(self, told: Sequence[tuple[Told, QWidget | None]]) -> bool:
        """Stop, and say these; whether there is anything to hear."""
        self.stop()
        for one, widget in told:
            for way in self._ways(one, widget):
                if not self._queue or (way.file, way.text) != (self._queue[-1].file, self._queue[-1].text):
                    self._queue.append(way)  # one recording may say two texts of the screen
        if self._queue:
            self.busy = True
            self.changed.emit()
            self._next()
        return self.busy

    def stop(self) -> None:
        self._queue.clear()
        if self._voice is not None:
            self._voice.stop()
        if self.busy:
            self.busy = False
            self.changed.emit()

    def change_volume(self, steps: int) -> None:
        self.volume = max(QUIETEST, min(LOUDEST, self.volume + steps * STEP))
        if self._voice is not None:
            self._voice.set_volume(self.volume / 100)

    def _ways(self, told: Told, by: QWidget | None = None) -> Iterator[Heard]:
        """How a text is heard. What is made of parts and has no recording or voice is heard in those."""
        if self._voice is None or not told.strip():
            return
        file = told.recording(self._language())
        if file is not None:
            yield Heard(file, "", "", by)
        elif self._voice.speaks(told.language) and not any(
            part.recording(self._language()) for part in told.parts
        ):
            from guides.speech import spoken  # not before the waiting screen is painted

            yield Heard(None, spoken(told, told.language), told.language, by)
        else:
            for part in told.parts:
                yield from self._ways(part, by)

    def _next(self) -> None:
        if not self._queue or self._voice is None:
            if self.busy:
                self.busy = False
                self.changed.emit()
            return
        one = self._queue.pop(0)
        self.at.emit(one.by)
        if one.file is not None:
            self._voice.play(one.file)
        else:
            self._voice.speak(one.text, one.language)
