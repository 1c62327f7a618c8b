"""The quick rows of the escape suite as a test; the whole table is printed by `suite.py`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = Path(__file__).with_name("suite.py")


@pytest.mark.display
@pytest.mark.timeout(290)
def test_no_quick_way_out_reaches_anything() -> None:
    if not all(shutil.which(program) for program in ("Xvfb", "openbox", "xdotool", "xwininfo")):
        pytest.skip("needs Xvfb, openbox, xdotool and xwininfo")
    rows = "control|load: (fetch|image|WebRTC|preconnect)|leave: (link|redirect|blob)|mailto|key (super|alt)"
    done = subprocess.run(
        [sys.executable, str(SUITE), "--only", rows], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "control: a key arrives" in done.stdout
