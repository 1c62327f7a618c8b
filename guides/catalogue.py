"""Every procedure of the national portal in one read-only SQLite file, opened when first asked.

`build` writes such a file whole and at once; `Catalogue` reads it. Row order is the order of the codes.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from guides.folding import fold
from kioskcore.errors import KioskError

FORMAT = "1"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE phrase (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE procedure (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, category INTEGER NOT NULL,
    publisher INTEGER NOT NULL, agency INTEGER NOT NULL, audience INTEGER NOT NULL, kind INTEGER NOT NULL,
    uuid BLOB NOT NULL, rank REAL NOT NULL);
CREATE INDEX by_code ON procedure (code);
CREATE TABLE replaced (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE names USING fts5(folded, content='', tokenize='ascii');
CREATE VIRTUAL TABLE terms USING fts5vocab(names, row);
"""
_SELECT = """
SELECT p.code, p.name, c.text, u.text, a.text, d.text, k.text, p.uuid, p.rank
FROM procedure p JOIN phrase c ON c.id = p.category JOIN phrase u ON u.id = p.publisher
JOIN phrase a ON a.id = p.agency JOIN phrase d ON d.id = p.audience JOIN phrase k ON k.id = p.kind
"""
_CANDIDATES = (  # nothing from outside is in these texts; the few best are chosen before their words are read
    f"{_SELECT} JOIN (SELECT q.id AS hit, score - 4 * q.rank AS place FROM"  # noqa: S608
    " (SELECT rowid, bm25(names) AS score FROM names WHERE names MATCH ?) n"
    " JOIN procedure q ON q.id = n.rowid ORDER BY place LIMIT ?) ON hit = p.id ORDER BY place"
)


@dataclass(frozen=True)
class Entry:
    """One procedure as the portal lists it. `rank` 0..1: how likely a citizen of a commune means it."""

    code: str
    name: str
    category: str = ""
    publisher: str = ""
    agency: str = ""
    audience: str = ""
    kind: str = ""
    uuid: str = ""
    rank: float = 0.0


class Catalogue:
    """Raises KioskError CATALOGUE-INVALID where the file is not there or not such a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def _base(self) -> sqlite3.Connection:
        try:
            base = sqlite3.connect(
                f"{self.file.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            found = base.execute("SELECT value FROM about WHERE name = 'format'").fetchone()
        except sqlite3.Error as fault:
            raise KioskError("CATALOGUE-INVALID", faults=1, file=self.file.name) from fault
        if found != (FORMAT,):
            raise KioskError("CATALOGUE-INVALID", faults=1, file=self.file.name)
        return base

    def about(self) -> Mapping[str, str]:
        """`as_of` (date of the list), `count`, `format`."""
        return dict(self._base.execute("SELECT name, value FROM about WHERE name NOT LIKE 'as_of:%'"))

    def later(self) -> Mapping[str, str]:
        """The procedures that were brought in after the list was made: code -> day."""
        rows = self._base.execute("SELECT substr(name, 7), value FROM about WHERE name LIKE 'as_of:%'")
        return dict(rows)

    def as_of(self, code: str) -> str:
        """The day on which the portal said so of this procedure."""
        query = "SELECT value FROM about WHERE name IN (?, 'as_of') ORDER BY length(name) DESC"
        row = self._base.execute(query, (f"as_of:{code}",)).fetchone()
        return str(row[0]) if row else ""

    def entry(self, code: str) -> Entry | None:
        """The procedure of a code, replaced codes included; the likelier one where provinces share a code."""
        query = f"{_SELECT} WHERE p.code = ? ORDER BY p.rank DESC"
        row = self._base.execute(query, (code,)).fetchone()
        return _entry(row) if row else None

    def entries(self) -> Iterable[Entry]:
        """All, in the order of the codes."""
        return (_entry(row) for row in self._base.execute(f"{_SELECT} ORDER BY p.id"))

    def successor(self, code: str) -> str | None:
        """The code that replaced this one, followed to the end; None where it was not replaced."""
        new, seen = code, {code}
        while (row := self._base.execute("SELECT new FROM replaced WHERE old = ?", (new,)).fetchone()) and (
            row[0] not in seen
        ):
            new = row[0]
            seen.add(new)
        return new if new != code else None

    def replaced(self) -> Mapping[str, str]:
        return dict(self._base.execute("SELECT old, new FROM replaced"))

    def terms(self) -> Mapping[str, int]:
        """Every folded word of the names and in how many names it is."""
        return dict(self._base.execute("SELECT term, doc FROM terms"))

    def candidates(self, match: str, limit: int) -> list[Entry]:
        """Names that fit an FTS5 expression, the likely ones for a citizen of a commune lifted."""
        return [_entry(row) for row in self._base.execute(_CANDIDATES, (match, limit))]

    def close(self) -> None:
        if "_base" in self.__dict__:
            self._base.close()
            del self.__dict__["_base"]


def _entry(row: tuple[str, str, str, str, str, str, str, bytes, float]) -> Entry:
    uuid = row[7].hex()
    parts = (uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:])
    return Entry(*row[:7], "-".join(parts) if uuid else "", row[8])


def build(
    file: Path,
    entries: Iterable[Entry],
    replaced: Mapping[str, str],
    as_of: str,
    later: Mapping[str, str] | None = None,
) -> int:
    """Write a whole catalogue file (over what may be there) and give the number of procedures.

    `later`: the day of each procedure that is younger than the list.
    """
    file.unlink(missing_ok=True)
    base = sqlite3.connect(file)
    try:
        base.executescript(_TABLES)
        ids: dict[str, int] = {}

        def phrase(text: str) -> int:
            if text not in ids:
                ids[text] = len(ids) + 1
                base.execute("INSERT INTO phrase VALUES (?, ?)", (ids[text], text))
            return ids[text]

        number = 0
        for number, one in enumerate(sorted(entries, key=lambda entry: (entry.code, entry.uuid)), 1):
            texts = (one.category, one.publisher, one.agency, one.audience, one.kind)
            shared = [phrase(text) for text in texts]
            uuid = bytes.fromhex(one.uuid.replace("-", ""))
            base.execute(
                "INSERT INTO procedure VALUES (?,?,?,?,?,?,?,?,?,?)",
                (number, one.code, one.name, *shared, uuid, one.rank),
            )
            base.execute("INSERT INTO names (rowid, folded) VALUES (?, ?)", (number, fold(one.name)))
        base.executemany("INSERT INTO replaced VALUES (?, ?)", sorted(replaced.items()))
        about = {"as_of": as_of, "count": str(number), "format": FORMAT}
        about |= {f"as_of:{code}": day for code, day in (later or {}).items()}
        base.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
        base.execute("INSERT INTO names (names) VALUES ('optimize')")
        base.commit()
        base.execute("VACUUM")
    finally:
        base.close()
    return number
