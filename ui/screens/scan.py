"""Scanning, paper by paper: place it, scan, look at before and after, again or good, the next one.

The screen asks its `ScanDesk` what to show and speaks to the scan service; answers come through
`ui.adapters.scan_events.ScanEvents` on the GUI thread.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLayout, QProgressBar, QVBoxLayout

from kioskcore.errors import ErrorKind, KioskError
from kioskcore.ports import Device, Measure, Page, Paper, ScanJob, ScanService
from ui.look import Look
from ui.scan_desk import Phase, ScanDesk, Wanted
from ui.screens.base import Action, Screen
from ui.screens.scan_place import place_page
from ui.theme import TextSize
from ui.widgets.blocks import PictureBox, column, frame, label, notice, row
from ui.widgets.buttons import ActionButton, load_picture
from ui.widgets.faults import fault_panel
from ui.widgets.icons import Pictogram

PREVIEW_SIDE = 1200
_QUARTER = 90


class ScanScreen(Screen):
    """`done` when the person goes on to the portal; `counted(Measure, detail)` for what happened."""

    done = Signal()
    counted = Signal(object, str)
    stirred = Signal()  # the machine works: nobody is idle

    step = 3
    title_key = "ui.scan.title"

    def __init__(self, look: Look, service: ScanService) -> None:
        super().__init__(look)
        self.desk = ScanDesk()
        self._service = service
        self._budget = round(look.config.scan.budget_mb * 1_000_000)
        self._bar: QProgressBar | None = None
        self._scan_when_found = False

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

    # ---- what the service tells ----------------------------------------------------------------

    def devices_found(self, devices: Sequence[Device]) -> None:
        self.desk.found(list(devices))
        if self._scan_when_found:
            self._scan_when_found = False
            self._scan()
        elif self.desk.phase is Phase.PLACE:
            self.redraw()

    def progressed(self, fraction: float) -> None:
        self.desk.fraction = fraction
        self.stirred.emit()
        if self._bar is not None and self.desk.phase is Phase.BUSY:
            self._bar.setValue(round(fraction * 100))

    def page_came(self, page: Page) -> None:
        new = page.page_id not in {known.page_id for known in self.desk.current.pages}
        self.desk.came(page)
        if new:
            self.counted.emit(Measure.PAGE_SCANNED, "")
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
        return {
            Phase.PLACE: Action(say("ui.scan.go"), self._scan, icon="scanner"),
            Phase.LOOK: Action(
                say("ui.scan.good"), self._then(desk.good), icon="check", enabled=not desk.turning
            ),
            Phase.MORE: Action(say("ui.scan.no_more"), self._make, icon="check"),
            Phase.LIST: Action(say("ui.scan.portal"), self.done.emit),
            Phase.FAULT: Action(say(again), self._recover, icon="reload"),
        }.get(desk.phase)

    def page_now(self) -> object:
        return self.desk.phase, self.desk.at, self.desk.looking_at, len(self.desk.wanted)

    def _scan(self) -> None:
        """A person may be quicker than the search for devices: then the scan waits for its answer."""
        device = self.desk.device
        if device is None and self.desk.searched:
            self.failed(KioskError("SCAN-NO-DEVICE"))
            return
        self.desk.started()
        self.redraw()
        if device is None:
            self._scan_when_found = True
        else:
            job = ScanJob(device.source, dpi=self.look.config.scan.dpi, feeder=self.desk.by_feeder)
            self._service.scan(job)

    def _recover(self) -> None:
        """The error's own words say "press Scan again": do so when it can help, else show the place."""
        fault = self.desk.fault
        self.desk.recover()
        if fault is not None and fault.code == "SCAN-NO-DEVICE":
            self.desk.searched = False
            self._service.find_devices()
        elif fault is not None and fault.kind is ErrorKind.RETRY and self.desk.phase is Phase.PLACE:
            self._scan()
            return
        self.redraw()

    def _make(self) -> None:
        current = self.desk.current
        self.desk.making()
        self.redraw()
        self._service.make_paper(current.key, current.title, list(current.pages), self._budget)

    def _then(self, act: Callable[[], None]) -> Callable[[], None]:
        def go() -> None:
            act()
            self.redraw()

        return go

    # ---- the pages -----------------------------------------------------------------------------

    def build(self) -> QLayout:
        self._bar = None
        return {
            Phase.PLACE: self._place,
            Phase.BUSY: self._busy,
            Phase.MAKING: self._busy,
            Phase.LOOK: self._look_at,
            Phase.MORE: self._more,
            Phase.LIST: self._list,
            Phase.FAULT: self._fault,
        }[self.desk.phase]()

    def _which(self) -> str:
        number = self.look.say("ui.scan.which", number=self.desk.at + 1, total=len(self.desk.wanted))
        return f"{number}: {self.desk.current.title}"

    def _place(self) -> QVBoxLayout:
        return place_page(self.look, self.desk, self._which(), self._then)

    def _busy(self) -> QVBoxLayout:
        look, theme = self.look, self.look.theme
        making = self.desk.phase is Phase.MAKING
        self._bar = QProgressBar()
        self._bar.setRange(0, 0 if making else 100)
        self._bar.setValue(round(self.desk.fraction * 100))
        body = column(1, gap=theme.space)
        body.addWidget(
            Pictogram("scanner", theme.mm(30), theme.colours.accent), 0, Qt.AlignmentFlag.AlignHCenter
        )
        what = look.say("ui.scan.making" if making else "ui.scan.working")
        body.addWidget(label(what, "title", centre=True))
        under_cover = not making and self.desk.on_glass
        body.addWidget(label(look.say("ui.scan.wait" if under_cover else "ui.scan.wait_plain"), centre=True))
        body.addWidget(self._bar)
        if not making:
            stop = ActionButton(look, look.say("ui.scan.stop"), self._service.cancel, icon="stop")
            body.addLayout(row(1, stop, 1))
        body.addStretch(1)
        return body

    def _look_at(self) -> QVBoxLayout:
        look, theme, page = self.look, self.look.theme, self.desk.page
        assert page is not None
        number = look.say("ui.scan.page", number=self.desk.looking_at + 1)
        body = column(label(f"{look.say('ui.scan.clear')} {number}", "title"), gap=theme.mm(2))
        pictures = row(gap=theme.space)
        for key, file in (("before", page.raw_preview), ("after", page.clean_preview)):
            name = look.say(f"ui.scan.{key}")
            pictures.addLayout(self._pictured(name, file, 66), 1)
        body.addLayout(pictures, 1)
        for verdict in page.verdicts:
            key = f"scan.verdict.{verdict}"
            said = look.say(key) if look.words.has(key) else look.say("ui.scan.doubt")
            body.addWidget(notice(look, "warn", "warning", said))
        if self.desk.turning:
            body.addWidget(notice(look, "now", "reload", look.say("ui.scan.turning")))
        acts = [
            ActionButton(look, look.say("ui.scan.redo"), self._then(self.desk.redo), icon="scanner"),
            ActionButton(look, look.say("ui.scan.turn"), self._turn, icon="reload"),
            ActionButton(
                look, look.say("ui.scan.delete"), self._then(self.desk.drop_page), kind="danger", icon="bin"
            ),
        ]
        for act in acts:
            act.setEnabled(not self.desk.turning)
        body.addLayout(row(*acts, 1, gap=theme.gap))
        return body

    def _turn(self) -> None:
        """The scanner room turns and cleans the raw page; the buttons rest until the page is back."""
        page = self.desk.page
        if page is not None and not self.desk.turning:
            self.desk.turning = True
            self._service.clean_again(page, turn_degrees=_QUARTER)
            self.redraw()

    def _pictured(self, name: str, file: Path, height_mm: float) -> QVBoxLayout:
        """A picture of at least `height_mm` with its name above."""
        pixmap = load_picture(file, PREVIEW_SIDE) or QPixmap()
        box = PictureBox(pixmap, name, self.look.theme.mm(height_mm))
        made = column(label(name, "strong", centre=True), box)
        made.setStretch(1, 1)
        return made

    def _more(self) -> QVBoxLayout:
        look, theme, current = self.look, self.look.theme, self.desk.current
        body = column(label(look.say("ui.scan.more"), "title"), gap=theme.space)
        body.addWidget(label(look.say("ui.scan.have", title=current.title, number=len(current.pages))))
        pictures = row(gap=theme.gap)
        for number, page in enumerate(current.pages[:4], 1):
            name = look.say("ui.scan.page", number=number)
            pictures.addLayout(self._pictured(name, page.clean_preview, 50), 1)
        body.addLayout(pictures, 1)
        add = ActionButton(look, look.say("ui.scan.add"), self._then(self._place_again), icon="plus")
        body.addLayout(row(add, 1))
        return body

    def _place_again(self) -> None:
        self.desk.phase = Phase.PLACE

    def _list(self) -> QVBoxLayout:
        look, theme = self.look, self.look.theme
        body = column(label(look.say("ui.scan.check"), "title"), gap=theme.gap)
        for wanted in self.desk.wanted:
            body.addWidget(self._line(wanted))
        add = ActionButton(look, look.say("ui.scan.other"), self._then(self._extra), icon="plus")
        body.addLayout(row(add, 1))
        body.addWidget(label(look.say("ui.nothing_sent"), "strong"))
        body.addStretch(1)
        return body

    def _extra(self) -> None:
        self.desk.add_extra(self.look.say("ui.scan.extra", number=self.desk.extras + 1))

    def _line(self, wanted: Wanted) -> QFrame:
        look, theme, paper = self.look, self.look.theme, wanted.paper
        about = look.say("ui.scan.not_scanned")
        if paper is not None:
            about = look.say("ui.scan.size", pages=paper.pages, size=megabytes(look, paper.size_bytes))
        colour = theme.colours.good if paper else theme.colours.muted
        words = row(Pictogram("check" if paper else "minus", theme.icon, colour), gap=theme.gap)
        words.addLayout(column(label(wanted.title, "strong"), label(about, "muted")), 1)
        inside = column(gap=theme.gap) if theme.text_size is TextSize.HUGE else row(gap=theme.gap)
        inside.addLayout(words, 1)
        again = look.say("ui.scan.redo" if paper else "ui.scan.go")
        acts = row(ActionButton(look, again, self._then(lambda: self.desk.open(wanted.key))), gap=theme.gap)
        if paper is not None:
            remove = self._then(lambda: self.desk.remove(wanted.key))
            acts.addWidget(ActionButton(look, look.say("ui.scan.delete"), remove, kind="danger", icon="bin"))
        inside.addLayout(acts)
        return frame(look, "card", inside)

    def _fault(self) -> QVBoxLayout:
        fault = self.desk.fault or KioskError("SCAN-IO")
        body = column(fault_panel(self.look, fault), gap=self.look.theme.space)
        if self.desk.wanted and self.desk.current.pages:
            body.addWidget(label(self.look.say("ui.scan.kept", number=len(self.desk.current.pages))))
        body.addStretch(1)
        return body


def megabytes(look: Look, size: int) -> str:
    """ "1,2 MB" as the language writes it."""
    number = f"{max(size, 50_000) / 1_000_000:.1f}"
    return look.say("ui.megabytes", number=number.replace(".", look.say("ui.decimal")))
