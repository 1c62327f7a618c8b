"""Page pictures of a command never outlive it: ended politely, by Ctrl+C or killed outright."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kioskcore.paths import ROOT
from scanner.spare import spare_folder

RUN = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from scanner.spare import ending_cleanly, spare_folder
with ending_cleanly(), spare_folder(Path(sys.argv[2])) as folder:
    (folder / "page.png").write_bytes(b"a page")
    print("begun", flush=True)
    time.sleep(60)
"""


def begun(root: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", RUN, str(ROOT), str(root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline() == "begun\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_polite_end_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    process = begun(tmp_path)
    assert [file.name for file in tmp_path.glob("kiosk-scan-*/*")] == ["page.png"]
    process.send_signal(number)
    assert process.wait(10) == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_the_next_run_sweeps_what_a_killed_one_left_but_not_a_living_one(tmp_path: Path) -> None:
    killed, living = begun(tmp_path), begun(tmp_path)
    try:
        killed.kill()
        killed.wait(10)
        assert len(list(tmp_path.glob("kiosk-scan-*"))) == 2
        (tmp_path / "kiosk-scan-link").symlink_to(ROOT)
        with spare_folder(tmp_path) as own:
            assert own.stat().st_mode & 0o777 == 0o700
            assert len(list(tmp_path.glob("kiosk-scan-*/page.png"))) == 1
        assert len(list(tmp_path.glob("kiosk-scan-*"))) == 2 and (ROOT / "kiosk.py").is_file()
    finally:
        living.kill()
        living.wait(10)


def test_ctrl_c_in_the_command_is_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "kiosk.py"), "scan", "--source", "phone:", "--out", "out.pdf"]
    (tmp_path / "c.toml").write_text('[scan]\nphone_network = "127.0.0.0/16"\n')
    process = subprocess.Popen(
        [*command, "--config", "c.toml"], cwd=tmp_path, stderr=subprocess.PIPE, env={**os.environ}, text=True
    )
    assert process.stderr is not None
    with process.stderr as stream:
        said = ""
        end = time.monotonic() + 20
        while "http://" not in said and time.monotonic() < end:
            said += stream.readline()
        process.send_signal(signal.SIGINT)
        rest = stream.read()
    assert process.wait(10) == 130
    assert "Traceback" not in rest and "Đã dừng" in rest and "không mã hóa" in said
