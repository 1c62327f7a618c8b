"""Has what pages leave behind collected: the engine's own collector waits for half a gigabyte of it.

QtWebEngine's V8 is built with neither incremental marking nor a memory reducer (decision 030): nodes, styles
and pictures of pages that are gone count for nothing and stay until the scripts alone fill the heap.
"""

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

from portal.webview.environment import COLLECT

AFTER_LOAD_MS = 200
"""The new page is drawn first."""
REST_MS = 10_000
"""Between two collections of a page that stays: pages that never load anew grow too."""
LONGEST_MS = 3000
"""A page that leads on at once is not held up by collecting, but one that does so for ever is."""
SHARE = 200
"""A page so large that collecting takes long is collected rarely: during one 200th of the time at most."""

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
_SCRIPT = f"""(() => {{
  const begun = performance.now();
  globalThis.{COLLECT}?.();
  return performance.now() - begun;
}})()"""


class Tidying(QObject):
    """Lives as long as its page. Collects nothing where the process was started without the kiosk's flags."""

    def __init__(self, page: QWebEnginePage) -> None:
        super().__init__(page)
        self._page = page
        self._overdue = QDeadlineTimer(LONGEST_MS)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._collect)
        page.loadFinished.connect(self._loaded)

    def _loaded(self, _ok: bool) -> None:
        self._timer.start(AFTER_LOAD_MS)

    def _collect(self) -> None:
        if self._page.isLoading() and not self._overdue.hasExpired():
            return  # the end of that load comes back here
        self._page.runJavaScript(_SCRIPT, _WORLD, self._collected)

    def _collected(self, spent: object) -> None:
        """`spent`: milliseconds; no number where the script could not run."""
        self._overdue.setRemainingTime(LONGEST_MS)
        if isinstance(spent, float | int):
            self._timer.start(max(REST_MS, round(spent * SHARE)))
