"""What every widget is handed: the words of the shown language, the theme and the settings.

`changed` is emitted after a change of language, text size or contrast; the shell then redraws in place.
`spoken` comes before it, with another language only: who holds texts fetches them anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from kioskcore import paths
from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.told import Told
from kioskcore.words import Words, load_words
from ui.theme import CALM, STRONG, TextSize, Theme

WORD_FOLDERS: Final = tuple(
    paths.ROOT / place / "words" for place in ("kioskcore", "scanner", "ui", "ui/keyboard")
)
"""The scanner names its own findings; their words lie with it."""


FIRST: Final = "vi"
"""The language that stands in where another lacks words."""


def load_languages(config: Config) -> dict[str, Words]:
    """Our languages, and those of the guides' folder; Vietnamese stands in for words that lack."""
    folders, places = list(WORD_FOLDERS), [paths.SCREEN_WORDS]
    if config.guides.folder:
        own = Path(config.guides.folder) / paths.OWN_SCREENS
        folders.append(own)
        places.insert(0, own)
    found = load_words(folders, places)
    first = found[FIRST]
    return {
        code: words if words.keys() >= first.keys() else words.over(first) for code, words in found.items()
    }


class Look(QObject):
    """One for the whole window; the visit's language lives here and ends with the process."""

    changed = Signal()
    spoken = Signal()

    def __init__(self, config: Config, dpi: float, words: Mapping[str, Words] | None = None) -> None:
        super().__init__()
        self.config = config
        self.by_keyboard = False
        self._all = dict(words) if words is not None else load_languages(config)
        self.languages = [code for code in config.screen.languages if code in self._all] or list(self._all)
        self.words = self._all[self.languages[0]]
        colours = STRONG if config.screen.high_contrast else CALM
        self.theme = Theme(colours, dpi, TextSize(config.screen.text_size))

    @property
    def language(self) -> str:
        return self.words.language

    def say(self, key: str, **facts: str | int | float) -> str:
        return self.words.say(key, **facts)

    def say_in(self, language: str, key: str) -> str:
        """A word of another language: the language buttons name themselves."""
        return self._all[language].say(key)

    def error(self, fault: KioskError) -> tuple[str, str]:
        """Sentence and action; a fact that the sentence wants and the fault lacks becomes "?"."""
        wanted = self.words.placeholders(f"error.{fault.code}.say")
        wanted |= self.words.placeholders(f"error.{fault.code}.do")
        return self.words.error(fault.code, {name: fault.facts.get(name, "?") for name in wanted})

    def partial(self, language: str) -> bool:
        """Whether Vietnamese stands in for some of its words."""
        return self._all[language].layered

    def own(self, text: str) -> str:
        """A text of the settings, which may be heard as our words may."""
        return Told(text, language=FIRST)

    def speak(self, language: str) -> None:
        if language != self.language:
            self.words = self._all[language]
            self.spoken.emit()
            self.changed.emit()

    def set_text_size(self, size: TextSize) -> None:
        self.theme = replace(self.theme, text_size=size)
        self.changed.emit()

    def next_text_size(self) -> None:
        sizes = list(TextSize)
        self.set_text_size(sizes[(sizes.index(self.theme.text_size) + 1) % len(sizes)])

    @property
    def high_contrast(self) -> bool:
        return self.theme.colours is STRONG

    def set_high_contrast(self, on: bool) -> None:
        self.theme = replace(self.theme, colours=STRONG if on else CALM)
        self.changed.emit()

    def set_dpi(self, dpi: float) -> None:
        """The screen changed under us."""
        if abs(dpi - self.theme.dpi) > 0.5:
            self.theme = replace(self.theme, dpi=dpi)
            self.changed.emit()
