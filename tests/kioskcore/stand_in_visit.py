"""A visit without windows for the keeper's tests: obeys the protocol, then does what its plan says.

Arguments: log file, --work, work folder, steps. Each step is done in order; "open" waits to be let in.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from kioskcore.keeper_link import KeeperLink

log, _work, folder, *steps = sys.argv[1:]
os.write(1, b'a library says hello\n{"half": \n[1]\n{"event": 7}\n\xff\n')
link = KeeperLink.of_process()
orders: list[dict[str, str]] = []
came = threading.Condition()
beating = threading.Event()
beating.set()


def write(what: str, **facts: object) -> None:
    with Path(log).open("a") as stream:
        stream.write(json.dumps({"what": what, "pid": os.getpid(), "folder": folder, **facts}) + "\n")


def hear(order: dict[str, str]) -> None:
    write("order", **order)
    if order["do"] == "quit" and "stubborn" not in steps:
        os._exit(0)
    with came:
        orders.append(order)
        came.notify()


def beat() -> None:
    while beating.is_set():
        link.send("beat")
        time.sleep(0.1)


def grandchild(*, marked: bool, own_session: bool, inside: bool = False) -> None:
    """A process whose parent is gone. inside: it stands in the work folder."""
    environment = "None" if marked else "{}"
    place = repr(folder if inside else "/")
    script = (
        "import subprocess, sys\n"
        f"p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(98)'], env={environment},"
        f" start_new_session={own_session}, cwd={place}, stdin=-3, stdout=-3, stderr=-3)\n"
        "print(p.pid)"
    )
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=True)
    write("grandchild", grandchild=int(done.stdout))


write("start", mode=oct(Path(folder).stat().st_mode & 0o777), steps=steps)
link.listen(hear)
for step in steps:
    name, _, value = step.partition(":")
    if name == "paint":
        link.send("painted")
        threading.Thread(target=beat, daemon=True).start()
    elif name == "open":
        with came:
            came.wait_for(lambda: any(order["do"] == "open" for order in orders), 20)
    elif name == "file":
        Path(folder, "page.png").write_text("paper")
        closed = Path(folder, "closed")
        closed.mkdir()
        (closed / "inside").write_text("paper")
        closed.chmod(0)
    elif name == "end":
        link.send("ended", reason=value or "done")
    elif name == "exit":
        os._exit(int(value))
    elif name == "kill":
        os.kill(os.getpid(), 9)
    elif name == "hang":
        beating.clear()
        time.sleep(60)
    elif name == "orphan":
        grandchild(marked=True, own_session=False)
    elif name == "unmarked":
        grandchild(marked=False, own_session=False)
    elif name == "hidden":
        grandchild(marked=False, own_session=True)
    elif name == "inside":
        grandchild(marked=False, own_session=True, inside=True)
    elif name == "moved":
        grandchild(marked=True, own_session=True)
    elif name == "child":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"], stdin=subprocess.PIPE)
    elif name == "lend":  # a child that holds the wire to the keeper
        wire = link._stdout.fileno()  # type: ignore[union-attr]
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"], pass_fds=[wire])
    elif name == "close":
        link._stdout.close()  # type: ignore[union-attr]
    elif name == "wait":
        time.sleep(float(value))
time.sleep(60)
