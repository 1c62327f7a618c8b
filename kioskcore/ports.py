"""What crosses from room to room: Protocols and frozen dataclasses, nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from kioskcore.errors import KioskError

Point = tuple[float, float]
"""x, y in pixels, origin top left."""

Box = tuple[float, float, float, float]
"""Left, top, width, height in parts (0..1) of the width and height of a page."""


class ColourMode(StrEnum):
    AUTO = "auto"
    COLOUR = "colour"
    GREY = "grey"
    BLACK_WHITE = "bw"


class DeviceKind(StrEnum):
    """What the citizen calls it: `scan.device.<kind>` in the words."""

    SCANNER = "scanner"
    CAMERA = "camera"
    PHONE = "phone"
    USB = "usb"
    FOLDER = "folder"
    SAMPLE = "sample"  # the made-up papers of practice mode


@dataclass(frozen=True)
class Device:
    """One way a paper gets in. `source` is what `ScanJob.source` wants: "sane:test:0", "folder:/path".

    Where both `flatbed` and `feeder` are there, the person may choose; a job with `feeder` False takes the
    feeder of a device without glass.
    """

    source: str
    kind: DeviceKind
    name: str
    feeder: bool = False
    duplex: bool = False
    flatbed: bool = True


FOLDER_NOT_SET = "folder not set"
"""`Probe.detail` of a source that the settings give no folder: nothing is wrong, nobody asked for it."""


@dataclass(frozen=True)
class Probe:
    """Whether a back end can be used here. `code` names the error where it cannot."""

    backend: str
    ok: bool
    code: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class ScanJob:
    """One press of "scan". dpi per inch; page_size "A4", "A5", "ID-1" or "auto"."""

    source: str
    dpi: int = 300
    mode: ColourMode = ColourMode.COLOUR
    feeder: bool = False
    duplex: bool = False
    page_size: str = "A4"
    tone: ColourMode = ColourMode.AUTO  # what the clean-up shall make of it
    language: str = ""  # of the person, for words that are shown elsewhere: on the phone
    paper: str = ""  # the guide's title of what is asked for: the made-up papers bear it


@dataclass(frozen=True)
class Preview:
    """What to show while a scan is at work.

    `picture`: a small one that may be gone a moment later: a page as it came, not yet clean; what the camera
    sees; or the QR code for the person's phone, which holds `address`. `hint`: words `scan.hint.<hint>`;
    `taken`: pictures that have come.
    """

    picture: Path | None = None
    hint: str = ""
    address: str = ""
    taken: int = 0


@dataclass(frozen=True)
class Offer:
    """A file the person may choose. Chosen keys go behind the source: "usb:<key>,<key>".

    `fault`: the code of why it cannot be taken; then it has neither key nor thumbnail, and is told of only.
    """

    key: str
    thumbnail: Path
    pages: int = 1
    fault: str = ""


@dataclass(frozen=True)
class Page:
    """One cleaned page in the work folder. Files are whole or absent.

    `corners`: TL, TR, BR, BL in pixels of `raw`, or None where no page edge was accepted.
    `verdicts`: codes such as "blurred", "dark", "cut"; words `scan.verdict.<code>`. `places`: where, for each
    code, as left, top, width, height in parts (0..1) of the clean page; for "another" of the raw picture.
    `scale`: pixels of the picture that came to one of `raw`, across and down, of a page that just came.
    """

    page_id: str
    raw: Path
    clean: Path
    raw_preview: Path
    clean_preview: Path
    width_mm: float
    height_mm: float
    corners: tuple[Point, Point, Point, Point] | None = None
    confidence: float = 0.0
    skew_degrees: float = 0.0
    turn_degrees: int = 0
    mode: ColourMode = ColourMode.COLOUR
    verdicts: tuple[str, ...] = ()
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)
    scale: tuple[float, float] = (1.0, 1.0)


class FileKind(StrEnum):
    """What a page's file box is given; also the ending of the file's name."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"


@dataclass(frozen=True)
class Paper:
    """A finished file of this visit: a PDF as the upload chooser offers it, or the picture of one page.

    `rest`: its other parts, where one file would have been over the site's limit."""

    paper_id: str  # the key of the guide's checklist, or "extra-1"
    title: str
    file: Path
    pages: int
    size_bytes: int
    preview: Path
    rest: tuple["Paper", ...] = ()

    @property
    def parts(self) -> tuple["Paper", ...]:
        return self, *self.rest


class ScanBackend(Protocol):
    """A driver, used inside the scan child only. Errors are KioskError with a SCAN- or IMAGE- code."""

    name: str

    def probe(self) -> Probe: ...
    def devices(self) -> list[Device]: ...
    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Write each page as a whole image file in `folder` and tell; progress 0..1 of the present page."""
        ...

    def cancel(self) -> None: ...


@runtime_checkable
class LiveBackend(Protocol):
    """What a back end has besides, where the person sees and steers the scan."""

    def watch(self, tell: Callable[[Preview], None]) -> None:
        """Tell each preview of the scans to come; called before each scan."""
        ...

    def press(self) -> None:
        """The person pressed: a camera takes the picture now, a phone's turn is over. From any thread."""
        ...


