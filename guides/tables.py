"""Tables that officers hand in (CSV, XLSX, JSON) as numbered rows of text; what cannot be read has a code."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

MOST_BYTES, MOST_ROWS = 50_000_000, 50_000
_HEAD_WITHIN = 10
"""A title or two may stand above the line with the columns' names."""

Row = tuple[int, dict[str, str]]
Naming = Callable[[Mapping[str, str]], dict[str, str]]
"""Gives a row under our names of its columns; columns that we do not know are left out."""


class TableError(Exception):
    """`code` is a key `fault.<code>` of the words."""

    def __init__(self, code: str, line: int = 0, **facts: str | int) -> None:
        super().__init__(code)
        self.code, self.line, self.facts = code, line, facts


def rows(file: Path, named: Naming, needed: str) -> list[Row]:
    """(line or row number, {our column: text}) of every row that is not blank. Raises TableError.

    The line with the columns' names is the first that names `needed`.
    """
    raw = content(file)
    found = list(islice(_read(file.suffix.lower() or file.name, raw, named, needed), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise TableError("many_rows", limit=MOST_ROWS)
    return found


def content(file: Path) -> bytes:
    """All of a file of a bearable size. Raises TableError."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise TableError("big_file", limit=MOST_BYTES // 1_000_000)
        return file.read_bytes()
    except FileNotFoundError as fault:
        raise TableError("no_file") from fault
    except IsADirectoryError as fault:
        raise TableError("is_folder") from fault
    except OSError as fault:
        raise TableError("unreadable", detail=fault.strerror or "") from fault


def _read(kind: str, raw: bytes, named: Naming, needed: str) -> Iterable[Row]:
    if kind == ".csv":
        return _csv(text_of(raw), named, needed)
    if kind == ".xlsx":
        return _tabled(_sheet(raw), named, needed)
    if kind == ".json":
        return _json(text_of(raw), named)
    raise TableError("table_kind", kind=kind)


def text_of(raw: bytes) -> str:
    """UTF-8, or UTF-16 that says so. Other code pages are not guessed: names would come out garbled."""
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise TableError("csv_not_utf8") from fault


def _csv(text: str, named: Naming, needed: str) -> Iterable[Row]:
    """Parted by what makes a line of the columns' names: Excel in Viet Nam writes semicolons."""
    for delimiter in ",;\t":
        head = islice(_lines(text, delimiter), _HEAD_WITHIN)
        if any(needed in named(dict.fromkeys(cells, "x")) for _, cells in head):
            return _tabled(_lines(text, delimiter), named, needed)
    return _tabled(_lines(text, ","), named, needed)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        yield from ((lines.line_num, cells) for cells in lines)
    except csv.Error as fault:
        raise TableError("csv_shape", lines.line_num) from fault


def _sheet(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """A formula whose value was never counted is given as its own text, "=A1"."""
    from openpyxl import load_workbook

    try:
        values, written = (
            load_workbook(BytesIO(raw), read_only=True, data_only=counted).worksheets[0].values
            for counted in (True, False)
        )
        for number, (row, source) in enumerate(zip(values, written, strict=False), 1):
            yield (
                number,
                [_cell(here if value is None else value) for value, here in zip(row, source, strict=False)],
            )
    except Exception as fault:  # openpyxl raises whatever its zip and XML parts raise
        raise TableError("not_xlsx") from fault


def _tabled(lines: Iterable[tuple[int, list[str]]], named: Naming, needed: str) -> Iterator[Row]:
    head: list[str] = []
    above = 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if head:
            yield number, named(dict(zip(head, cells, strict=False)))
        elif needed in named(dict.fromkeys(cells, "x")):
            head = cells
        else:
            above += 1
            if above == _HEAD_WITHIN:
                break
    if above and not head:
        raise TableError("no_head", 1)


def _json(text: str, named: Naming) -> Iterator[Row]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as fault:
        raise TableError("json_shape", fault.lineno) from fault
    except RecursionError as fault:
        raise TableError("json_list") from fault
    listed = found.get("procedures", found) if isinstance(found, dict) else found
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise TableError("json_list")
    for number, one in enumerate(listed, 1):
        yield number, named({str(key): _cell(value) for key, value in one.items()})


def _cell(value: Any) -> str:
    """A JSON value may be wrapped as {"value": ...}; a spreadsheet takes 1.000500 for a number."""
    if isinstance(value, dict):
        value = value.get("value", "")
    if isinstance(value, float):
        return f"{value:.6f}"
    return "" if value is None else str(value)
