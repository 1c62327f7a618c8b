"""What becomes of a page that did not come: told by a code, tried again, or left so that typed words stay.

Chromium keeps the page that stands when a load finds no network, with all that was typed into it. So only
what failed is ever asked for again, and only where it was a plain GET that leads elsewhere: what a form sent
is never sent twice, and the page that stands is never fetched anew over the head of the person. Only where
it surely never left this machine is the person told to send it again: else it may be there already.
"""

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo, QWebEnginePage, QWebEngineScript

from portal.webview.gate import Gate

OFFLINE_MS = 5000
"""How often a page is tried again while there is no network."""
_ABORTED = -3  # Chromium: a load that was stopped, by the person, by us or by a download
_NEVER_LEFT = frozenset({-102, -105, -106, -108, -109, -137})
"""Chromium: refused, no such name, no network, no way to that address: nothing was sent."""
_Domain = QWebEngineLoadingInfo.ErrorDomain
_NO_NETWORK = {_Domain.ConnectionErrorDomain, _Domain.DnsErrorDomain}
_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
_EMPTY = "!document.body || !(document.body.innerText.trim() || document.body.firstElementChild)"


class Loads(QObject):
    """Call `told` and `ended` for the page's `loadingChanged` and `loadFinished`."""

    failed = Signal(str)  # PORTAL- code
    online_again = Signal()  # the page that PORTAL-OFFLINE was about has come after all

    def __init__(self, page: QWebEnginePage, gate: Gate, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._gate = page, gate
        self._wanted = QUrl()  # what failed and may be asked for again
        self._instead = False  # the server's failure stands where the page was
        self._over = False
        self._timer = QTimer(self, interval=OFFLINE_MS)
        self._timer.timeout.connect(lambda: self._page.load(self._wanted))

    def begin(self) -> None:
        """The person goes somewhere else: what failed before is not tried any more."""
        self._timer.stop()
        self._instead = False
        self._wanted = QUrl()

    def stop(self) -> None:
        """The visit ends: nothing is tried or told any more."""
        self._over = True
        self._timer.stop()

    def again(self) -> bool:
        """Ask for what failed once more; False where nothing may be."""
        if self._wanted.isEmpty():
            return False
        self._page.load(self._wanted)
        return True

    def stand_back(self) -> bool:
        """Back to the page that was there before; False where there was none."""
        instead = self._instead
        self.begin()
        history = self._page.history()
        if not instead:
            return not self._page.url().isEmpty()
        can = history.canGoBack()
        if can:
            history.back()  # Chromium puts back what was typed there
        return can

    def ended(self, ok: bool) -> None:
        if ok:
            waited = self._timer.isActive()
            self.begin()
            if waited:
                self.online_again.emit()

    def told(self, info: QWebEngineLoadingInfo) -> None:
        if info.status() == QWebEngineLoadingInfo.LoadStatus.LoadStartedStatus:
            self._gate.begin()
        if self._over or info.status() != QWebEngineLoadingInfo.LoadStatus.LoadFailedStatus:
            return
        domain, code = info.errorDomain(), info.errorCode()
        if code == _ABORTED or domain == _Domain.CertificateErrorDomain:
            return
        if domain in _NO_NETWORK:
            self._no_network(never_left=domain == _Domain.DnsErrorDomain or code in _NEVER_LEFT)
        elif domain == _Domain.HttpStatusCodeDomain and code < 500:
            self._page.runJavaScript(_EMPTY, _WORLD, self._nothing_shown)  # else the portal's own page stands
        else:
            self._no_page(instead=domain == _Domain.HttpStatusCodeDomain)

    def _nothing_shown(self, empty: object) -> None:
        if empty is True and not self._over:
            self._no_page(instead=True)

    def _no_network(self, never_left: bool) -> None:
        wanted = self._gate.wanted
        if self._gate.arrived or (self._gate.sends and not never_left):
            self._no_page(instead=False)
            return
        if self._gate.sends or wanted == self._page.url():
            self.begin()
            self.failed.emit("PORTAL-KEPT")
            return
        self._wanted = wanted
        if not self._timer.isActive():  # told once; tried again until it comes
            self._timer.start()
            self.failed.emit("PORTAL-OFFLINE")

    def _no_page(self, instead: bool) -> None:
        """`instead`: the server's answer has taken the place of the page before."""
        self.begin()
        self._instead = instead
        if self._gate.sends or self._gate.arrived:
            self.failed.emit("PORTAL-NO-ANSWER")
        else:
            self._wanted = self._gate.wanted
            self.failed.emit("PORTAL-LOAD")