@runtime_checkable
class OfferingBackend(Protocol):
    """What a back end has besides, where the person chooses among files.

    Its `on_page` may raise IMAGE-* and PDF-*: that costs this one file, which is left where it lies.
    """

    def offers(self, source: str, folder: Path, on_progress: Callable[[float], None]) -> list[Offer]:
        """Newest first, with thumbnails in `folder`; behind them what cannot be opened.

        Raises SCAN-NO-STICK, -NO-DEVICE, -NO-FILES; the fault where nothing else is there.
        """
        ...


@runtime_checkable
class ExaminedBackend(Protocol):
    """What a back end has besides, where its quick `probe` cannot know whether a device is there."""

    def examine(self) -> Probe:
        """Opens every device; may take a minute. The detail tells each, and why it cannot be used."""
        ...


class ScanListener(Protocol):
    """Called on a thread of the service; the screens bring it to the GUI thread by an adapter."""

    def devices(self, found: Sequence[Device]) -> None: ...
    def offers(self, found: Sequence[Offer]) -> None: ...
    def progress(self, fraction: float) -> None: ...
    def preview(self, preview: Preview) -> None: ...
    def page(self, page: Page) -> None: ...
    def scanned(self, count: int) -> None:
        """The job is over; `count` pages came."""
        ...

    def paper(self, paper: Paper) -> None: ...
    def fitted(self, result: Paper | KioskError) -> None:
        """The answer to `fit`, and its only one."""
        ...

    def failed(self, error: KioskError) -> None:
        """The running request ended in an error; pages that came before it stay."""
        ...


class ScanService(Protocol):
    """Scanning as the screens see it. Every call returns at once; answers come to the listener, in order."""

    def start(self, listener: ScanListener) -> None: ...
    def find_devices(self) -> None: ...
    def look(self, source: str) -> None:
        """List the files of a stick or folder; answers by `offers`."""
        ...

    def scan(self, job: ScanJob) -> None: ...
    def press(self) -> None:
        """To the running scan: take the picture now; the phone's turn is over. Else nothing happens."""
        ...

    def cancel(self) -> None: ...
    def clean_again(
        self,
        page: Page,
        corners: Sequence[Point] | None = None,
        turn_degrees: int = 0,
        tone: ColourMode | None = None,
    ) -> None:
        """Clean the raw page anew with the person's own corners or turn; answers by `page`."""
        ...

    def make_paper(
        self,
        paper_id: str,
        title: str,
        pages: Sequence[Page],
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        part: str | None = None,
    ) -> None:
        """Answers by `paper`. With `card_purpose` the pages are sides of one identity card: they are laid on
        one sheet at true size, with these words across, where there are any. With `part` ("(phần #)") a paper
        over the budget becomes several, named by these words behind the title, # being the number."""
        ...

    def fit(
        self,
        paper_id: str,
        title: str,
        pages: Sequence[Page],
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        kind: FileKind = FileKind.PDF,
    ) -> None:
        """The same for a file box that wants it otherwise: lighter, or one page of it as a picture.

        Answers by `fitted`, good or bad. A `paper_id` of its own keeps the paper as it was: a page may be
        reading that file."""
        ...

    def close(self) -> None:
        """Kill the child. Safe to call twice."""
        ...


@dataclass(frozen=True)
class PrintWish:
    """What to print. `pages`: first and last, counted from 1; None: all."""

    pdf: Path
    copies: int = 1
    pages: tuple[int, int] | None = None


class Prints(Protocol):
    """The printer of a visit. Both calls may take seconds and raise KioskError PRINT-."""

    @property
    def folder(self) -> Path:
        """The visit's work folder, where what is to be printed may lie."""
        ...

    def send(self, wish: PrintWish) -> int:
        """Put it into the queue; the job's number."""
        ...

    def done(self, number: int) -> bool:
        """Whether that job's paper is out.

        After any fault but PRINT-FAILED it is worth asking again: somebody may put paper in, and the server
        goes on telling a reason until the printer takes it back.
        """
        ...


class Measure(StrEnum):
    """The closed list of what may be counted. Some take a closed `detail` (after the colon)."""

    VISIT = "visit"
    STARTED = "started"
    REACHED_PORTAL = "reached_portal"
    SUBMITTED = "submitted"
    PAGE_SCANNED = "page_scanned"
    FILE_UPLOADED = "file_uploaded"
    HELP = "help"
    BLOCKED = "blocked"  # a blocked address, by category of host only
    STOPPED_AT = "stopped_at"  # :state
    ENDED_BY = "ended_by"  # :event
    MINUTES = "minutes"  # :2 :5 :10 :20 :40 :more
    SATISFIED = "satisfied"  # :1 :2 :3
    ERROR = "error"  # :code
    GUIDE_NO_MATCH = "guide_no_match"


class VisitCounter(Protocol):
    """Anonymous running totals. Never raises into the visit: a fault is journalled and shown to staff."""

    @property
    def notice(self) -> str | None:
        """An error code for staff; None while all is well, or not yet known."""
        ...

    def start(self) -> None:
        """Open and check the store in the background. Not before the waiting screen is painted."""
        ...

    def add(
        self, measure: Measure, *, procedure: str, mode: str, detail: str = "", number: int = 1
    ) -> None: ...
    def close(self) -> None: ...
