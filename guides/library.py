"""The guides that screens use: `Library` reads guide folders once and answers in the person's language."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import quote

from guides.cards import Card, Cards, words_of
from guides.catalogue import Catalogue, Entry
from guides.faults import Fault, GuideError, room_words
from guides.folding import fold
from guides.lexicon import Lexicon
from guides.model import Guide, Hit, LifeEvent, PaperNeed, Tile
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

BUILT_IN = Path(__file__).parent / "data"
CATALOGUE = BUILT_IN / "catalogue.sqlite"
PORTAL = "https://dichvucong.gov.vn"
CARDS = BUILT_IN / "cards.json.gz"
PLAIN = "cong-dich-vu-cong"
"""The guide for every procedure that has none of its own."""
SECTIONS = ("steps", "papers", "questions")

SomeShared = TypeVar("SomeShared", Shared, SharedWords)


class Library:
    """`folders`: built-in folder first; later folders add guides or replace whole guides of the same code.

    A later folder's guide with a fault is left out, so that the built-in one stands in; `faults` tells why.
    Raises GuideError (GUIDE-INVALID) with the faults of the first folder.
    """

    def __init__(self, folders: Sequence[Path] = (BUILT_IN,), catalogue: Path = CATALOGUE) -> None:
        self.catalogue = Catalogue(catalogue)
        self._cards = Cards(CARDS)
        self._shared = Shared()
        self._shared_words: dict[str, SharedWords] = {}
        self._facts: dict[str, tuple[Folder, GuideFacts]] = {}
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
                code,
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
        return frozenset(self._facts)

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
        if code not in self._facts:
            return self._plain(code, language)
        folder, facts = self._facts[code]
        first = folder.words[code, FIRST_LANGUAGE]
        words = folder.words.get((code, language), first)
        tell = Teller(
            language,
            words=words,
            first=first,
            shared_words=self._shared_words,
            shared=self._shared,
            library=self,
            sounds=self.sounds(folder, code),
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
            own=frozenset(
                f"{section}.{key}" for section in SECTIONS for key in getattr(words, section)
            ),
            complete=(code, language) in folder.words and not tell.borrowed,
            folder=folder.path / code,
        )

    def _plain(self, code: str, language: str) -> Guide:
        """The way through the portal that all procedures share, under this one's name and address."""
        entry = self.entry(code)
        if entry is None or PLAIN not in self._facts:
            raise KioskError("GUIDE-UNKNOWN", code=code)
        address = f"{PORTAL}/thu-tuc-hanh-chinh/{entry.uuid}" if entry.uuid else search_url(code)
        plain = self.guide(PLAIN, language)
        guide = replace(
            plain,
            code=code,
            title=Told(sentence_case(entry.name), language=FIRST_LANGUAGE),
            official_name=entry.name,
            decides=Told(entry.agency, language=FIRST_LANGUAGE) if entry.agency else plain.decides,
            portal_url=address,
            search_url=search_url(code),
            unverified=plain.unverified | {"portal_url"},
            general=False,
        )
        card = self._cards.card(code)
        return self._with_card(guide, card) if card else self._only_listed(guide)

    def _only_listed(self, guide: Guide) -> Guide:
        """Nothing is known but the name, the office and the address: no steps or papers are made up."""
        say = room_words().get(guide.language, room_words()[FIRST_LANGUAGE])
        bare: tuple[()] = ()
        return replace(
            guide,
            can_do_here=say.say("card.only_listed"),
            online_level="",
            papers=bare,
            steps=bare,
            questions=bare,
            mistakes=bare,
        )

    def _with_card(self, guide: Guide, card: Card) -> Guide:
        """What the portal's record says in place of "see the portal"; all of it to be checked there again."""
        say = room_words().get(guide.language, room_words()[FIRST_LANGUAGE])
        told = words_of(card, say)
        picture, scan = self.picture("giay-don"), "ONLINE" in card.ways
        papers = tuple(
            PaperNeed(
                f"giay-{number}",
                Told(paper.title, language=FIRST_LANGUAGE),
                "copy" if paper.copied else "original",
                scan,
                required=False,  # the record's own mark for this means nothing
                picture=picture,
            )
            for number, paper in enumerate(card.papers, 1)
        )
        online: Literal["full", "part", "none"] = "full" if card.full else "part" if scan else "none"
        return replace(
            guide,
            can_do_here=told["can_do_here"],
            online=online,
            online_level=getattr(self._shared_words.get(guide.language), "online", {}).get(
                online, guide.online_level
            ),
            fee=told["fee"],
            time=told["time"],
            papers=papers or guide.papers,
            sources=(*card.laws, say.say("card.source", date="/".join(reversed(card.updated.split("-"))))),
            unverified=_doubted(guide.unverified | {"papers"}),
        )

    def search(self, text: str, language: str = FIRST_LANGUAGE, limit: int = 8) -> list[Hit]:
        """Procedures and guides for a question in plain words, best first; empty where nothing fits."""
        hits: dict[str, Hit] = {}
        say = room_words().get(language, room_words()[FIRST_LANGUAGE])
        for match in self._finder.search(text, limit * 2):
            code = self.successor(match.code)
            if code not in hits and (code in self._facts or self.entry(code)):
                exact = match.reason in ("saying", "near") and fold(match.text) == fold(text)
                why = say.say(f"why.{'exact' if exact else match.reason}", text=match.text)
                hits[code] = Hit(code, self.name(code, language), why)
        return list(hits.values())[:limit]

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
    """As the settings want it: the province's folder last, an imported catalogue if there is one."""
    folders = [BUILT_IN, *([Path(config.guides.folder)] if config.guides.folder else [])]
    imported = imported_catalogue(config)
    return Library(folders, imported if imported.is_file() else CATALOGUE)


def imported_catalogue(config: Config) -> Path:
    """Where `kiosk.py guides import` puts its catalogue."""
    return config.state_folder / CATALOGUE.name


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


def search_url(words: str) -> str:
    return f"{PORTAL}/tim-kiem-thu-tuc-hanh-chinh?keyword={quote(words)}"


def _merged(first: SomeShared, later: SomeShared) -> SomeShared:
    """The later folder's entries win, the others stay."""
    update = {}
    for name in type(first).model_fields:
        old, new = getattr(first, name), getattr(later, name)
        update[name] = {**old, **new} if isinstance(old, Mapping) else old + new
    return first.model_copy(update=update)
