"""The embedded browser of one visit: shows allowed sites, refuses everything else, tells what happens.

Qt needs `AA_ShareOpenGLContexts` set before the QApplication. The browser and its off-the-record profile end
together; `close_page()` does it in the one order that Chromium survives.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QMouseEvent, QShowEvent, QWheelEvent
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWidgets import QVBoxLayout, QWidget

from portal.marks import find_dossier_code, says_submitted
from portal.webview.asking import Chooser, DialogHandler, Judge, Lister, Picker
from portal.webview.dialogs import NoDialogs
from portal.webview.downloads import Downloads
from portal.webview.finder import Finder, Found, Query
from portal.webview.gate import Gate, harden, judge, secure
from portal.webview.leaving import Leaving
from portal.webview.loads import Loads
from portal.webview.page import Page
from portal.webview.printing import Printing
from portal.webview.tidying import Tidying
from portal.webview.view import View
from portal.webview.watch import RendererWatch

LOOK_MS = 500
"""How often the page is read for guide steps and dossier codes."""
_BLANK = "about"  # the scheme of pages with nothing on them
_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
_BACK_BUTTONS = (Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton)

_DYING: set[tuple[QObject, ...]] = set()
"""Holds what is being deleted, so that Python does not delete it in an order of its own."""

FindCode = Callable[[Any, str], str | None]
"""(site, visible text) -> the dossier code that the portal shows, if any."""


class _Guard(QObject):
    """Swallows what WebEngine binds by itself: Ctrl+wheel zoom, the mouse's back button, dropped files.

    It sits on the window, which outlives every page: PySide wraps each object that it filters, and
    Chromium's own widgets may be half made or half deleted in that moment.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if isinstance(event, QMouseEvent):
            return event.button() in _BACK_BUTTONS
        return event.type() in _DRAGS


