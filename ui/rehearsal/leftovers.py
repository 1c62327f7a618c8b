"""Looks for planted marks after a visit: in files, in deleted files still open, in the memory of processes.

A mark is text that was typed or scanned in the visit. Findings say where and which (by its place in the
list), never the mark itself. What could not be looked at is a finding too, with no mark. Qt-free, Linux.
"""

import contextlib
import errno
import json
import os
import stat
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import quote, quote_plus

_BLOCK = 4 << 20
_HEAD = 4
"""Bytes of a form that are looked for first: marks made to begin alike cost one search for all of them."""
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_NOT_MEMORY = ("[vvar", "[vdso", "[vsyscall", "/dev/")


@dataclass(frozen=True)
class Finding:
    """`mark`: index in the list of marks, None where `place` could not be read. `how`: the encoding, "name"
    of a file, or why it could not be read. `count`: how often.
    """

    place: str
    mark: int | None
    how: str
    count: int = 1


def default_roots() -> list[Path]:
    """Where a program may write: home, temporary and XDG folders, shared memory; those that exist."""
    kinds = ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR")
    names = [*(os.environ.get(f"XDG_{kind}") for kind in kinds), tempfile.gettempdir()]
    names += [str(Path.home()), "/tmp", "/var/tmp", "/dev/shm"]  # noqa: S108 - to look into, not to write
    return [Path(name) for name in dict.fromkeys(names) if name and Path(name).is_dir()]


def search_files(
    marks: Sequence[str],
    roots: Iterable[Path],
    *,
    leave_out: Iterable[Path] = (),
    changed_since: float = 0.0,
) -> list[Finding]:
    """Every file below `roots`: its name, its content, a link's target. Links are not followed.

    `leave_out` (the searcher's own answers file, say) is reported as left out where it is met. Files last
    changed before `changed_since` (seconds since 1970) are looked at by name only: the system's own change
    time cannot be set back, so they cannot hold what came later, and a large home is searched in seconds.
    """
    needles = _Needles(marks)
    apart = {_identity(path) for path in leave_out}
    seen: set[tuple[int, int]] = set()
    found: list[Finding] = []
    waiting = list(roots)
    while waiting:
        path = waiting.pop()
        try:
            facts = path.lstat()
        except FileNotFoundError:
            continue  # gone while we looked: it is no leftover
        except OSError as fault:
            found.append(_unread(needles, path, fault))
            continue
        identity = (facts.st_dev, facts.st_ino)
        found += needles.in_name(path)
        if identity in seen:
            continue
        seen.add(identity)
        if identity in apart:
            found.append(Finding(needles.veiled(str(path)), None, "left out"))
            continue
        try:
            if stat.S_ISDIR(facts.st_mode):
                waiting += path.iterdir()
            elif stat.S_ISLNK(facts.st_mode):
                found += needles.in_bytes(str(path), os.fsencode(path.readlink()))
            elif stat.S_ISREG(facts.st_mode) and facts.st_ctime >= changed_since:
                with path.open("rb", buffering=0) as stream:
                    found += needles.in_blocks(str(path), iter(lambda: stream.read(_BLOCK), b""))
        except FileNotFoundError:
            continue
        except OSError as fault:
            found.append(_unread(needles, path, fault))
    return found


def search_open_files(marks: Sequence[str], pids: Iterable[int]) -> list[Finding]:
    """Files without a name (deleted, memfd) that the processes still hold open."""
    needles = _Needles(marks)
    found: list[Finding] = []
    for pid in pids:
        folder = Path("/proc", str(pid), "fd")
        try:
            for entry in sorted(folder.iterdir()):
                found += _open_file(needles, pid, entry)
        except FileNotFoundError:
            continue  # the process is gone, and what it held with it
        except OSError as fault:
            found.append(_unread(needles, folder, fault))
    return found


