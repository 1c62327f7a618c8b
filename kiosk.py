"""Starts the kiosk: parses the command line, reads the settings, wires the rooms. Decides nothing.

Rooms are imported only by the command that needs them, so that the waiting screen comes up fast.
"""

import argparse
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # looking for plug-ins costs time and opens a door

from kioskcore.command_line import CommandLine
from kioskcore.config import Config, find_config, handed_over, load_config, practising
from kioskcore.console import console_words, refuse
from kioskcore.errors import KioskError
from kioskcore.exit_code import ExitCode
from kioskcore.journal import Journal
from kioskcore.paths import kiosk_command

ROOM_COMMANDS = {  # name: (module, its functions for arguments and run, help)
    "rehearse": ("ui.rehearsal.command", "add_arguments run", "chạy thử trọn một lượt / play a whole visit"),
    "scan": ("scanner.command", "add_arguments run", "quét, làm sạch ảnh thành PDF / scan, clean into a PDF"),
    "search": ("guides.command", "add_search_arguments run_search", "tìm thủ tục / find a procedure"),
    "guides": ("guides.command", "add_arguments run", "kiểm tra, nhập hướng dẫn / check, import guides"),
    "counts": ("usage.command", "add_arguments run", "số đếm / the counts"),
    "screens": ("ui.gallery", "add_arguments run", "vẽ mọi màn hình ra ảnh / draw every screen"),
}
OWN_COMMANDS = {
    "run": "mở kiosk (mặc định) / open the kiosk (default)",
    "doctor": "máy đã đủ chưa, thiếu gì / is this machine ready",
    "config-check": "kiểm tra tệp cấu hình / check a settings file",
}
INNER_COMMANDS = ("visit", "scan-child", "practice-portal")  # the kiosk's own children: not in the help
READ_FOLDERS = ("run", "rehearse", "config-check")  # the doctor reads them too, and goes on


def parse(argv: list[str]) -> argparse.Namespace:
    anywhere = CommandLine(add_help=False, allow_abbrev=False)
    anywhere.add_argument("--config", metavar="FILE", help="tệp cấu hình / settings file")
    given, argv = anywhere.parse_known_args(argv)  # before the command or behind it
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help")):
        argv = ["run", *argv]
    parser = CommandLine("kiosk.py", description="Kiosk Điểm hỗ trợ dịch vụ công trực tuyến")
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH/COMMAND")
    helps = {**OWN_COMMANDS, **{name: text for name, (_, _, text) in ROOM_COMMANDS.items()}}
    inner = dict.fromkeys({argv[0]}.intersection(INNER_COMMANDS), "")
    for name, text in (helps | inner).items():
        command = commands.add_parser(name, help=text, description=text, parents=[anywhere])
        if name == argv[0] and name in ROOM_COMMANDS:
            module, functions, _ = ROOM_COMMANDS[name]
            getattr(import_module(module), functions.split()[0])(command)
        elif name == "config-check":
            command.add_argument("file", nargs="?", metavar="FILE")
        elif name == "doctor":
            command.add_argument("--json", action="store_true")
        elif name not in ROOM_COMMANDS:
            command.add_argument("--practice", action="store_true", help="chế độ luyện tập / practice mode")
            for option in ("--work", "--play", "--out"):
                command.add_argument(option, type=Path, help=argparse.SUPPRESS)
    args, more = parser.parse_known_args(argv)
    command = commands.choices[args.command]
    if any(not word.startswith("-") for word in more):
        with suppress(TypeError):  # of commands below it; else files may stand behind options too
            named = argparse.Namespace(command=args.command)
            args, more = command.parse_known_intermixed_args(argv[1:], named)
    if more:  # refused by the command, which knows what is near
        command.error(f"unrecognized arguments: {' '.join(more)}")
    args.config = given.config
    return args


def child_command(name: str, args: argparse.Namespace, *more: str) -> list[str]:
    """The command line of a child of this process, with the same settings."""
    return kiosk_command(name, *more, config=args.config, practice=args.practice)


def settings(args: argparse.Namespace) -> Config:
    """What the keeper handed over to its visit, else from the settings file."""
    inner = args.command in INNER_COMMANDS
    if inner and args.work and (handed := handed_over(args.work)):
        return handed
    file = args.file if args.command == "config-check" else None  # another command's file is no settings file
    return load_config(find_config(file or args.config), look_at_folders=not inner)


def run(args: argparse.Namespace, config: Config) -> int:
    from kioskcore.display import require_display, require_sandbox
    from kioskcore.keeper import Keeper

    require_display()
    require_sandbox()
    return Keeper(config, child_command("visit", args), Journal(config.state_folder)).run()


def visit(args: argparse.Namespace, config: Config) -> int:
    from kioskcore.keeper_link import KeeperLink
    from portal.practice.child import PracticePortal
    from scanner.files import empty_drop_folder
    from ui.app import run_visit
    from usage.counter import Counter

    empty_drop_folder("" if args.practice else config.scan.folder)  # of the visit before
    link = KeeperLink.of_process()
    side = None
    if args.out:  # a rehearsal looks over this visit's shoulder
        side = import_module("ui.rehearsal.visit_side").VisitSide(args.play, args.out, args.work, link)

    scanning = child_command("scan-child", args, "--work", str(args.work))
    wishes = {"deadline_seconds": config.scan.deadline_seconds, "environment": side and side.environment}
    return run_visit(
        config,
        work=args.work,
        make_scan=lambda: import_module("scanner.service").ScanChild(scanning, **wishes),
        count=Counter(config, Journal(config.state_folder)),
        link=side or link,
        practice_url=PracticePortal(child_command("practice-portal", args)).start,
        rehearsal=side and side.begin,
    )


def doctor(args: argparse.Namespace, config: Config) -> int:
    from kioskcore.doctor import tell

    probes = import_module("scanner.backends").probe_all(config, examine=True)
    text = import_module("scanner.sheet.text").probe() if config.scan.text_layer else None
    sound = import_module("ui.sound.check").sound_checks
    wrong = import_module("ui.folders").folder_errors(config)
    return tell(config, wrong, probes, text, sound, as_json=args.json)


def main(argv: list[str]) -> int:
    args, config = parse(argv), Config()
    try:
        config = settings(args)
        args.practice = getattr(args, "practice", False) or config.practice.on
        config = practising(config) if args.practice else config
        if args.command in READ_FOLDERS:
            folders = import_module("ui.folders")
            told = refuse(wrong := folders.folder_errors(config), console_words(config))
            if wrong and (args.command == "config-check" or folders.hold_the_kiosk(wrong)):
                return told
        if args.command == "config-check":
            import_module("kioskcore.visit_process").private_folder(config.work_root)
            print("Cấu hình đúng / the settings are right")
            return ExitCode.OK
        if args.command == "scan-child":
            return int(import_module("scanner.worker").main(config, args.work))
        if args.command == "practice-portal":
            return int(import_module("portal.practice.server").main(config.practice.port))
        if args.command in ROOM_COMMANDS:
            module, functions, _ = ROOM_COMMANDS[args.command]
            return int(getattr(import_module(module), functions.split()[1])(args, config))
        return {"run": run, "visit": visit, "doctor": doctor}[args.command](args, config)
    except KioskError as error:
        return refuse([error], console_words(config))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
