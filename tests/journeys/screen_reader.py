"""Walks the kiosk as a screen reader does, over AT-SPI: presses by name, tells what it heard as JSON.

Run by the system's Python, which has pyatspi: screen_reader.py NAME... presses each in turn.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import pyatspi

_PRESSED = (pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_CHECK_BOX, pyatspi.ROLE_TOGGLE_BUTTON)
_WAIT_SECONDS = 30.0


def showing(root: Any) -> Iterator[Any]:
    """Everything on the screen below `root`, in the order it is told."""
    for child in root:
        if child is not None and child.getState().contains(pyatspi.STATE_SHOWING):
            yield child
            yield from showing(child)


def kiosk() -> Any:
    return next((app for app in pyatspi.Registry.getDesktop(0) if app and app.name == "kiosk-dvc"), None)


def page() -> dict[str, Any]:
    """What is heard of the present page: texts and controls in order, and where the focus is."""
    things = list(showing(kiosk()))
    focused = [t for t in things if t.getState().contains(pyatspi.STATE_FOCUSED)]
    return {
        "texts": [t.name for t in things if t.getRole() == pyatspi.ROLE_LABEL],
        "controls": [[t.name, t.getRoleName()] for t in things if t.getRole() in _PRESSED],
        "silent_pictures": sum(t.getRole() == pyatspi.ROLE_IMAGE and not t.name for t in things),
        "focus": focused[-1].name if focused else "",
    }


def press(name: str) -> bool:
    for thing in showing(kiosk()):
        if thing.getRole() in _PRESSED and thing.name.split(". ")[0] == name:
            return bool(thing.queryAction().doAction(0))
    return False


def until(done: Any) -> bool:
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        try:
            if done():
                return True
        except Exception:  # noqa: BLE001 - what was just there may be gone when it is asked
            pass
        time.sleep(0.3)
    return False


def begin(name: str) -> bool:
    """Press until the waiting screen is gone: it lets nobody in before the keeper has opened the visit."""
    pressed = kiosk() is not None and press(name)
    time.sleep(1.0)
    return pressed and name not in [thing.name.split(". ")[0] for thing in showing(kiosk())]


def main() -> None:
    heard = []
    for place, name in enumerate(sys.argv[1:]):
        if not until(lambda name=name, way=press if place else begin: way(name)):
            break
        time.sleep(1.0)
        heard.append({"pressed": name, **page()})
    sys.stdout.write(json.dumps(heard, ensure_ascii=False))


if __name__ == "__main__":
    main()
