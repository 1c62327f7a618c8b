"""The searcher finds what is planted, everywhere it may lie, and never says the mark."""

import json
import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.paths import ROOT
from ui.rehearsal.leftovers import (
    Finding,
    _Needles,
    default_roots,
    search_everything,
    search_files,
    search_memory,
    search_open_files,
)

NAME = "Phạm Thị " + "Thử Nghiệm"
NUMBER = "0912" + "777" + "333"
MARKS = [NAME, NUMBER]


def hits(found: list[Finding]) -> set[tuple[str, int | None, str]]:
    assert not any(mark in str(found) for mark in MARKS)
    return {(Path(one.place).name, one.mark, one.how) for one in found}


def test_every_encoding_in_every_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "plain").write_text(f"x{NAME}y")
    (tmp_path / "a" / "b" / "wide").write_bytes(f"x{NUMBER}y".encode("utf-16-le"))
    (tmp_path / "form").write_text(f"name={quote_plus(NAME)}&n=1")
    (tmp_path / "empty").write_text("")
    (tmp_path / "innocent").write_bytes(os.urandom(99_999))
    (tmp_path / "link").symlink_to(f"/nowhere/{NUMBER}")
    os.mkfifo(tmp_path / "pipe")
    assert hits(search_files(MARKS, [tmp_path])) == {
        ("plain", 0, "utf-8"),
        ("wide", 1, "utf-16"),
        ("form", 0, "url"),
        ("link", 1, "utf-8"),
    }


def test_a_name_of_a_file_is_looked_at_and_veiled(tmp_path: Path) -> None:
    (tmp_path / f"scan of {NUMBER}.pdf").write_text("nothing")
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "inside").write_text(NUMBER)
    found = search_files(MARKS, [tmp_path])
    assert hits(found) == {("scan of ***.pdf", 1, "name"), ("***", 0, "name"), ("inside", 1, "utf-8")}


def test_a_decomposed_name_is_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(unicodedata.normalize("NFD", NAME))
    assert hits(search_files(MARKS, [tmp_path])) == {("a", 0, "utf-8")}


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(0, 5), st.integers(1, 7))
def test_a_mark_across_blocks_is_found_once(noise: list[bytes], place: int, size: int) -> None:
    noise = [part.replace(b"0", b"x") for part in noise]
    content = b"".join([*noise[:place], NUMBER.encode(), *noise[place:]])
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    found = _Needles(MARKS).in_blocks("here", blocks)
    assert found == [Finding("here", 1, "utf-8", 1)]


def test_copies_are_counted(tmp_path: Path) -> None:
    (tmp_path / "many").write_bytes(b"".join(NUMBER.encode() + bytes(3_000_000) for _ in range(3)))
    assert search_files(MARKS, [tmp_path]) == [Finding(str(tmp_path / "many"), 1, "utf-8", 3)]


def test_what_is_left_out_or_unreadable_is_said(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text(NAME)
    found = search_files(MARKS, [tmp_path], leave_out=[tmp_path / "answers.toml"])
    assert found == [Finding(str(tmp_path / "answers.toml"), None, "left out")]
    places = [Path("/proc/self/mem")]  # exists, and cannot be read from its start
    assert search_files(MARKS, places) == [Finding("/proc/self/mem", None, "OSError")]
    assert search_files(MARKS, [tmp_path / "gone"]) == []


def test_only_what_changed_since_may_be_asked_for(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(NUMBER)
    time.sleep(0.05)
    middle = old.stat().st_ctime + 0.02
    new.write_text(NUMBER)
    os.utime(new, (1, 1))  # a program can set this time back, but not the other
    assert hits(search_files(MARKS, [tmp_path], changed_since=middle)) == {("new", 1, "utf-8")}
    assert len(search_files(MARKS, [tmp_path])) == 2


def test_a_mark_that_chance_would_meet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="4 letters"):
        search_files(["An"], [tmp_path])


def test_the_roots_cover_home_temp_xdg_and_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert {tmp_path, Path.home(), Path("/tmp"), Path("/dev/shm")} <= set(default_roots())


HOLDER = """
import ctypes, json, mmap, os, sys, tempfile
order = json.loads(sys.stdin.readline())
mark = "".join(order["parts"])
kept = []
if order["where"] == "heap":
    kept.append(ctypes.create_string_buffer(mark.encode("utf-16-le")))
elif order["where"] == "map":
    kept.append(mmap.mmap(-1, 64 << 20))
    kept[0][40 << 20 : (40 << 20) + len(mark)] = mark.encode()
elif order["where"] == "deleted":
    kept.append(tempfile.TemporaryFile())
    kept[0].write(bytes(5_000_000) + mark.encode())
    kept[0].flush()
elif order["where"] == "memfd":
    kept.append(os.memfd_create("page"))
    os.write(kept[0], mark.encode())
print("ready", flush=True)
sys.stdin.readline()
"""


@contextmanager
def holder(where: str) -> Iterator[int]:
    """A process that holds the number at one place."""
    command = [sys.executable, "-c", HOLDER]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"where": where, "parts": [NUMBER[:4], NUMBER[4:]]}) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n"
    try:
        yield process.pid
    finally:
        process.communicate("\n")


