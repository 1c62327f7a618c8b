"""Second screens and changed sizes on a real X server: the kiosk fills its screen, all else is black."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.program.conftest import HEIGHT, WIDTH, Screen
from tests.program.test_kiosk_on_screen import ACCENT, eventually, kiosk_on

pytestmark = [pytest.mark.display, pytest.mark.timeout(180)]
DESK = (0x12, 0xF0, 0x9B)
PROGRAMS = ("xrandr", "xsetroot")


def run(screen: Screen, *command: str) -> None:
    environment = {**os.environ, "DISPLAY": screen.display}
    subprocess.run(command, env=environment, check=True, timeout=20, stderr=subprocess.DEVNULL)


def plug(screen: Screen, name: str, left: int, width: int, output: str = "none") -> None:
    place = f"{width}/{width // 4}x{HEIGHT}/{HEIGHT // 4}+{left}+0"
    run(screen, "xrandr", "--setmonitor", name, place, output)


def test_screens_come_and_go_and_the_desk_is_covered(screen: Screen, tmp_path: Path) -> None:
    if not all(shutil.which(program) for program in PROGRAMS):
        pytest.skip("needs xrandr and xsetroot")
    run(screen, "xsetroot", "-solid", "#12f09b")
    plug(screen, "*first", 0, 800, "screen")
    plug(screen, "second", 800, WIDTH - 800)
    eventually(lambda: screen.share_of(DESK) == 1, 10)
    with kiosk_on(screen, tmp_path):
        eventually(lambda: screen.share_of(ACCENT) > 0.005)
        eventually(lambda: screen.share_of(DESK) == 0, 10)
        black = screen.share_of((0, 0, 0))
        assert black > 0.95 * (WIDTH - 800) / WIDTH  # the second screen is black, not a part of the kiosk
        run(screen, "xrandr", "--delmonitor", "second")
        run(screen, "xrandr", "--delmonitor", "first")  # what is left is the whole output
        eventually(lambda: screen.share_of((0, 0, 0)) < 0.05, 10)  # the kiosk has grown into its place
        eventually(lambda: screen.share_of(DESK) == 0, 10)
        plug(screen, "*first", 0, 900, "screen")
        plug(screen, "third", 900, WIDTH - 900)
        eventually(lambda: screen.share_of((0, 0, 0)) > 0.95 * (WIDTH - 900) / WIDTH, 10)
        eventually(lambda: screen.share_of(ACCENT) > 0.005, 10)
        eventually(lambda: screen.share_of(DESK) == 0, 10)
