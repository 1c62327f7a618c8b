"""The counts in a database: running totals, nothing else. SQLite on the kiosk, PostgreSQL where they merge.

No call raises for a fault of the disk or the file: it answers False, and `notice` holds an error code for
staff.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from kioskcore.journal import Journal
from usage.facts import Key, Total

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_metadata = sa.MetaData()
_counts = sa.Table(
    "counts",
    _metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("point", sa.String(32), primary_key=True),
    sa.Column("machine", sa.String(32), primary_key=True),
    sa.Column("procedure", sa.String(16), primary_key=True),
    sa.Column("mode", sa.String(16), primary_key=True),
    sa.Column("measure", sa.String(64), primary_key=True),
    sa.Column("value", sa.BigInteger, sa.CheckConstraint("value > 0"), nullable=False),
)
Answer = TypeVar("Answer")


class CountStore:
    """`url`: an SQLAlchemy address. Usable from any thread; one thing at a time.

    A SQLite file that is damaged is renamed to <name>.damaged-<day>, what is still readable in it is carried
    over, and counting goes on in a new one.
    """

    def __init__(self, url: str, journal: Journal) -> None:
        self._url = sa.make_url(url)
        self._journal = journal
        self._using = threading.RLock()
        self._engine: sa.Engine | None = None
        self.notice: str | None = None

    def add(self, amounts: Iterable[Total]) -> bool:
        """Add each value to its total, all of them or none."""
        rows = _folded(amounts, lambda old, new: old + new)
        return self._write(rows, lambda excluded: _counts.c.value + excluded)

    def merge(self, totals: Iterable[Total]) -> bool:
        """Take over totals of any machine: the greater stays, so twice or out of order changes nothing."""
        rows = _folded(totals, max)
        old = _counts.c.value
        return self._write(rows, lambda new: sa.case((new > old, new), else_=old))

    def totals(self, first: date | None = None, last: date | None = None) -> list[Total]:
        """Everything from `first` to `last` day, both included; empty where the store cannot be read."""
        wanted = sa.select(_counts).order_by(*_counts.primary_key.columns)
        if first is not None:
            wanted = wanted.where(_counts.c.day >= first)
        if last is not None:
            wanted = wanted.where(_counts.c.day <= last)

        def read(connection: sa.Connection) -> list[Total]:
            try:
                return [_total(row) for row in connection.execute(wanted)]
            except ValueError as fault:
                raise _DamagedError from fault

        return self._do(read) or []

    def close(self) -> None:
        with self._using:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _write(self, rows: list[dict[str, Any]], value: Callable[[Any], Any]) -> bool:
        def upsert(connection: sa.Connection) -> bool:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            insert = dialect.insert(_counts)
            wanted = insert.on_conflict_do_update(
                index_elements=list(_counts.primary_key.columns),
                set_={"value": value(insert.excluded.value)},
            )
            connection.execute(wanted, rows)
            return True

        return not rows or bool(self._do(upsert))

    def _do(self, work: Callable[[sa.Connection], Answer]) -> Answer | None:
        """In one transaction; a damaged file is set aside once, then it is tried again."""
        with self._using:
            for _ in range(2):
                try:
                    with self._open().begin() as connection:
                        answer = work(connection)
                except (SQLAlchemyError, OSError) as fault:
                    self.close()
                    if not (_is_broken(fault) and self._set_aside()):
                        break
                else:
                    if self.notice == "COUNTS-UNSAVED":
                        self.notice = None
                    return answer
            if self.notice is None:
                self.notice = "COUNTS-UNSAVED"
                self._note("counts-unsaved")
            return None

    def _open(self) -> sa.Engine:
        if self._engine is None:
            file = self._file()
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            engine = sa.create_engine(self._url)
            self._engine = engine
            if engine.dialect.name == "sqlite":
                sa.event.listen(engine, "connect", _careful)
            with engine.begin() as connection:
                _check(connection)
        return self._engine

    def _file(self) -> Path | None:
        name = self._url.database
        if self._url.get_backend_name() != "sqlite" or not name or name == ":memory:":
            return None
        return Path(name)

    def _set_aside(self) -> bool:
        """Rename the damaged file and carry over what can be read. False: it could not be renamed."""
        file = self._file()
        if file is None:
            return False
        aside = _free_name(file.with_name(f"{file.name}.damaged-{date.today().isoformat()}"))
        try:
            for suffix in ("", "-wal", "-shm"):
                part = file.with_name(file.name + suffix)
                if part.exists():
                    part.replace(aside.with_name(aside.name + suffix))
        except OSError:
            return False
        rescued = list(_readable(aside))
        self.notice = "COUNTS-CORRUPT"
        self._note("counts-corrupt", rescued=len(rescued))
        self.merge(rescued)
        return True

    def _note(self, event: str, **facts: int) -> None:
        with contextlib.suppress(OSError):  # the disk may be full; the notice stays for staff
            self._journal.note(event, **facts)


class _DamagedError(SQLAlchemyError):
    """The file opens but is not a sound table of counts."""


def _check(connection: sa.Connection) -> None:
    """Make the table where it is missing. Raises _DamagedError."""
    if connection.dialect.name == "sqlite" and connection.scalar(sa.text("PRAGMA quick_check")) != "ok":
        raise _DamagedError
    _metadata.create_all(connection)
    columns = {column["name"] for column in sa.inspect(connection).get_columns("counts")}
    if columns != set(_counts.c.keys()):
        raise _DamagedError


def _careful(connection: Any, _record: Any) -> None:
    """Survive a power cut, wait for the other visit process, never trust what a file's schema defines."""
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _is_broken(fault: Exception) -> bool:
    code = getattr(getattr(fault, "orig", None), "sqlite_errorcode", None)
    return isinstance(fault, _DamagedError) or (code is not None and code & 0xFF in _BROKEN)


def _folded(amounts: Iterable[Total], both: Callable[[int, int], int]) -> list[dict[str, Any]]:
    """One row a key; in key order, so that two writers on one server cannot lock each other out."""
    values: dict[Key, int] = {}
    for total in amounts:
        old = values.get(total.key)
        values[total.key] = total.value if old is None else both(old, total.value)
    return [{**asdict(key), "value": values[key]} for key in sorted(values)]


def _total(row: Any) -> Total:
    return Total(Key(row.day, row.point, row.machine, row.procedure, row.mode, row.measure), row.value)


def _free_name(wanted: Path) -> Path:
    names = (wanted if n == 1 else wanted.with_name(f"{wanted.name}-{n}") for n in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _readable(file: Path) -> Iterator[Total]:
    """Rows of a damaged file that still make sense, as far as it can be read."""
    columns = ", ".join(_counts.c.keys())
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(file)) as connection:
        for day, *texts, value in connection.execute(f"SELECT {columns} FROM counts"):  # noqa: S608 - our names
            with contextlib.suppress(ValueError, TypeError, AttributeError):
                yield Total(Key(date.fromisoformat(day), *texts), value)
