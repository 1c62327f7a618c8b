"""The visit's end of the wire."""

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from kioskcore.keeper_link import KeeperLink
from kioskcore.paths import ROOT


def test_lines_of_many_threads_stay_whole() -> None:
    wire = io.BytesIO()
    link = KeeperLink(io.BytesIO(), wire)

    def chatter() -> None:
        for n in range(200):
            link.send("beat", n=n)

    threads = [threading.Thread(target=chatter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [json.loads(line) for line in wire.getvalue().splitlines()]
    assert len(lines) == 1600
    assert {line["event"] for line in lines} == {"beat"}


def test_orders_are_heard_and_noise_is_not() -> None:
    heard: list[dict[str, str]] = []
    gone = threading.Event()
    source = io.BytesIO(b'noise\n[1]\n{"x": 1}\n{"do": "open"}\n{"do": "out_of_service", "code": "X"}\n')

    def hear(order: dict[str, str]) -> None:
        heard.append(order)
        if order["do"] == "quit":
            gone.set()

    KeeperLink(source, io.BytesIO(), grace_seconds=30, hard_exit=lambda code: None).listen(hear)
    assert gone.wait(5)
    assert [order["do"] for order in heard] == ["open", "out_of_service", "quit"]


def test_a_visit_that_does_not_go_is_ended_hard_when_its_keeper_is_gone() -> None:
    ended = threading.Event()
    stuck = threading.Event()
    link = KeeperLink(io.BytesIO(), None, grace_seconds=0.05, hard_exit=lambda code: ended.set())
    link.listen(lambda order: stuck.wait(5) and None)
    assert ended.wait(5)
    stuck.set()


def test_a_keeper_that_is_gone_does_not_break_the_visit(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as wire:
        KeeperLink(io.BytesIO(), wire).send("beat")


def test_alone_it_is_silent() -> None:
    link = KeeperLink.none()
    link.send("painted")
    link.listen(lambda order: None)
    assert not link.kept


def test_what_libraries_print_does_not_reach_the_wire() -> None:
    script = (
        "import os\n"
        "from kioskcore.keeper_link import KeeperLink\n"
        "link = KeeperLink.of_process()\n"
        "print('hello', flush=True); os.system('echo child')\n"
        "link.send('painted')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True, stdin=-3
    )
    assert done.stdout == '{"event": "painted"}\n'
    assert done.stderr == "hello\nchild\n"
