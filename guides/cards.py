"""Short cards for procedures without a guide of their own, drawn from the portal's public records.

`make_cards` condenses a file of records (JSON lines) into a small compressed file; `Cards` reads it when
first asked. A card holds facts only; `words_of` says them in the person's language.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

from guides.schema import Table
from guides.tables import TableError
from kioskcore.words import Words

_WAYS = ("ONLINE", "POSTAL", "DIRECT")
_UNITS = {"WORKING_DAY": "working_day", "DAY": "day", "HOUR": "hour", "MONTH": "month"}
_PROVINCE = re.compile(r"hội đồng nhân dân|HĐND|cấp tỉnh quy định|tỉnh.{0,40}quy định", re.I)
_NOT_BROUGHT = re.compile(
    r"hộ chiếu\s*/|mẫu .{0,20}điện tử tương tác|trường hợp|lưu ý|người |đối với|các giấy tờ trên", re.I
)
"""Identity papers, which the portal fills in by itself; its own e-forms; remarks that are no paper."""
_PAPER_WORDS = 22
_MOST_PAPERS = 8
_MOST_NUMBERS = 3


Time = tuple[int | float, str]


class CardPaper(Table):
    """`copied`: the record asks for a copy only."""

    title: str
    copied: bool = False


class Card(Table):
    """`times`: (number, unit), "other" where not said; `fee`: none, province, fixed or unknown.

    `times` is said of the ways to file, `case_times` of the cases; some records say two things.
    """

    code: str
    papers: tuple[CardPaper, ...] = ()
    times: tuple[Time, ...] = ()
    case_times: tuple[Time, ...] = ()
    ways: tuple[str, ...] = ()
    fee: str = "unknown"
    amounts: tuple[int, ...] = ()
    full: bool = False
    laws: tuple[str, ...] = ()
    updated: str = ""


class Cards:
    """All cards of a file; none where the file is not there."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def whole(self) -> bool:
        """Whether the file can be read and has a card."""
        try:
            return bool(self._read["cards"]) and bool(self._read["as_of"])
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
            return False

    def as_of(self) -> date | None:
        """The day on which the records were taken from the portal."""
        said = self._read.get("as_of")
        return date.fromisoformat(said) if said else None

    def card(self, code: str) -> Card | None:
        found = self._table.get(code)
        return None if found is None else Card.model_validate({"code": code, **found})

    def codes(self) -> frozenset[str]:
        return frozenset(self._table)

    @cached_property
    def _read(self) -> Mapping[str, Any]:
        if not self._file.is_file():
            return {}
        read: Mapping[str, Any] = json.loads(gzip.decompress(self._file.read_bytes()))
        return read

    @property
    def _table(self) -> Mapping[str, dict[str, Any]]:
        table: Mapping[str, dict[str, Any]] = self._read.get("cards", {})
        return table


def make_cards(records: Iterable[str], file: Path, as_of: str) -> int:
    """Condense the records that a citizen files in the commune; the number of cards written.

    `as_of` is the day of the records. Raises TableError for a line that is no record, or for no card at all.
    """
    table: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(records, 1):
        try:
            record = json.loads(line)
            if record["isWard"] and any("Công dân" in str(one) for one in record["subjectTypesDetails"]):
                table[record["code"]] = _slim(_card(record))
        except (KeyError, TypeError, ValueError, RecursionError) as fault:
            raise TableError("no_record", number) from fault
    if not table:
        raise TableError("no_card")
    made = {"as_of": as_of, "cards": dict(sorted(table.items()))}
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    return len(table)


def words_of(card: Card, words: Words) -> dict[str, str]:
    """`fee`, `time` and `can_do_here` as sentences."""
    times = _times_in_words(card, words)
    amounts = [f"{amount:,}".replace(",", words.say("card.thousands")) for amount in card.amounts]
    return {
        "time": times or words.say("card.time_unknown"),
        "fee": words.say(f"card.fee_{card.fee}", amounts=", ".join(amounts)),
        "can_do_here": words.say("card.online" if "ONLINE" in card.ways else "card.on_paper"),
    }


