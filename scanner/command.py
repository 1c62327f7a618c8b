"""The `kiosk.py scan` command: papers from files or a device to a clean PDF, without a window."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kioskcore.config import Config
from kioskcore.config_faults import plain
from kioskcore.console import console_words, sentence
from kioskcore.errors import KioskError
from kioskcore.findings import said, where
from kioskcore.ports import ColourMode, LiveBackend, Page, Preview, ScanJob
from kioskcore.words import Words, load_words
from scanner.files import disk_faults
from scanner.protocol import DPI, Leaf, PaperRequest, check_job

if TYPE_CHECKING:
    from scanner.sheet import SheetReport

WORDS_FOLDER = Path(__file__).resolve().parent / "words"

ALL_GOOD, SOME_FAILED, NOTHING_MADE = 0, 2, 1
MOST_LETTERS = 120
"""Of the words across a card."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="tệp ảnh hoặc PDF / picture or PDF files")
    sources = "sane:test:0, escl:URL, camera:0, camera:FILE, phone:, folder:DIR, sample:"
    parser.add_argument("--source", help=f"nguồn quét / scan source: {sources}")
    parser.add_argument("--feeder", action="store_true", help="dùng khay nạp giấy / use the sheet feeder")
    parser.add_argument("--duplex", action="store_true", help="quét hai mặt / scan both sides")
    parser.add_argument("--dpi", type=dots_per_inch, help="số điểm mỗi inch / dots per inch, 75-600")
    parser.add_argument("--out", help="tệp PDF làm ra / the PDF to make")
    parser.add_argument(
        "--mode", default="auto", choices=[mode.value for mode in ColourMode], help="màu / tone of the pages"
    )
    parser.add_argument("--budget", type=size_in_bytes, help="PDF lớn nhất / largest PDF: 800KB, 2MB")
    parser.add_argument(
        "--split", action="store_true", help="quá lớn thì chia nhiều tệp / several PDFs where one is too big"
    )
    card = "hai mặt thẻ lên một trang, đúng cỡ / both sides of an identity card on one page, true size"
    parser.add_argument("--card", action="store_true", help=card)
    line = parser.add_mutually_exclusive_group()
    line.add_argument("--purpose", type=purpose_line, help="dòng chữ mờ trên thẻ / faint words across it")
    line.add_argument("--no-purpose", action="store_true", help="không in dòng chữ đó / no such words")
    parser.add_argument("--title", default="Giấy tờ", help="tên giấy / title of the paper")
    parser.add_argument("--report", help="tệp JSON kể từng trang / JSON file about each page")
    parser.add_argument("--pages", help="thư mục giữ ảnh từng trang / folder that keeps the page pictures")
    parser.add_argument(
        "--corners-only", action="store_true", help="chỉ tìm bốn góc giấy / only find the corners of the page"
    )


def size_in_bytes(text: str) -> int:
    """ "2MB", "800 KB", "6000000" -> bytes (decimal). Raises argparse's error."""
    units = {"": 1, "B": 1, "K": 1000, "KB": 1000, "M": 1_000_000, "MB": 1_000_000}
    number = text.strip().rstrip("BbKkMm ")
    unit = text.strip()[len(number) :].strip().upper()
    try:
        size = round(float(number) * units[unit])
    except (ValueError, KeyError, OverflowError):
        raise argparse.ArgumentTypeError(plain("size")) from None
    if size <= 0:
        raise argparse.ArgumentTypeError(plain("more_than", wanted=0))
    return size


def dots_per_inch(text: str) -> int:
    """Raises argparse's error outside of what scanning allows."""
    if not (text.isdecimal() and int(text) in DPI):
        raise argparse.ArgumentTypeError(plain("between", least=DPI[0], most=DPI[-1]))
    return int(text)