def _open_file(needles: "_Needles", pid: int, entry: Path) -> list[Finding]:
    try:
        target = os.readlink(entry)  # noqa: PTH115 - a Path would make "memfd:x (deleted)" look like a place
        if not target.endswith(" (deleted)") or not stat.S_ISREG(entry.stat().st_mode):
            return []
        with entry.open("rb", buffering=0) as stream:  # opened anew: the holder's position stays
            blocks = iter(lambda: stream.read(_BLOCK), b"")
            return needles.in_blocks(f"pid {pid} holds {target}", blocks)
    except FileNotFoundError:
        return []
    except OSError as fault:
        return [_unread(needles, entry, fault)]


def search_memory(marks: Sequence[str], pids: Iterable[int]) -> list[Finding]:
    """Memory of the processes, by a scanner process of its own, so that the marks held here are not met."""
    _Needles(marks)  # refuses bad marks before anything is opened
    return _scanned(pids, {"marks": list(marks)})


def search_everything(
    marks_file: Path, pids: Iterable[int], *, leave_out: Iterable[Path] = (), changed_since: float = 0.0
) -> list[Finding]:
    """Files, open files and memory, for a caller that must not learn the marks: a JSON list in `marks_file`.

    The caller's own memory may then be among what is searched.
    """
    numbers = list(pids)
    places = [str(place) for place in (marks_file, *leave_out)]
    more = {"pids": numbers, "leave_out": places, "changed_since": changed_since}
    return _scanned(numbers, {"marks_file": str(marks_file), "everywhere": more})


def _scanned(pids: Iterable[int], order: dict[str, Any]) -> list[Finding]:
    """This process opens the memory (a parent may, where a stranger may not) and the scanner reads it."""
    found: list[Finding] = []
    with contextlib.ExitStack() as stack:
        work = []
        for pid in pids:
            try:
                work.append(_opened(pid, stack))
            except (FileNotFoundError, ProcessLookupError):
                continue  # gone, and its memory with it
            except OSError as fault:
                found.append(Finding(f"/proc/{pid}/mem", None, type(fault).__name__))
        if not work and "everywhere" not in order:
            return found
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).resolve())],
            input=json.dumps({**order, "work": work}).encode(),
            stdout=subprocess.PIPE,
            pass_fds=[handle for each in work for handle in (each["memory"], each["pages"])],
            check=True,
        )
    return found + [Finding(**each) for each in json.loads(done.stdout)]


class _Opened(TypedDict):
    """A process whose memory is open: descriptors of its mem and pagemap, and its regions."""

    name: str
    memory: int
    pages: int
    regions: list[tuple[int, int, str]]  # first byte, byte after the last, label


def _opened(pid: int, stack: contextlib.ExitStack) -> _Opened:
    base = Path("/proc", str(pid))
    handles = []
    for name in ("mem", "pagemap"):
        handles.append(os.open(base / name, os.O_RDONLY))
        stack.callback(os.close, handles[-1])
    regions = list(_regions((base / "maps").read_text(encoding="utf-8", errors="replace")))
    name = (base / "comm").read_text(encoding="utf-8", errors="replace").strip()
    return {"name": f"pid {pid} ({name})", "memory": handles[0], "pages": handles[1], "regions": regions}


def _regions(maps: str) -> Iterator[tuple[int, int, str]]:
    """What a process can have written: all that is writable, and all that has no file behind it."""
    for line in maps.splitlines():
        span, rights, _, _, inode, *label = line.split(maxsplit=5)
        name = label[0] if label else "anonymous"
        if rights[0] == "r" and (rights[1] == "w" or inode == "0") and not name.startswith(_NOT_MEMORY):
            first, _, last = span.partition("-")
            yield int(first, 16), int(last, 16), name


def _scan(order: dict[str, Any]) -> list[Finding]:
    """The scanner process: every page that is there, region by region; then files, where asked."""
    marks = order.get("marks") or json.loads(Path(order["marks_file"]).read_text(encoding="utf-8"))
    needles = _Needles(marks)
    found: list[Finding] = []
    for each in order["work"]:
        for first, last, label in each["regions"]:
            place = f"{each['name']} memory {label}"
            try:
                found += needles.in_blocks(place, _resident(each["memory"], each["pages"], first, last))
            except OSError as fault:
                found.append(Finding(needles.veiled(place), None, type(fault).__name__))
    if everywhere := order.get("everywhere"):
        out = [Path(place) for place in everywhere["leave_out"]]
        since = everywhere["changed_since"]
        found += search_files(marks, default_roots(), leave_out=out, changed_since=since)
        found += search_open_files(marks, everywhere["pids"])
    return found


