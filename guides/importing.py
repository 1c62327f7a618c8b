"""Bring a list of procedures (CSV, XLSX or JSON) into a catalogue file: checked whole, replaced at once.

All faults of the file are told together and then nothing is changed; the catalogue before is kept beside the
new one as `<name>.previous`.
"""

import re
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from guides.cards import make_cards
from guides.catalogue import Catalogue, Entry, build
from guides.faults import Fault
from guides.kept import CATALOGUE, in_its_place, seal
from guides.tables import TableError, content, text_of
from guides.tables import rows as table_rows
from guides.wording import hidden
from kioskcore.errors import KioskError

RANKING = Path(__file__).parent / "data" / "search" / "ranking.toml"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CODE = re.compile(r"\d\.\d{6,9}(\.[A-Z]\d{1,3})?(-[A-Za-z]{1,8})?")  # the portal itself has such odd ones
_MOST_LETTERS = 2_000  # the longest cell of the portal's own list has 1,587
_COLUMNS = {
    "code": ("code", "ma", "mã", "mã thủ tục", "mã tthc", "codenotation"),
    "name": ("name", "ten", "tên", "tên thủ tục", "tên tthc", "tên thủ tục hành chính"),
    "category": ("category", "linh vuc", "lĩnh vực"),
    "publisher": ("publisher", "ministry_or_province", "bộ, tỉnh", "cơ quan công bố"),
    "agency": ("agency", "cơ quan", "cơ quan thực hiện"),
    "audience": ("audience", "đối tượng", "đối tượng thực hiện"),
    "kind": ("kind", "loại"),
    "uuid": ("uuid", "portal_uuid"),
    "replaced_by": ("replaced_by", "thay bằng", "mã thay thế"),
}


class CatalogueError(KioskError):
    """CATALOGUE-INVALID with `.faults`: each row that cannot be used."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("CATALOGUE-INVALID", faults=len(faults))
        self.faults = tuple(faults)


class Imported(NamedTuple):
    """The rows taken from the file, and how many procedures the catalogue now has."""

    rows: int
    procedures: int


@dataclass
class Listed:
    """What a file says: `replaced` by old code, with the line that says it; `codes` of faulty rows too."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    replaced: dict[str, tuple[str, int]] = field(default_factory=dict)


def read_entries(file: Path) -> Listed:
    """The procedures of a file and the codes it says were replaced. Raises CatalogueError."""
    listed = _read(file)
    if listed.faults:
        raise CatalogueError(listed.faults)
    return listed


def _read(file: Path) -> Listed:
    listed = Listed(file.name)
    seen: set[tuple[str, str]] = set()
    try:
        rows = table_rows(file, _known, "code")
    except TableError as fault:
        raise CatalogueError([Fault(file.name, fault.line, "", fault.code, fault.facts)]) from fault
    if not rows:
        raise CatalogueError([Fault(file.name, 0, "", "empty")])
    for line, row in rows:
        faults = [Fault(file.name, line, key, code, facts) for key, code, facts in _row_faults(row)]
        code, uuid, successor = row.get("code", ""), row.get("uuid", "").lower(), row.get("replaced_by", "")
        if code and (code, uuid) in seen:
            faults.append(Fault(file.name, line, "code", "twice", {"name": code}))
        seen.add((code, uuid))
        listed.codes.add(code)
        if successor and not any(fault.key == "replaced_by" for fault in faults):
            listed.replaced[code] = successor, line
        if not faults:
            listed.entries.append(ranked(_entry(row)))
        listed.faults += faults
    return listed


def import_file(
    source: Path, target: Path, base: Path | None, as_of: str, *, fewer: bool = False
) -> Imported:
    """Make `target` out of `source`: all of it where `base` is None, else added to and put over `base`.

    `as_of` is the day of the list as 2026-09-01; of added procedures it is the day of those only. A whole
    list with less than half of the one before is taken only where `fewer` says so. Raises CatalogueError
    and then leaves `target` alone.
    """
    wrong_day = _day_fault(as_of)
    if wrong_day:
        raise CatalogueError([wrong_day])
    listed = _read(source)
    with in_its_place(target) as fresh:  # from before the base is read: another import may come meanwhile
        entries, replaced = listed.entries, {old: new for old, (new, _) in listed.replaced.items()}
        rows, whole_day, later = len(entries), as_of, {}
        if base is not None:
            old = Catalogue(base)
            entries = [*entries, *(entry for entry in old.entries() if entry.code not in listed.codes)]
            replaced = {**old.replaced(), **replaced}
            whole_day = old.about().get("as_of", as_of)
            later = {**old.later(), **dict.fromkeys(listed.codes, as_of)}
            old.close()
        codes = {entry.code for entry in entries} | listed.codes
        faults = [*listed.faults, *_successor_faults(listed, replaced, codes)]
        if base is None and not fewer and not faults:
            faults += _shrinking(source.name, rows, target)
        if faults:
            raise CatalogueError(sorted(faults, key=lambda fault: fault.line))
        count = build(fresh, entries, replaced, whole_day, later)
        seal(fresh)
    return Imported(rows, count)


