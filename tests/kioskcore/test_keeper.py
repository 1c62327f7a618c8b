"""The keeper's road: who is on the screen, who is gone, who is let in, and in which order."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kioskcore.errors import KioskError
from kioskcore.exit_code import ExitCode
from kioskcore.keeper import Patience
from kioskcore.paths import ROOT
from tests.kioskcore.keeper_scene import Scene, alive, scene_in


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from scene_in(tmp_path)


def test_each_citizen_gets_a_process_and_nothing_of_the_last_stays(scene: Scene) -> None:
    code = scene.run(lambda n: "file paint open end" if n < 3 else "paint open", until=(3, "opened"))
    assert code is ExitCode.OK
    starts = scene.lines("start")
    assert len({line["pid"] for line in starts}) == 3
    assert {line["mode"] for line in starts} == {"0o700"}
    assert scene.left() == []
    assert not any(alive(line["pid"]) for line in starts)


def test_painted_then_wiped_then_opened(scene: Scene) -> None:
    scene.run(lambda n: "paint open end" if n == 1 else "paint open", until=(2, "opened"))
    assert scene.when(2, "painted") <= scene.when(1, "wiped") <= scene.when(2, "opened")
    assert scene.names(1) == ["started", "painted", "opened", "ended", "wiped"]


@pytest.mark.parametrize("fate", ["kill", "exit:1", "exit:0", "lend kill", "hang"])
def test_a_visit_that_breaks_is_replaced_and_wiped(scene: Scene, fate: str) -> None:
    plan = lambda n: f"file paint open {fate}" if n == 1 else "paint open"  # noqa: E731
    scene.run(plan, patience=Patience(beat=0.6, visit=0, quit=0.5), until=(2, "opened"))
    assert scene.left() == []
    assert scene.when(1, "wiped") <= scene.when(2, "opened")
    assert len(scene.journal("visit-failed")) == 1
    if "hang" not in fate:  # the keeper itself may add only milliseconds
        assert scene.when(2, "started") - scene.when(1, "exit") < 0.2


def test_a_visit_that_closes_its_wire_is_gone_for_the_keeper(scene: Scene) -> None:
    scene.run(lambda n: "paint open close" if n == 1 else "paint open", until=(2, "opened"))
    assert scene.when(2, "started") - scene.when(1, "opened") < 3


def test_a_visit_that_never_paints_is_given_up(scene: Scene) -> None:
    plan = lambda n: "wait:30" if n == 1 else "paint open"  # noqa: E731
    scene.run(plan, patience=Patience(paint=0.7), until=(2, "opened"))
    assert scene.journal("visit-failed")[0]["why"] == "no-paint"


def test_orphans_and_daemons_of_a_visit_die_with_it(scene: Scene) -> None:
    many = "orphan unmarked hidden moved child paint open end"
    scene.run(lambda n: many if n == 1 else "paint open", until=(2, "opened"))
    orphans = [line["grandchild"] for line in scene.lines("grandchild")]
    assert len(orphans) == 4
    assert not any(alive(pid) for pid in orphans)


def test_a_process_of_the_new_visit_is_spared_when_the_old_one_goes(scene: Scene) -> None:
    scene.make(lambda n: "paint open end" if n == 1 else "orphan paint open")
    seen: list[bool] = []

    def look() -> None:
        scene.wait_for(2, "opened")
        seen.append(alive(scene.lines("grandchild")[0]["grandchild"]))
        assert scene.keeper
        scene.keeper.stop()

    threading.Thread(target=look, daemon=True).start()
    assert scene.keeper
    scene.keeper.run()
    assert seen == [True]
    assert not alive(scene.lines("grandchild")[0]["grandchild"])


def test_nobody_is_let_in_while_something_is_left(scene: Scene) -> None:
    broken = threading.Event()
    broken.set()
    refused: list[Path] = []

    def remove(folder: Path) -> None:
        if broken.is_set():
            refused.append(folder)
            raise PermissionError(folder)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()

    def mend() -> None:
        scene.wait_for(2, "refused")
        time.sleep(0.3)
        broken.clear()

    threading.Thread(target=mend, daemon=True).start()
    code = scene.run(
        lambda n: "paint open end" if n == 1 else "paint open",
        settings={"slow_retry_seconds": 1},
        remove=remove,
        until=(3, "opened"),
    )
    assert code is ExitCode.OK
    assert refused
    assert "opened" not in scene.names(2)  # the screen that refused is replaced, not let in
    told = [(line["do"], line.get("code")) for line in scene.lines("order") if line["do"] != "quit"]
    assert told == [("open", None), ("out_of_service", "WIPE-FAILED"), ("open", None)]
    assert scene.left() == []


def test_a_folder_that_stays_although_the_removal_said_nothing_counts_as_left(scene: Scene) -> None:
    plan = lambda n: "file paint open end" if n == 1 else "paint"  # noqa: E731
    code = scene.run(plan, remove=lambda folder: None, until=(2, "refused"))
    assert code is ExitCode.WIPE_FAILED
    assert scene.journal("out-of-service")[0]["code"] == "WIPE-FAILED"


def test_too_many_crashes_show_out_of_service_and_it_tries_again_slowly(scene: Scene) -> None:
    scene.run(
        lambda n: "paint open kill" if n <= 3 else "paint open",
        settings={"crash_limit": 2, "slow_retry_seconds": 1},
        until=(5, "opened"),
    )
    assert [event["code"] for n, event, _ in scene.events if event["event"] == "refused"] == ["CRASH-LOOP"]
    assert scene.names(4)[:3] == ["started", "painted", "refused"]
    assert scene.when(5, "started") - scene.when(4, "refused") > 0.9


def test_even_the_out_of_service_screen_crashes(scene: Scene) -> None:
    scene.run(
        lambda n: "exit:1" if n <= 4 else "paint open",
        settings={"crash_limit": 2, "slow_retry_seconds": 1},
        until=(5, "opened"),
    )
    assert scene.when(5, "started") - scene.when(4, "failed") > 0.9
    assert scene.left() == []


def test_ending_before_being_let_in_cannot_spin(scene: Scene) -> None:
    scene.run(lambda n: "paint end", settings={"crash_limit": 2}, patience=Patience(), until=(4, "failed"))
    assert len(scene.journal("visit-failed")) == 4


@pytest.mark.parametrize("code", [ExitCode.DISPLAY_MISSING, ExitCode.CONFIG_INVALID, ExitCode.TECHNICIAN])
def test_a_visit_that_cannot_ever_work_ends_the_keeper(scene: Scene, code: ExitCode) -> None:
    assert scene.run(lambda n: f"exit:{code.value}") is code
    assert scene.left() == []


def test_a_technician_leaves(scene: Scene) -> None:
    assert scene.run(lambda n: "paint open end:technician") is ExitCode.TECHNICIAN
    assert scene.left() == []


def test_a_program_that_is_not_there_is_a_crash_not_an_end(scene: Scene) -> None:
    keeper = scene.make(lambda n: "", settings={"crash_limit": 1, "slow_retry_seconds": 1})
    keeper._command = ["/no-such-program"]
    threading.Timer(1.5, keeper.stop).start()
    assert keeper.run() is ExitCode.OK
    assert {line["why"] for line in scene.journal("visit-failed")} == {"not-started"}
    assert scene.left() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_cleanly(scene: Scene, number: signal.Signals) -> None:
    def send() -> None:
        scene.wait_for(1, "opened")
        os.kill(os.getpid(), number)

    threading.Thread(target=send, daemon=True).start()
    before = signal.getsignal(number)
    assert scene.run(lambda n: "file orphan paint open stubborn") is ExitCode.OK
    assert scene.left() == []
    assert [line["do"] for line in scene.lines("order")] == ["open", "quit"]
    assert not alive(scene.lines("grandchild")[0]["grandchild"])
    assert signal.getsignal(number) == before


def test_a_second_keeper_is_refused_in_words(scene: Scene) -> None:
    faults: list[KioskError] = []

    def second() -> None:
        scene.wait_for(1, "opened")
        other = Scene(scene.state.parent)
        with pytest.raises(KioskError) as caught:
            other.make(lambda n: "paint").run()
        faults.append(caught.value)
        assert scene.keeper
        scene.keeper.stop()

    threading.Thread(target=second, daemon=True).start()
    scene.run(lambda n: "paint open")
    assert faults[0].code == "KEEPER-RUNNING"
    assert faults[0].facts == {"folder": str(scene.state), "pid": os.getpid()}
    assert len(scene.lines("start")) == 1


def test_a_work_folder_of_somebody_else_is_refused(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    scene.work.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KioskError, match="WORK-FOLDER"):
        scene.make(lambda n: "paint").run()


def test_the_keeper_is_light_and_knows_no_qt() -> None:
    script = (
        "import sys, kioskcore.keeper, kioskcore.keeper_link;"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'pydantic', 'sqlalchemy'))])"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
