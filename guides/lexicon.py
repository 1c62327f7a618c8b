"""How people call procedures, read from data/search/<language>.toml: fillers, concepts, sayings and decoys.

Texts become lists of `Token`s in which every way to say a thing ("sổ đỏ", "bìa đỏ") is one concept token.
"""

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guides.folding import Word, fold, words

FILLER_WEIGHT = 0.15
UNKNOWN_WEIGHT = 3.0
_INSIDE = frozenset({"cai", "can", "ngoi", "mot", "duoc", "them", "mieng", "manh", "thua"})
_OF_KIN = frozenset({"toi", "minh", "noi", "ngoai", "vua", "moi", "da", "nha", "em", "chau", "no"})
"""Words that may stand inside a concept: "cất cái nhà" is "cất nhà"."""
_PLACES = frozenset({"quan", "phuong", "to", "thon", "ap", "pho", "khom", "xom", "xa", "huyen"})
"""Words whose number is part of an address."""
DIED = "@chet"
WORN = "@rach"
DECOY = ""
FILLER = "@"
"""The key of a phrase that says nothing about a procedure ("hồ sơ")."""


@dataclass(frozen=True)
class Token:
    """A word or a concept ("@so_do"); `words` are what was written, `credit` falls for corrected words."""

    key: str
    words: tuple[Word, ...]
    filler: bool = False
    credit: float = 1.0


@dataclass(frozen=True)
class Saying:
    """One way to ask for `code`; DECOY for a question that is no procedure."""

    code: str
    text: str
    folded: str
    tokens: tuple[Token, ...]


