"""Words a person reads, from TOML files: one file a language, nested tables, keys joined by dots."""

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from kioskcore.paths import ROOT
from kioskcore.told import Told

_AMOUNT: Final = re.compile(r"\d{1,4}(\.\d{1,3})?( [KM]B)?|\d{1,3}(, (\d{1,3}|…)){1,6}")
"""Too short to be anybody's number; or the numbers of some pages."""


def readable_size(size: float) -> str:
    """ "63 KB", "7.1 MB" of bytes, decimal, to a thousandth of the unit; as a fact it is an amount."""
    unit, one = ("MB", 1_000_000) if size >= 1_000_000 else ("KB", 1000)
    return f"{round(size / one, 3):g} {unit}"


class Words:
    """One language. `say("scan.page", number=2)` fills the braces; an unknown key raises KeyError.

    What it says may be heard (`Told`), unless a fact is a plain text: nobody knows whose that is.
    `places`: where recordings lie.
    """

    layered = False
    """Whether another language stands in for some words."""

    def __init__(self, language: str, table: Mapping[str, str], places: Iterable[Path] = ()) -> None:
        self.language = language
        self._table = dict(table)
        self.places = tuple(places)

    def say(self, key: str, **facts: str | int | float) -> str:
        text = self._table[key].format(**facts)
        told = [fact for fact in facts.values() if isinstance(fact, Told)]
        if any(isinstance(fact, str) and not isinstance(fact, Told) for fact in facts.values()):
            return text
        return Told(text, key="" if facts else key, language=self.language, places=self.places, parts=told)

    def over(self, below: "Words") -> "Words":
        """These words where they are, those of `below` for the rest."""
        return _Layered(self, below)

    def has(self, key: str) -> bool:
        return key in self._table

    def keys(self) -> frozenset[str]:
        return frozenset(self._table)

    def placeholders(self, key: str) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self._table[key]) if name)

    def error(self, code: str, facts: Mapping[str, str | int | float] | None = None) -> tuple[str, str]:
        """The sentence and the one action of an error code; amounts are written as the language has them."""
        given = {name: self._fact(fact) for name, fact in (facts or {}).items()}
        return self.say(f"error.{code}.say", **given), self.say(f"error.{code}.do", **given)

    def amount(self, number: str) -> str:
        """ "3.4" as the language writes it, to be heard."""
        return Told(number.replace(".", self.say("number.decimal")), language=self.language)

    def _fact(self, fact: str | int | float) -> str | int | float:
        """Codes (of procedures, addresses) stay as they are."""
        if isinstance(fact, float):
            return self.amount(str(fact))
        return self.amount(fact) if isinstance(fact, str) and _AMOUNT.fullmatch(fact) else fact


class _Layered(Words):
    """A language that has some words only."""

    layered = True

    def __init__(self, above: Words, below: Words) -> None:
        super().__init__(above.language, above._table, above.places)
        self._below = below

    def say(self, key: str, **facts: str | int | float) -> str:
        return super().say(key, **facts) if key in self._table else self._below.say(key, **facts)

    def has(self, key: str) -> bool:
        return super().has(key) or self._below.has(key)

    def keys(self) -> frozenset[str]:
        return super().keys() | self._below.keys()

    def placeholders(self, key: str) -> frozenset[str]:
        return super().placeholders(key) if key in self._table else self._below.placeholders(key)


def flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """{"a": {"b": "x"}} -> {"a.b": "x"}. Raises TypeError for anything that is not text."""
    flat: dict[str, str] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{key}."))
        elif isinstance(value, str):
            flat[key] = value
        else:
            raise TypeError(f"{key}: words must be text, not {type(value).__name__}")
    return flat


def load_words(folders: Iterable[Path], places: Iterable[Path] = ()) -> dict[str, Words]:
    """Read every <language>.toml of the folders; a later folder adds or overrides keys.

    `places`: folders with recordings of these words, see `kioskcore.told`.
    """
    places = tuple(places)
    tables: dict[str, dict[str, str]] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.toml")):
            with file.open("rb") as stream:
                tables.setdefault(file.stem, {}).update(flatten(tomllib.load(stream)))
    return {language: Words(language, table, places) for language, table in tables.items()}


@cache
def core_words() -> dict[str, Words]:
    """Those of this room, by language, read once: errors, the doctor, faults of settings."""
    return load_words([ROOT / "kioskcore" / "words"])


def word_faults(languages: Mapping[str, Words]) -> list[str]:
    """Keys missing in a language and braces that differ from the first language's."""
    faults: list[str] = []
    everything = frozenset().union(*(words.keys() for words in languages.values()))
    for key in sorted(everything):
        missing = [language for language, words in languages.items() if not words.has(key)]
        faults += [f"{language}: {key} is missing" for language in missing]
        if not missing and len({words.placeholders(key) for words in languages.values()}) > 1:
            faults.append(f"{key}: the braces differ between languages")
    return faults
