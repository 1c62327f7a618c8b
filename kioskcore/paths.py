"""Where things lie: the program, the lasting state, and the work folder that ends with the visit."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of kiosk.py and the rooms."""

FONTS = ROOT / "kioskcore" / "fonts"
"""Noto Sans Regular and Bold (OFL): every Vietnamese letter, for screens, leaflets and drawn papers."""

SCREEN_WORDS = ROOT / "ui" / "words"
"""One <language>.toml for each language that the screens speak."""

PRINTED = "printed"
"""A file in a visit's work folder, made before its first print job: the spool may hold something."""

OWN_SCREENS = "screens"
"""Folder below `guides.folder` with a province's own languages: `<language>.toml` and `sound/<language>/`."""


def state_folder() -> Path:
    """Counts, journal, keeper lock: what stays. Honours XDG_STATE_HOME, %ProgramData% on Windows."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "KioskDVC"
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "kiosk-dvc"


def work_root() -> Path:
    """Parent of the visits' work folders: memory-backed where the system has that, private to the user."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    for base in (runtime, "/dev/shm"):  # noqa: S108 - tmpfs on purpose: nothing reaches a disk
        if base and Path(base).is_dir() and os.access(base, os.W_OK):
            return Path(base) / f"kiosk-dvc-{os.getuid()}"
    return Path(tempfile.gettempdir()) / "kiosk-dvc"


def kiosk_command(name: str, *more: str, config: str | None = None, practice: bool = False) -> list[str]:
    """The command line that starts this program again; never `python -m` (a hostile folder could answer).

    config: the settings file that was named; practice: in practice mode.
    """
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(ROOT / "kiosk.py")]
    settings = ["--config", str(Path(config).resolve())] if config else []
    return [*program, name, *settings, *(["--practice"] if practice else []), *more]
