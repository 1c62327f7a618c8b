"""`Counter`: the `VisitCounter` the screens hold. Writes on its own thread and never disturbs a visit."""

import queue
import threading
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from kioskcore.config import Config
from kioskcore.journal import Journal
from kioskcore.ports import Measure
from usage.facts import Key, Total, measure_name

if TYPE_CHECKING:
    from usage.store import CountStore


class Counter:
    """Opens the store on a thread of its own; making one costs nothing. `close` writes what is waiting.

    What cannot be written is kept (as totals) and tried again with the next count, as long as this lives.
    """

    def __init__(self, config: Config, journal: Journal, today: Callable[[], date] = date.today) -> None:
        self._url = config.database_url
        self._point, self._machine = config.point.code, config.point.machine
        self._journal = journal
        self._today = today
        self._waiting: queue.SimpleQueue[Total | None] = queue.SimpleQueue()
        self._store: CountStore | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open and check the store, on a thread; done by the first count where nobody asks before."""
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._work, name="counter", daemon=True)
            self._thread.start()

    def add(self, measure: Measure, *, procedure: str, mode: str, detail: str = "", number: int = 1) -> None:
        """Returns at once. A count outside the closed lists is dropped and journalled without its words."""
        try:
            name = measure_name(measure, detail)
            key = Key(self._today(), self._point, self._machine, procedure, mode, name)
            self._waiting.put(Total(key, number))
        except ValueError:
            self._note("count-refused", measure=measure.value)
        else:
            self.start()

    @property
    def notice(self) -> str | None:
        """An error code for staff, None while all is well."""
        return self._store.notice if self._store is not None else None

    def close(self, seconds: float = 3.0) -> None:
        """Write what is waiting, at most so long. Safe to call twice."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self) -> None:
        from usage.store import CountStore  # SQLAlchemy loads here, not before the waiting screen

        store = self._store = CountStore(self._url, self._journal)
        store.totals(first=date.max)  # opens and checks the file, so that staff hear of damage at once
        unwritten: list[Total] = []
        while True:
            batch = [self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get())
            unwritten += [total for total in batch if total is not None]
            if store.add(unwritten):
                unwritten = []
            if None in batch:
                store.close()
                return

    def _note(self, event: str, **facts: str) -> None:
        try:
            self._journal.note(event, **facts)
        except OSError:
            return  # a full disk; a refused count is not worth more
