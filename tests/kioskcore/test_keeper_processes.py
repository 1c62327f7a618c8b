"""Families of processes: whatever a program starts is found, killed and proved gone."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kioskcore import processes
from kioskcore.family import quiet_stderr
from tests.kioskcore.keeper_scene import alive

Start = Callable[..., processes.Family]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    processes.own_descendants()
    families: list[processes.Family] = []

    def start_one(*command: str, name: str = "visit-1") -> processes.Family:
        families.append(processes.start(command, tmp_path / name))
        return families[-1]

    yield start_one
    for family in families:
        assert family.kill(5) == 0
        family.stdout.close()
    assert not list(tmp_path.iterdir())  # no note of a session stays


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_killing_takes_milliseconds_and_leaves_nobody(start: Start) -> None:
    tree = (
        "import subprocess, time\n"
        "made = [subprocess.Popen(['sleep', '99']) for _ in range(30)]\n"
        "print(1, flush=True)\n"
        "time.sleep(99)\n"
    )
    family = start(*python(tree))
    family.stdout.readline()
    pids = family.pids()
    assert len(pids) == 31
    began = time.monotonic()
    assert family.kill(5) == 0
    assert time.monotonic() - began < 1
    assert not any(alive(pid) for pid in pids)
    assert family.kill(5) == 0  # and again: nothing to do


def test_a_stopped_program_and_one_that_ignores_signals_go_too(start: Start) -> None:
    script = (
        "import os, signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(1, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)\n"
    )
    family = start(*python(script))
    family.stdout.readline()
    assert family.kill(5) == 0
    assert family.wait(1) == -signal.SIGKILL


def test_a_program_that_keeps_making_children_is_caught(start: Start) -> None:
    """A chain that starts its next link anew when that dies, each in a session of its own."""
    script = (
        "import os, sys, time\n"
        "def guard(n):\n"
        "    while n:\n"
        "        pid = os.fork()\n"
        "        if not pid:\n"
        "            os.setsid(); n -= 1; continue\n"
        "        os.waitpid(pid, 0)\n"
        "    time.sleep(99)\n"
        "print(1, flush=True)\n"
        "guard(5)\n"
    )
    family = start(*python(script))
    family.stdout.readline()
    until(lambda: len(family.pids()) == 6)
    pids = family.pids()
    assert family.kill(5) == 0
    assert not any(alive(pid) for pid in pids)


def test_families_do_not_touch_each_other_or_a_child_of_ours(start: Start) -> None:
    child = subprocess.Popen(["sleep", "30"])
    one, two = start("sleep", "30", name="visit-1"), start("sleep", "30", name="visit-2")
    assert one.kill(5) == 0
    assert alive(two.pid)
    assert alive(child.pid)
    child.kill()
    processes.reap()
    assert child.wait() == -signal.SIGKILL  # its exit code is ours, not the reaper's


def test_a_dead_orphan_is_collected(start: Start) -> None:
    script = (
        "import os, time\n"
        "if not os.fork():\n"
        "    pid = os.fork()\n"
        "    print(pid, flush=True) if pid else time.sleep(0.2)\n"
        "    os._exit(0)\n"
        "time.sleep(99)\n"
    )
    family = start(*python(script))
    orphan = int(family.stdout.readline())
    until(lambda: not alive(orphan))
    until(lambda: processes.reap() or not Path(f"/proc/{orphan}").exists())


def test_it_is_told_who_cannot_be_killed(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    family = start("sleep", "30")
    monkeypatch.setattr(signal, "pidfd_send_signal", lambda handle, number: None)  # as for a hung driver
    began = time.monotonic()
    assert family.kill(0.3) == 1
    assert time.monotonic() - began < 2
    monkeypatch.undo()


def test_a_visit_makes_no_core_file(start: Start) -> None:
    family = start(*python("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"))
    assert family.stdout.readline() == b"(0, 0)\n"


def test_a_visit_inherits_nothing_that_loads_foreign_code(start: Start, monkeypatch) -> None:
    """Before its first library is loaded: afterwards would be too late for Qt's and the system's own."""
    foreign = {"LD_LIBRARY_PATH", "LD_AUDIT", "QT_PLUGIN_PATH", "QTWEBENGINE_REMOTE_DEBUGGING"}
    for name in foreign:
        monkeypatch.setenv(name, "/nowhere/evil")
    monkeypatch.setenv("KIOSK_HARMLESS", "stays")
    program = start(*python("import os; print(' '.join(os.environ), flush=True)"))
    told = program.stdout.readline().decode().split()
    assert "KIOSK_HARMLESS" in told and not foreign & set(told)


def test_words_of_a_visit_are_never_kept_in_a_file(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as stream:
        assert quiet_stderr(stream.fileno()) == subprocess.DEVNULL
    reading, writing = os.pipe()
    assert quiet_stderr(writing) is None
    os.close(reading)
    os.close(writing)
    assert quiet_stderr(writing) == subprocess.DEVNULL


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_whole_browser_goes(start: Start, tmp_path_factory: pytest.TempPathFactory) -> None:
    profile = tmp_path_factory.mktemp("profile")
    options = ["--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    family = start("chromium", *options, "about:blank")
    until(lambda: len(family.pids()) >= 4)
    pids = family.pids()
    began = time.monotonic()
    assert family.kill(5) == 0
    assert time.monotonic() - began < 1.5
    assert not any(alive(pid) for pid in pids)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_browser_of_a_dead_keeper_goes(
    start: Start, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    profile = tmp_path_factory.mktemp("profile")
    options = ["--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    family = start("chromium", *options, "about:blank")
    until(lambda: len(family.pids()) >= 4)
    pids = family.pids()
    os.kill(family.pid, signal.SIGSTOP)  # it shall not tidy up after itself
    assert processes.end_leftovers(tmp_path / "visit-1", 5) == 0
    assert not any(alive(pid) for pid in pids)
