"""What the scan screen knows, without Qt: which papers are wanted, which pages they have, what comes next."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Offer, Page, Paper
from ui.scan_papers import Wanted

FROM_FILES = (DeviceKind.USB, DeviceKind.FOLDER)
"""Here the person chooses among files."""

BY_HAND = (DeviceKind.CAMERA, DeviceKind.PHONE)
"""Here the paper lies on something, and its edge matters."""


class Phase(StrEnum):
    PLACE = "place"  # put the paper in, press Scan
    BUSY = "busy"  # the machine works; camera and phone show what they see
    CHOOSE = "choose"  # which of these files?
    CORNERS = "corners"  # where are the four corners of the paper?
    LOOK = "look"  # is this page clear?
    CLOSE = "close"  # one of its pictures, large
    MORE = "more"  # is there another page?
    SORT = "sort"  # the order of the pages, one paper or two
    MAKING = "making"  # the PDF is being made
    LIST = "list"  # all papers, to check before the portal
    FAULT = "fault"


class Side(StrEnum):
    """Of a page: as the machine saw it, and as it goes into the paper."""

    BEFORE = "before"
    AFTER = "after"


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
    last_new: int = 0  # up to which page the pages of a scan are shown one after the other
    close_side: Side = Side.AFTER
    close_zoom: float = 1.0  # of the width of the room
    extras: int = 0
    feeder: bool = False  # what the person chose where there is glass and a feeder
    turning: bool = False  # the page that is looked at is being cleaned again
    page_kept: bool = False  # the fault was in the turning: the page is as it was
    scan_failed: bool = False  # the fault was in the scan, not in what came after
    parted: Wanted | None = None  # what the person has just made a paper of its own
    again: str = ""  # the page that the next scan shall replace
    one_sided: bool = False  # this card has no back
    purpose: bool = True  # the line across the copy of a card
    in_parts: bool = False  # the paper is being made as several files, or that has failed too
    offers: list[Offer] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)  # codes of why other files are not among them
    picked: list[str] = field(default_factory=list)  # keys of offers, in the order of the taps
    shelf: int = 0  # page of the offers

    @property
    def current(self) -> Wanted:
        return self.wanted[self.at]

    @property
    def page(self) -> Page | None:
        pages = self.current.pages
        return pages[self.looking_at] if self.looking_at < len(pages) else None

    @property
    def kind(self) -> DeviceKind | None:
        return self.device.kind if self.device is not None else None

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
        return self.kind is DeviceKind.SCANNER and not self.by_feeder

    @property
    def wants_back(self) -> bool:
        """Whether the other side of an identity card comes next."""
        return self.current.is_card and len(self.current.pages) == 1 and not self.one_sided

    @property
    def other_ways(self) -> list[Device]:
        """Where the present one failed: the devices of other kinds."""
        return [device for device in self.devices if device.kind is not self.kind]

    @property
    def can_part(self) -> bool:
        """Whether the paper that was too big may be made as several files."""
        too_big = self.fault is not None and self.fault.code == "PAPER-TOO-BIG" and not self.in_parts
        return too_big and len(self.current.pages) > 1 and not self.current.is_card

    @property
    def too_heavy(self) -> int | None:
        """The page that is too big for a file even alone, which has to be looked at; from 0."""
        fault = self.fault
        if fault is None or fault.code != "PAGE-TOO-BIG" or not self.wanted:
            return None
        page = int(fault.facts.get("page", 1)) - 1
        return page if page < len(self.current.pages) else None

    @property
    def unfinished(self) -> Wanted | None:
        """A paper with pages that is no PDF yet: it would be missing at the portal."""
        return next((wanted for wanted in self.wanted if wanted.pages and wanted.paper is None), None)

    @property
    def papers(self) -> list[Paper]:
        """The finished PDFs, in the order of the list."""
        return [part for wanted in self.wanted if wanted.paper is not None for part in wanted.paper.parts]

    # ---- the papers ----------------------------------------------------------------------------

    def want(self, papers: list[Wanted]) -> None:
        """The list of the guide; what was scanned already stays."""
        known = {wanted.key: wanted for wanted in self.wanted}
        extras = [wanted for wanted in self.wanted if wanted.extra]
        self.wanted = [known.get(paper.key, paper) for paper in papers] + extras
        self.next_paper()

    def rename(self, titles: dict[str, tuple[str, str]]) -> None:
        """Another language was chosen: key -> title, note."""
        for wanted in self.wanted:
            wanted.title, wanted.note = titles.get(wanted.key, (wanted.title, wanted.note))

    def next_paper(self) -> None:
        for number, wanted in enumerate(self.wanted):
            if not wanted.settled:
                self._go_to(number)
                return
        self.phase = Phase.LIST

    def _go_to(self, number: int) -> None:
        self.at, self.looking_at, self.again, self.one_sided = number, 0, "", False
        if self.current.way is not None:  # once scanned so, it goes on so
            source, self.feeder = self.current.way
            self.device = next((device for device in self.devices if device.source == source), self.device)
        self.rest()

    def skip(self) -> None:
        self.current.skipped = True
        self.next_paper()

    def remove(self, key: str) -> None:
        """The paper's pages go aside; an extra paper without any leaves the list."""
        wanted = self._named(key)
        while wanted.pages:
            wanted.set_aside(len(wanted.pages) - 1)
        wanted.paper, wanted.skipped = None, True
        self._leave_empty_extras()
        self.at, self.looking_at, self.phase = 0, 0, Phase.LIST

    def restore(self, key: str) -> None:
        """The removed paper comes back, to be looked through."""
        wanted = self._named(key)
        while wanted.aside and not wanted.aside[-1].blank:
            wanted.bring_back()
        self._go_to(self.wanted.index(wanted))

    def open(self, key: str) -> None:
        """Scan this one now, or look through what it has."""
        wanted = self._named(key)
        wanted.skipped = False
        self._go_to(self.wanted.index(wanted))

    def add_extra(self, title: str) -> None:
        self.extras += 1
        self.wanted.append(Wanted(f"extra-{self.extras}", title, required=False))
        self._go_to(len(self.wanted) - 1)

    def split(self, title: str) -> None:
        """From the page that is looked at on it is another paper, named `title`."""
        rest = self.current.pages[self.looking_at :]
        if not self.looking_at > 0 or not rest:
            return
        del self.current.pages[self.looking_at :]
        self.current.paper = None
        self.extras += 1
        self.parted = Wanted(f"extra-{self.extras}", title, required=False, pages=rest)
        self.wanted.append(self.parted)
        self.looking_at -= 1

    @property
    def before(self) -> Wanted | None:
        """The nearest paper before this one that has pages."""
        return next((wanted for wanted in reversed(self.wanted[: self.at]) if wanted.pages), None)

    def merge(self) -> None:
        """The pages of this paper are the last pages of the paper before it."""
        before, current = self.before, self.current
        if before is None:
            return
        self.looking_at = len(before.pages)
        before.pages += current.pages
        before.paper, before.skipped = None, False
        current.pages, current.paper, current.skipped = [], None, True
        self._leave_empty_extras()
        self.at = self.wanted.index(before)

    def _leave_empty_extras(self) -> None:
        self.wanted = [w for w in self.wanted if not w.extra or w.pages or w.aside or not w.skipped]

    def _named(self, key: str) -> Wanted:
        return next(wanted for wanted in self.wanted if wanted.key == key)

    # ---- the devices ---------------------------------------------------------------------------

    def found(self, devices: list[Device]) -> None:
        self.devices, self.searched = devices, True
        first = devices[0] if devices else None
        source = self.device.source if self.device is not None else ""
        self.device = next((device for device in devices if device.source == source), first)

    def use(self, device: Device) -> None:
        self.device = device

    def feed(self, feeder: bool) -> None:
        self.feeder = feeder

    def laid_out(self, offers: list[Offer]) -> None:
        self.offers = [offer for offer in offers if not offer.fault]
        self.refused = Counter(offer.fault for offer in offers if offer.fault)
        self.picked, self.shelf, self.phase = [], 0, Phase.CHOOSE

    def pick(self, key: str) -> None:
        """The first tap takes the file, the second puts it back."""
        if key in self.picked:
            self.picked.remove(key)
        else:
            self.picked.append(key)

    # ---- the scan ------------------------------------------------------------------------------

    def started(self) -> None:
        self.phase, self.fraction, self.fault = Phase.BUSY, 0.0, None
        if self.device is not None and self.wanted:
            self.current.way = self.device.source, self.feeder

    def came(self, page: Page) -> None:
        """A page was scanned, or cleaned again: the same id takes its old place."""
        ids = [known.page_id for known in self.current.pages]
        self.current.paper = None
        if page.page_id in ids:
            self.current.pages[ids.index(page.page_id)] = page
            self.phase, self.turning = Phase.LOOK, False
        else:
            self.current.pages.append(page)

    def finished(self, count: int) -> None:
        """The job is over: look at its first new page that is not blank."""
        count = min(count, len(self.current.pages))
        if not count:
            self.rest()
            return
        first = self.current.put_in_place_of(self.again, count)
        self.again = ""
        others = len(self.current.pages) - count
        if count > 1:  # the back of a sheet; one page alone was scanned on purpose, and is asked about
            self.current.set_blank_aside(first, count)
        self.looking_at, self.last_new = first, first + len(self.current.pages) - others - 1
        if self.page is None:
            self.looking_at = max(0, len(self.current.pages) - 1)
            self.rest()
        else:
            self._look()

    def _look(self) -> None:
        """A photograph whose edge was not found is first shown whole, to drag its corners."""
        page = self.page
        lost = page and page.corners is None and (self.kind in BY_HAND or "unfound" in page.verdicts)
        self.phase = Phase.CORNERS if lost else Phase.LOOK

    def rest(self) -> None:
        """Between two acts: ask for more of a paper that has pages, else for its first."""
        self.phase = Phase.MORE if self.current.pages else Phase.PLACE

    def good(self) -> None:
        """This page is clear: the next new one, or ask for more."""
        if self.looking_at < self.last_new:
            self.looking_at += 1
            self._look()
        else:
            self.rest()

    def show_corners(self) -> None:
        self.phase = Phase.CORNERS

    def show_close(self, side: Side) -> None:
        self.close_side, self.close_zoom, self.phase = side, 1.0, Phase.CLOSE

    def sort(self) -> None:
        self.looking_at = min(self.looking_at, max(0, len(self.current.pages) - 1))
        self.phase, self.parted = Phase.SORT, None

    def look_at(self, number: int) -> None:
        """One page that was seen before; the others are not asked about again."""
        self.looking_at, self.last_new, self.phase = number, number, Phase.LOOK

    def drop_page(self) -> None:
        """Delete: this page goes aside."""
        if self.page is not None:
            self.current.set_aside(self.looking_at)
        self.looking_at = max(0, min(self.looking_at, len(self.current.pages) - 1))
        self.rest()

    def bring_back(self) -> None:
        if self.current.aside:
            self.looking_at = self.current.bring_back()
            self.rest()

    def move(self, by: int) -> None:
        if self.page is not None:
            self.looking_at = self.current.move(self.looking_at, by)

    def redo(self) -> None:
        """This page once more; it stays until the new one is there."""
        self.again = self.page.page_id if self.page is not None else ""
        self.phase = Phase.PLACE

    def place_more(self) -> None:
        self.again, self.phase = "", Phase.PLACE

    def making(self, in_parts: bool = False) -> None:
        self.phase, self.fraction, self.in_parts = Phase.MAKING, 0.0, in_parts

    def made(self, paper: Paper) -> None:
        for wanted in self.wanted:
            if wanted.key == paper.paper_id:
                wanted.paper = paper
        self.next_paper()

    def failed(self, fault: KioskError) -> None:
        self.page_kept, self.turning = self.turning, False
        self.scan_failed = self.phase is Phase.BUSY
        self.fault, self.phase = fault, Phase.FAULT

    def recover(self) -> None:
        """From an error back to where the person can go on; pages that came stay."""
        kept = self.page_kept or self.turning
        again = self.again or (self.scan_failed and self.fault)
        heavy = self.too_heavy
        self.fault, self.page_kept, self.turning, self.scan_failed = None, False, False, False
        if kept and self.page is not None:
            self.phase = Phase.LOOK
        elif heavy is not None:
            self.look_at(heavy)
        elif self.wanted and again:
            self.phase = Phase.PLACE
        elif self.wanted:
            self.rest()
        else:
            self.phase = Phase.LIST

    def try_with(self, device: Device) -> None:
        """Another way in, after this one failed."""
        self.recover()
        self.use(device)
        self.phase = Phase.PLACE

    def back(self) -> bool:
        """One phase back; False where the screen itself is left."""
        pages = self.current.pages if self.wanted else []
        if self.phase is Phase.FAULT:
            self.recover()
        elif self.phase is Phase.CHOOSE:
            self.phase = Phase.PLACE
        elif self.phase in (Phase.CORNERS, Phase.CLOSE):
            self.phase = Phase.LOOK
        elif self.phase is Phase.PLACE and self.again and self.page is not None:
            self.again, self.phase = "", Phase.LOOK
        elif self.phase in (Phase.LOOK, Phase.PLACE, Phase.SORT) and pages:
            self.phase = Phase.MORE
        elif self.phase is Phase.MORE and pages:
            self.phase = Phase.LIST
        else:
            return False
        return True
