"""What a technician wants to know of a machine before the first citizen: checks with a hint each."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from kioskcore.config import Config, Scan
from kioskcore.console import console_words, refuse
from kioskcore.display import has_display
from kioskcore.errors import KioskError
from kioskcore.ports import FOLDER_NOT_SET, Probe
from kioskcore.sources import source_names
from kioskcore.words import Words

_ROOM_WANTED_BYTES = 500_000_000


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"  # the kiosk runs, something is missing
    FAIL = "fail"  # the kiosk cannot do its job


@dataclass(frozen=True)
class Check:
    """One line of the doctor: `name` is a key of the words `doctor.<name>`; `hint` says how to mend it."""

    name: str
    level: Level
    detail: str = ""
    hint: str = ""


def machine_checks(config: Config, words: Words) -> list[Check]:
    """Folders, memory-backed work folder, free room, display, sandbox."""
    checks = [
        _writable("state_folder", config.state_folder, words),
        _writable("work_folder", config.work_root, words),
        _memory_backed(config.work_root, words),
        _display(words),
        _sandbox(words),
        printer_check(config, words),
    ]
    free = shutil.disk_usage(_existing(config.state_folder)).free
    short = free < _ROOM_WANTED_BYTES
    hint = words.say("doctor.hint.disk_space") if short else ""
    checks.append(Check("disk_space", Level.WARN if short else Level.OK, f"{free // 1_000_000} MB", hint))
    return checks


def folder_checks(config: Config, errors: Sequence[KioskError], words: Words) -> list[Check]:
    """One line for each folder of sites or guides that the settings name, and for a damaged imported list.

    `errors` came of reading them.
    """
    by_code = {error.code: error for error in errors}
    checks = []
    for name, code, folder in (
        ("sites", "SITE-INVALID", config.portal.sites_folder),
        ("guides", "GUIDE-INVALID", config.guides.folder),
    ):
        error = by_code.get(code)
        if folder:
            hint = " ".join(words.error(code, error.facts)) if error else ""
            checks.append(Check(name, Level.FAIL if error else Level.OK, folder, hint))
    if damaged := by_code.get("CATALOGUE-DAMAGED"):
        hint = words.error(damaged.code, damaged.facts)[1]
        checks.append(Check("lists", Level.WARN, str(damaged.facts["file"]), hint))
    return checks


def printer_check(config: Config, words: Words) -> Check:
    """Whether the print queue of the settings is there and takes papers."""
    queue = config.print.queue
    if not queue:
        return Check("printer", Level.OK, words.say("doctor.no_printer"))
    from kioskcore.spool import Printer  # late: it brings HTTP, and every start imports this module

    try:
        Printer(config.print, Path("doctor")).look()
    except KioskError as error:
        return Check("printer", Level.WARN, queue, " ".join(words.error(error.code)))
    return Check("printer", Level.OK, queue)


def probe_checks(scan: Scan, probes: Iterable[Probe], words: Words) -> list[Check]:
    """The scanner back ends: one that works is enough, and only what the settings ask for can fail."""
    found = list(probes)
    any_ok = any(probe.ok for probe in found)
    asked = _asked_for(scan)
    checks = []
    for probe in found:
        unset = probe.detail == FOLDER_NOT_SET
        detail = words.say("doctor.folder_not_set") if unset else probe.detail
        off = unset or probe.code == "SCAN-PHONE-OFF"
        if probe.ok or (off and any_ok):
            checks.append(Check(f"scan.{probe.backend}", Level.OK, detail))
            continue
        hint = words.say("doctor.hint.folder_not_set") if unset else _mend(probe, words)
        level = Level.FAIL if probe.backend in asked and not any_ok else Level.WARN
        checks.append(Check(f"scan.{probe.backend}", level, detail, hint))
    if not any_ok:
        told = (words.say(key) for key in ("doctor.no_source", "doctor.hint.no_source"))
        checks.append(Check("scan_source", Level.FAIL, *told))
    return checks


def _asked_for(scan: Scan) -> set[str]:
    """The back ends that somebody named or set up; the list of all that there are asks for none."""
    set_up = {
        "sane": scan.sane_devices,
        "escl": scan.escl_devices,
        "camera": scan.cameras,
        "phone": scan.phone_network,
        "usb": scan.usb_folders,
        "folder": scan.folder,
    }
    named = scan.sources if scan.sources != Scan().sources else ()
    return {*named, *(name for name, value in set_up.items() if value)}


def _mend(probe: Probe, words: Words) -> str:
    """What happened and what to do; a technician's own words where the citizen's would not help him."""
    own = f"doctor.hint.{probe.code}-{probe.backend}"
    if words.has(own):
        return words.say(own)
    facts = {"name": probe.backend, "known": ", ".join(source_names())}
    try:
        return " ".join(words.error(probe.code or "SCAN-IO", facts))
    except KeyError:  # a driver from elsewhere, with a code or facts that we do not know
        return probe.code or ""


def text_layer_check(found: Probe, words: Words) -> Check:
    """Whether papers can be made searchable; asked where the settings want it."""
    hint = "" if found.ok else words.say("doctor.hint.text_layer")
    return Check("text_layer", Level.OK if found.ok else Level.WARN, found.detail, hint)


def tell(
    config: Config,
    wrong: Sequence[KioskError],
    probes: Iterable[Probe],
    text_layer: Probe | None,
    sound: Callable[[Config, Words], Iterable[Check]],
    *,
    as_json: bool,
) -> int:
    """Print every check; the exit code. `wrong` came of reading the folders that the settings name."""
    words = console_words(config)
    folders = folder_checks(config, wrong, words)
    checks = [*machine_checks(config, words), *folders, *probe_checks(config.scan, probes, words)]
    if text_layer is not None:
        checks.append(text_layer_check(text_layer, words))
    checks += sound(config, words)
    text, healthy = report(checks, words, as_json)
    sys.stdout.write(f"{text}\n")
    return refuse(wrong, words) or (0 if healthy else 1)


def report(checks: Iterable[Check], words: Words, as_json: bool) -> tuple[str, bool]:
    """The text to print, and whether nothing failed."""
    found = list(checks)
    healthy = all(check.level is not Level.FAIL for check in found)
    if as_json:
        return json.dumps([asdict(check) for check in found], ensure_ascii=False, indent=2), healthy
    lines = []
    for check in found:
        room, _, backend = check.name.partition(".")
        name = f"{words.say(f'doctor.{room}')} {backend}".rstrip()
        lines.append(f"[{check.level:4}] {name}: {check.detail}")
        if check.hint:
            lines.append(f"       -> {check.hint}")
    return "\n".join(lines), healthy


def _existing(folder: Path) -> Path:
    """The nearest thing that is there: the folder itself or what it would have to be made in."""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _writable(name: str, folder: Path, words: Words) -> Check:
    """Tried for real: a folder and a file in it are made where it is or would be, and taken away again."""
    parent = _existing(folder)
    if not parent.is_dir():
        return Check(name, Level.FAIL, str(folder), words.say("doctor.hint.not_a_folder", folder=str(parent)))
    try:
        with tempfile.TemporaryDirectory(prefix=".kiosk-", dir=parent) as made:
            Path(made, "tried").write_bytes(b"kiosk")
    except OSError:
        return Check(name, Level.FAIL, str(folder), words.say("doctor.hint.writable"))
    return Check(name, Level.OK, str(folder))


def _memory_backed(folder: Path, words: Words) -> Check:
    if sys.platform != "linux":
        return Check("work_in_memory", Level.WARN, "-", words.say("doctor.hint.work_in_memory"))
    here = str(_existing(folder).resolve())
    kinds: dict[str, str] = {}
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, point, kind, *_ = line.split()
        kinds[point] = kind
    inside = (point for point in kinds if here == point or here.startswith(point.rstrip("/") + "/"))
    kind = kinds.get(max(inside, key=len, default="/"), "?")
    if kind in ("tmpfs", "ramfs"):
        return Check("work_in_memory", Level.OK, kind)
    return Check("work_in_memory", Level.WARN, kind, words.say("doctor.hint.work_in_memory"))


def _display(words: Words) -> Check:
    if has_display():
        return Check("display", Level.OK, os.environ.get("DISPLAY", ""))
    return Check("display", Level.WARN, "-", words.error("DISPLAY-MISSING")[1])


def _sandbox(words: Words) -> Check:
    if sys.platform == "win32":
        return Check("sandbox", Level.OK)
    if os.getuid() == 0 or os.environ.get("QTWEBENGINE_DISABLE_SANDBOX"):
        detail = "root" if os.getuid() == 0 else "off"
        return Check("sandbox", Level.WARN, detail, words.say("doctor.hint.sandbox"))
    return Check("sandbox", Level.OK, "on")
