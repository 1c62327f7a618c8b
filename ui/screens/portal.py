"""The portal in its frame: a slim bar that says which site this is, and the guide's steps beside the page."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QStackedWidget, QWidget

from guides.model import Step
from kioskcore.errors import KioskError
from kioskcore.ports import Measure
from ui.look import Look
from ui.screens.base import Action, Screen
from ui.screens.find_bar import FindBar
from ui.screens.page_moves import PageMoves
from ui.screens.page_steps import can_be_known, step_on_page
from ui.screens.page_zoom import PageZoom
from ui.screens.paper_view import ZOOM_STEP, PaperView, within
from ui.screens.paper_waits import PaperWaits
from ui.screens.portal_fault import MAY_BE_THERE, PASSING, WAITS, fault_page, leave, mend, way_on
from ui.screens.site_bar import Tap, code_band, site_bar
from ui.screens.step_side import Beside, StepSide
from ui.theme import TextSize
from ui.widgets.blocks import Slot, column, label
from ui.widgets.late_cover import LateCover

_ANY = 16_777_215  # Qt's own "no limit"
_LAST_LOOK = "review"  # key of the step whose page is the last one before the dossier goes


class PortalScreen(Screen):
    """Holds a browser (`portal.webview.browser.Browser`) that the flow gives it, and never leaves its page
    for a change of language or size.
    """

    submitted = Signal()  # the person says so
    code_came = Signal()  # the page says so: `code` holds it
    unread = Signal(bool)  # after the page that sends, nobody knows yet whether the dossier went
    scan_more = Signal()
    counted = Signal(object, str)
    print_asked = Signal(object, int, int)  # PDF, its pages, the page that shows

    step = 4
    title_key = "ui.portal.title"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.steps: Sequence[Step] = ()
        self.present = 0
        self.known = True  # whether `present` may be said of the page that shows
        self.code = ""
        self._page_there = False  # one of the portal's stands behind whatever shows
        self.sent = False  # a page has said so, in the site's own words of success; no step's mark is enough
        self._sends = False  # the page that was known last is the one that sends
        self.perhaps = False  # something may have arrived though no answer came: nobody knows any more
        self._loads = self._paper_comes = False
        self.practice = self.prints = False
        self._site: Any = None
        self._browser: Any = None
        self._fault: KioskError | None = None
        self._side = StepSide(look, self._turn, self._do("home"), self.scan_more.emit)
        self._bar, self._band, self._fault_page = Slot(), Slot(), Slot()
        self._busy = label("")
        self._page = QStackedWidget()
        self._page.addWidget(self._fault_page)
        self._paper = PaperView(look, self._close_paper, self._print_paper)
        self._paper_open = False
        self._page.addWidget(self._paper)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box.setSpacing(0)
        self._box.addWidget(self._side)
        self._find = FindBar(look, lambda: self._browser)
        self._moves = PageMoves(look, self._page)
        self._sized = PageZoom(look, self._page)
        self._waits = PaperWaits(look, self._show_paper)
        page = column(self._bar, self._find, self._waits, self._moves)
        page.setStretch(3, 1)
        self._box.addLayout(page, 1)
        self._box.setContentsMargins(0, 0, 0, 0)
        whole = column(self._band, self._box)
        whole.setStretch(1, 1)
        self.put(whole)

    def set_steps(self, steps: Sequence[Step]) -> None:
        self.steps, self.present = steps, min(self.present, max(0, len(steps) - 1))

    def start_over(self) -> None:
        self.present, self.known, self.code, self._fault = 0, True, "", None
        self.sent = self.perhaps = self._sends = self._paper_open = False
        self._waits.forget()

    @property
    def browser(self) -> Any:
        return self._browser

    def set_browser(self, browser: Any) -> None:
        """Take the browser in and listen to it."""
        self._browser = browser
        self._page.addWidget(browser)
        self._moves.serve(browser)
        LateCover(self.look, browser, self._page)
        self._sized.serve(browser)
        browser.site_changed.connect(self._at_site)
        browser.page_text_changed.connect(self._read)
        browser.submission_seen.connect(self._saw_submission)
        browser.dossier_found.connect(self._found_code)
        browser.blocked.connect(self._blocked)
        browser.failed.connect(self._failed)
        browser.recovered.connect(self._recovered)
        browser.online_again.connect(lambda: self._clear_fault(WAITS))
        browser.paper_comes.connect(self._tell_paper)
        browser.paper_came.connect(self._waits.came)
        browser.print_came.connect(self._print_page)
        browser.address_changed.connect(self._moved)
        browser.loading.connect(self._loading)

    # ---- what the browser tells ----------------------------------------------------------------

    def _at_site(self, site: Any) -> None:
        self._site = site
        self.redraw()

    def _read(self, address: str, text: str) -> None:
        if not text.strip():
            return  # still empty: it is no page yet
        self._page_there = True
        found = step_on_page(self.steps, address, text)
        known = found is not None or not can_be_known(self.steps)
        present = self.present if found is None else found
        if found is not None:
            self._sends = self.steps[found].key == _LAST_LOOK
        if not (self._sends and self._loads):  # else it is the page that has just been sent, read once more
            self.unread.emit(False)
        if (present, known) != (self.present, self.known):
            self.present, self.known = present, known
            self.redraw()

    def _saw_submission(self) -> None:
        if not self.sent:
            self.sent = True
            self.redraw()

    def _found_code(self, code: str) -> None:
        self.code, self.sent = code, True
        self.redraw()
        self.code_came.emit()

    def _blocked(self, category: str) -> None:
        self.counted.emit(Measure.BLOCKED, str(category))
        self._show_fault(KioskError("PORTAL-BLOCKED"))

    def _failed(self, code: str) -> None:
        self.counted.emit(Measure.ERROR, code)
        self.perhaps = self.perhaps or code == MAY_BE_THERE
        self._show_fault(KioskError(code))

    def _recovered(self, code: str) -> None:
        self.counted.emit(Measure.ERROR, code)
        self._show_fault(KioskError(code))

    def _moved(self, _address: str) -> None:
        self._waits.page_moved()
        self._clear_fault(*PASSING)

    def _tell_paper(self, on: bool) -> None:
        self._paper_comes = on
        self._waits.comes(on)
        self._say_busy()

    def _show_paper(self, file: Path) -> None:
        try:
            self._paper.open(file)
        except KioskError as fault:
            self._failed(fault.code)
            return
        self._fault, self._paper_open = None, True
        self._paper.can_print = self.prints
        self.redraw()

    def _print_page(self, file: Path) -> None:
        """What the page wants to print is shown first, without a printer too: it may be photographed."""
        self._show_paper(file)
        if self._paper_open:
            self.print_asked.emit(file, self._paper.pages, 1)

    def _print_paper(self) -> None:
        self.print_asked.emit(self._paper.file, self._paper.pages, self._paper.page + 1)

    def _close_paper(self) -> None:
        self._paper.close_paper()
        self._paper_open = False
        self.redraw()

    def _show_fault(self, fault: KioskError) -> None:
        self._fault, self._end_seen, self._unread = fault, False, False
        self.redraw()

    def _clear_fault(self, *codes: str) -> None:
        if self._fault is not None and (not codes or self._fault.code in codes):
            self._fault = None
            self.redraw()

    def _loading(self, on: bool) -> None:
        self._loads = on
        self._say_busy()
        if on and self._sends:
            self.unread.emit(True)

    def _say_busy(self) -> None:
        self._busy.setText(self.look.say("ui.paper.comes" if self._paper_comes else "ui.portal.loading"))
        self._busy.setVisible(self._paper_comes or self._loads)

    # ---- what the person does ------------------------------------------------------------------

    def make_room(self, on: bool) -> None:
        """Which site it is was seen before the field was touched."""
        self._bar.setVisible(not on)
        self._waits.stand_aside(on)

    def go_back(self) -> bool:
        if self._fault is not None:
            if not self._page_there:
                return False  # nothing has come yet: back to what can be done without it
            leave(self._browser, self._fault)
            self._clear_fault()
            return True
        if self._paper_open:
            self._close_paper()
            return True
        return False

    def primary(self) -> Action | None:
        if self._fault is not None:
            return way_on(self.look, self._fault, self._retry)
        key = "ui.portal.see_code" if self.code else "ui.portal.submitted"
        at_the_end = self.sent or self.present == len(self.steps) - 1
        return Action(self.look.say(key), self.submitted.emit, icon="check", quiet=not at_the_end)

    def page_now(self) -> object:
        return self._fault is None, self._paper_open

    def untouched(self) -> list[QWidget]:
        return [self._browser] if self._browser is not None else []

    def left(self) -> None:
        self.unread.emit(False)

    def parts(self) -> list[QWidget]:
        return [self._side, self._bar, self._find, self._waits, self._moves]

    def _retry(self) -> None:
        fault, self._fault = self._fault, None
        if self._browser is not None and fault is not None:
            mend(self._browser, fault)
        self.redraw()

    def _zoom(self, factor: float) -> Callable[[], None]:
        def go() -> None:
            if self._paper_open:
                self._paper.set_zoom(within(self._paper.zoom * factor))
            elif self._browser is not None:
                self._sized.step(factor)

        return go

    def _do(self, name: str) -> Callable[[], None]:
        def go() -> None:
            if self._browser is not None:
                getattr(self._browser, name)()

        return go

    # ---- layout --------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw all but the page anew: the web page itself is never touched."""
        theme, wide = self.look.theme, self._wide
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._waits.stand_back(self._fault is not None or self._paper_open)
        self._band.setVisible(bool(self.code))
        if self.code:
            self._band.put(code_band(self.look, self.code))
        whole = self.width() if wide else self.height()
        tall = 0.42 if theme.text_size is TextSize.HUGE else 0.25
        by_thoughts = self._side.by_thoughts(wide, self.height())
        fault = self._fault.code if self._fault is not None else WAITS
        self._side.setVisible(not by_thoughts or fault == WAITS)  # of a fault it has no step to tell
        broad = 0.37 if by_thoughts and self._fault is None else 0.29
        side = max(round(whole * (broad if wide else tall)), theme.mm(80))
        self._bar.put(self._site_bar(self.width() - (side if wide else 0)))
        self._side.setMinimumSize(side if wide else 0, 0 if wide else side)
        self._side.setMaximumSize(side if wide else _ANY, _ANY if wide else side)
        self._side.draw(self._beside(), wide, self.height())
        if self._fault is not None:
            self._find.shut()
            page = fault_page(self.look, self._fault)
            page.more_below.connect(self._more_below)
            self._fault_page.put(page)
            self._page.setCurrentWidget(self._fault_page)
        elif self._paper_open:
            self._find.shut()
            self._page.setCurrentWidget(self._paper)
            self._paper.redraw()
        elif self._browser is not None:
            self._page.setCurrentWidget(self._browser)
        self._moves.draw(wide, self._fault is None and not self._paper_open)
        self.frame_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self.redraw()

    @property
    def _wide(self) -> bool:
        """The window's shape, not ours: the guidance must not jump aside when the keyboard takes its room."""
        window = self.window()
        return window.width() > window.height()

    def _site_bar(self, width: int) -> QFrame:
        self._busy = label("", "site")
        self._say_busy()
        if self._fault is not None:  # the page is hidden: nothing of it is genuine, nothing of it to press
            return site_bar(self.look, None, self.practice, self._busy, (), away=True)
        sizes = (
            Tap("minus", "ui.portal.smaller", "ui.portal.smaller_short", self._zoom(1 / ZOOM_STEP)),
            Tap("plus", "ui.portal.bigger", "ui.portal.bigger_short", self._zoom(ZOOM_STEP)),
        )
        if self._paper_open:  # from this site, but its page is not what would be seen to move
            return site_bar(self.look, self._site, self.practice, self._busy, sizes, width=width)
        taps = (
            Tap("back", "ui.portal.back", "ui.portal.back_short", self._do("back")),
            Tap("reload", "ui.portal.reload", "ui.portal.reload_short", self._do("reload")),
            Tap("home", "ui.portal.home", "ui.portal.home_short", self._do("home")),
            Tap("search", "ui.find.say", "ui.find.say_short", self._find.turn),
            *sizes,
        )
        return site_bar(self.look, self._site, self.practice, self._busy, taps, width=width)

    def _beside(self) -> Beside:
        told = self._fault is None  # the kiosk's own page belongs to no step
        back = not self.sent and not self._paper_open
        return Beside(self.steps, self.present, self.known, told, bool(self.code), back)

    def _turn(self, step: int | None) -> None:
        """To a step by hand; None: more of the same."""
        if step is not None:
            self.present, self.known = step, True
        self.redraw()