def _times_in_words(card: Card, words: Words) -> str:
    """The days of the ways to file; those of the cases where they say other days, or alone say any."""
    more = sorted(set(card.case_times) - set(card.times))
    ways, cases = (_numbers(times, words) for times in (card.times, more))
    if ways and cases:
        return words.say("card.time_differs", ways=ways, cases=cases)
    return f"{ways or cases}." if ways or cases else ""


def _numbers(times: Sequence[Time], words: Words) -> str:
    """ "5 hoặc 10 ngày làm việc"; many numbers as the least and the most."""
    units: dict[str, list[int | float]] = {}
    for number, unit in times:
        units.setdefault(unit, []).append(number)
    units.pop("other", None)
    told = []
    for unit, numbers in units.items():
        few = len(numbers) <= _MOST_NUMBERS
        named = [f"{number:g}".replace(".", words.say("card.decimal")) for number in sorted(numbers)]
        said = f" {words.say('card.or')} ".join(named) if few else f"{named[0]}–{named[-1]}"
        told.append(words.say(f"card.{unit}", number=said))
    return "; ".join(told)


def _card(record: Mapping[str, Any]) -> Card:
    methods = [one for one in record.get("executionMethods") or () if one]
    fees = [fee for method in methods for fee in method.get("fees") or ()]
    amounts = sorted({int(fee["value"]) for fee in fees if fee.get("value")})
    said = " ".join(str(fee.get("description", "")) for fee in fees)
    kind = "province" if _PROVINCE.search(said) else "fixed" if amounts else "none" if fees else "unknown"
    days = [one.get("processingDay") or {} for one in record.get("cases") or ()]
    return Card(
        code=record["code"],
        papers=tuple(_papers(record)),
        times=_times((one.get("processingTime"), one.get("processingTimeUnit")) for one in methods),
        case_times=_times((one.get("qty"), one.get("type")) for one in days),
        ways=tuple(way for way in _WAYS if any(one.get("submissionMethod") == way for one in methods)),
        fee=kind,
        amounts=tuple(amounts) if kind == "fixed" else (),
        full=bool(record.get("isFullProcess")),
        laws=tuple(_laws(record)),
        updated=_day(record.get("updatedAt")),
    )


def _times(said: Iterable[tuple[object, object]]) -> tuple[Time, ...]:
    """Numbers with their units, each once; there are half days; words and zeros say nothing."""
    found: set[Time] = set()
    for number, unit in said:
        value = int(number) if isinstance(number, str) and number.isdecimal() else number
        if isinstance(value, int | float) and value > 0:
            found.add((value, _UNITS.get(str(unit), "other")))
    return tuple(sorted(found))


def _papers(record: Mapping[str, Any]) -> list[CardPaper]:
    """The papers of the first case that has any, each cut to its first clause; repeated ones once."""
    found: dict[str, CardPaper] = {}
    for case in record.get("executionCases") or ():
        for one in case.get("profileComponents") or ():
            original, copied = int(one.get("originalQty") or 0), int(one.get("copyQty") or 0)
            title = _first_clause(str(one.get("name", "")))
            if title and original + copied and not _NOT_BROUGHT.match(title):
                found.setdefault(title.lower(), CardPaper(title=title, copied=original == 0))
    return list(found.values())[:_MOST_PAPERS]


def _first_clause(text: str) -> str:
    text = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", " ".join(text.split())))
    text = text.strip(" -+*•.;:–()")
    clause = re.split(r"\s?[;.:(]\s?| trong trường hợp | theo quy định| nếu ", text)[0].split()
    cut = " ".join(clause[:_PAPER_WORDS]).rstrip(" ,;.")
    return f"{cut}…" if len(clause) > _PAPER_WORDS else cut


def _laws(record: Mapping[str, Any]) -> list[str]:
    numbers = [str(one.get("code") or "") for one in record.get("legalBasisesDetails") or ()]
    return [number for number in dict.fromkeys(numbers) if number][:3]


def _day(milliseconds: object) -> str:
    """The day of the portal's time stamp, in Viet Nam's time; empty where there is none."""
    if not isinstance(milliseconds, int):
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, timezone(timedelta(hours=7))).date().isoformat()


def _slim(card: Card) -> dict[str, Any]:
    """Without what is empty, so that the file stays small."""
    return card.model_dump(mode="json", exclude_defaults=True, exclude={"code"})
