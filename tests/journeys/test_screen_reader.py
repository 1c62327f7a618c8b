"""The kiosk as a screen reader hears it: AT-SPI over a bus of its own, nothing but presses by name."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kioskcore.paths import ROOT

pytestmark = [pytest.mark.display, pytest.mark.timeout(180)]
_SYSTEM_PYTHON = "/usr/bin/python3"
_ROAD = (
    "Chạm để bắt đầu",
    "Giấy khai sinh, hộ tịch",
    "Bản sao giấy khai sinh, trích lục hộ tịch",
    "Đi tiếp",
    "Thẻ căn cước",
    "Đi tiếp",
    "Có",
    "English",
    "I need help",
)
_HEADINGS = {0: "Bước 1 trong 5", 2: "Bước 2 trong 5", 3: "Bước 2 trong 5", 5: "Bước 2 trong 5"}


def _able() -> bool:
    if not all(map(shutil.which, ("xvfb-run", "openbox", "dbus-run-session", _SYSTEM_PYTHON))):
        return False
    there = subprocess.run([_SYSTEM_PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return there.returncode == 0


@pytest.mark.skipif(not _able(), reason="no AT-SPI here")
def test_a_screen_reader_hears_every_page_and_presses_its_way(tmp_path: Path) -> None:
    config = tmp_path / "kiosk_config.toml"
    config.write_text("[paths]\nstate = 'state'\nwork = 'work'\n", encoding="utf-8")
    reader = [_SYSTEM_PYTHON, str(ROOT / "tests" / "journeys" / "screen_reader.py"), *_ROAD]
    kiosk = [sys.executable, str(ROOT / "kiosk.py"), "run", "--practice", "--config", str(config)]
    both = (  # the bus wakes up when it is first asked; a kiosk that starts before that stays silent
        '"$1" -c "import pyatspi; list(pyatspi.Registry.getDesktop(0))" >/dev/null 2>&1;'
        f" {' '.join(map(repr, kiosk))} >{str(tmp_path / 'log')!r} 2>&1 & kiosk=$!;"
        ' "$@" 2>/dev/null; kill $kiosk; wait $kiosk'
    )
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [
            *("dbus-run-session", "--", "bash", str(ROOT / "installer" / "virtual-screen.sh")),
            *("bash", "-c", both, "eyes", *reader),
        ],
        capture_output=True,
        check=False,
        text=True,
        timeout=170,
        env={**environment, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"},
    )
    heard = json.loads(done.stdout[done.stdout.index("[") :])
    assert [page["pressed"] for page in heard] == list(_ROAD), done.stderr[-2000:]
    for page in heard:
        assert all(name.strip() for name, _ in page["controls"]), page
        assert page["silent_pictures"] == 0, page
        assert page["focus"], page
    for number, beginning in _HEADINGS.items():
        assert heard[number]["focus"].startswith(beginning)
    assert ["Thẻ căn cước", "check box"] in [[n.split(". ")[0], r] for n, r in heard[3]["controls"]]
    assert heard[7]["focus"].startswith("Step 2 of 5")
    assert "Back" in [name for name, _ in heard[7]["controls"]]
