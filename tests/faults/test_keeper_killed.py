"""kill -9 of the keeper, a power cut, and a foreign keeper: a small supervisor stands in for systemd."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kioskcore.exit_code import ExitCode
from kioskcore.paths import ROOT
from tests.kioskcore.keeper_scene import Scene, alive, scene_in

PROGRAM = ROOT / "tests" / "faults" / "stand_in_keeper.py"
AGAIN = {ExitCode.BUG, ExitCode.WIPE_FAILED}


class Supervisor:
    """Starts the keeper again when it dies of a signal or asks for it, as the unit file does."""

    def __init__(self, base: Path, plan: str) -> None:
        self._command = [sys.executable, str(PROGRAM), str(base), *plan.split()]
        self.codes: list[int] = []
        self.words = base / f"stderr-{id(self)}"  # a pipe would wait for the dead keeper's orphans
        self.keeper = self._start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with self.words.open("ab") as stream:
            return subprocess.Popen(self._command, stderr=stream, env=environment)

    def _watch(self) -> None:
        while True:
            code = self.keeper.wait()
            self.codes.append(code)
            if code >= 0 and code not in AGAIN:
                return
            self.keeper = self._start()

    def stop(self) -> None:
        self.keeper.terminate()
        self._thread.join(20)
        assert not self._thread.is_alive()


def wait_until(true: Callable[[], object], seconds: float = 15) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def opened(scene: Scene, count: int) -> bool:
    return [line["do"] for line in scene.lines("order")].count("open") >= count


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from scene_in(tmp_path)


def test_kill_9_of_the_keeper_leaves_nothing_and_a_waiting_screen_is_back(scene: Scene) -> None:
    supervisor = Supervisor(scene.work.parent, "file orphan unmarked moved inside child paint open")
    try:
        wait_until(lambda: opened(scene, 1))
        first = scene.lines("start")[0]
        orphans = [line["grandchild"] for line in scene.lines("grandchild")]
        assert len(orphans) == 4
        assert all(alive(pid) for pid in orphans)
        supervisor.keeper.send_signal(signal.SIGKILL)
        assert wait_until(lambda: opened(scene, 2)) < 5
        assert not alive(first["pid"])
        assert not Path(first["folder"]).exists()
        assert not any(alive(pid) for pid in orphans)
    finally:
        supervisor.stop()
    assert supervisor.codes == [-signal.SIGKILL, ExitCode.OK]
    assert scene.left() == []


def test_a_visit_dies_with_its_keeper_even_before_another_comes(scene: Scene) -> None:
    command = [sys.executable, str(PROGRAM), str(scene.work.parent), "paint", "open", "stubborn"]
    keeper = subprocess.Popen(command)
    wait_until(lambda: opened(scene, 1))
    keeper.kill()
    keeper.wait()
    assert wait_until(lambda: not alive(scene.lines("start")[0]["pid"])) < 1


def test_kill_9_of_the_visit_under_a_keeper(scene: Scene) -> None:
    supervisor = Supervisor(scene.work.parent, "file paint open")
    try:
        wait_until(lambda: opened(scene, 1))
        first = scene.lines("start")[0]
        os.kill(first["pid"], signal.SIGKILL)
        assert wait_until(lambda: opened(scene, 2)) < 5
        assert not Path(first["folder"]).exists()
    finally:
        supervisor.stop()
    assert supervisor.codes == [ExitCode.OK]


def test_a_supervisor_does_not_loop_on_a_foreign_keeper(scene: Scene) -> None:
    first = Supervisor(scene.work.parent, "paint open")
    try:
        wait_until(lambda: opened(scene, 1))
        second = Supervisor(scene.work.parent, "paint open")
        wait_until(lambda: second.codes)
        assert second.codes == [ExitCode.ALREADY_RUNNING]
        assert second.words.read_text().strip() == "KEEPER-RUNNING"
        assert len(scene.lines("start")) == 1
    finally:
        first.stop()


def test_after_a_power_cut_the_old_papers_go_before_anybody_comes(scene: Scene) -> None:
    """The session note is of another boot: its number may belong to an innocent process by now."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    innocent = subprocess.Popen(command, start_new_session=True)
    old = scene.work / "visit-old"
    (old / "deep" / "er").mkdir(parents=True)
    (old / "deep" / "er" / "page.png").write_text("paper")
    (old / "deep").chmod(0)
    note = {"session": innocent.pid, "started": 1, "boot": "another"}
    (scene.work / "visit-old.session").write_text(json.dumps(note))
    (scene.work / "visit-torn.session").write_text("{")
    try:
        assert scene.run(lambda n: "paint open", until=(1, "opened")) is ExitCode.OK
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()
    assert scene.left() == []


def test_what_a_power_cut_left_and_cannot_be_removed_keeps_everybody_out(scene: Scene) -> None:
    (scene.work / "visit-old").mkdir(parents=True)
    code = scene.run(lambda n: "paint", remove=lambda folder: None, until=(1, "refused"))
    assert code is ExitCode.WIPE_FAILED
    refusals = [line["code"] for line in scene.lines("order") if line["do"] == "out_of_service"]
    assert refusals == ["WIPE-FAILED"]
