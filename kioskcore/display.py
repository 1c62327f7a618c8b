"""Whether the screens can be shown here at all, asked before Qt and Chromium, which would abort."""

import contextlib
import os
import re
import socket
import sys

from kioskcore.errors import KioskError


def has_display() -> bool:
    """Whether a window could be shown here: a display is named and, for X, somebody answers at it."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", os.environ.get("DISPLAY", ""))
    if not local:
        return bool(os.environ.get("DISPLAY"))  # on another machine: Qt will find out
    place = f"/tmp/.X11-unix/X{local[1]}"  # noqa: S108 - where X servers listen
    return any(_answers(address) for address in (place, f"\0{place}"))


def require_display() -> None:
    """Raises KioskError DISPLAY-MISSING."""
    if not has_display():
        raise KioskError("DISPLAY-MISSING")


def require_sandbox() -> None:
    """Raises KioskError ROOT-REFUSED: as root Chromium has no sandbox and ends. A test machine may say so."""
    if sys.platform != "win32" and os.getuid() == 0 and not os.environ.get("QTWEBENGINE_DISABLE_SANDBOX"):
        raise KioskError("ROOT-REFUSED")


def _answers(address: str) -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as wire:
        return wire.connect_ex(address) == 0
