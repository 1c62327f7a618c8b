"""The `kiosk.py scan` command: papers from files or a device to a clean PDF, without a window."""

import argparse
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kioskcore.config import Config
from kioskcore.config_faults import plain
from kioskcore.console import console_words
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, ScanJob
from scanner.account import Account
from scanner.places import KeptPages, check_parts, check_pdf, check_report, numbered, papers_read
from scanner.protocol import DPI, Leaf, PaperRequest
from scanner.spare import ending_cleanly, spare_folder

if TYPE_CHECKING:
    from scanner.sources import Handle

ALL_GOOD, SOME_FAILED, NOTHING_MADE = 0, 2, 1
STOPPED = 130
"""By Ctrl+C, as a shell says it."""

MOST_LETTERS = 120
"""Of the words across a card."""

LEAST_BYTES = 10_000
"""Of a size without a unit: "2" was meant to be "2MB", and is less than a PDF with nothing in it."""

_SIZE = re.compile(r"(?![1-9]\d*[.,]\d{3}[KB\s]*$)(\d{1,12})(?:[.,](\d{1,9}))?\s*([KM]?)B?", re.I | re.A)
"""A number, perhaps with a point or a comma, and a unit; but in kB not where that sign may part thousands."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", type=given, metavar="FILE", help="tệp ảnh hoặc PDF / picture or PDF files"
    )
    sources = "sane:test:0, escl:URL, camera:0, camera:FILE, phone:, folder:DIR, sample:"
    parser.add_argument("--source", type=given, help=f"nguồn quét / scan source: {sources}")
    parser.add_argument("--feeder", action="store_true", help="dùng khay nạp giấy / use the sheet feeder")
    parser.add_argument("--duplex", action="store_true", help="quét hai mặt / scan both sides")
    parser.add_argument("--dpi", type=dots_per_inch, help="số điểm mỗi inch / dots per inch, 75-600")
    parser.add_argument("--out", type=given, help="tệp PDF làm ra / the PDF to make")
    parser.add_argument(
        "--mode", default="auto", choices=[mode.value for mode in ColourMode], help="màu / tone of the pages"
    )
    parser.add_argument("--budget", type=size_in_bytes, help="PDF lớn nhất / largest PDF: 800KB, 2MB")
    parser.add_argument(
        "--split", action="store_true", help="quá lớn thì chia nhiều tệp / several PDFs where one is too big"
    )
    card = "hai mặt thẻ lên một trang, đúng cỡ / both sides of an identity card on one page, true size"
    parser.add_argument("--card", action="store_true", help=card)
    parser.add_argument("--purpose", type=purpose_line, help="dòng chữ mờ trên thẻ / faint words on the card")
    parser.add_argument("--no-purpose", action="store_true", help="không in dòng chữ đó / no such words")
    parser.add_argument("--title", type=title, default="Giấy tờ", help="tên giấy / title of the paper")
    parser.add_argument("--report", type=given, help="tệp JSON kể từng trang / JSON file about each page")
    parser.add_argument(
        "--pages", type=given, help="thư mục giữ ảnh từng trang / folder that keeps the page pictures"
    )
    parser.add_argument(
        "--corners-only", action="store_true", help="chỉ tìm bốn góc giấy / only find the corners of the page"
    )


def given(text: str) -> str:
    """Raises argparse's error where nothing is said: a variable of a script that is not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError(plain("empty"))
    return text


def title(text: str) -> str:
    """Without what no reader shows (control letters) and doubled spaces."""
    return given(" ".join("".join(each if each.isprintable() else " " for each in text).split()))


def size_in_bytes(text: str) -> int:
    """ "2MB", "1,5 MB", "800 KB", "6000000" -> bytes (decimal). Raises argparse's error.

    For "1,500KB" and "1.500" too: they are other sizes to who parts the thousands by that sign; and for the
    "2" of "2 MB", which the shell takes for two words.
    """
    read = _SIZE.fullmatch(text.strip())
    if not read:
        raise argparse.ArgumentTypeError(plain("size"))
    whole, part, unit = read.groups()
    size = round(float(f"{whole}.{part or 0}") * {"": 1, "K": 1e3, "M": 1e6}[unit.upper()])
    if size <= 0:
        raise argparse.ArgumentTypeError(plain("more_than", wanted=0))
    if not unit and size < LEAST_BYTES:
        raise argparse.ArgumentTypeError(plain("size"))
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


def run(args: argparse.Namespace, config: Config) -> int:
    """0 all good, 2 some page failed (the others still make the PDF), 1 nothing made, 130 stopped."""
    told = Account(console_words(config))
    try:
        with ending_cleanly():
            return _run(args, config, told)
    except KeyboardInterrupt:
        told.say("scan_stopped")
        return STOPPED


def _run(args: argparse.Namespace, config: Config, told: Account) -> int:
    if usage := _usage(args):
        told.say(usage)
        return NOTHING_MADE
    if args.corners_only and args.out:
        told.say("corners_only", out=args.out)
    read = papers_read(args.files, args.source, config.scan.folder)
    try:
        if args.report:
            check_report(Path(args.report), read)
    except KioskError as error:
        told.fault(Path(args.report).name, error)
        return NOTHING_MADE
    _work(args, config, read, told)
    if args.report:
        told.write(Path(args.report))
    seen = args.corners_only and any("error" not in each for each in told.entries)
    if told.pdf is None and not seen:
        return NOTHING_MADE
    return SOME_FAILED if told.failed else ALL_GOOD