def purpose_line(text: str) -> str:
    """Raises argparse's error where nothing is said or it would not fit on a card."""
    if not 0 < len(text.strip()) <= MOST_LETTERS:
        raise argparse.ArgumentTypeError(plain("purpose_long", most=MOST_LETTERS))
    return text.strip()


@dataclass
class _Run:
    """What the report will tell; faults are told at once, in `words`."""

    words: Words
    entries: list[dict[str, Any]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    pdf: dict[str, Any] | None = None
    failed: bool = False

    def fault(self, name: str, error: KioskError) -> None:
        self.failed = True
        self.entries.append({"file": name, "corners": None, "error": error.code, "facts": error.facts})
        sys.stderr.write(f"{name}: {sentence(error, self.words)}\n")

    def doubt(self, name: str, page: Page) -> dict[str, Any]:
        """Say what is wrong with a page, and where; the same for the report."""
        sentences = said(screen_words(self.words.language), page)
        for each in sentences:
            sys.stderr.write(f"{name}: {each}\n")
        return {"said": sentences, "where": {code: where(boxes) for code, boxes in page.places.items()}}


@cache
def screen_words(language: str) -> Words:
    """What the screens say while paper is scanned and looked at."""
    return load_words([WORDS_FOLDER])[language]


def run(args: argparse.Namespace, config: Config) -> int:
    """0 all good, 2 some page failed (the others still make the PDF), 1 nothing made."""
    told = _Run(console_words(config))
    if bool(args.files) == bool(args.source) or not (args.out or args.corners_only):
        sys.stderr.write(f"scan: {told.words.say('console.scan_usage')}\n")
        return NOTHING_MADE
    if (args.purpose or args.no_purpose) and not args.card:
        sys.stderr.write(f"scan: {told.words.say('console.card_usage')}\n")
        return NOTHING_MADE
    try:
        if args.report:
            check_place(Path(args.report))
    except KioskError as error:
        told.fault(Path(args.report).name, error)
        return NOTHING_MADE
    _work(args, config, told)
    if args.report:
        report = {"pages": told.entries, "pdf": told.pdf}
        Path(args.report).write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    if told.pdf:
        for part in told.pdf["parts"]:
            file = Path(args.out).with_name(part["file"])
            made = {"file": str(file), "pages": part["pages"], "size": _readable(part["bytes"])}
            sys.stdout.write(f"{told.words.say('console.made', **made)}\n")
    seen = args.corners_only and any("error" not in each for each in told.entries)
    if told.pdf is None and not seen:
        return NOTHING_MADE
    return SOME_FAILED if told.failed else ALL_GOOD


def _work(args: argparse.Namespace, config: Config, told: _Run) -> None:
    """Papers to pages to the PDF; the places are tried first, so that nobody scans in vain."""
    name = Path(args.out or "").name
    with tempfile.TemporaryDirectory(prefix="kiosk-scan-", dir=_memory_folder()) as spare:
        try:
            if args.out and not args.corners_only:
                check_place(Path(args.out))
            folder = _kept_pages(Path(args.pages)) if args.pages else Path(spare)
            _papers(args, config, folder, Path(spare), told)
            if told.pages:
                _pdf(args, config, folder, told)
        except KioskError as error:
            told.fault(name, error)
            if error.code == "PAPER-TOO-BIG" and not args.split and len(told.pages) > 1 and not args.card:
                sys.stderr.write(f"{told.words.say('console.scan_split')}\n")
        except OSError as fault:  # a full disk is known by then as DISK-FULL
            place = str(Path(args.out or args.pages or spare).parent)
            told.fault(name, KioskError("OUT-NOT-WRITABLE", folder=place, reason=type(fault).__name__))


def check_place(file: Path) -> None:
    """Raises OUT-IS-FOLDER, OUT-FOLDER-MISSING, OUT-NOT-WRITABLE (tried for real), DISK-FULL."""
    if file.is_dir():
        raise KioskError("OUT-IS-FOLDER", file=str(file))
    if not file.parent.is_dir():
        raise KioskError("OUT-FOLDER-MISSING", folder=str(file.parent))
    try:
        with disk_faults(), tempfile.NamedTemporaryFile(prefix=".kiosk-", dir=file.parent):
            return
    except OSError as fault:
        raise KioskError("OUT-NOT-WRITABLE", folder=str(file.parent)) from fault


def _kept_pages(folder: Path) -> Path:
    try:
        with disk_faults():
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise KioskError("OUT-NOT-WRITABLE", folder=str(folder)) from fault
    check_place(folder / "page")
    return folder


def _readable(size: int) -> str:
    return f"{size / 1_000_000:.2f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


def _papers(args: argparse.Namespace, config: Config, folder: Path, spare: Path, told: _Run) -> None:
    """Every picture of the files or the source, cleaned; a spoilt one is told and passed over."""
    if args.corners_only:
        handle: Callable[[str, Path], Iterator[dict[str, Any]]] = _corners(config)
    else:
        handle = _cleaned(args, config, folder, told)
    if args.files:
        from scanner.backends.bring import bring_in

        for given in args.files:
            file = Path(given)
            try:
                _check_given(file)
                for picture in bring_in(file, spare, config.scan.max_megapixels * 1_000_000):
                    told.entries += handle(file.name, picture)
            except KioskError as error:
                told.fault(file.name, error)
        return
    _from_source(args, config, spare, handle, told)


def _check_given(file: Path) -> None:
    if file.is_dir():
        raise KioskError("FILE-IS-FOLDER", file=str(file))
    if not file.exists():
        raise KioskError("FILE-MISSING", file=str(file))


def _from_source(
    args: argparse.Namespace,
    config: Config,
    spare: Path,
    handle: Callable[[str, Path], Iterator[dict[str, Any]]],
    told: _Run,
) -> None:
    from scanner.backends import make_backend

    job = ScanJob(
        source=args.source,
        dpi=args.dpi or config.scan.dpi,
        feeder=args.feeder or args.duplex,
        duplex=args.duplex,
        tone=ColourMode(args.mode),
    )

    def on_page(picture: Path) -> None:
        try:
            told.entries.extend(handle(job.source, picture))
        except KioskError as error:
            told.fault(job.source, error)

    try:
        check_job(job)
        backend = make_backend(job.source.partition(":")[0], config)
        if isinstance(backend, LiveBackend):
            backend.watch(_Told(told.words.language))
        backend.scan(job, spare, on_page, lambda _: None)
    except KioskError as error:
        told.fault(job.source, error)


class _Told:
    """Says on the terminal what a screen would show: each hint and address once."""

    def __init__(self, language: str) -> None:
        self._words = screen_words(language)
        self._last = ("", "")

    def __call__(self, preview: Preview) -> None:
        now = (preview.hint, preview.address)
        if now != self._last:
            self._last = now
            key = f"scan.hint.{preview.hint}"
            hint = self._words.say(key) if self._words.has(key) else preview.hint
            sys.stderr.write(" ".join(filter(None, (hint, preview.address))) + "\n")


def _cleaned(
    args: argparse.Namespace, config: Config, folder: Path, told: _Run
) -> Callable[[str, Path], Iterator[dict[str, Any]]]:
    from scanner.intake import Intake

    intake = Intake(folder, config.scan)

    def clean(name: str, picture: Path) -> Iterator[dict[str, Any]]:
        for page in intake.take(picture, ColourMode(args.mode)):
            told.pages.append(page)
            findings = told.doubt(name, page)
            yield _entry(name, page) | findings | ({"clean": page.clean.name} if args.pages else {})

    return clean


def _corners(config: Config) -> Callable[[str, Path], Iterator[dict[str, Any]]]:
    from scanner.clean.find import find_page
    from scanner.pictures import read_pages

    def find(name: str, picture: Path) -> Iterator[dict[str, Any]]:
        try:
            for page in read_pages(picture, config.scan.max_megapixels):
                start = time.perf_counter()
                found = find_page(page.image)
                spent = round((time.perf_counter() - start) * 1000, 1)
                yield {
                    "file": name,
                    "corners": _listed(found.corners),
                    "confidence": round(float(found.confidence), 4),
                    "milliseconds": {"find": spent},
                }
        finally:
            picture.unlink(missing_ok=True)

    return find


def _entry(name: str, page: Page) -> dict[str, Any]:
    return {
        "file": name,
        "corners": _listed(page.corners),
        "confidence": round(page.confidence, 4),
        "skew_degrees": round(page.skew_degrees, 3),
        "turn_degrees": page.turn_degrees,
        "mode": page.mode.value,
        "verdicts": list(page.verdicts),
        "places": {code: [list(box) for box in boxes] for code, boxes in page.places.items()},
        "milliseconds": dict(page.milliseconds),
        "bytes": 0,
    }


def _pdf(args: argparse.Namespace, config: Config, folder: Path, told: _Run) -> None:
    """All pages in one file, or with --split in several; each entry is told what its page became."""
    from scanner.paper import PaperMaker

    budget = args.budget or round(config.scan.budget_mb * 1_000_000)
    leaves = tuple(Leaf(page.clean.name, page.width_mm, page.height_mm, page.mode) for page in told.pages)
    request = PaperRequest(0, "paper", args.title, leaves, budget, _card_purpose(args, told))
    start = time.perf_counter()
    out, maker = Path(args.out), PaperMaker(folder, config.scan)

    def titled(number: int, total: int) -> str:
        return told.words.say("console.part", title=args.title, number=number, total=total)

    if args.split and not args.card:
        made = maker.parts(request, out, titled)
    else:
        made = [(out, maker.one(request, out))]
    _tell_pages(args, config, told, [report for _, report in made])
    parts = [
        {"file": file.name, "pages": len(each.page_bytes), "bytes": each.total_bytes} for file, each in made
    ]
    told.pdf = {
        "file": parts[0]["file"],
        "pages": sum(len(each.page_bytes) for _, each in made),
        "bytes": sum(each.total_bytes for _, each in made),
        "budget": budget,
        "parts": parts,
        "milliseconds": round((time.perf_counter() - start) * 1000, 1),
    }


def _card_purpose(args: argparse.Namespace, told: _Run) -> str | None:
    """The words across a card; None where the pages are none. Raises CARD-SHAPE."""
    from scanner.sheet import is_card_shape

    if not args.card:
        return None
    for number, page in enumerate(told.pages, 1):
        if not is_card_shape(page.width_mm, page.height_mm):
            raise KioskError("CARD-SHAPE", page=number)
    return "" if args.no_purpose else args.purpose or told.words.say("console.purpose")


def _tell_pages(
    args: argparse.Namespace, config: Config, told: _Run, reports: "Sequence[SheetReport]"
) -> None:
    """Each entry gets the bytes of its page, and whether that can be searched; a card's sides share one."""
    good = [entry for entry in told.entries if "error" not in entry]
    written = [page for each in reports for page in zip(each.page_bytes, each.searchable, strict=True)]
    for entry, (size, searchable) in zip(good, written * len(good) if args.card else written, strict=True):
        entry |= {"bytes": size, "searchable": searchable}
    if config.scan.text_layer and not all(searchable for _, searchable in written):
        sys.stderr.write(f"{told.words.say('console.not_searchable')}\n")


def _listed(corners: Any) -> list[list[float]] | None:
    if corners is None:
        return None
    return [[round(float(x), 2), round(float(y), 2)] for x, y in corners]


def _memory_folder() -> str | None:
    """Pages of a person stay off the disk where the system has a folder in memory."""
    memory = Path("/dev/shm")  # noqa: S108 - on purpose
    return str(memory) if memory.is_dir() else None
