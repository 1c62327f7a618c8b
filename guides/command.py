"""The commands of this room: `kiosk.py search TEXT` and `kiosk.py guides check|import ...`.

Exit codes: 0 done, 1 faults were found (said on stderr), 2 the call was wrong.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from guides.faults import Fault, room_words
from guides.library import CATALOGUE, imported_catalogue, open_library
from kioskcore.config import Config
from kioskcore.words import Words


def add_search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="+", help="câu hỏi, tên hoặc mã thủ tục / question, name or code")
    parser.add_argument("--json", action="store_true", help="in ra JSON / print JSON")
    parser.add_argument("--limit", type=int, default=8, help="nhiều nhất mấy kết quả / most results")


def run_search(args: argparse.Namespace, config: Config) -> int:
    """Prints the best answers; an empty list (or one sentence) where nothing fits. Always 0."""
    words = _words(config)
    hits = open_library(config).search(" ".join(args.text), words.language, max(1, args.limit))
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
    imports.add_argument("file", type=Path, help="CSV, XLSX, JSON")
    imports.add_argument("--whole", action="store_true", help="thay cả danh mục / replace the whole list")
    today = date.today().isoformat()
    imports.add_argument("--as-of", default=today, help="ngày của danh mục / date of the list")
    imports.add_argument("--out", type=Path, help="ghi vào tệp khác / write another file")


def run(args: argparse.Namespace, config: Config) -> int:
    return _TASKS[args.task](args, config)


def _check(args: argparse.Namespace, config: Config) -> int:
    from guides.check import check_folders
    from guides.library import BUILT_IN

    extra = args.folder or (Path(config.guides.folder) if config.guides.folder else None)
    folders = [BUILT_IN, extra] if extra and extra.resolve() != BUILT_IN.resolve() else [BUILT_IN]
    words = _words(config)
    faults, count = check_folders(folders, date.today())
    _tell(faults, words)
    _print(words.say("command.checked", guides=count, faults=len(faults)))
    return 1 if faults else 0


def _import(args: argparse.Namespace, config: Config) -> int:
    from guides.importing import CatalogueError, import_file

    words = _words(config)
    target = args.out or imported_catalogue(config)
    base = None if args.whole else target if target.is_file() else CATALOGUE
    try:
        count = import_file(args.file, target, base, args.as_of)
    except CatalogueError as fault:
        _tell(fault.faults, words)
        _print(words.say("command.kept", faults=len(fault.faults)))
        return 1
    _print(words.say("command.imported", count=count, date=args.as_of))
    return 0


_TASKS: dict[str, Callable[[argparse.Namespace, Config], int]] = {"check": _check, "import": _import}


def _words(config: Config) -> Words:
    spoken = room_words()
    return next((spoken[name] for name in config.screen.languages if name in spoken), spoken["vi"])


def _tell(faults: Sequence[Fault], words: Words) -> None:
    for fault in faults:
        sys.stderr.write(f"{fault.say(words.language)}\n")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")

