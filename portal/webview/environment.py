"""The environment a visit process starts its browser in: nothing of the caller's may loosen Chromium."""

import sys
from collections.abc import Mapping
from pathlib import Path

FLAGS = "--lang=vi --disable-pinch"
"""Vietnamese date fields and messages; no pinch, since a page zoomed that way loses its way back."""

_KEPT = {"QTWEBENGINE_DISABLE_SANDBOX"}  # root (tests, containers) cannot use Chromium's sandbox
_DROPPED = {"LD_PRELOAD", "LD_AUDIT", "SSLKEYLOGFILE", "CHROME_LOG_FILE", "NODE_OPTIONS", "PYTHONSTARTUP"}


def has_gpu() -> bool:
    """Whether there is a graphics device that Chromium could use; without one its GPU process only fails."""
    return sys.platform != "linux" or any(Path("/dev/dri").glob("render*"))


def clean_environment(env: Mapping[str, str], *, gpu: bool | None = None) -> dict[str, str]:
    """A copy without remote debugging, foreign flags and preloads, with the kiosk's own flags set."""
    clean = {
        name: value
        for name, value in env.items()
        if name not in _DROPPED and (name in _KEPT or not name.startswith("QTWEBENGINE"))
    }
    flags = FLAGS if (has_gpu() if gpu is None else gpu) else f"{FLAGS} --disable-gpu"
    clean["QTWEBENGINE_CHROMIUM_FLAGS"] = flags
    clean["LC_ALL"] = "C.UTF-8"  # always there; a missing vi_VN makes Qt complain, and --lang serves the pages
    return clean
