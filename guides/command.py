"""The commands of this room: `kiosk.py search TEXT` and `kiosk.py guides check|import ...`.

Exit codes: 0 done, 1 faults were found (said on stderr), 2 the call was wrong.
"""

import argparse
import errno
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from guides.faults import Fault, room_words
from guides.kept import CATALOGUE, imported_catalogue, kept_lists
from guides.library import Library, open_library
from guides.model import Guide, Hit
from guides.tables import TableError
from kioskcore.config import Config
from kioskcore.words import Words

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FOLDER = "thư mục hướng dẫn của tỉnh / folder of the province's guides"


def add_search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="+", help="câu hỏi, tên hoặc mã thủ tục / question, name or code")
    parser.add_argument("--json", action="store_true", help="in ra JSON / print JSON")
    most = "nhiều nhất mấy kết quả / most results"
    parser.add_argument("--limit", type=_number(1, 100), default=8, metavar="1-100", help=most)


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isdecimal() and least <= int(text) <= most:
            return int(text)
        told = f"phải là số từ {least} đến {most} / must be a number from {least} to {most}"
        raise argparse.ArgumentTypeError(told)

    return read


def run_search(args: argparse.Namespace, config: Config) -> int:
    """Prints the best answers; an empty list (or one sentence) where nothing fits. 2 for no question."""
    words = _words(config)
    if not " ".join(args.text).strip():
        _print(words.say("command.no_question"))
        return 2
    hits = _library(config).search(" ".join(args.text), words.language, args.limit)
    try:
        return _print_hits(hits, args, words)
    except BrokenPipeError:
        return _nobody_reads()


def _print_hits(hits: Sequence[Hit], args: argparse.Namespace, words: Words) -> int:
    if args.json:
        results = [{"code": hit.code, "name": hit.name, "why": hit.why} for hit in hits]
        _print(json.dumps({"results": results}, ensure_ascii=False, indent=1))
    else:
        for hit in hits:
            _print(f"{hit.code}  {hit.name}  ({hit.why})")
        if not hits:
            _print(words.say("command.nothing"))
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True, metavar="VIỆC/TASK")
    check = tasks.add_parser("check", help="kiểm tra mọi hướng dẫn / check all guides")
    check.add_argument("folder", nargs="?", type=Path, help="thư mục khác / another folder")
    imports = tasks.add_parser("import", help="nạp danh mục thủ tục / import a list of procedures")
    imports.add_argument("file", type=Path, nargs="?", help="CSV, XLSX, JSON")
    imports.add_argument("--cards", action="store_true", help="tệp bản ghi JSON của Cổng / portal records")
    imports.add_argument("--whole", action="store_true", help="thay cả danh mục / replace the whole list")
    imports.add_argument("--fewer", action="store_true", help="dù ít hơn nhiều / although it is much shorter")
    imports.add_argument("--back", action="store_true", help="trở lại bản trước / back to the list before")
    today = date.today().isoformat()
    imports.add_argument("--as-of", default=today, help="ngày của danh mục / date of the list")
    imports.add_argument("--out", type=Path, help="ghi vào tệp khác / write another file")
    leaflet = tasks.add_parser("leaflet", help="in tờ rơi mang về / make leaflets to take home")
    _add_choice(leaflet)
    leaflet.add_argument("--size", choices=("A4", "A5"), default="A4", help="khổ giấy / paper size")
    leaflet.add_argument("--cover", default="", help="tên cuốn, có trang bìa / booklet with this title")
    poster = tasks.add_parser("poster", help="in tờ dán tường có mã QR / make wall sheets with QR codes")
    _add_choice(poster)
    poster.add_argument("--per-sheet", type=_number(1, 12), default=4, metavar="1-12")
    preview = tasks.add_parser("preview", help="xem một hướng dẫn / show a guide")
    preview.add_argument("code", help="mã thủ tục / code of the procedure")
    preview.add_argument("--language", default="", help="vi, en, ...")
    new = tasks.add_parser("new", help="soạn hướng dẫn mới / begin a new guide")
    new.add_argument("code", help="mã thủ tục / code of the procedure")
    new.add_argument("--folder", type=Path, help=_FOLDER)
    clips = tasks.add_parser("clips", help="câu chưa thu tiếng, nạp bản thu / missing and new recordings")
    clips.add_argument("--language", default="vi", help="vi, en, ...")
    clips.add_argument("--sheet", type=Path, help="ghi bảng câu cần thu (CSV) / write the sheet to record")
    clips.add_argument("--take", type=Path, metavar="DIR", help="nạp các tệp WAV / import WAV files")
    clips.add_argument("--folder", type=Path, help=_FOLDER)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    """Which guides a print is made of, and where it goes."""
    parser.add_argument("codes", nargs="*", metavar="MÃ/CODE", help="mã thủ tục / codes")
    parser.add_argument("--event", default="", help="cả một việc, ví dụ nha-dat / all of a life event")
    parser.add_argument("--all", action="store_true", help="mọi hướng dẫn / all guides")
    parser.add_argument("--language", default="", help="vi, en, ...")
    parser.add_argument("--out", type=Path, required=True, metavar="F.pdf")


