"""The guides that screens use: `Library` reads guide folders once and answers in the person's language."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from guides import plain
from guides.cards import Cards
from guides.catalogue import Catalogue, Entry
from guides.faults import Fault, GuideError, room_words
from guides.folding import fold
from guides.kept import CARDS, CATALOGUE, DATA, kept_lists
from guides.lexicon import Lexicon
from guides.model import PORTAL, Guide, Hit, LifeEvent, PaperNeed, Tile
from guides.schema import (
    FIRST_LANGUAGE,
    Folder,
    GuideFacts,
    Shared,
    SharedWords,
    names_missing,
    read_folder,
    step_uses,
)
from guides.search import Finder, sentence_case
from guides.teller import Teller
from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.told import Told
from kioskcore.words import Words

BUILT_IN = DATA
PLAIN = "cong-dich-vu-cong"
"""The guide for every procedure that has none of its own."""
IN_PERSON = {"flow": "truc-tiep", "questions": ("papers", "go_self")}
"""What of it is another where the portal takes nothing."""
SECTIONS = ("steps", "papers", "questions")

SomeShared = TypeVar("SomeShared", Shared, SharedWords)


class Library:
    """`folders`: built-in folder first; later folders add guides or replace whole guides of the same code.

    A later folder's guide with a fault is left out, so that the built-in one stands in; `faults` tells why.
    Raises GuideError (GUIDE-INVALID) with the faults of the first folder.
    """

    def __init__(
        self, folders: Sequence[Path] = (BUILT_IN,), catalogue: Path = CATALOGUE, cards: Path = CARDS
    ) -> None:
        self.catalogue = Catalogue(catalogue)
        self._cards = Cards(cards)
        self._shared = Shared()
        self._shared_words: dict[str, SharedWords] = {}
        self._facts: dict[str, tuple[Folder, GuideFacts]] = {}
        self._guides: dict[tuple[str, str], Guide] = {}  # as they were told, by code and language
        faults = [fault for path in folders for fault in self._add(read_folder(path))]
        if faults and not self._facts:
            raise GuideError(faults)
        self.faults = tuple(faults)
        self._folders = list(reversed(folders))

    def _add(self, folder: Folder) -> list[Fault]:
        """Take in what is sound of a folder; all of the first one or nothing."""
        faults = list(folder.faults)
        first = not self._facts
        shared, words = _merged(self._shared, folder.shared), dict(self._shared_words)
        for language, more in folder.shared_words.items():
            words[language] = _merged(words.get(language, SharedWords()), more)
        if broken := names_missing(self._facts, shared, words):  # guides that lean on what it changed
            faults += broken
        else:
            self._shared, self._shared_words = shared, words
        own = {code: (folder, facts) for code, facts in folder.facts.items()}
        faults += names_missing(own, self._shared, self._shared_words)
        left_out = {fault.file.partition("/")[0] for fault in faults}
        if not (first and faults):
            self._facts.update({code: one for code, one in own.items() if code not in left_out})
        return faults

    def languages(self) -> list[str]:
        """Languages that some words exist in, Vietnamese first."""
        found = {language for folder, _ in self._facts.values() for _, language in folder.words}
        return sorted(found, key=lambda language: (language != FIRST_LANGUAGE, language))

    def life_events(self) -> list[LifeEvent]:
        """In the order of the shared file; only those that some tile has."""
        used = {facts.life_event for _, facts in self._facts.values()}
        return [
            LifeEvent(event.key, self._event_titles(event.key), self.picture(event.picture))
            for event in self._shared.life_events
            if event.key in used
        ]

    def tiles(self) -> list[Tile]:
        """Every guide, in the order of life events, general help last."""
        order = {event.key: number for number, event in enumerate(self._shared.life_events)}
        tiles = [
            Tile(
                self._now(code),
                {
                    lang: Told(words.title, key="title", language=lang, places=self.sounds(folder, code))
                    for (name, lang), words in folder.words.items()
                    if name == code
                },
                self.picture(facts.picture),
                facts.life_event,
                facts.general,
            )
            for code, (folder, facts) in self._facts.items()
        ]
        return sorted(tiles, key=lambda tile: (tile.general, order.get(tile.life_event, 99)))

    def codes(self) -> frozenset[str]:
        return frozenset(map(self._now, self._facts))

    @cached_property
    def _heirs(self) -> Mapping[str, str]:
        """Codes that replaced the code of a guide and have none of their own: the code it was written for."""
        new = {self.successor(code): code for code in self._facts}
        return {code: old for code, old in new.items() if code not in self._facts and self.entry(code)}

    def _now(self, code: str) -> str:
        """The code under which a guide is found today."""
        new = self.successor(code)
        return new if new in self._heirs else code

    def sounds(self, folder: Folder, code: str) -> tuple[Path, ...]:
        """Where recordings of a guide's own words may lie: beside it, or in a folder that came later."""
        later = self._folders[: self._folders.index(folder.path) + 1]
        return tuple(place / code for place in later)

    def shared_sounds(self) -> tuple[Path, ...]:
        return tuple(place / "shared" for place in self._folders)

    def picture(self, name: str) -> Path | None:
        """The file of a pictogram, from the last folder that has it."""
        for folder in self._folders:
            for ending in (".svg", ".png"):
                if name and (file := folder / "pictures" / f"{name}{ending}").is_file():
                    return file
        return None

    def guide(self, code: str, language: str = FIRST_LANGUAGE) -> Guide:
        """The guide in `language`, Vietnamese where that lacks words.

        A procedure of the catalogue without a guide gets the plain one. Raises KioskError GUIDE-UNKNOWN.
        """
        code = self._now(code)
        if (code, language) not in self._guides:
            self._guides[code, language] = self._tell(code, language)
        return self._guides[code, language]

    def _tell(self, code: str, language: str) -> Guide:
        written = self._heirs.get(code, code)
        if written not in self._facts:
            return self._plain(code, language)
        guide = self._told(*self._facts[written], language)
        entry = self.entry(code) if written != code else None
        if entry is None:
            return guide
        source = _say(language).say("card.follows", old=written, new=code)
        return plain.followed(guide, entry, _address(entry), search_url(code), source)

    def _told(self, folder: Folder, facts: GuideFacts, language: str) -> Guide:
        code = facts.code
        first = folder.words[code, FIRST_LANGUAGE]
        words = folder.words.get((code, language), first)
        tell = Teller(
            language,
            words=words,
            first=first,
            shared_words=self._shared_words,
            shared=self._shared,
            picture=self.picture,
            sounds=self.sounds(folder, code),
            shared_sounds=self.shared_sounds(),
        )
        written = language if words is not first else FIRST_LANGUAGE

        def own(key: str) -> str:
            return Told(getattr(words, key), key=key, language=written, places=self.sounds(folder, code))

        return Guide(
            code=code,
            language=language,
            title=own("title"),
            official_name=facts.official_name,
            can_do_here=own("can_do_here"),
            online=facts.online,
            online_level=tell.level(facts.online),
            decides=own("decides"),
            fee=own("fee"),
            time=own("time"),
            papers=tuple(tell.paper(use) for use in facts.papers),
            steps=tuple(tell.step(use) for use in step_uses(facts, self._shared)),
            questions=tuple(tell.question(key) for key in facts.questions),
            receive=own("receive"),
            mistakes=tuple(Told(mistake, language=written) for mistake in words.mistakes),
            portal_url=portal_url(facts),
            search_url=search_url(facts.code if not facts.general else facts.official_name),
            unverified=_doubted(frozenset(facts.unverified)),
            sources=tuple(" ".join(filter(None, (source.number, source.date))) for source in facts.sources),
            checked_on=facts.checked_on,
            life_event=facts.life_event,
            picture=self.picture(facts.picture),
            general=facts.general,
            own=frozenset(f"{section}.{key}" for section in SECTIONS for key in getattr(words, section)),
            complete=(code, language) in folder.words and not tell.borrowed,
            folder=folder.path / code,
        )

    def _plain(self, code: str, language: str) -> Guide:
        """The way through the portal that all procedures share, under this one's name and address."""
        entry = self.entry(code)
        if entry is None or PLAIN not in self._facts:
            raise KioskError("GUIDE-UNKNOWN", code=code)
        folder, facts = self._facts[PLAIN]
        card = self._cards.card(code)
        if card and "ONLINE" not in card.ways:
            facts = facts.model_copy(update=IN_PERSON)
        bare = self._told(folder, facts, language)
        guide = plain.named(bare, entry, _address(entry), search_url(code))
        say = _say(language)
        if card is None:
            return plain.only_listed(guide, self.catalogue.as_of(code), say)
        levels = getattr(self._shared_words.get(language), "online", {})
        guide = plain.with_card(
            guide,
            card,
            say,
            as_of=self._cards.as_of() or guide.checked_on,
            level=lambda online: levels.get(online, ""),
            paper=PaperNeed("", "", "original", scan=False, required=False, picture=self.picture("giay-don")),
        )
        return replace(guide, unverified=_doubted(guide.unverified))

    def search(self, text: str, language: str = FIRST_LANGUAGE, limit: int = 8) -> list[Hit]:
        """Procedures and guides for a question in plain words, best first; empty where nothing fits."""
        hits: dict[str, Hit] = {}
        say = _say(language)
        for match in self._finder.search(text, limit * 2):
            code = self.successor(match.code)
            if len(hits) >= limit:
                break
            if code not in hits and (code in self._facts or code in self._heirs or self.entry(code)):
                exact = match.reason in ("saying", "near") and fold(match.text) == fold(text)
                why = say.say(f"why.{'exact' if exact else match.reason}", text=match.text)
                hits[code] = Hit(code, self.name(code, language), why)
        return list(hits.values())

    def successor(self, code: str) -> str:
        """The code in force: the one that replaced this one, or itself."""
        seen = {code}
        while (new := self._shared.replaced.get(code) or self.catalogue.successor(code)) and new not in seen:
            seen.add(new)
            code = new
        return code

    def entry(self, code: str) -> Entry | None:
        """What the catalogue says of a procedure."""
        return self.catalogue.entry(code)

    def name(self, code: str, language: str = FIRST_LANGUAGE) -> str:
        """The guide's title where there is a guide, else the official name, else the code."""
        code = self._heirs.get(code, code)
        if code in self._facts:
            folder, _ = self._facts[code]
            written = language if (code, language) in folder.words else FIRST_LANGUAGE
            title = folder.words[code, written].title
            return Told(title, key="title", language=written, places=self.sounds(folder, code))
        entry = self.catalogue.entry(code)
        return Told(sentence_case(entry.name), language=FIRST_LANGUAGE) if entry else code

    @cached_property
    def _finder(self) -> Finder:
        titles = [(tile.code, title) for tile in self.tiles() for title in tile.title.values()]
        lexicon = Lexicon(BUILT_IN / "search" / f"{FIRST_LANGUAGE}.toml", titles)
        return Finder(self.catalogue, lexicon, self.codes())

    def _event_titles(self, key: str) -> Mapping[str, str]:
        return {
            language: Told(
                words.life_events[key],
                key=f"life_events.{key}",
                language=language,
                places=self.shared_sounds(),
            )
            for language, words in self._shared_words.items()
            if key in words.life_events
        }


