"""Puts the facts and the words of one guide together: the person's language first, then Vietnamese."""

from collections.abc import Callable, Mapping
from pathlib import Path

from guides.model import PaperNeed, Question, Step
from guides.schema import (
    FIRST_LANGUAGE,
    GuideWords,
    PaperUse,
    PaperWords,
    QuestionWords,
    Shared,
    SharedWords,
    StepUse,
    StepWords,
)
from kioskcore.told import Told


class Teller:
    """Asked once for each word of one guide; `borrowed` tells that Vietnamese had to stand in."""

    def __init__(
        self,
        language: str,
        *,
        words: GuideWords,
        first: GuideWords,
        shared_words: Mapping[str, SharedWords],
        shared: Shared,
        picture: Callable[[str], Path | None],
        sounds: tuple[Path, ...],
        shared_sounds: tuple[Path, ...],
    ) -> None:
        empty = SharedWords()
        self._places = [words, shared_words.get(language, empty)]
        self._fallback = [first, shared_words.get(FIRST_LANGUAGE, empty)]
        self._shared, self._file_of = shared, picture
        self._language, self._sounds, self._shared_sounds = language, sounds, shared_sounds
        self.borrowed = False

    def _find(self, section: str, key: str) -> object:
        for place in self._places:
            if key in getattr(place, section, {}):
                return getattr(place, section)[key]
        self.borrowed = True
        for place in self._fallback:
            if key in getattr(place, section, {}):
                return getattr(place, section)[key]
        return None

    def _told(self, text: str, section: str, name: str) -> str:
        """A text that `_find` found, with the places of its recording: a shared one says shared words only.

        `name`: the words' key, and after a dot which of their sentences it is.
        """
        key = name.partition(".")[0]
        written = next((place for place in self._places if key in getattr(place, section, {})), None)
        own = next((w for w in (self._places[0], self._fallback[0]) if key in getattr(w, section, {})), None)
        places = self._sounds if own is not None else (*self._sounds, *self._shared_sounds)
        language = self._language if written is not None else FIRST_LANGUAGE
        return Told(text, key=f"{section}.{name}", language=language, places=places)

    def _picture(self, name: str) -> tuple[Path | None, str]:
        picture = self._file_of(name)
        return picture, str(self._find("pictures", name) or "") if picture else ""

    def level(self, online: str) -> str:
        return self._told(str(self._find("online", online) or ""), "online", online)

    def paper(self, use: PaperUse) -> PaperNeed:
        words = self._find("papers", use.key)
        assert isinstance(words, PaperWords)
        shared = self._shared.papers.get(use.key)
        picture, alt = self._picture(shared.picture if shared else "")
        return PaperNeed(
            use.key,
            self._told(words.title, "papers", use.key),
            use.kind,
            use.scan,
            use.required,
            self._told(words.note, "papers", use.key),
            use.held,
            picture,
            alt,
        )

    def step(self, use: StepUse) -> Step:
        words = self._find("steps", use.key)
        assert isinstance(words, StepWords)
        shared = self._shared.steps.get(use.key)
        url = use.url if use.url is not None else shared.url if shared else ""
        texts = use.texts if use.texts is not None else shared.texts if shared else ()
        picture, alt = self._picture(shared.picture if shared else "")
        hands_off = shared.hands_off if shared else False
        text, hint = (self._told(said, "steps", use.key) for said in (words.text, words.hint))
        return Step(use.key, text, url, texts, hint, hands_off, picture, alt)

    def question(self, key: str) -> Question:
        words = self._find("questions", key)
        assert isinstance(words, QuestionWords)
        shared = self._shared.questions[key]
        picture, alt = self._picture(shared.picture)
        text, fetch, where = (
            self._told(said, "questions", f"{key}{part}")
            for said, part in ((words.text, ""), (words.fetch, ".fetch"), (words.where, ".where"))
        )
        return Question(key, text, shared.good, fetch, where, shared.stops, picture, alt)
