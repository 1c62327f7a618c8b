"""A real X screen for the real program, and a way to see what stands on it."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

WIDTH, HEIGHT = 1366, 768


class Screen:
    """An Xvfb whose pixels are read from its frame-buffer file (XWD: header, colour map, 32-bit pixels)."""

    def __init__(self, folder: Path) -> None:
        ready, tell = os.pipe()
        options = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder)]
        options += ["-nolisten", "tcp", "-noreset"]  # else its screens and desk go with the last program
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(tell), *options],
            pass_fds=[tell],
            stderr=subprocess.DEVNULL,
        )
        os.close(tell)
        with os.fdopen(ready) as stream:
            self.display = f":{stream.readline().strip()}"
        self._buffer = folder / "Xvfb_screen0"

    @property
    def pid(self) -> int:
        return self._server.pid

    def share_of(self, colour: tuple[int, int, int]) -> float:
        """Which part of the screen has just this colour, 0..1."""
        data = self._buffer.read_bytes()
        header = struct.unpack(">I", data[:4])[0]
        colours = struct.unpack(">I", data[76:80])[0]
        pixels = data[header + colours * 12 :]
        red, green, blue = colour
        return pixels.count(bytes((blue, green, red))) / (WIDTH * HEIGHT)

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(10)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb here")
    folder = tmp_path / "xvfb"
    folder.mkdir()
    shown = Screen(folder)
    yield shown
    shown.close()