class Lexicon:
    """`extra`: (code, text) sayings from elsewhere, such as the titles of guides."""

    def __init__(self, file: Path, extra: Iterable[tuple[str, str]] = ()) -> None:
        table = tomllib.loads(file.read_text("utf-8"))
        self._fillers = {word.marked for word in words(table["fillers"])}
        self._filler_keys = {word.key for word in words(table["fillers"])}
        self._concepts: dict[str, list[tuple[tuple[Word, ...], str]]] = defaultdict(list)
        for phrase in [*table["filler_phrases"], *table["places"]]:
            written = tuple(words(phrase))
            self._concepts[written[0].key].append((written, FILLER))
        self.wants = {word.key for word in words(table["wants"])}
        self.asides = {word.key for word in words(table["asides"])}
        self.generic = frozenset(f"@{name}" for name in table["generic"])
        self.official: dict[str, tuple[Word, ...]] = {}
        for name, ways in table["concepts"].items():
            self.official[f"@{name}"] = tuple(words(ways[0]))
            for way in ways:
                written = tuple(words(way))
                self._concepts[written[0].key].append((written, f"@{name}"))
        for found in self._concepts.values():
            found.sort(key=lambda pair: -len(pair[0]))
        said = [(DECOY, text) for text in table["decoys"]]
        said += [(one["code"], text) for one in table["procedure"] for text in one["says"]]
        said += extra
        self.sayings = [
            Saying(code, text, fold(text), tuple(self.tokens(words(text), marked=True)))
            for code, text in said
        ]
        self.vocabulary = {word.key for one in self.sayings for token in one.tokens for word in token.words}
        self.vocabulary |= {word.key for way in self._concepts.values() for ws, _ in way for word in ws}
        self.vocabulary |= self._filler_keys
        ours = [token for one in self.sayings if one.code != DECOY for token in one.tokens]
        self.telling = {word.key for token in ours for word in token.words} | self._filler_keys
        self.weights = self._weigh()
        self.bags = self._bags()
        self.by_key: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(self.sayings):
            for key in {token.key for token in one.tokens if not token.filler}:
                self.by_key[key].append(number)

    def is_filler(self, word: Word, marked: bool = False) -> bool:
        """A marked word, or any word of a `marked` text, must be the filler itself: "chó" is not "cho"."""
        return word.marked in self._fillers if marked or not word.plain else word.key in self._filler_keys

    def tokens(
        self, written: Sequence[Word], credits_: Mapping[int, float] | None = None, marked: bool = False
    ) -> list[Token]:
        """Longest concepts first; `credits_` by place of the word; `marked`: the text has all its marks."""
        given = credits_ or {}
        found: list[Token] = []
        place = 0
        while place < len(written):
            name, length = self._concept(written, place)
            part = tuple(written[place : place + length])
            credit = min(given.get(number, 1.0) for number in range(place, place + length))
            filler = name == FILLER or (not name and self.is_filler(part[0], marked))
            if not name and _numbers_a_place(written, place):
                name, filler = FILLER, True
            found.append(Token(name or part[0].key, part, filler, credit))
            place += length
        return found

    def _concept(self, written: Sequence[Word], place: int) -> tuple[str, int]:
        """The concept that begins here and its length; some words may stand inside it."""
        age = _age(written, place)
        if age:
            return age, 2
        if len(written[place].key) == 1 and written[place].plain:
            return "", 1  # "o" without its marks is "ở" far more often than "ố"
        vague = place > 0 and written[place].plain and written[place].key in self._filler_keys
        for way, name in self._concepts.get(written[place].key, ()):
            if len(way) == 1 and (vague or (name == WORN and not self._worn(written, place))):
                continue  # "roi" inside a line is "rồi" far more often than "rơi"
            end = place
            for number, meant in enumerate(way):
                if number and end < len(written) and not same(written[end], meant):
                    end += written[end].key in (_OF_KIN if name == DIED else _INSIDE)
                if end >= len(written) or not same(written[end], meant):
                    break
                end += 1
            else:
                if name != DIED or way[-1].key != "mat" or self._nothing_lost(written, end):
                    return name, end - place
        return "", 1

    def _worn(self, written: Sequence[Word], place: int) -> bool:
        """Without marks "mo" is "mờ" only behind what it tells of: "so do mo", but not "mo liet si"."""
        before = written[place - 1].key if place else ""
        behind = any(way[-1].key == before for ways in self._concepts.values() for way, _ in ways)
        return not written[place].plain or before == "bi" or behind

    def _nothing_lost(self, written: Sequence[Word], place: int) -> bool:
        """ "bố mất" is a death, "bố mất căn cước" is not."""
        return place >= len(written) or self.is_filler(written[place])

    def _bags(self) -> dict[str, dict[str, set[Word]]]:
        """All words of a procedure's sayings: {code: {key: its written forms}}; a concept has none."""
        bags: dict[str, dict[str, set[Word]]] = {}
        for one in self.sayings:
            if one.code == DECOY:
                continue
            bag = bags.setdefault(one.code, {})
            for token in one.tokens:
                if token.filler:
                    continue
                forms = bag.setdefault(token.key, set())
                if not token.key.startswith("@"):
                    forms.update(token.words)
        return bags

    def _weigh(self) -> dict[str, float]:
        """How telling a token is: rare among the procedures' sayings is telling."""
        codes: dict[str, set[str]] = defaultdict(set)
        for number, one in enumerate(self.sayings):
            for token in one.tokens:
                codes[token.key].add(one.code or f"decoy-{number}")
        total = len({one.code for one in self.sayings})
        return {key: min(5.0, max(0.6, math.log((total + 1) / len(said)))) for key, said in codes.items()}


def _numbers_a_place(written: Sequence[Word], place: int) -> bool:
    """The 3 of "quận 3" tells nothing about a procedure; that of "lớp 3" does."""
    return place > 0 and written[place].key.isdigit() and written[place - 1].key in _PLACES


def _age(written: Sequence[Word], place: int) -> str:
    """ "10 tuổi" is a child, "80 tuổi" an old person."""
    following = written[place + 1].key if place + 1 < len(written) else ""
    if following not in ("tuoi", "t") or not written[place].key.isdigit():
        return ""
    before = written[max(0, place - 2) : place]
    years = int(written[place].key[:4]) - any(word.key == "duoi" for word in before)
    return "@tre_em" if years < 14 else "@thieu_nien" if years < 20 else "@nguoi_gia" if years >= 60 else ""


def same(typed: Word, meant: Word) -> bool:
    """Typed without marks fits any marks; typed marks must be the meant ones."""
    return typed.key == meant.key and (typed.plain or typed.marked == meant.marked)
