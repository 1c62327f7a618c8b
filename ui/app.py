"""Runs one visit: the window, the screens, and the wire to the keeper.

The waiting screen comes first and fast: WebEngine, the guides and the scanner are loaded after it is on the
screen, or after the first touch.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from kioskcore.config import Config
from kioskcore.display import require_display
from kioskcore.errors import KIND_OF, KioskError
from kioskcore.ports import Measure, Prints, ScanService, VisitCounter
from kioskcore.visit import Event, Visit
from ui.flow import Flow, Services
from ui.folders import read_library, read_sites
from ui.keys import KeyGuard
from ui.look import Look
from ui.parts import PartKeys
from ui.pointer import PointerHider
from ui.screens_of_machine import Screens
from ui.shell import Shell
from ui.theme import load_fonts, screen_dpi

BEAT_MS = 1000
_FOCUS_MS = 100
_ALONE_MS = 6000
"""Without a keeper the last screen closes by itself."""


class Link(Protocol):
    """The visit's end of the wire to its keeper: `kioskcore.keeper_link.KeeperLink`."""

    @property
    def kept(self) -> bool: ...
    def send(self, event: str, **facts: str | int | float | bool) -> None: ...
    def listen(self, callback: Callable[[dict[str, str]], None]) -> None: ...


class _Orders(QObject):
    """Brings the keeper's orders from the reader thread to the GUI thread."""

    came = Signal(object)


def run_visit(
    config: Config,
    *,
    work: Path,
    make_scan: Callable[[], ScanService],
    count: VisitCounter,
    link: Link | None = None,
    practice_url: Callable[[], str] | None = None,
    rehearsal: Callable[[QWidget], None] | None = None,
) -> int:
    """Show the waiting screen and serve one person. Returns the process's exit code.

    `rehearsal(window)` is called once the waiting screen is painted. Raises KioskError DISPLAY-MISSING.
    """
    app = make_application()
    load_fonts()
    look = Look(config, screen_dpi(app.primaryScreen(), config.screen.dots_per_inch))
    visit = Visit(practice=config.practice.on, language=look.language)
    shell = Shell(look, practice=visit.practice)
    services = Services(
        make_scan=make_scan,
        count=count,
        read_library=lambda: read_library(config),
        make_browser=lambda ports: make_browser(config, work, ports),
        practice_url=practice_url if visit.practice else None,
        printer=make_printer(config, work),
        played=rehearsal is not None,
    )
    flow = Flow(look, shell, visit, services)
    flow.ended.connect(clear_clipboards)
    guard = KeyGuard(look, shell)
    guard.escaped.connect(shell.escape)
    shell.watch_input(guard)
    shell.watch_input(PartKeys(look, shell.parts, shell))
    shell.watch_input(PointerHider(shell))
    shell.watch_input(flow.idle)
    _take_faults(flow)
    kept = link is not None and link.kept
    if link is not None:
        _wire(link, flow)
    if not kept:
        flow.open_entrance()
        flow.ended.connect(lambda _reason: QTimer.singleShot(_ALONE_MS, flow, _stop))
    shell.painted.connect(flow.after_paint)
    shell.painted.connect(clear_clipboards)  # where the last visit crashed, the system still keeps its text
    if rehearsal is not None:
        shell.painted.connect(lambda: rehearsal(shell))
    _hold_focus(app, shell)
    screens = Screens(app, shell, config, shell.measure_screen)
    flow.start()
    screens.fill()
    code = app.exec()
    screens.close()
    flow.pool.close()
    flow.close()
    return int(code)


def make_application() -> QApplication:
    """The QApplication, ready for WebEngine. Raises KioskError DISPLAY-MISSING instead of Qt's abort."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    require_display()
    QGuiApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication([sys.argv[0] if sys.argv else "kiosk"])
    app.setApplicationName("kiosk-dvc")
    app.setQuitOnLastWindowClosed(False)
    return app


def _hold_focus(app: QApplication, shell: Shell) -> None:
    """Take the keys back when nobody has them: where no window manager is, a closed list leaves them so."""

    def take() -> None:
        if app.focusWindow() is None and app.activePopupWidget() is None:
            shell.activateWindow()

    def lost(window: object) -> None:
        if window is None:
            QTimer.singleShot(_FOCUS_MS, shell, take)

    app.focusWindowChanged.connect(lost)
    shell.destroyed.connect(lambda: app.focusWindowChanged.disconnect(lost))


def make_browser(config: Config, work: Path, ports: Mapping[str, int]) -> Any:
    """Import WebEngine and make the visit's browser; hosts come from the site files."""
    from portal.marks import find_dossier_code
    from portal.policy import Policy
    from portal.webview.environment import clean_environment

    sites = read_sites(config)
    clean = clean_environment(os.environ, hosts=[host for site in sites for host in site.hosts])
    os.environ.clear()
    os.environ.update(clean)  # before Chromium is loaded, which reads it once
    from portal.webview.browser import Browser

    return Browser(
        Policy(sites, ports),
        user_agent=config.portal.user_agent,
        download_folder=work,
        find_code=find_dossier_code,
    )


def make_printer(config: Config, work: Path) -> Prints | None:
    if not config.print.queue:
        return None
    from kioskcore.spool import Printer  # late: it brings HTTP

    return Printer(config.print, work)


def clear_clipboards() -> None:
    """A page's copied text lies on the system's clipboard, out of the reach of the end of this process."""
    board = QGuiApplication.clipboard()
    board.clear()
    if board.supportsSelection():
        board.clear(QClipboard.Mode.Selection)


def _stop() -> None:
    """Not `quit`: that asks the window, which refuses to close."""
    QApplication.exit(0)


def _wire(link: Link, flow: Flow) -> None:
    """Tell the keeper when painted, alive, ended; do what it says."""
    orders = _Orders(flow)

    def obey(order: dict[str, str]) -> None:
        do = order.get("do")
        if do == "open":
            flow.open_entrance()
        elif do == "out_of_service":
            code = order.get("code", "BUG")
            flow.out_of_service(KioskError(code if code in KIND_OF else "BUG"))
        elif do == "quit":
            _stop()

    orders.came.connect(obey, Qt.ConnectionType.QueuedConnection)
    beat = QTimer(flow, interval=BEAT_MS)
    beat.timeout.connect(lambda: link.send("beat"))
    beat.start()
    flow.shell.painted.connect(lambda: link.send("painted"))
    flow.ended.connect(lambda reason: link.send("ended", reason=reason))
    link.listen(orders.came.emit)


def _take_faults(flow: Flow) -> None:
    """A fault of ours ends the visit cleanly and is counted; its text still reaches the technician's log."""
    before = sys.excepthook

    def hook(kind: type[BaseException], fault: BaseException, trace: Any) -> None:
        before(kind, fault, trace)
        flow.tally.add(Measure.ERROR, fault.code if isinstance(fault, KioskError) else "BUG")
        flow.fire(Event.FAULT)

    sys.excepthook = hook
