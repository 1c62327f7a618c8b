"""Families of processes on Linux: session, inherited mark, sub-reaper and parent-death signal together.

A process belongs to a family by its session, by the mark in its environment, by descent, or by holding a
file of the work folder open. No single sign is enough: Chromium overwrites environments, a daemon leaves its
session, an orphan loses its parent.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from kioskcore.environment import without_foreign
from kioskcore.family import FOLDER_MARK, quiet_stderr

assert sys.platform != "win32"

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)
_families: list["LinuxFamily"] = []
_began = 0


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    session: int
    started: int  # clock ticks after boot: with the pid, the identity of a process
    dead: bool


def own_descendants() -> None:
    global _began
    if _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the visit's memory
    _began = time.clock_gettime_ns(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK") // 10**9


def _die_with_parent(parent: int) -> Callable[[], None]:
    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked to be told
            os._exit(1)

    return prepare


def start(command: Sequence[str], folder: Path, extra: dict[str, str]) -> "LinuxFamily":
    program = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=quiet_stderr(),
        env={**without_foreign(os.environ), **extra, FOLDER_MARK: str(folder)},
        start_new_session=True,
        preexec_fn=_die_with_parent(os.getpid()),  # noqa: PLW1509 - two system calls, no lock
    )
    family = LinuxFamily(program, folder)
    _families.append(family)
    _note_session(folder, program.pid)
    return family


class LinuxFamily:
    def __init__(self, program: subprocess.Popen[bytes], folder: Path) -> None:
        self.pid = program.pid
        self.stdin = cast(IO[bytes], program.stdin)
        self.stdout = cast(IO[bytes], program.stdout)
        self.folder = folder
        self._program = program

    def wait(self, seconds: float | None = None) -> int | None:
        try:
            return self._program.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self, seconds: float) -> int:
        left = _kill_until_gone(self._members, seconds)
        if not left:
            self.wait(seconds)
            with contextlib.suppress(OSError):
                self.stdin.close()
            if self in _families:
                _families.remove(self)
            session_file(self.folder).unlink(missing_ok=True)
            reap()
        return left

    def pids(self) -> list[int]:
        return [process.pid for process in self._members()]

    def _members(self) -> list[_Process]:
        """The living, with orphans that no other family can claim."""
        everything = list(_all())
        marks = {p.pid: _mark(p.pid) for p in everything}
        mine: set[int] = set()
        others: set[int] = set()
        for family in {*_families, self}:
            kin = _kin(everything, marks, {family.pid}, family.folder)
            (mine if family is self else others).update(kin)
        strays = {p.pid for p in everything if p.pid not in others and _is_stray(p)}
        return [p for p in everything if p.pid in mine | strays and not p.dead]


def _is_stray(process: _Process) -> bool:
    """An orphan that came home to us, hid its mark and left our session: it can only be a visit's."""
    return (
        process.parent == os.getpid()
        and process.session != os.getsid(0)
        and process.started > _began > 0
        and process.pid not in {family.pid for family in _families}
    )


def end_leftovers(folder: Path, seconds: float) -> int:
    def members() -> list[_Process]:
        everything = list(_all())
        marks = {p.pid: _mark(p.pid) or _place(p.pid, folder) for p in everything}
        kin = _kin(everything, marks, _noted_session(folder, everything), folder)
        return [p for p in everything if p.pid in kin and not p.dead]

    left = _kill_until_gone(members, seconds)
    if not left:
        session_file(folder).unlink(missing_ok=True)
        reap()
    return left


def reap() -> None:
    """Only orphans: the exit code of a family's program or a child in our session belongs to its `wait`."""
    own = {family.pid for family in _families}
    for process in list(_all()):
        if (
            process.dead
            and process.parent == os.getpid()
            and process.pid not in own
            and process.session != os.getsid(0)
        ):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)


