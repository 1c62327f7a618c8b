"""What the scan screen knows, without Qt: which papers are wanted, which pages they have, what comes next."""

from dataclasses import dataclass, field
from enum import StrEnum

from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Page, Paper


class Phase(StrEnum):
    PLACE = "place"  # put the paper in, press Scan
    BUSY = "busy"  # the machine works
    LOOK = "look"  # is this page clear?
    MORE = "more"  # is there another page?
    MAKING = "making"  # the PDF is being made
    LIST = "list"  # all papers, to check before the portal
    FAULT = "fault"


@dataclass
class Wanted:
    """One paper of the list. `paper` once its PDF is made."""

    key: str
    title: str
    required: bool = True
    note: str = ""
    pages: list[Page] = field(default_factory=list)
    paper: Paper | None = None
    skipped: bool = False

    @property
    def settled(self) -> bool:
        return self.paper is not None or self.skipped


@dataclass
class ScanDesk:
    """Moves from phase to phase. The screen asks it what to show; the service's answers are told to it."""

    wanted: list[Wanted] = field(default_factory=list)
    phase: Phase = Phase.LIST
    at: int = 0
    devices: list[Device] = field(default_factory=list)
    device: Device | None = None
    searched: bool = False  # whether the devices are known
    fraction: float = 0.0
    fault: KioskError | None = None
    looking_at: int = 0  # page of the present paper
    extras: int = 0
    feeder: bool = False  # what the person chose where there is glass and a feeder
    turning: bool = False  # the page that is looked at is being turned
    page_kept: bool = False  # the fault was in the turning: the page is as it was

    @property
    def current(self) -> Wanted:
        return self.wanted[self.at]

    @property
    def page(self) -> Page | None:
        pages = self.current.pages
        return pages[self.looking_at] if self.looking_at < len(pages) else None

    @property
    def glass_or_feeder(self) -> bool:
        """Whether the person has a choice."""
        return self.device is not None and self.device.flatbed and self.device.feeder

    @property
    def by_feeder(self) -> bool:
        """Whether the next scan takes the feeder."""
        return self.device is not None and self.device.feeder and (self.feeder or not self.device.flatbed)

    @property
    def on_glass(self) -> bool:
        """Whether the paper lies under a cover."""
        return self.device is not None and self.device.kind is DeviceKind.SCANNER and not self.by_feeder

    @property
    def papers(self) -> list[Paper]:
        """The finished PDFs, in the order of the list."""
        return [wanted.paper for wanted in self.wanted if wanted.paper is not None]

    def want(self, papers: list[Wanted]) -> None:
        """The list of the guide; what was scanned already stays."""
        known = {wanted.key: wanted for wanted in self.wanted}
        extras = [wanted for wanted in self.wanted if wanted.key.startswith("extra-")]
        self.wanted = [known.get(paper.key, paper) for paper in papers] + extras
        self.next_paper()

    def rename(self, titles: dict[str, tuple[str, str]]) -> None:
        """Another language was chosen: key -> title, note."""
        for wanted in self.wanted:
            wanted.title, wanted.note = titles.get(wanted.key, (wanted.title, wanted.note))

    def next_paper(self) -> None:
        for number, wanted in enumerate(self.wanted):
            if not wanted.settled:
                self.at, self.looking_at, self.phase = number, 0, Phase.PLACE
                return
        self.phase = Phase.LIST

    def found(self, devices: list[Device]) -> None:
        self.devices, self.searched = devices, True
        first = devices[0] if devices else None
        source = self.device.source if self.device is not None else ""
        self.device = next((device for device in devices if device.source == source), first)

    def use(self, device: Device) -> None:
        self.device = device

    def feed(self, feeder: bool) -> None:
        self.feeder = feeder

    def started(self) -> None:
        self.phase, self.fraction, self.fault = Phase.BUSY, 0.0, None

    def came(self, page: Page) -> None:
        """A page was scanned, or cleaned again: the same id takes its old place."""
        ids = [known.page_id for known in self.current.pages]
        if page.page_id in ids:
            self.current.pages[ids.index(page.page_id)] = page
            self.phase, self.turning = Phase.LOOK, False
        else:
            self.current.pages.append(page)

    def finished(self, count: int) -> None:
        """The job is over: look at its first new page."""
        if count and self.current.pages:
            self.looking_at = max(0, len(self.current.pages) - count)
            self.phase = Phase.LOOK
        else:
            self._rest()

    def _rest(self) -> None:
        """Between two acts: ask for more of a paper that has pages, else for its first."""
        self.phase = Phase.MORE if self.current.pages else Phase.PLACE

    def good(self) -> None:
        """This page is clear: the next new one, or ask for more."""
        if self.looking_at + 1 < len(self.current.pages):
            self.looking_at += 1
        else:
            self._rest()

    def drop_page(self) -> None:
        """Redo or delete: this page goes."""
        if self.page is not None:
            del self.current.pages[self.looking_at]
        self.looking_at = max(0, min(self.looking_at, len(self.current.pages) - 1))
        self._rest()

    def redo(self) -> None:
        self.drop_page()
        self.phase = Phase.PLACE

    def making(self) -> None:
        self.phase, self.fraction = Phase.MAKING, 0.0

    def made(self, paper: Paper) -> None:
        for wanted in self.wanted:
            if wanted.key == paper.paper_id:
                wanted.paper = paper
        self.next_paper()

    def skip(self) -> None:
        self.current.skipped = True
        self.next_paper()

    def remove(self, key: str) -> None:
        """The paper's pages go; an extra paper leaves the list."""
        for wanted in self.wanted:
            if wanted.key == key:
                wanted.pages, wanted.paper, wanted.skipped = [], None, True
        self.wanted = [w for w in self.wanted if w.key != key or not key.startswith("extra-")]
        self.at, self.looking_at, self.phase = 0, 0, Phase.LIST

    def open(self, key: str) -> None:
        """Scan this one now, perhaps again."""
        for number, wanted in enumerate(self.wanted):
            if wanted.key == key:
                wanted.pages, wanted.paper, wanted.skipped = [], None, False
                self.at, self.looking_at, self.phase = number, 0, Phase.PLACE

    def add_extra(self, title: str) -> None:
        self.extras += 1
        self.wanted.append(Wanted(f"extra-{self.extras}", title, required=False))
        self.open(f"extra-{self.extras}")

    def failed(self, fault: KioskError) -> None:
        self.page_kept, self.turning = self.turning, False
        self.fault, self.phase = fault, Phase.FAULT

    def recover(self) -> None:
        """From an error back to where the person can go on; pages that came stay."""
        kept = self.page_kept or self.turning
        self.fault, self.page_kept, self.turning = None, False, False
        if kept:
            self.phase = Phase.LOOK
        elif self.wanted:
            self._rest()
        else:
            self.phase = Phase.LIST

    def back(self) -> bool:
        """One phase back; False where the screen itself is left."""
        if self.phase is Phase.FAULT:
            self.recover()
        elif self.phase is Phase.LOOK:
            self.redo()
        elif self.phase is Phase.PLACE and self.current.pages:
            self.phase = Phase.MORE
        elif self.phase is Phase.MORE and self.current.pages:
            self.looking_at, self.phase = len(self.current.pages) - 1, Phase.LOOK
        else:
            return False
        return True
