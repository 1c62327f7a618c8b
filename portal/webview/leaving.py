"""Logs out of a visit's sites where their files say how: the cookies die here, the sessions there do not."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage

LONGEST_MS = 3000
"""The person has gone: no site may keep the next one waiting longer than this."""


class Leaving(QObject):
    """`note(site, url)` for each address that was shown; `go(then)` calls `then` once, whatever sites do."""

    def __init__(self, page: QWebEnginePage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._addresses: dict[str, QUrl] = {}
        self._then: Callable[[], None] | None = None

    def note(self, site: Any, url: QUrl) -> None:
        way = getattr(site, "logout", "")
        if way and self._then is None:  # the log-out page itself is no new visit to the site
            self._addresses[site.id] = url.resolved(QUrl(way))

    def go(self, then: Callable[[], None]) -> None:
        self._then = then
        if not self._addresses:
            self._done()
            return
        QTimer.singleShot(LONGEST_MS, self, self._done)
        self._page.loadFinished.connect(self._next)
        self._next()

    def _next(self, _ok: bool = True) -> None:
        if not self._addresses:
            self._done()
            return
        _, address = self._addresses.popitem()
        QTimer.singleShot(0, self, lambda: self._page.load(address))

    def _done(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
