"""Seventeen marks planted through a page of the real kiosk; after the visit not one is left anywhere.

Planted in every store, header, field and list a page can reach; ended in five ways; then searched for in
files, in deleted files still open, in the clipboard, and in the memory of every process that remains.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.canary_site import PLACES, TOLD_BY_PAGE, CanarySite
from tests.faults.played import PlayedKiosk, eventually, played
from tests.program.conftest import Screen, screen  # noqa: F401 - the fixture of the real programs
from ui.rehearsal.leftovers import default_roots, search_files, search_memory, search_open_files

pytestmark = [pytest.mark.display, pytest.mark.timeout(280)]

PLANT = """[[steps]]
expect = "Gieo xong"
where = "page"
within = 40
[[steps]]
type = "${typed}"
into = "Ghi chú"
[[steps]]
tap = "Gửi đi"
where = "page"
[[steps]]
expect = "Đã nhận"
where = "page"
[[steps]]
tap = "Tải giấy"
where = "page"
optional = true
[[steps]]
wait = 1
"""
HOLD = "[[steps]]\nwait = 200\n"


def steps(*verbs: str) -> str:
    return "".join(f"[[steps]]\n{verb}\n" for verb in verbs)


LOOK = steps('tap = "English"\nwhere = "kiosk"', 'tap = "Text size"\nwhere = "kiosk"')
GONE = steps('expect = "All your papers on this kiosk are deleted"\nwithin = 60')
WAYS = {
    "finish": steps('tap = "I have submitted"', 'tap = "Yes, it is submitted"', 'tap = "Finish"') + GONE,
    "delete now": steps('tap = "Delete now"', 'tap = "Delete everything"') + GONE,
    "idle": GONE,
    "kill -9 of the visit": HOLD,
    "kill -9 of the keeper": HOLD,
}
IN_SUITE = ("delete now", "kill -9 of the visit")
"""The others take as long again each: pytest -m slow tests/faults/test_canary.py"""
IDLE = "[idle]\nform_seconds = 12\nwarning_seconds = 3\n"


@pytest.fixture
def site() -> Iterator[CanarySite]:
    made = CanarySite()
    yield made
    made.close()


CLIPBOARD = """
import sys
from PySide6.QtGui import QClipboard, QGuiApplication
app = QGuiApplication(sys.argv)
board = app.clipboard()
print([board.text(mode) for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)])
"""


def clipboards(display: str) -> str:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-c", CLIPBOARD]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


def remaining(kiosk: PlayedKiosk, shown: Screen) -> list[int]:
    """Keeper, new visit with all its children, and the X server, which saw keys and selections pass."""
    return [shown.pid, *(process.pid for process in kiosk.family())]


def plant(kiosk: PlayedKiosk, site: CanarySite, way: str) -> None:
    """Start, play until everything is planted, and prove that it is: by the page's word and in memory."""
    variables = f'[variables]\ntyped = "{site.marks["typed"]}"\n'
    kiosk.start(PLANT + LOOK + WAYS[way], variables)
    done = lambda: site.planted >= set(PLACES)  # noqa: E731 - told twice
    eventually(done, 100, lambda: f"{set(PLACES) - site.planted} after {kiosk.events}")
    assert site.marks["typed"].encode() in site.received
    kiosk.scenario.unlink()


def held_now(kiosk: PlayedKiosk, site: CanarySite) -> set[str]:
    found = search_memory(list(site.marks.values()), [process.pid for process in kiosk.family()])
    return {PLACES[one.mark] for one in found if one.mark is not None}


@pytest.mark.parametrize(
    "way", [way if way in IN_SUITE else pytest.param(way, marks=pytest.mark.slow) for way in WAYS]
)
def test_nothing_of_a_visit_is_left(
    screen: Screen,  # noqa: F811
    tmp_path: Path,
    site: CanarySite,
    way: str,
) -> None:
    began = time.time()
    with played(screen.display, tmp_path, site.port, IDLE if way == "idle" else "") as kiosk:
        plant(kiosk, site, way)
        old = [process.pid for process in kiosk.family()[1:]]
        if way == "kill -9 of the visit":
            assert held_now(kiosk, site) >= TOLD_BY_PAGE  # the control: the search does find what is there
            assert site.marks["clipboard"] in clipboards(screen.display)
            os.kill(kiosk.visit().pid, signal.SIGKILL)
        elif way == "kill -9 of the keeper":
            kiosk.keeper.kill()
            kiosk.keeper.wait()
            kiosk.start()
        kiosk.wait_for(1 if way == "kill -9 of the keeper" else 2, "opened", 90)
        time.sleep(2.5)  # the new visit warms up: what it would take over, it has taken over
        marks = list(site.marks.values())
        pids = remaining(kiosk, screen)
        assert len(pids) >= 3
        assert not set(old) & set(pids)
        found = search_memory(marks, pids) + search_open_files(marks, pids)
        proofs = [kiosk.out]  # a play keeps the papers it saw, and they are no leftover of the kiosk
        found += search_files(marks, default_roots(), leave_out=proofs, changed_since=began)
        left = [(PLACES[one.mark], one.place, one.how) for one in found if one.mark is not None]
        assert left == []
        assert not any(mark in clipboards(screen.display) for mark in marks)
