"""Work off the GUI thread: one thread, in order; the answer comes back on the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal


class Pool(QObject):
    """`run(work, then, failed)`. After `close` nothing is begun and no answer comes any more."""

    _answered = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pool")
        self._open = True
        self._answered.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """`then(result)`, or `failed(fault)`; a fault that nobody takes is raised on the GUI thread."""
        if not self._open:
            return

        def finish(future: Future[Any]) -> None:
            if not future.cancelled():
                self._answered.emit(future, then, failed)

        self._threads.submit(work).add_done_callback(finish)

    def wait(self) -> None:
        """Until all that was asked is done; its answers still have to pass the event loop."""
        self._threads.submit(int).result()

    def close(self) -> None:
        self._open = False
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _tell(self, future: Any, then: Callable[[Any], None], failed: Callable[[Any], None] | None) -> None:
        if not self._open:
            return
        fault = future.exception()
        if fault is None:
            then(future.result())
        elif failed is not None:
            failed(fault)
        else:
            raise fault
