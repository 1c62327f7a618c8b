"""The controller: the visit says which screen shows, the screens say what the person did."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from kioskcore.errors import KioskError
from kioskcore.ports import Measure, Prints, ScanService, VisitCounter
from kioskcore.visit import Event, Mode, State, Visit
from ui.adapters.pool import Pool
from ui.help_card import HELP
from ui.idle import IdleWatch
from ui.look import Look
from ui.practice import at_home
from ui.screens.base import Screen
from ui.screens.waiting import SCENES, WaitingScreen
from ui.shell import Shell
from ui.tally import Tally

if TYPE_CHECKING:  # loaded after the waiting screen is painted
    from guides.library import Library
    from guides.model import Guide, Hit
    from ui.keyboard.keyboard import Keyboard
    from ui.portal_road import MakeBrowser

_WARM_MS = 400
_LOG_OUT_MS = 4000
_QUIET_MS = 1500
_NOTICE_MS = 5000
_FORGOTTEN_MS = 60_000
_LATER = ("ui.screens.behind", "ui.portal_road", "ui.keyboard.keyboard")
_SURE = "ui.portal.sure"


@dataclass(frozen=True)
class Services:
    """What the visit is handed. `make_scan` is called once, after the waiting screen is painted;
    `practice_url` starts the practice portal and gives its address.
    """

    make_scan: Callable[[], ScanService]
    count: VisitCounter
    read_library: Callable[[], "Library"]
    make_browser: "MakeBrowser"
    practice_url: Callable[[], str] | None = None
    printer: Prints | None = None
    played: bool = False  # by a rehearsal, whose keys are letters already and must not be composed


class Flow(QObject):
    """One visit on one shell. `ended(reason)` once."""

    ended = Signal(str)

    def __init__(self, look: Look, shell: Shell, visit: Visit, services: Services) -> None:
        super().__init__(shell)
        self.look, self.shell, self.visit, self._services = look, shell, visit, services
        self.tally = Tally(visit, services.count)
        self.pool = Pool(self)
        self.idle = IdleWatch(look.config.idle.warning_seconds, self)
        self._library: Library | None = None
        self._entrance_open = self._touch_kept = False
        self._keyboard: Keyboard | None = None
        self._scan_started = False
        self._furnished = False
        self.waiting = WaitingScreen(look, shell.sound)
        shell.add(self.waiting)
        self.waiting.touched.connect(self._touched)
        self._connect_shell()
        visit.listeners.append(self._moved)

    # ---- start -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the waiting screen; what can be done here is read after it is on the screen."""
        self.shell.show_screen(self.waiting)

    def after_paint(self) -> None:
        """The waiting screen is there; now what it can do without."""
        QTimer.singleShot(_QUIET_MS, self, self._services.count.start)
        QTimer.singleShot(_NOTICE_MS, self, self._show_notice)
        self.pool.run(lambda: list(map(import_module, _LATER)), lambda _: self.furnish(), self._broken)
        self.pool.run(self._services.read_library, self.guides_read, self._broken)

    def _show_notice(self) -> None:
        notice = self._services.count.notice
        if notice:
            self.waiting.set_notice(notice)

    def open_entrance(self) -> None:
        """From now on a touch begins the visit. Only now the last visit's window is gone for certain.

        Without a window manager nobody else gives the window the keys.
        """
        self._entrance_open = True
        self.shell.raise_()
        self.shell.activateWindow()

    def out_of_service(self, fault: KioskError) -> None:
        self.furnish()
        if self.visit.can(Event.BREAKDOWN):
            self.out.set_fault(fault)
            self.visit.fire(Event.BREAKDOWN)

    def close(self) -> None:
        """End what runs beside the screens. Safe to call twice."""
        if self._furnished:
            self.scanning.close()

    def fire(self, event: Event) -> None:
        """Move if the table allows it: a second tap on a dying screen is no fault."""
        if self.visit.can(event):
            self.visit.fire(event)

    def furnish(self) -> None:
        """Make the screens behind the waiting screen, once."""
        if self._furnished:
            return
        self._furnished = True
        from ui.page_desk import PageDesk
        from ui.portal_road import PortalRoad
        from ui.screens.behind import ScreensBehind

        made = ScreensBehind(self.look, self.shell, self._services.make_scan(), self.visit)
        self.choose, self.guide, self.scan, self.portal = made.choose, made.guide, made.scan, made.portal
        self.finish, self.ending, self.out, self.people = made.finish, made.ending, made.out, made.people
        self.scanning, self.events = made.scanning, made.events
        printer = self._services.printer
        self.desk = PageDesk(self.look, self.shell, made.stock, printer, self.pool)
        self.portal.prints = self.finish.prints = self.desk.can_print
        self.road = PortalRoad(
            self.visit,
            self.portal,
            self.desk,
            made.people,
            pool=self.pool,
            make=self._services.make_browser,
            practice_url=self._services.practice_url,
            broken=self._broken,
        )
        self.check_stop = made.check_stop
        self.screens: dict[State, Screen] = {State.ATTRACT: self.waiting, **made.by_state}
        self._connect_screens()
        self._make_keyboard()

    def _connect_screens(self) -> None:
        fire = self.fire
        self.choose.picked.connect(self._picked)
        self.guide.to_scan.connect(lambda: fire(Event.TO_SCAN))
        self.guide.to_portal.connect(self.check_stop.on_the_way)
        self.scan.done.connect(self.check_stop.on_the_way)
        self.scan.counted.connect(self.tally.add)
        self.scan.stirred.connect(self.idle.stir)
        self.portal.scan_more.connect(lambda: fire(Event.TO_SCAN))
        self.portal.submitted.connect(self._submitted)
        self.portal.code_came.connect(self._code_came)
        self.portal.counted.connect(self.tally.add)
        self.portal.print_asked.connect(self.desk.sheet.offer)
        self.desk.counted.connect(self.tally.add)
        self.desk.scan_asked.connect(self.portal.scan_more)
        self.finish.print_code.connect(lambda: self.desk.print_slip(self.portal.code, self._guide().title))
        self.finish.done.connect(lambda: fire(Event.DONE))
        self.finish.rated.connect(lambda grade: self.tally.add(Measure.SATISFIED, str(grade)))

    def _connect_shell(self) -> None:
        shell, fire = self.shell, self.fire
        shell.back.connect(self._back)
        shell.leave.connect(lambda: fire(Event.LEAVE))
        shell.help_asked.connect(self._help_asked)
        shell.help_changed.connect(self._watch)
        shell.staff_helps.connect(self._staff_helps)
        shell.stays.connect(self.idle.stay)
        self.idle.warn.connect(shell.warn_idle)
        self.idle.here.connect(shell.stay)
        shell.sound.spoke.connect(self.idle.stir)
        self.idle.gone.connect(lambda: fire(Event.IDLE))
        self.look.spoken.connect(self._language_changed)

    # ---- what the person does ----------------------------------------------------------------------

    def _touched(self) -> None:
        """A touch while the guides are still being read is kept, not lost."""
        if self._entrance_open and self._library is None:
            self._touch_kept = True
        elif self._entrance_open:
            self.fire(Event.TOUCH)

    def _picked(self, code: str) -> None:
        library = self._library
        assert library is not None
        try:
            library.guide(code, self.look.language)
        except KioskError as fault:
            self.tally.add(Measure.ERROR, fault.code)
            self.shell.tell_fault(fault)
            return
        if code != self.visit.guide_code:
            self.guide.set_guide(lambda language: library.guide(code, language))
            self.portal.start_over()
        self.visit.guide_code = code
        self.fire(Event.PICK)

    def _back(self) -> None:
        screen = self.shell.screen_now
        if screen is None or screen.go_back():
            return
        if self.visit.can(Event.BACK):
            self.visit.fire(Event.BACK)
        elif self.visit.state is State.CHOOSE:
            self.shell.ask_leave()

    def _submitted(self) -> None:
        if self.portal.code:
            self.fire(Event.SUBMITTED)
            return
        self.shell.ask(_SURE, lambda: self.fire(Event.SUBMITTED), likely=self.portal.sent)

    def _code_came(self) -> None:
        """The page itself answers the question that is open."""
        if self.shell.asks(_SURE):
            self.fire(Event.SUBMITTED)

    def _help_asked(self) -> None:
        """Where nobody is at work nobody's quiet is watched either: the card goes by itself."""
        self.tally.add(Measure.HELP)
        self._watch()
        if not self.visit.open:
            QTimer.singleShot(_FORGOTTEN_MS, self, self._help_forgotten)

    def _help_forgotten(self) -> None:
        if not self.visit.open:
            self.shell.close_overlays()

    def _staff_helps(self, mode: object) -> None:
        if isinstance(mode, Mode):
            self.visit.helped(mode)

    def _language_changed(self) -> None:
        self.visit.language = self.look.language
        if self.visit.guide_code is not None:
            guide = self._guide()
            self.scan.rename({paper.key: (paper.title, paper.note) for paper in guide.papers})
            self.portal.set_steps(guide.steps)

    # ---- what the visit does -----------------------------------------------------------------------

    def _moved(self, old: State, new: State) -> None:
        self.shell.close_overlays()
        if new is State.ENDING:
            self.shell.show_screen(self.ending)
            self._end()
            return
        if new is State.CHOOSE and old is State.ATTRACT:
            QTimer.singleShot(_WARM_MS, self, self.road.prepare)
        if new is State.GUIDE and old in (State.SCAN, State.PORTAL):
            self.guide.at_last_part()
        if new is State.SCAN:
            self._enter_scan(from_portal=old is State.PORTAL)
        if new is State.PORTAL:
            self.portal.set_steps(self._guide().steps)
            self.road.enter(self._guide())
        if new is State.FINISH:
            self.visit.dossier_code = self.portal.code or None
            self.finish.set_code(self.portal.code)
            self.finish.at_home = at_home(self._library, self.look)
        self.shell.show_screen(self.check_stop.instead(old, new) or self.screens[new])
        self._watch()

    def _watch(self) -> None:
        """How long nobody need touch anything here; beside the help card long enough for a call."""
        times = self.look.config.idle
        form = self.visit.state in (State.SCAN, State.PORTAL)
        quiet = times.form_seconds if form else times.menu_seconds
        if self.shell.asks(HELP):
            quiet = max(quiet, times.help_seconds)
        if self.visit.open:
            self.idle.watch(quiet)

    def _end(self) -> None:
        self.idle.rest()
        self.close()
        reason = str(self.visit.end_reason)
        told: list[str] = []

        def tell() -> None:
            if not told:
                told.append(reason)
                self.ending.set_handed_over()
                self.ended.emit(reason)

        if not self._furnished or self.road.browser is None:
            tell()
            return
        QTimer.singleShot(_LOG_OUT_MS, self, tell)  # even if the browser itself is what has failed
        self.road.browser.log_out(tell)

    def _guide(self) -> "Guide":
        assert self._library is not None and self.visit.guide_code is not None
        return self._library.guide(self.visit.guide_code, self.look.language)

    def _enter_scan(self, from_portal: bool) -> None:
        from ui.scan_papers import Wanted

        wanted = [
            Wanted(paper.key, paper.title, paper.required, paper.note)
            for paper in self._guide().papers
            if paper.scan
        ]
        if not self._scan_started:
            self._scan_started = True
            self.scanning.start(self.events)
        self.scanning.find_devices()
        self.scan.set_papers(wanted, self.road.most_bytes(), show_list=from_portal)

    # ---- the keyboard -------------------------------------------------------------------------------

    def _make_keyboard(self) -> None:
        """With the screens: the first touch need not wait for it, and the waiting screen needs none."""
        from ui.keyboard.keyboard import Keyboard

        wish, theme = self.look.config.keyboard, self.look.theme
        typing = (wish.method, wish.tone_style, wish.guard_seconds)
        keyboard = Keyboard(theme.dpi / 25.4, self.look.words, *typing)
        keyboard.set_on_screen(wish.on_screen)
        keyboard.set_physical(wish.physical and not self._services.played)
        keyboard.set_page(self.road.frame)
        self.look.changed.connect(self._dress_keyboard)
        self.shell.add_keyboard(keyboard)
        self._keyboard = keyboard

    def _dress_keyboard(self) -> None:
        if self._keyboard is not None:
            self._keyboard.set_words(self.look.words)
            self._keyboard.set_millimetre(self.look.theme.dpi / 25.4)

    # ---- faults ------------------------------------------------------------------------------------

    def guides_read(self, library: "Library") -> None:
        self.furnish()
        self._library = library
        self.choose.set_library(library, self._search)
        drawings = {name: library.picture(name) for _, _, name in SCENES}
        found = {name: file for name, file in drawings.items() if file is not None}
        self.waiting.set_offers(library.life_events(), found)
        if self._touch_kept:
            self._touched()

    def _search(self, text: str, language: str, then: Callable[[list["Hit"]], None]) -> None:
        library = self._library
        assert library is not None
        self.pool.run(lambda: library.search(text, language), then, self._search_failed)

    def _search_failed(self, fault: Exception) -> None:
        if not isinstance(fault, KioskError):
            raise fault
        self.tally.add(Measure.ERROR, fault.code)
        self.shell.tell_fault(fault)

    def _broken(self, fault: Exception) -> None:
        """Something that the visit cannot do without: it ends, or does not begin."""
        told = fault if isinstance(fault, KioskError) else KioskError("BUG")
        self.tally.add(Measure.ERROR, told.code)
        self.out_of_service(told)
        self.fire(Event.FAULT)
        if not isinstance(fault, KioskError):
            raise fault
