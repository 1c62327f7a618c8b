"""Scanning, paper by paper: place it, scan, look at before and after, again or good, the next one.

The screen asks its `ScanDesk` what to show and speaks to the scan service; answers come through
`ui.adapters.scan_events.ScanEvents` on the GUI thread. The bodies are drawn by the files scan_*.py beside it.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QScroller, QVBoxLayout

from kioskcore.errors import ErrorKind, KioskError
from kioskcore.ports import (
    Device,
    DeviceKind,
    Measure,
    Offer,
    Page,
    Paper,
    Preview,
    ScanJob,
    ScanService,
)
from ui.look import Look
from ui.scan_desk import BY_HAND, FROM_FILES, Phase, ScanDesk
from ui.scan_papers import Wanted
from ui.screens.base import Action, Screen
from ui.screens.scan_busy import LiveView, WorkView
from ui.screens.scan_choose import choose_page
from ui.screens.scan_close import CloseView
from ui.screens.scan_corners import corners_page, in_pixels
from ui.screens.scan_list import list_page
from ui.screens.scan_pages import look_page, more_page, sort_page
from ui.screens.scan_place import icon_of, place_page, ways_in
from ui.stick_watch import StickWatch
from ui.theme import TextSize
from ui.widgets.blocks import column, filling, label
from ui.widgets.corners import CornerEditor
from ui.widgets.faults import fault_panel

_QUARTER = 90


class ScanScreen(Screen):
    """`done` when the person goes on to the portal; `counted(Measure, detail)` for what happened."""

    done = Signal()
    counted = Signal(object, str)
    stirred = Signal()  # the machine works, or somebody moves before it: nobody is idle

    step = 3
    title_key = "ui.scan.title"

    def __init__(self, look: Look, service: ScanService) -> None:
        super().__init__(look)
        self.desk = ScanDesk()
        self._service = service
        self._budget = round(look.config.scan.budget_mb * 1_000_000)
        self._view: LiveView | WorkView | None = None  # while something works
        self._corners: CornerEditor | None = None
        self._before: tuple[LiveView | WorkView | None, CornerEditor | None] = None, None  # as drawn before
        self._taken = 0  # pictures that came from the phone in this scan
        self._scan_when_found = False
        named = look.config.scan.usb_folders
        self._sticks = StickWatch(self, named, self._waits_for_paper, service.find_devices)

    def set_papers(
        self, papers: Sequence[Wanted], budget_bytes: int = 0, show_list: bool = False
    ) -> None:
        """What the guide wants scanned; pages that are there stay. `budget_bytes`: the site's own limit.

        `show_list`: the person came for one paper more and shall choose which.
        """
        if budget_bytes:
            self._budget = min(self._budget, budget_bytes)
        self.desk.want(list(papers))
        if show_list:
            self.desk.phase = Phase.LIST

    def rename(self, titles: dict[str, tuple[str, str]]) -> None:
        self.desk.rename(titles)

    @property
    def papers(self) -> list[Paper]:
        return self.desk.papers

    @property
    def busy(self) -> bool:
        return self.desk.phase in (Phase.BUSY, Phase.MAKING) or self.desk.turning

    def _waits_for_paper(self) -> bool:
        return self.isVisible() and self.desk.searched and self.desk.phase is Phase.PLACE

    # ---- what the service tells ----------------------------------------------------------------

    def devices_found(self, devices: Sequence[Device]) -> None:
        new = not self.desk.searched or list(devices) != self.desk.devices
        self.desk.found(list(devices))
        if self._scan_when_found:
            self._scan_when_found = False
            self._scan()
        elif self.desk.phase is Phase.PLACE and new:
            self.redraw()

    def offers_came(self, offers: Sequence[Offer]) -> None:
        self.desk.laid_out(list(offers))
        self.redraw()

    def progressed(self, fraction: float) -> None:
        self.desk.fraction = fraction
        self.stirred.emit()
        if self._view is not None and self.desk.phase is Phase.BUSY:
            self._view.progress(fraction)

    def previewed(self, preview: Preview) -> None:
        if self._view is None or self.desk.phase is not Phase.BUSY:
            return
        if self._view.show_preview(preview):
            self.stirred.emit()
        if preview.taken != self._taken:
            self._taken = preview.taken
            self.stirred.emit()
            self.frame_changed.emit()

    def page_came(self, page: Page) -> None:
        new = page.page_id not in {known.page_id for known in self.desk.current.pages}
        self.desk.came(page)
        if new:
            self.counted.emit(Measure.PAGE_SCANNED, "")
            if self._view is not None:
                self._view.add(page)
        if self.desk.phase is Phase.LOOK:
            self.redraw()

    def scan_finished(self, count: int) -> None:
        self.desk.finished(count)
        self.redraw()

    def paper_made(self, paper: Paper) -> None:
        self.desk.made(paper)
        self.redraw()

    def failed(self, fault: KioskError) -> None:
        self._scan_when_found = False
        if fault.code == "SCAN-CANCELLED":
            self.desk.recover()
        else:
            self.counted.emit(Measure.ERROR, fault.code)
            self.desk.failed(fault)
        self.redraw()

    # ---- what the person does ------------------------------------------------------------------

    def go_back(self) -> bool:
        if self.busy:
            self._service.cancel()
            return True
        moved = self.desk.back()
        if moved:
            self.redraw()
        return moved

    def primary(self) -> Action | None:
        say, desk = self.look.say, self.desk
        again = "ui.understood" if desk.page_kept else "ui.scan.again"
        at = desk.phase
        if at is Phase.PLACE:
            key = "ui.scan.browse" if desk.kind in FROM_FILES else "ui.scan.go"
            return Action(say(key), self._scan, icon=icon_of(desk.kind), quiet=not desk.searched)
        if at is Phase.BUSY:
            return self._press_action()
        if at is Phase.CHOOSE:
            enabled = bool(desk.picked)
            return Action(say("ui.scan.take"), self._take, icon="check", enabled=enabled)
        if at is Phase.CORNERS:
            sound = self._corners is not None and self._corners.sound
            return Action(say("ui.scan.corners.take"), self._recut, icon="crop", enabled=sound)
        if at is Phase.LOOK:
            good = self._then(desk.good)
            return Action(say("ui.scan.good"), good, "check", not desk.turning, after_reading=True)
        if at is Phase.CLOSE:
            return Action(say("ui.scan.seen"), self.go_back, icon="check")
        if at is Phase.MORE and desk.wants_back:
            return Action(say("ui.scan.go_back_side"), self._then(desk.place_more), icon=icon_of(desk.kind))
        if at is Phase.MORE:
            return Action(say("ui.scan.no_more"), self._make, icon="check")
        if at is Phase.SORT:
            return Action(say("ui.scan.sorted"), self._then(desk.rest), icon="check")
        if at is Phase.LIST:
            return Action(say("ui.go_on"), self._leave)
        if at is Phase.FAULT and desk.can_part:
            return Action(say("ui.scan.in_parts"), self._make_parts, icon="split")
        if at is Phase.FAULT and desk.too_heavy is not None:
            return Action(say("ui.scan.see_page", number=desk.too_heavy + 1), self._recover, icon="search")
        return Action(say(again), self._recover, icon="reload") if at is Phase.FAULT else None

    def _press_action(self) -> Action | None:
        """A camera takes the picture when told to; the phone's turn is over when something has come."""
        if self.desk.kind is DeviceKind.CAMERA:
            return Action(self.look.say("ui.scan.shoot"), self._service.press, icon="camera")
        if self.desk.kind is DeviceKind.PHONE:
            enabled = self._taken > 0
            return Action(self.look.say("ui.scan.phone_done"), self._service.press, "check", enabled)
        return None

    def page_now(self) -> object:
        desk = self.desk
        return desk.phase, desk.at, desk.looking_at, len(desk.wanted), desk.shelf

    def _scan(self) -> None:
        """A person may be quicker than the search for devices: then the scan waits for its answer."""
        device = self.desk.device
        if device is None and self.desk.searched:
            self.failed(KioskError("SCAN-NO-DEVICE"))
            return
        self.desk.started()
        self._taken = 0
        self.redraw()
        if device is None:
            self._scan_when_found = True
        elif device.kind in FROM_FILES:
            self._service.look(device.source)
        else:
            self._service.scan(self._job(device.source))

    def _job(self, source: str) -> ScanJob:
        dpi, feeder = self.look.config.scan.dpi, self.desk.by_feeder
        paper = self.desk.current.title
        return ScanJob(source, dpi=dpi, feeder=feeder, language=self.look.language, paper=paper)

    def _take(self) -> None:
        """The chosen files, in the order of the taps."""
        assert self.desk.device is not None
        source = self.desk.device.source + ",".join(self.desk.picked)
        self.desk.started()
        self.redraw()
        self._service.scan(self._job(source))

    def _search(self) -> None:
        self.desk.searched = False
        self._service.find_devices()
        self.redraw()

    def _recover(self) -> None:
        """The error's own words say "press Scan again": do so when it can help, else show the place."""
        fault = self.desk.fault
        self.desk.recover()
        if fault is not None and fault.code in ("SCAN-NO-DEVICE", "SCAN-NO-CAMERA"):
            self.desk.searched = False
            self._service.find_devices()
        elif fault is not None and fault.kind is ErrorKind.RETRY and self.desk.phase is Phase.PLACE:
            self._scan()
            return
        self.redraw()

    def _make_parts(self) -> None:
        self._make(self.look.say("ui.scan.part"))

    def _make(self, part: str | None = None) -> None:
        current = self.desk.current
        purpose: str | None = None
        if current.is_card:
            purpose = self.look.say("ui.scan.purpose_line") if self.desk.purpose else ""
        current.card_purpose = purpose
        self.desk.making(in_parts=part is not None)
        self.redraw()
        pages = list(current.pages)
        self._service.make_paper(current.key, current.title, pages, self._budget, purpose, part=part)

    def _leave(self) -> None:
        """Pages that are no paper yet would be missing at the portal: they are shown first."""
        left = self.desk.unfinished
        if left is None:
            self.done.emit()
            return
        self.desk.open(left.key)
        self.redraw()

    def _turn(self) -> None:
        """The scanner room turns and cleans the raw page; the buttons rest until the page is back."""
        page = self.desk.page
        if page is not None and not self.desk.turning:
            self.desk.turning = True
            self._service.clean_again(page, turn_degrees=_QUARTER)
            self.redraw()

    def _recut(self) -> None:
        page = self.desk.page
        if page is None or self._corners is None or self.desk.turning:
            return
        corners = in_pixels(self._corners, page)
        self.desk.phase, self.desk.turning = Phase.LOOK, True
        self._service.clean_again(page, corners=corners)
        self.redraw()

    def _then(self, act: Callable[[], None]) -> Callable[[], None]:
        def go() -> None:
            act()
            self.redraw()

        return go

    # ---- the bodies ----------------------------------------------------------------------------

    def redraw(self) -> None:
        super().redraw()
        if self._corners is not None and self.pages is not None:  # a dragged corner must not move the page
            QScroller.ungrabGesture(self.pages.area.viewport())

    def build(self) -> QLayout:
        same = self.page_now() == self._drawn
        self._before = self._view, self._corners if same else None
        self._view = self._corners = None
        return {
            Phase.PLACE: self._place,
            Phase.BUSY: self._busy,
            Phase.MAKING: self._busy,
            Phase.CHOOSE: self._choose,
            Phase.CORNERS: self._corner_body,
            Phase.LOOK: self._look_at,
            Phase.CLOSE: lambda: filling(CloseView(self.look, self.desk)),
            Phase.MORE: self._more,
            Phase.SORT: self._sort,
            Phase.LIST: self._list,
            Phase.FAULT: self._fault,
        }[self.desk.phase]()

    @property
    def _wide(self) -> bool:
        """Whether things find room side by side."""
        return self.width() > self.height() and self.look.theme.text_size is not TextSize.HUGE

    def _place(self) -> QVBoxLayout:
        number = self.look.say("ui.scan.which", number=self.desk.at + 1, total=len(self.desk.wanted))
        title = f"{number}: {self.desk.current.title}"
        return place_page(self.look, self.desk, title, self._then, self._search)

    def _busy(self) -> QVBoxLayout:
        kind, before = self.desk.kind, self._before[0]
        if self.desk.phase is Phase.BUSY and kind in BY_HAND and kind is not None:
            self._view = LiveView(self.look, kind, self._service.cancel, self._wide)
            if isinstance(before, LiveView):
                self._view.carry_on(before)
        else:
            self._view = WorkView(self.look, self.desk, self._service.cancel, self._wide)
            if isinstance(before, WorkView):
                self._view.carry_on(before)
        return filling(self._view)

    def _choose(self) -> QVBoxLayout:
        return choose_page(self.look, self.desk, self.redraw, self.frame_changed.emit)

    def _corner_body(self) -> QVBoxLayout:
        assert self.desk.page is not None
        before = self._before[1]
        drawn = before.corners if before is not None else None  # moved, and not taken yet
        body, self._corners = corners_page(
            self.look, self.desk.page, self.frame_changed.emit, drawn, lying=self.width() > self.height()
        )
        return body

    def _look_at(self) -> QVBoxLayout:
        corners = self._then(self.desk.show_corners)
        return look_page(
            self.look, self.desk, self._then, turn=self._turn, corners=corners, wide=self._wide
        )

    def _more(self) -> QVBoxLayout:
        return more_page(self.look, self.desk, self._then)

    def _sort(self) -> QVBoxLayout:
        def extra() -> str:
            return self.look.say("ui.scan.extra", number=self.desk.extras + 1)

        return sort_page(self.look, self.desk, self._then, extra)

    def _list(self) -> QVBoxLayout:
        return list_page(self.look, self.desk, self._then)

    def _fault(self) -> QVBoxLayout:
        desk = self.desk
        fault = desk.fault or KioskError("SCAN-IO")
        body = column(fault_panel(self.look, fault), gap=self.look.theme.space)
        if desk.wanted and desk.current.pages:
            body.addWidget(label(self.look.say("ui.scan.kept", number=len(desk.current.pages))))
        if desk.scan_failed and fault.code.startswith("SCAN-") and desk.other_ways:
            ask = self.look.say("ui.scan.other_way")
            body.addLayout(ways_in(self.look, ask, desk.other_ways, desk.try_with, then=self._then))
        body.addStretch(1)
        return body