def import_cards(source: Path, target: Path, as_of: str) -> int:
    """Make short cards of a file of records taken on the day `as_of`; the number of cards.

    Raises CatalogueError and then leaves `target` alone.
    """
    wrong_day = _day_fault(as_of)
    if wrong_day:
        raise CatalogueError([wrong_day])
    try:
        with in_its_place(target) as fresh:
            return make_cards(text_of(content(source)).splitlines(), fresh, as_of)
    except TableError as fault:
        raise CatalogueError([Fault(source.name, fault.line, "", fault.code, fault.facts)]) from fault


def _shrinking(name: str, rows: int, target: Path) -> Iterator[Fault]:
    """A file with a few rows is seldom meant to be all that there is."""
    before = Catalogue(target if target.is_file() else CATALOGUE)
    try:
        count = int(before.about()["count"])
    except (KioskError, sqlite3.Error):
        return  # it is damaged, and to be replaced
    finally:
        before.close()
    if 2 * rows < count:
        yield Fault(name, 0, "", "few_rows", {"count": rows, "before": count})


def _day_fault(text: str) -> Fault | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        return Fault("--as-of", 0, "", "date_shape", {"date": text[:20]})
    return Fault("--as-of", 0, "", "future", {"date": text}) if day > date.today() else None


def _successor_faults(listed: Listed, replaced: Mapping[str, str], codes: Set[str]) -> Iterator[Fault]:
    """Successors of this file that are not there, or that lead back to where they came from."""
    for code, (successor, line) in listed.replaced.items():
        if successor not in codes:
            yield Fault(listed.file, line, "replaced_by", "no_successor", {"name": successor})
            continue
        passed = [code]
        while passed[-1] in replaced and replaced[passed[-1]] not in passed:
            passed.append(replaced[passed[-1]])
        if passed[-1] in replaced:
            ring = " → ".join([*passed, replaced[passed[-1]]][:6])
            yield Fault(listed.file, line, "replaced_by", "successor_ring", {"ring": ring})


def ranked(entry: Entry) -> Entry:
    """The entry with its rank: how likely a citizen of a commune means it."""
    rules = _ranking()
    rank = float(rules["start"])
    rank += rules["citizen"] * any(word in entry.audience for word in rules["citizen_words"])
    rank += rules["commune"] * any(word in entry.agency for word in rules["commune_words"])
    rank += rules["common"] * (entry.category in rules["common_categories"])
    rank *= rules["internal"] if entry.kind == "STANDARD_INTERNAL" else 1
    rank *= rules["own_province"] if entry.kind == "SPECIFIC" else 1
    rank *= rules["rare"] if any(word in entry.name for word in rules["rare_words"]) else 1
    return replace(entry, rank=round(rank, 4))


@cache
def _ranking() -> dict[str, Any]:
    return tomllib.loads(RANKING.read_text("utf-8"))


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        code=row["code"],
        name=row["name"],
        category=row.get("category", ""),
        publisher=row.get("publisher", ""),
        agency=row.get("agency", ""),
        audience=row.get("audience", ""),
        kind=row.get("kind", ""),
        uuid=row.get("uuid", "").lower(),
    )


def _row_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str, dict[str, str | int]]]:
    for key, text in row.items():
        if len(text) > _MOST_LETTERS:
            yield key, "long_cell", {"count": len(text), "limit": _MOST_LETTERS}
        elif text.startswith("="):
            yield key, "formula", {"name": text[:20]}
        elif hidden(text):
            yield key, "control", {}
    for key in ("code", "name"):
        if not row.get(key):
            yield key, "missing", {}
    for key in ("code", "replaced_by"):
        if row.get(key) and not row[key].startswith("=") and not _CODE.fullmatch(row[key]):
            yield key, "code_shape", {"name": row[key][:20]}
    if row.get("uuid") and not _UUID.fullmatch(row["uuid"]):
        yield "uuid", "uuid_shape", {"name": row["uuid"][:40]}


def _known(row: Mapping[str, str]) -> dict[str, str]:
    ours: dict[str, str] = {}
    for written, value in row.items():
        for key, names in _COLUMNS.items():
            if written.strip().lower() in names and not ours.get(key):
                ours[key] = " ".join(value.split())
    return ours