@pytest.mark.parametrize(("where", "how"), [("heap", "utf-16"), ("map", "utf-8")])
def test_memory_of_another_process(where: str, how: str) -> None:
    with holder(where) as pid:
        found = search_memory(MARKS, [pid])
    assert (1, how) in {(one.mark, one.how) for one in found}
    assert all(one.place.startswith(f"pid {pid} (") for one in found)
    assert NUMBER not in str(found)


def test_memory_that_never_held_the_mark_is_clean_although_we_hold_it() -> None:
    process = subprocess.Popen(["sleep", "30"])
    try:
        assert search_memory(MARKS, [process.pid]) == []
    finally:
        process.kill()
        process.wait()
    script = (
        "import os, sys; from ui.rehearsal.leftovers import search_memory\n"
        "print(sorted({one.mark for one in search_memory(sys.argv[1:], [os.getpid()])}))"
    )  # a process of its own: the memory of the tests' is large
    held = subprocess.run([sys.executable, "-c", script, *MARKS], cwd=ROOT, capture_output=True, check=True)
    assert held.stdout.split() == [b"[0,", b"1]"]


@pytest.mark.parametrize("where", ["deleted", "memfd"])
def test_a_file_without_a_name_is_found_while_it_is_open(where: str) -> None:
    with holder(where) as pid:
        found = search_open_files(MARKS, [pid])
    assert [(one.mark, one.how) for one in found] == [(1, "utf-8")]
    assert "deleted" in found[0].place


def test_a_process_that_is_gone_holds_nothing() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert search_memory(MARKS, [process.pid]) == []
    assert search_open_files(MARKS, [process.pid]) == []


def test_memory_that_may_not_be_read_is_said() -> None:
    """As another user: the memory of a root process is closed to it."""
    if os.getuid() != 0:
        pytest.skip("needs root to become another user")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        os.write(writing, repr(search_memory(MARKS, [1])).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as stream:
        assert stream.read() == "[Finding(place='/proc/1/mem', mark=None, how='PermissionError', count=1)]"


def test_it_needs_no_qt() -> None:
    script = "import sys, ui.rehearsal.leftovers; print('PySide6' in sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_everything_at_once_for_a_caller_that_never_learns_the_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, kept = tmp_path / "home", tmp_path / "kept"
    for folder in (home, kept):
        folder.mkdir()
    for name in ("HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(home))
    mark = "canary-" + os.urandom(8).hex()
    (tmp_path / "marks.json").write_text(json.dumps([mark]))
    (kept / "report").write_text(mark)
    found = search_everything(tmp_path / "marks.json", [], leave_out=[kept], changed_since=time.time() - 60)
    assert not any(one.mark is not None for one in found)
    (home / "forgotten").write_text(mark)
    found = search_everything(tmp_path / "marks.json", [], leave_out=[kept], changed_since=time.time() - 60)
    assert ("forgotten", 0, "utf-8") in {(Path(one.place).name, one.mark, one.how) for one in found}