class Browser(QWidget):
    """The portal on the screen. Addresses and page text go to the listeners only; nothing is logged."""

    address_changed = Signal(str)
    site_changed = Signal(object)  # the policy's site, or None
    blocked = Signal(str)  # category of a stopped address, never the address
    failed = Signal(str)  # PORTAL- code: the page is not there any more
    recovered = Signal(str)  # PORTAL-CRASH or PORTAL-HANG that a reload made good
    online_again = Signal()  # the page that PORTAL-OFFLINE was about has come after all
    loading = Signal(bool)
    paper_comes = Signal(bool)  # one is on its way, or has ended it
    paper_came = Signal(object)  # Path of a PDF or picture that the page handed out
    submission_seen = Signal()  # the page says that the dossier went; its code may not be there yet
    dossier_found = Signal(str)
    moves_changed = Signal(bool, bool)  # whether the page can be moved up, and down
    page_text_changed = Signal(str, str)  # address, visible text of all frames
    number_asked = Signal(str)  # the page would call this telephone number
    print_came = Signal(object)  # Path of a PDF of what the page wants to print
    closed = Signal()

    def __init__(
        self,
        policy: Judge,
        *,
        user_agent: str = "",
        download_folder: Path,
        find_code: FindCode = find_dossier_code,
        parent: QWidget | None = None,
    ) -> None:
        """`download_folder`: the visit's work folder; pages' papers come there, upload boxes give from it."""
        super().__init__(parent)
        self._policy = policy
        self._find_code = find_code
        self._home = ""
        self._site: Any = None
        self._text = ""
        self._code = ""
        self._looking = False
        self._moves = (False, False)
        self._zoom = 1.0
        self._asked = QUrl()
        # The view is the first child and holds the page: if this widget is deleted without close_page,
        # Qt deletes view and page before the profile, which is the order that Chromium survives.
        self._view = View(self)
        self._profile = QWebEngineProfile(self)
        self._make_profile(user_agent, download_folder)
        self._page = Page(self._profile, policy, download_folder, self._view)
        self._view.setPage(self._page)
        self._watch = RendererWatch(self._page, self)
        self._tidying = Tidying(self._page)
        self._printing = Printing(self._page, download_folder, self)
        self._finder = Finder(self._view)
        self._leaving = Leaving(self._page, self)
        self._guard = _Guard(self)
        self._no_dialogs = NoDialogs(self)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._loads = Loads(self._page, self._gate, self)
        self._lay_out()
        self._listen()

    # -- what the screens call -----------------------------------------------------------------------

    def open(self, url: str) -> None:
        """Go to an address. One outside the policy is not opened: `blocked` says so."""
        target = secure(self._policy, QUrl(url))
        verdict = self._policy.decide(url) if target == QUrl(url) else judge(self._policy, target)
        if not verdict.allowed:
            self.blocked.emit(verdict.category)
            return
        self._loads.begin()
        self._asked = target
        self._page.load(target)
        self._timer.start()

    def back(self) -> None:
        if self._page.history().canGoBack():
            self._page.history().back()

    def reload(self) -> None:
        if self._asked.isEmpty():
            self.home()
        else:
            self._page.load(self._asked)

    def try_again(self) -> None:
        """Ask once more for the page that did not come."""
        if not self._loads.again():
            self.reload()

    def stand_back(self) -> None:
        """From a page that did not come to the one before, which still holds what was typed."""
        self._asked = self._page.url()
        if not self._loads.stand_back():
            self.home()

    def set_home(self, url: str) -> None:
        self._home = url

    def home(self) -> None:
        if self._home:
            self.open(self._home)

    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, factor: float) -> None:
        """1.0 is normal; stays for every page of the visit."""
        self._zoom = min(max(factor, 0.5), 3.0)
        self._view.setZoomFactor(self._zoom)

    def address(self) -> str:
        return self._page.url().toString()

    def site(self) -> Any:
        return self._site

    def page_text(self) -> str:
        """The text last seen by the half-second look."""
        return self._text

    def set_chooser(self, chooser: Chooser) -> None:
        """Who answers the page's file boxes."""
        self._page.chooser = chooser

    def set_dialog_handler(self, handler: DialogHandler) -> None:
        """Who answers alert, confirm, prompt; it may run a modal dialog. Default: nothing is agreed to."""
        self._page.dialog_handler = handler

    def set_picker(self, picker: Picker) -> None:
        """Who chooses dates, times and colours for the page's fields. Default: they stay as they are."""
        self._page.picker = picker

    def set_lister(self, lister: Lister) -> None:
        """Who offers the options of the page's lists. Default: they stay as they are."""
        self._page.lister = lister

    def find(  # type: ignore[override]  # QWidget.find, an id of the window system's, is of no use here
        self, query: Query, then: Callable[[Found | None], None]
    ) -> None:
        self._finder.find(query, then)

    def wait_for(self, query: Query, seconds: float, then: Callable[[Found | None], None]) -> None:
        self._finder.wait(query, seconds, then)

    def find_text(self, text: str, backward: bool, then: Callable[[int, int], None]) -> None:
        """Mark the next place of a text on the page; `then(number, total)`. "" takes the marks away."""
        flags = QWebEnginePage.FindFlag.FindBackward if backward else QWebEnginePage.FindFlag(0)
        self._page.findText(text, flags, lambda found: then(found.activeMatch(), found.numberOfMatches()))

    def move_page(self, way: int) -> None:
        """-1: to what is further up, 1: further down."""
        self._finder.move(way, self._tell_moves)

    def read_text(self, then: Callable[[str], None]) -> None:
        """A fresh look at the text of all frames; "" where the page does not answer."""
        self._finder.text(lambda text: then(text or ""))

    def view(self) -> QWidget:
        """The widget in whose pixels `Found` speaks; key and mouse events for the page go to its window."""
        return self._view

    def log_out(self, then: Callable[[], None]) -> None:
        """Log out of the sites that were shown; `then` is called once, after 3 seconds at the latest."""
        self._loads.stop()
        self._leaving.go(then)

    def close_page(self) -> None:
        """Delete view, page and profile, in this order; `closed` when all are gone. The widget stays."""
        self._timer.stop()
        self._loads.stop()
        self._watch.stop()
        self._page.renderProcessTerminated.disconnect()
        self._page.urlChanged.disconnect(self._moved)
        self._page.loadFinished.disconnect(self._loaded)  # one may still come while the view is gone already
        self._page.loadingChanged.disconnect(self._loads.told)
        self._view.hide()
        _bury(self._view, self._page, self._profile)
        self._profile.destroyed.connect(self.closed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        window = self.window().windowHandle()
        if window is not None:
            window.installEventFilter(self._guard)  # again is no harm: a filter is installed once

    # -- making ---------------------------------------------------------------------------------------

    def _make_profile(self, user_agent: str, folder: Path) -> None:
        harden(self._profile)
        self._profile.setHttpUserAgent(user_agent or plain_agent(self._profile.httpUserAgent()))
        self._profile.setDownloadPath(str(folder))
        self._downloads = Downloads(self._policy, folder, self._profile)
        self._profile.downloadRequested.connect(self._downloads.take)
        self._downloads.comes.connect(self.paper_comes)
        self._downloads.came.connect(self.paper_came)
        self._downloads.refused.connect(self.failed)
        self._gate = Gate(self._policy, self._profile)
        self._profile.setUrlRequestInterceptor(self._gate)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)

    def _listen(self) -> None:
        page = self._page
        page.blocked.connect(self.blocked)
        page.refused.connect(self.failed)
        page.noisy.connect(self._stop_page)
        page.number_asked.connect(self.number_asked)
        page.windows.opened.connect(self._printing.listen)
        self._printing.came.connect(self.print_came)
        self._printing.failed.connect(lambda: self.failed.emit("PRINT-FAILED"))
        page.urlChanged.connect(self._moved)
        page.loadStarted.connect(self._load_began)
        page.loadFinished.connect(self._loaded)
        page.loadingChanged.connect(self._loads.told)
        self._loads.failed.connect(self.failed)
        self._loads.online_again.connect(self.online_again)
        self._watch.revive.connect(self._revive)
        self._watch.gave_up.connect(lambda _code: self.failed.emit("PORTAL-BROKEN"))

    # -- what the page does ---------------------------------------------------------------------------

    def _moved(self, url: QUrl) -> None:
        address = url.toString()
        if url.scheme() == _BLANK:
            # Neither accept nor interceptor sees this one; the person would sit before an empty page.
            QTimer.singleShot(0, self, self.home)
            return
        self._asked = url
        self._view.setZoomFactor(self._zoom)
        self.address_changed.emit(address)
        site = self._policy.decide(address).site
        self._leaving.note(site, url)
        if site != self._site:
            self._site = site
            self._page.max_bytes = site.upload.max_bytes if site is not None else 0
            self._page.accept = site.upload.accept if site is not None else ()
            self.site_changed.emit(site)

    def _load_began(self) -> None:
        self._text = ""  # whatever comes is told, the same words too
        self.loading.emit(True)

    def _loaded(self, ok: bool) -> None:
        self._view.setZoomFactor(self._zoom)
        self._loads.ended(ok)
        self.loading.emit(False)
        self._text = ""  # what was read while it came may have been the page before
        self._look()  # half a second is long for who reads "nothing is sent" beside "it is sent"

    def _revive(self, code: str) -> None:
        self.recovered.emit(code)
        QTimer.singleShot(0, self, self.reload)  # a load inside the signal meets the dying renderer

    def _stop_page(self) -> None:
        """A page that will not stop asking is left."""
        self.failed.emit("PORTAL-NOISY")
        QTimer.singleShot(0, self, self.home)

    def _look(self) -> None:
        if self._looking or self._page.waiting or self._page.url().isEmpty():
            return
        self._looking = True
        self._finder.text(self._looked)

    def _looked(self, text: str | None) -> None:
        self._looking = False
        self._tell_moves()
        if text is None or text == self._text:
            return
        self._text = text
        self.page_text_changed.emit(self.address(), text)
        if self._site is not None and says_submitted(self._site, text):
            self.submission_seen.emit()
        code = self._find_code(self._site, text) if self._site is not None else None
        if code and code != self._code:
            self._code = code
            self.dossier_found.emit(code)

    def _tell_moves(self) -> None:
        if self._moves != self._finder.moves:
            self._moves = self._finder.moves
            self.moves_changed.emit(*self._moves)


def plain_agent(own: str) -> str:
    """QtWebEngine's own User-Agent as the Chrome of the same engine sends it: portals refuse unusual ones."""
    return re.sub(r"QtWebEngine/\S+ ", "", own)


def _bury(view: View, page: Page, profile: QWebEngineProfile) -> None:
    """Delete view, then page, then profile, each in a turn of its own, whatever happens to their parents."""
    grave = (view, page, profile)
    _DYING.add(grave)
    page.setParent(None)
    profile.setParent(None)
    view.destroyed.connect(page.deleteLater)
    page.destroyed.connect(profile.deleteLater)
    profile.destroyed.connect(lambda: _DYING.discard(grave))
    view.deleteLater()
