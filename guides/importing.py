"""Bring a list of procedures (CSV, XLSX or JSON) into a catalogue file: checked whole, replaced at once.

All faults of the file are told together and then nothing is changed; the catalogue before is kept beside the
new one as `<name>.previous`.
"""

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from guides.catalogue import Catalogue, Entry, build
from guides.faults import Fault
from kioskcore.errors import KioskError

RANKING = Path(__file__).parent / "data" / "search" / "ranking.toml"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CODE = re.compile(r"\d\.\d{6,9}(\.[A-Z]\d{1,3})?(-[A-Za-z]{1,8})?")  # the portal itself has such odd ones
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


def read_entries(file: Path) -> tuple[list[Entry], dict[str, str]]:
    """The procedures of a file and the codes it says were replaced. Raises CatalogueError."""
    faults: list[Fault] = []
    entries: list[Entry] = []
    replaced: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    try:
        rows = list(_rows(file))
    except (OSError, ValueError, KeyError, UnicodeError) as fault:
        raise CatalogueError([Fault(file.name, 0, "", "unreadable", {"detail": str(fault)})]) from fault
    if not rows:
        raise CatalogueError([Fault(file.name, 0, "", "empty")])
    for line, row in rows:
        start = len(faults)
        faults += (Fault(file.name, line, key, code, facts) for key, code, facts in _row_faults(row))
        if len(faults) > start:
            continue
        code, uuid, successor = row["code"], row.get("uuid", "").lower(), row.get("replaced_by", "")
        if (code, uuid) in seen:
            faults.append(Fault(file.name, line, "code", "twice", {"name": code}))
        seen.add((code, uuid))
        if successor:
            replaced[code] = successor
        entries.append(ranked(_entry(row)))
    if faults:
        raise CatalogueError(faults)
    return entries, replaced


def import_file(source: Path, target: Path, base: Path | None, as_of: str) -> int:
    """Make `target` out of `source`: all of it where `base` is None, else added to and put over `base`.

    Gives the number of procedures now in `target`. Raises CatalogueError and then leaves `target` alone.
    """
    entries, replaced = read_entries(source)
    if base is not None:
        old = Catalogue(base)
        new_codes = {entry.code for entry in entries}
        entries += [entry for entry in old.entries() if entry.code not in new_codes]
        replaced = {**old.replaced(), **replaced}
        old.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.new")
    count = build(fresh, entries, replaced, as_of)
    if target.exists():
        kept = target.with_name(f"{target.name}.previous")
        kept.unlink(missing_ok=True)
        kept.hardlink_to(target)
    fresh.replace(target)
    return count


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
    for key in ("code", "name"):
        if not row.get(key):
            yield key, "missing", {}
    for key in ("code", "replaced_by"):
        if row.get(key) and not _CODE.fullmatch(row[key]):
            yield key, "code_shape", {"name": row[key][:20]}
    if row.get("uuid") and not _UUID.fullmatch(row["uuid"]):
        yield "uuid", "uuid_shape", {"name": row["uuid"][:40]}


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line or row number, {our column: text}); columns that we do not know are left out."""
    kind = file.suffix.lower()
    if kind == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            lines = csv.reader(stream)
            yield from _tabled((lines.line_num, cells) for cells in lines)
    elif kind == ".xlsx":
        from openpyxl import load_workbook

        try:
            sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        except Exception as fault:  # openpyxl raises whatever its zip and XML parts raise
            raise ValueError(str(fault)) from fault
        yield from _tabled(enumerate(([_text(cell) for cell in row] for row in sheet.values), 1))
    elif kind == ".json":
        found = json.loads(file.read_text("utf-8-sig"))
        listed = found.get("procedures", found) if isinstance(found, dict) else found
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise ValueError("JSON: [{...}, ...]")
        for number, one in enumerate(listed, 1):
            yield number, _known({str(key): _text(value) for key, value in one.items()})
    else:
        raise ValueError(f"{kind or file.name}: .csv, .xlsx, .json")


def _tabled(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    head: list[str] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if not head:
            head = cells
            if "code" not in _known(dict.fromkeys(head, "x")):
                raise ValueError("code, name, ...")
            continue
        yield number, _known(dict(zip(head, cells, strict=False)))


def _known(row: Mapping[str, str]) -> dict[str, str]:
    ours: dict[str, str] = {}
    for written, value in row.items():
        for key, names in _COLUMNS.items():
            if written.strip().lower() in names and not ours.get(key):
                ours[key] = " ".join(value.split())
    return ours


def _text(value: object) -> str:
    """A JSON value may be wrapped as {"value": ...}."""
    if isinstance(value, dict):
        value = value.get("value", "")
    return "" if value is None else str(value)
