"""The papers of the scan screen and their pages, without Qt: order, what was set aside, split and merge."""

from dataclasses import dataclass, field

from kioskcore.ports import Page, Paper

CARD_MM = (54.0, 85.6)
_CARD_SLACK = 0.06


@dataclass(frozen=True)
class Aside:
    """A page that was taken away and may come back; `at`: its place among the pages it left."""

    page: Page
    at: int
    blank: bool = False  # the machine took it away, not the person
    old: bool = False  # a new scan took its place


@dataclass
class Wanted:
    """One paper of the list. `paper` once its PDF is made; a change of its pages unmakes it."""

    key: str
    title: str
    required: bool = True
    note: str = ""
    pages: list[Page] = field(default_factory=list)
    paper: Paper | None = None
    skipped: bool = False
    aside: list[Aside] = field(default_factory=list)
    way: tuple[str, bool] | None = None  # the device of its last scan, and whether by the feeder
    card_purpose: str | None = None  # the line across the copy of a card, as the paper was made with

    @property
    def settled(self) -> bool:
        return self.paper is not None or self.skipped

    @property
    def extra(self) -> bool:
        return self.key.startswith("extra-")

    @property
    def is_card(self) -> bool:
        """Whether all it has are sides of an identity card."""
        return bool(self.pages) and len(self.pages) <= 3 and all(map(is_card, self.pages))

    def made(self, part: Paper) -> bool:
        """Whether that is the paper's present PDF or one of its parts; one like it is another."""
        return self.paper is not None and any(part is each for each in self.paper.parts)

    def pages_of(self, part: Paper) -> list[Page]:
        """What one file of the paper was made of; sides of a card are one page of it."""
        assert self.paper is not None
        if not self.paper.rest:
            return list(self.pages)
        parts = self.paper.parts
        first = sum(each.pages for each in parts[: parts.index(part)])
        return self.pages[first : first + part.pages]

    def set_aside(self, at: int, *, blank: bool = False, old: bool = False) -> None:
        self.aside.append(Aside(self.pages.pop(at), at, blank, old))
        self.paper = None

    def bring_back(self) -> int:
        """The page that went last comes back; its place."""
        gone = self.aside.pop()
        at = min(gone.at, len(self.pages))
        self.pages.insert(at, gone.page)
        self.paper, self.skipped = None, False
        return at

    def move(self, at: int, by: int) -> int:
        """The page's new place."""
        to = max(0, min(len(self.pages) - 1, at + by))
        self.pages.insert(to, self.pages.pop(at))
        self.paper = None
        return to

    def put_in_place_of(self, page_id: str, new: int) -> int:
        """The `new` last pages take the place of one that was scanned again; the place of the first."""
        at = next((n for n, page in enumerate(self.pages) if page.page_id == page_id), None)
        if at is None or not new:
            return len(self.pages) - new
        fresh = self.pages[-new:]
        del self.pages[-new:]
        self.set_aside(at, old=True)
        self.pages[at:at] = fresh
        return at

    def set_blank_aside(self, first: int, count: int) -> None:
        """Of `count` new pages from place `first` on, what was judged blank; the person may take it back."""
        for at in reversed(range(first, first + count)):
            if "blank" in self.pages[at].verdicts:
                self.set_aside(at, blank=True)


@dataclass(frozen=True)
class PageOf:
    """Page `number` (from 1) of the `total` of a finished paper, as a box for pictures is offered it."""

    paper: Paper
    page: Page
    number: int
    total: int


def is_card(page: Page) -> bool:
    """Whether the page has the size of an identity card, standing or lying."""
    sides = sorted((page.width_mm, page.height_mm))
    return all(abs(side / wanted - 1) < _CARD_SLACK for side, wanted in zip(sides, CARD_MM, strict=True))