def _usage(args: argparse.Namespace) -> str:
    """The sentence about options that do not go together; "" for none."""
    if bool(args.files) == bool(args.source) or not (args.report if args.corners_only else args.out):
        return "scan_usage"
    if args.files and (args.dpi or args.feeder or args.duplex):
        return "source_usage"
    if bool(args.purpose) + args.no_purpose > args.card:  # one of them at most, and none without a card
        return "card_usage"
    if args.card and len(args.files) == 2 and len({Path(each).resolve() for each in args.files}) == 1:
        return "card_same"
    return ""


def _work(args: argparse.Namespace, config: Config, read: list[Path], told: Account) -> None:
    """Papers to pages to the PDF; the places are tried first, so that nobody scans in vain."""
    name = Path(args.out or "").name
    with spare_folder() as spare:
        try:
            if args.out and not args.corners_only:
                check_pdf(Path(args.out), read)
                if args.split:
                    check_parts(Path(args.out), read)
            kept = KeptPages(Path(args.pages), read) if args.pages else None
            if kept:
                kept.prepare()
            taken = _papers(args, config, spare, kept, told)
            if kept:
                _tell_older(kept.folder / "page.png", kept.files, told)
            if told.pages:
                _pdf(args, config, spare, told)
                _take_away(taken, told)
        except KioskError as error:
            told.fault(name, error)
            if error.code == "PAPER-TOO-BIG" and not args.split:
                told.say("scan_split")
            if error.code == "PAGE-TOO-BIG":
                told.say("scan_budget")
        except OSError as fault:  # a full disk is known by then as DISK-FULL
            place = str(Path(args.out or args.pages or spare).parent)
            told.fault(name, KioskError("OUT-NOT-WRITABLE", folder=place, reason=type(fault).__name__))


def _papers(
    args: argparse.Namespace, config: Config, spare: Path, kept: KeptPages | None, told: Account
) -> list[Path]:
    """Every picture of the files or the source, cleaned; a spoilt one is told and passed over.

    Returns the files of the settings' folder that have become pages.
    """
    from scanner.sources import Bringing

    handle = _corners(config, told) if args.corners_only else _cleaned(args, config, spare, kept, told)
    bringing = Bringing(config, spare, handle, told)
    if args.files:
        bringing.files([Path(given) for given in args.files])
        return []
    job = ScanJob(
        source=args.source,
        dpi=args.dpi or config.scan.dpi,
        feeder=args.feeder or args.duplex,
        duplex=args.duplex,
        tone=ColourMode(args.mode),
    )
    return bringing.source(job)


def _take_away(files: list[Path], told: Account) -> None:
    """The papers are in the PDF now: the folder that everybody's scans go to shall not keep them."""
    for file in files:
        file.unlink(missing_ok=True)
    if files:
        told.say("taken_away", count=len(files), folder=str(files[0].parent))


def _tell_older(file: Path, made: Iterable[Path], told: Account) -> None:
    """An earlier run had more parts: whoever takes all of the numbered files would mix two papers."""
    if older := sorted({each.name for each in numbered(file)} - {each.name for each in made}):
        told.say("older_parts", folder=str(file.parent), files=", ".join(older))


def _cleaned(
    args: argparse.Namespace, config: Config, folder: Path, kept: KeptPages | None, told: Account
) -> "Handle":
    from scanner.intake import Intake
    from scanner.pictures import moving

    intake = Intake(folder, config.scan)

    def clean(name: str, picture: Path) -> None:
        if frames := moving(picture):
            told.say("first_only", file=name, count=frames)
        for page in intake.take(picture, ColourMode(args.mode)):
            told.page(name, page, kept.keep(page) if kept else "")

    return clean


def _corners(config: Config, told: Account) -> "Handle":
    from scanner.clean.papers.place import find_pages
    from scanner.pictures import read_pages

    def find(name: str, picture: Path) -> None:
        try:
            for page in read_pages(picture, config.scan.max_megapixels):
                start = time.perf_counter()
                papers = find_pages(page.image, dpi=page.dpi)
                spent = (time.perf_counter() - start) * 1000
                for found in papers:
                    told.corners(name, found.corners, float(found.confidence), spent, page.scale)
        finally:
            picture.unlink(missing_ok=True)

    return find


def _pdf(args: argparse.Namespace, config: Config, folder: Path, told: Account) -> None:
    """All pages in one file, or with --split in several."""
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
    told.made(made, budget, (time.perf_counter() - start) * 1000)
    if args.split:
        _tell_older(out, (file for file, _ in made), told)
    if args.card and len(leaves) == 1:
        told.say("card_one_side")
    if config.scan.text_layer and not all(entry["searchable"] for entry in told.good):
        told.say("not_searchable")


def _card_purpose(args: argparse.Namespace, told: Account) -> str | None:
    """The words across a card; None where the pages are none. Raises CARD-SHAPE."""
    from scanner.sheet import is_card_shape

    if not args.card:
        return None
    for number, page in enumerate(told.pages, 1):
        if not is_card_shape(page.width_mm, page.height_mm):
            raise KioskError("CARD-SHAPE", page=number)
    return "" if args.no_purpose else args.purpose or told.words.say("console.purpose")
