"""What a page would open in a window of its own is opened in the one there is; a paper goes to the viewer."""

import json

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWebEngineCore import QWebEngineNewWindowRequest, QWebEnginePage, QWebEngineScript

from portal.webview.asking import Judge
from portal.webview.gate import judge, secure

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
_HAND_OUT = """(() => {{
  const link = document.createElement("a");
  link.href = {address};
  link.download = "paper";
  link.click();
}})()"""


class Windows(QObject):
    """One for each page, and its child.

    `blocked(category)`: an address outside the policy. `opened(page)`: an empty one that may be written into
    and printed; nobody sees it.
    """

    blocked = Signal(str)
    opened = Signal(object)

    def __init__(self, page: QWebEnginePage, policy: Judge) -> None:
        super().__init__(page)
        self._page, self._policy = page, policy
        page.newWindowRequested.connect(self._asked)

    def hand_out(self, url: QUrl) -> bool:
        """Whether it is something that the page itself made: then it comes as a download, judged as any."""
        made_at = QUrl(url.path())
        if url.scheme() != "blob" or _origin(made_at) != _origin(self._page.url()):
            return False
        if not judge(self._policy, made_at).allowed:
            return False
        self._page.runJavaScript(_HAND_OUT.format(address=json.dumps(url.toString())), _WORLD)
        return True

    def _asked(self, request: QWebEngineNewWindowRequest) -> None:
        """A dead link would strand people, so it leads on from here."""
        url = request.requestedUrl()
        if not request.isUserInitiated():
            return
        if url.isEmpty() or url.scheme() == "about":  # opened empty, to be led somewhere later
            catcher = _Catcher(self._page)
            catcher.caught.connect(self._open_here)
            request.openIn(catcher)
            self.opened.emit(catcher)
        else:
            self._open_here(url)

    def _open_here(self, url: QUrl) -> None:
        url = secure(self._policy, url)
        verdict = judge(self._policy, url)
        if verdict.allowed:
            self._page.load(url)
        elif not self.hand_out(url):
            self.blocked.emit(verdict.category)


class _Catcher(QWebEnginePage):
    """Stands for a window that a page opened empty: shows nothing, and tells where it is led."""

    caught = Signal(QUrl)

    def __init__(self, page: QWebEnginePage) -> None:
        super().__init__(page.profile(), page)
        page.loadStarted.connect(self.deleteLater)  # who would have led it somewhere is gone

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        wanted = QUrl(url)
        if wanted.scheme() != "about" and is_main_frame:
            self.caught.emit(wanted)
            self.deleteLater()
        return False

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, text: str, line: int, source: str
    ) -> None:
        """Dropped, as the page's own: it may hold what people typed."""

    def javaScriptAlert(self, origin: QUrl | str, text: str) -> None:
        """Nobody sees this page, so nobody can be asked by it."""

    def javaScriptConfirm(self, origin: QUrl | str, text: str) -> bool:
        return False

    def javaScriptPrompt(self, origin: QUrl | str, text: str, default: str) -> tuple[bool, str]:
        return False, ""

    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, old: object, accepted: object
    ) -> list[str]:
        return []


def _origin(url: QUrl) -> tuple[str, str, int]:
    return url.scheme(), url.host(), url.port()
