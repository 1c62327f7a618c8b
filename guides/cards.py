"""Short cards for procedures without a guide of their own, drawn from the portal's public records.

`make_cards` condenses a file of records (JSON lines) into a small compressed file; `Cards` reads it when
first asked. A card holds facts only; `words_of` says them in the person's language.
"""

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
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


class CardPaper(Table):
    """`copied`: the record asks for a copy only."""

    title: str
    copied: bool = False


class Card(Table):
    """`times`: (number, unit), "other" where not said; `fee`: none, province, fixed or unknown."""

    code: str
    papers: tuple[CardPaper, ...] = ()
    times: tuple[tuple[int, str], ...] = ()
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

    def card(self, code: str) -> Card | None:
        found = self._table.get(code)
        return None if found is None else Card.model_validate({"code": code, **found})

    def codes(self) -> frozenset[str]:
        return frozenset(self._table)

    @cached_property
    def _table(self) -> Mapping[str, dict[str, Any]]:
        if not self._file.is_file():
            return {}
        table: Mapping[str, dict[str, Any]] = json.loads(gzip.decompress(self._file.read_bytes()))
        return table


def make_cards(records: Iterable[str], file: Path) -> int:
    """Condense the records that a citizen files in the commune; the number of cards written.

    Raises TableError for a line that is no record.
    """
    table: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(records, 1):
        try:
            record = json.loads(line)
            if record["isWard"] and any("Công dân" in str(one) for one in record["subjectTypesDetails"]):
                table[record["code"]] = _slim(_card(record))
        except (KeyError, TypeError, ValueError, RecursionError) as fault:
            raise TableError("no_record", number) from fault
    text = json.dumps(dict(sorted(table.items())), ensure_ascii=False, separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    return len(table)


def words_of(card: Card, words: Words) -> dict[str, str]:
    """`fee`, `time` and `can_do_here` as sentences."""
    times = [words.say(f"card.{unit}", number=number) for number, unit in card.times if unit != "other"]
    amounts = [f"{amount:,}".replace(",", words.say("card.thousands")) for amount in card.amounts]
    return {
        "time": " – ".join(dict.fromkeys(times)) + "." if times else words.say("card.time_unknown"),
        "fee": words.say(f"card.fee_{card.fee}", amounts=", ".join(amounts)),
        "can_do_here": words.say("card.online" if "ONLINE" in card.ways else "card.on_paper"),
    }


def _card(record: Mapping[str, Any]) -> Card:
    methods = [one for one in record.get("executionMethods") or () if one]
    fees = [fee for method in methods for fee in method.get("fees") or ()]
    amounts = sorted({int(fee["value"]) for fee in fees if fee.get("value")})
    said = " ".join(str(fee.get("description", "")) for fee in fees)
    kind = "province" if _PROVINCE.search(said) else "fixed" if amounts else "none" if fees else "unknown"
    times = sorted(
        {
            (int(method["processingTime"]), _UNITS.get(method.get("processingTimeUnit", ""), "other"))
            for method in methods
            if str(method.get("processingTime") or "").isdigit() and int(method["processingTime"])
        }
    )
    return Card(
        code=record["code"],
        papers=tuple(_papers(record)),
        times=tuple(times),
        ways=tuple(way for way in _WAYS if any(one.get("submissionMethod") == way for one in methods)),
        fee=kind,
        amounts=tuple(amounts) if kind == "fixed" else (),
        full=bool(record.get("isFullProcess")),
        laws=tuple(_laws(record)),
        updated=_day(record.get("updatedAt")),
    )


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