def open_library(config: Config) -> Library:
    """As the settings want it: the province's folder last, imported lists where they are whole."""
    folders = [BUILT_IN, *([Path(config.guides.folder)] if config.guides.folder else [])]
    kept = kept_lists(config)
    return Library(folders, kept.catalogue, kept.cards)


def _doubted(unverified: frozenset[str]) -> frozenset[str]:
    """Whether it can be done here leans on how far it goes online: one in doubt puts the other in doubt."""
    return unverified | ({"can_do_here"} if "online_level" in unverified else set())


def portal_url(facts: GuideFacts) -> str:
    """The page of the procedure on the national portal; the search page where its address is not known.

    Empty for a general guide without one: the portal that the settings name.
    """
    if facts.portal_url:
        return facts.portal_url
    if facts.portal_uuid:
        return f"{PORTAL}/thu-tuc-hanh-chinh/{facts.portal_uuid}"
    return search_url(facts.code) if not facts.general else ""


def _address(entry: Entry) -> str:
    return f"{PORTAL}/thu-tuc-hanh-chinh/{entry.uuid}" if entry.uuid else search_url(entry.code)


def _say(language: str) -> Words:
    return room_words().get(language, room_words()[FIRST_LANGUAGE])


def search_url(words: str) -> str:
    return f"{PORTAL}/tim-kiem-thu-tuc-hanh-chinh?keyword={quote(words)}"


def _merged(first: SomeShared, later: SomeShared) -> SomeShared:
    """The later folder's entries win, the others stay."""
    update = {}
    for name in type(first).model_fields:
        old, new = getattr(first, name), getattr(later, name)
        update[name] = {**old, **new} if isinstance(old, Mapping) else old + new
    return first.model_copy(update=update)
