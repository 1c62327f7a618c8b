"""Families of processes on Windows: a Job Object that closes with the keeper takes every descendant along.

NOT YET RUN: written from the Win32 documentation and type-checked only; the first Windows machine has to
prove it with tests/kioskcore/test_keeper_processes.py.
"""

import contextlib
import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from ctypes import wintypes
from pathlib import Path
from typing import IO, cast

from kioskcore.environment import without_foreign
from kioskcore.family import FOLDER_MARK, quiet_stderr

assert sys.platform == "win32"

_EXTENDED_LIMIT = 9
_ACCOUNTING = 1
_KILL_ON_CLOSE = 0x2000
_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.CreateJobObjectW.restype = wintypes.HANDLE
_kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
_kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
_kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
_kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
_information = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
_kernel.SetInformationJobObject.argtypes = _information
_kernel.QueryInformationJobObject.argtypes = (*_information, ctypes.c_void_p)


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class _Accounting(ctypes.Structure):
    _fields_ = (
        ("Times", ctypes.c_int64 * 4),
        ("TotalPageFaultCount", wintypes.DWORD),
        ("TotalProcesses", wintypes.DWORD),
        ("ActiveProcesses", wintypes.DWORD),
        ("TotalTerminatedProcesses", wintypes.DWORD),
    )


def own_descendants() -> None:
    """Nothing to do: a Job Object keeps orphans by itself."""


def start(command: Sequence[str], folder: Path, extra: dict[str, str]) -> "WindowsFamily":
    job = _kernel.CreateJobObjectW(None, None)
    if not job:
        raise ctypes.WinError(ctypes.get_last_error())
    limits = _ExtendedLimits()
    limits.BasicLimitInformation.LimitFlags = _KILL_ON_CLOSE
    size = ctypes.sizeof(limits)
    _checked(_kernel.SetInformationJobObject(job, _EXTENDED_LIMIT, ctypes.byref(limits), size))
    program = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=quiet_stderr(),
        env={**without_foreign(os.environ), **extra, FOLDER_MARK: str(folder)},
        creationflags=subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW,
    )
    handle = cast(int, getattr(program, "_handle"))  # noqa: B009 - the only way to the handle Popen holds
    if not _kernel.AssignProcessToJobObject(job, handle):
        program.kill()
        raise ctypes.WinError(ctypes.get_last_error())
    return WindowsFamily(program, job)


class WindowsFamily:
    def __init__(self, program: "subprocess.Popen[bytes]", job: int) -> None:
        self.pid = program.pid
        self.stdin = cast(IO[bytes], program.stdin)
        self.stdout = cast(IO[bytes], program.stdout)
        self._program = program
        self._job: int | None = job

    def wait(self, seconds: float | None = None) -> int | None:
        try:
            return self._program.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self, seconds: float) -> int:
        if self._job is None:
            return 0
        _kernel.TerminateJobObject(self._job, 1)
        end = time.monotonic() + seconds
        self.wait(seconds)
        while (left := self._active()) and time.monotonic() < end:
            time.sleep(0.01)
        if not left:
            _kernel.CloseHandle(self._job)
            self._job = None
            for pipe in (self.stdin, self.stdout):
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()
        return left

    def pids(self) -> list[int]:
        return [self.pid] if self._active() else []

    def _active(self) -> int:
        if self._job is None:
            return 0
        facts = _Accounting()
        size = ctypes.sizeof(facts)
        _checked(_kernel.QueryInformationJobObject(self._job, _ACCOUNTING, ctypes.byref(facts), size, None))
        return int(facts.ActiveProcesses)


def end_leftovers(folder: Path, seconds: float) -> int:
    """Nobody can be left: closing the job with the keeper's death killed them."""
    return 0


def reap() -> None:
    """Windows has no zombies."""


def _checked(worked: int) -> None:
    if not worked:
        raise ctypes.WinError(ctypes.get_last_error())