def _kin(everything: list[_Process], marks: dict[int, str], sessions: set[int], folder: Path) -> set[int]:
    """Pids that belong to `folder` by session, mark or descent."""
    found = {p.pid for p in everything if p.session in sessions or marks[p.pid] == str(folder)}
    grown = True
    while grown:
        found.discard(os.getpid())
        more = {p.pid for p in everything if p.parent in found} - found - {os.getpid()}
        grown = bool(more)
        found |= more
    return found


def _mark(pid: int) -> str:
    """The work folder in the environment that the process was started with; empty where none is readable."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as stream:  # noqa: PTH123 - once a process; Path is slow
            _, found, rest = b"\0".join((b"", stream.read())).partition(f"\0{FOLDER_MARK}=".encode())
    except OSError:
        return ""
    return rest.partition(b"\0")[0].decode(errors="replace") if found else ""


def _place(pid: int, folder: Path) -> str:
    """`folder` where the process stands in it or holds a file of it open."""
    base = f"/proc/{pid}"
    try:
        places = [f"{base}/cwd", *(f"{base}/fd/{name}" for name in os.listdir(f"{base}/fd"))]  # noqa: PTH208
    except OSError:
        return ""
    for place in places:
        with contextlib.suppress(OSError):
            if f"{os.readlink(place)}/".startswith(f"{folder}/"):  # noqa: PTH115 - as above
                return str(folder)
    return ""


def _all() -> Iterator[_Process]:
    for name in os.listdir("/proc"):  # noqa: PTH208 - as above
        if name.isdigit():
            process = _read(int(name))
            if process is not None:
                yield process


def _read(pid: int) -> _Process | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:  # noqa: PTH123 - as above
            words = stream.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return _Process(pid, int(words[1]), int(words[3]), int(words[19]), words[0] in (b"Z", b"X"))


def _kill_until_gone(members: Callable[[], list[_Process]], seconds: float) -> int:
    """Kill and look again until nobody is left: a process may fork while the list is read."""
    end = time.monotonic() + seconds
    while True:
        left = members()
        remaining = end - time.monotonic()
        if not left or remaining <= 0:
            return len(left)
        handles = [handle for process in left if (handle := _kill(process)) is not None]
        _wait_for(handles, remaining)


def _kill(process: _Process) -> int | None:
    """A pidfd of the killed process, None where it was gone. A pid that was used anew is not touched."""
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return None
    now = _read(process.pid)
    if now is None or now.started != process.started:
        os.close(handle)
        return None
    with contextlib.suppress(ProcessLookupError, PermissionError):
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    return handle


def _wait_for(handles: list[int], seconds: float) -> None:
    """Until each is dead; a pidfd becomes readable then."""
    end = time.monotonic() + seconds
    waiting = select.poll()
    for handle in handles:
        waiting.register(handle, select.POLLIN)
    left = set(handles)
    while left and (remaining := end - time.monotonic()) > 0:
        for handle, _ in waiting.poll(remaining * 1000):
            waiting.unregister(handle)
            left.discard(handle)
    for handle in handles:
        os.close(handle)


def session_file(folder: Path) -> Path:
    """Beside the work folder: which session worked there, for a keeper that finds the folder later."""
    return folder.with_name(f"{folder.name}.session")


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _note_session(folder: Path, pid: int) -> None:
    leader = _read(pid)
    started = leader.started if leader else 0
    facts = {"session": pid, "started": started, "boot": _boot_id()}
    with contextlib.suppress(OSError):  # a full disk only costs the next keeper this one sign
        session_file(folder).write_text(json.dumps(facts), encoding="utf-8")


def _noted_session(folder: Path, everything: list[_Process]) -> set[int]:
    """The session id written for `folder`, if this boot wrote it and no newer process leads that session."""
    try:
        facts = json.loads(session_file(folder).read_text(encoding="utf-8"))
        session, started, boot = int(facts["session"]), int(facts["started"]), str(facts["boot"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    if boot != _boot_id() or session == os.getsid(0):
        return set()
    if any(p.pid == session and p.started != started for p in everything):
        return set()
    return {session}