def _resident(memory: int, pages: int, first: int, last: int) -> Iterator[bytes]:
    """The blocks of a region that hold any page; reading the others would only make pages of zeros."""
    for start in range(first, last, _BLOCK):
        end = min(start + _BLOCK, last)
        flags = os.pread(pages, (end - start) // _PAGE * 8, start // _PAGE * 8)
        if any(flag & 0xC0 for flag in flags[7::8]):  # some page is present or swapped out
            yield _read_around(memory, start, end)
        else:
            yield bytes(_PAGE)  # what lies on both sides of a gap does not touch


def _read_around(memory: int, start: int, end: int) -> bytes:
    """All that can be read from `start` to `end`; a page that cannot be read (past a file's end) is zeros."""
    parts = []
    while start < end:
        try:
            part = os.pread(memory, end - start, start)
        except OSError as fault:
            if fault.errno != errno.EIO:
                raise
            part = b""
        if not part:
            part = bytes(_PAGE - start % _PAGE)
        parts.append(part)
        start += len(part)
    return b"".join(parts)


class _Needles:
    """The marks in every form in which they may lie about."""

    def __init__(self, marks: Sequence[str]) -> None:
        """Raises ValueError for a mark so short that it would be met by chance."""
        if any(len(mark) < 4 for mark in marks):
            raise ValueError("a mark needs at least 4 letters")
        self._marks = list(marks)
        self.forms: dict[bytes, tuple[int, str]] = {}
        for number, mark in enumerate(marks):
            for form in dict.fromkeys(unicodedata.normalize(kind, mark) for kind in ("NFC", "NFD")):
                self.forms.setdefault(form.encode(), (number, "utf-8"))
                self.forms.setdefault(form.encode("utf-16-le"), (number, "utf-16"))
                for escaped in (quote(form), quote_plus(form)):
                    self.forms.setdefault(escaped.encode(), (number, "url"))
        self._heads: dict[bytes, list[bytes]] = {}
        for one in self.forms:
            self._heads.setdefault(one[:_HEAD], []).append(one)
        self._overlap = max((len(form) for form in self.forms), default=1) - 1

    def in_blocks(self, place: str, blocks: Iterable[bytes]) -> list[Finding]:
        """Blocks that follow each other; a mark may lie across two."""
        counts: Counter[tuple[int, str]] = Counter()
        tail = b""
        for block in blocks:
            window = tail + block
            alike = [forms for head, forms in self._heads.items() if head in window]
            for form in chain.from_iterable(alike):
                if form in window:
                    counts[self.forms[form]] += window.count(form) - tail.count(form)
            tail = window[-self._overlap :] if self._overlap else b""
        veiled = self.veiled(place)
        return [Finding(veiled, mark, how, count) for (mark, how), count in counts.items() if count > 0]

    def in_bytes(self, place: str, content: bytes) -> list[Finding]:
        return self.in_blocks(place, [content])

    def in_name(self, path: Path) -> list[Finding]:
        name = os.fsencode(path.name)
        marks = {number for form, (number, _) in self.forms.items() if form in name}
        return [Finding(self.veiled(str(path)), number, "name") for number in sorted(marks)]

    def veiled(self, place: str) -> str:
        """The place without the marks in it."""
        raw = os.fsencode(place)
        for form in sorted(self.forms, key=len, reverse=True):
            raw = raw.replace(form, b"***")
        return raw.decode(errors="replace")


def _unread(needles: _Needles, path: Path, fault: OSError) -> Finding:
    return Finding(needles.veiled(str(path)), None, type(fault).__name__)


def _identity(path: Path) -> tuple[int, int]:
    facts = path.lstat()
    return facts.st_dev, facts.st_ino


if __name__ == "__main__":
    sys.stdout.write(json.dumps([asdict(finding) for finding in _scan(json.load(sys.stdin))]))