def run(args: argparse.Namespace, config: Config) -> int:
    """Raises KioskError for a code without a guide, GuideError for broken guide files of our own."""
    try:
        return _TASKS[args.task](args, config)
    except BrokenPipeError:
        return _nobody_reads()
    except TableError as fault:
        _tell([Fault(args.file.name, fault.line, "", fault.code, fault.facts)], _words(config))
        return 1
    except OSError as fault:
        name = Path(fault.filename or "").name or str(fault.filename)
        detail = {"detail": fault.strerror or ""}
        _tell([Fault(name, 0, "", _WRITE_FAULTS.get(type(fault), "unwritable"), detail)], _words(config))
        return 1


_WRITE_FAULTS = {
    FileNotFoundError: "no_place",
    IsADirectoryError: "is_folder",
    FileExistsError: "changed_meanwhile",
}


def _nobody_reads() -> int:
    """The reader of a pipe has gone (`| head`): nothing more is written, not even at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _check(args: argparse.Namespace, config: Config) -> int:
    from guides.check import check_folders
    from guides.library import BUILT_IN

    extra = args.folder or (Path(config.guides.folder) if config.guides.folder else None)
    folders = [BUILT_IN, extra] if extra and extra.resolve() != BUILT_IN.resolve() else [BUILT_IN]
    words = _words(config)
    faults, count = check_folders(folders, date.today(), kept_lists(config).catalogue)
    _tell(faults, words)
    _print(words.say("command.checked", guides=count, faults=len(faults)))
    return 1 if faults else 0


def _import(args: argparse.Namespace, config: Config) -> int:
    from guides.importing import CatalogueError, import_cards, import_file
    from guides.kept import imported_cards, put_back

    words = _words(config)
    target = args.out or (imported_cards(config) if args.cards else imported_catalogue(config))
    if args.back:
        done = "put_back" if put_back(target) else "nothing_before"
        _print(words.say(f"command.{done}", file=target.name))
        return 0
    if args.file is None:
        _print(words.say("command.no_file"))
        return 2
    _place(target, ours=not args.out)
    try:
        if args.cards:
            count = import_cards(args.file, target, args.as_of)
            _print(words.say("command.cards", count=count))
            return 0
        whole = kept_lists(config).catalogue if target == imported_catalogue(config) else CATALOGUE
        base = target if args.out and target.is_file() else whole
        made = import_file(args.file, target, None if args.whole else base, args.as_of, fewer=args.fewer)
    except CatalogueError as fault:
        _tell(fault.faults, words)
        _print(words.say("command.kept", faults=len(fault.faults)))
        return 1
    _print(words.say("command.imported", rows=made.rows, count=made.procedures, date=args.as_of))
    return 0


def _place(target: Path, *, ours: bool) -> None:
    """Raises OSError where no file can be made; only our own folder is made for it."""
    if ours:
        target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "", str(target))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "", str(target))


def _leaflet(args: argparse.Namespace, config: Config) -> int:
    from guides.leaflet import make_leaflet

    guides = _chosen(args, config)
    if not guides:
        return _nothing_chosen(config)
    make_leaflet(guides, args.out, args.size, config.point.name, args.cover)
    _print(_words(config).say("command.made", file=args.out.name, count=len(guides)))
    return 0


def _poster(args: argparse.Namespace, config: Config) -> int:
    from guides.poster import make_poster

    guides = _chosen(args, config)
    if not guides:
        return _nothing_chosen(config)
    make_poster(guides, args.out, args.per_sheet, config.point.name)
    _print(_words(config).say("command.made", file=args.out.name, count=len(guides)))
    return 0


def _preview(args: argparse.Namespace, config: Config) -> int:
    from guides.preview import as_text

    words = _words(config)
    library = _library(config)
    code = library.successor(args.code)
    language = _language(args.language, library, words)
    if code != args.code:
        _print(words.say("command.replaced", old=args.code, new=code))
    _print(as_text(library.guide(code, language), words))
    if code not in library.codes():
        _print(words.say("command.only_listed"))
    return 0


def _new(args: argparse.Namespace, config: Config) -> int:
    from guides.authoring import begin_guide

    words = _words(config)
    folder = args.folder or (Path(config.guides.folder) if config.guides.folder else None)
    if folder is None:
        _print(words.say("command.no_folder"))
        return 2
    library = Library(catalogue=kept_lists(config).catalogue)  # the folder's guides may be broken just now
    made, done = begin_guide(args.code, folder, library, date.today())
    _print(words.say(f"command.{done}", folder=str(made)))
    return 0


def _clips(args: argparse.Namespace, config: Config) -> int:
    from guides.sound import import_clips, missing, write_sheet

    words, library = _words(config), _library(config)
    if not _LANGUAGE.fullmatch(args.language):
        _print(words.say("command.language_shape", language=args.language[:20]))
        return 2
    guides = [library.guide(code, args.language) for code in sorted(library.codes())]
    folder = args.folder or (Path(config.guides.folder) if config.guides.folder else None)
    if args.take:
        if folder is None:
            _print(words.say("command.no_folder"))
            return 2
        count, faults = import_clips(args.take, folder, args.language, guides)
        _tell(faults, words)
        _print(words.say("command.taken", count=count, faults=len(faults)))
        return 1 if faults else 0
    found = list(missing(guides, args.language, [folder] if folder else []))
    if args.sheet:
        write_sheet(found, args.sheet)
    else:
        for line in found:
            _print(f"{line.code}__{line.key}.wav  {line.text}")
    _print(words.say("command.missing", count=len(found), language=args.language))
    return 0


def _chosen(args: argparse.Namespace, config: Config) -> list[Guide]:
    """Raises KioskError GUIDE-UNKNOWN for a code without a guide."""
    library = _library(config)
    language = _language(args.language, library, _words(config))
    codes = list(dict.fromkeys(library.successor(code) for code in args.codes))
    for tile in library.tiles():
        if (args.all or (args.event and tile.life_event == args.event)) and tile.code not in codes:
            codes.append(tile.code)
    return [library.guide(code, language) for code in codes]


def _library(config: Config) -> Library:
    """As the settings want it; what of it is left out is told."""
    library = open_library(config)
    damaged = [Fault(name, 0, "", "damaged") for name in kept_lists(config).damaged]
    _tell([*damaged, *library.faults], _words(config))
    return library


def _language(asked: str, library: Library, words: Words) -> str:
    """The language asked for; where nobody wrote that one, Vietnamese, and that is said."""
    if asked and asked not in library.languages():
        sys.stderr.write(f"{words.say('command.no_language', language=asked[:20])}\n")
        return "vi"
    return asked or words.language


def _nothing_chosen(config: Config) -> int:
    _print(_words(config).say("command.choose"))
    return 2


_TASKS: dict[str, Callable[[argparse.Namespace, Config], int]] = {
    "check": _check,
    "import": _import,
    "leaflet": _leaflet,
    "poster": _poster,
    "preview": _preview,
    "new": _new,
    "clips": _clips,
}


def _words(config: Config) -> Words:
    spoken = room_words()
    return next((spoken[name] for name in config.screen.languages if name in spoken), spoken["vi"])


def _tell(faults: Sequence[Fault], words: Words) -> None:
    for fault in faults:
        sys.stderr.write(f"{fault.say(words.language)}\n")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()  # so that a reader who has gone is noticed here and not when the program ends
