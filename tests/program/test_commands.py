"""The program as a technician starts it: real processes, real exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kioskcore.paths import ROOT


def kiosk(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "kiosk.py"), *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
        cwd="/",
    )


def settings(folder: Path, text: str = "") -> str:
    file = folder / "kiosk_config.toml"
    file.write_text(f"{text}\n[paths]\nstate = 'state'\nwork = 'work'\n", encoding="utf-8")
    return str(file)


def test_help_in_vietnamese_and_english() -> None:
    told = kiosk("--help").stdout
    for name in ("run", "rehearse", "scan", "search", "doctor", "config-check", "counts"):
        assert f"    {name} " in told
    assert "mở kiosk" in told and "open the kiosk" in told


@pytest.mark.parametrize("command", ["run", "rehearse", "scan", "search", "guides", "counts", "doctor"])
def test_every_command_has_help_and_takes_settings(command: str) -> None:
    done = kiosk(command, "--help")
    assert done.returncode == 0 and "--config" in done.stdout


def test_settings_that_are_right(tmp_path: Path) -> None:
    assert kiosk("config-check", settings(tmp_path)).returncode == 0


def test_settings_that_are_wrong_are_told_with_line_and_nearest_key(tmp_path: Path) -> None:
    done = kiosk("config-check", settings(tmp_path, "[screen]\ntext_sise = 'x'\n[idle]\nmenu_seconds = -1"))
    assert done.returncode == 3
    assert "CONFIG-INVALID" in done.stderr
    assert "2" in done.stderr and "text_size" in done.stderr and "menu_seconds" in done.stderr


def test_settings_that_are_not_there() -> None:
    done = kiosk("doctor", "--config", "/nowhere/kiosk_config.toml")
    assert done.returncode == 3 and "CONFIG-MISSING" in done.stderr


def test_no_display_is_said_in_words(tmp_path: Path) -> None:
    gone = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = kiosk("run", "--config", settings(tmp_path), **gone)
    assert done.returncode == 5 and "DISPLAY-MISSING" in done.stderr


def test_doctor_names_every_scan_source(tmp_path: Path) -> None:
    found = json.loads(kiosk("doctor", "--json", "--config", settings(tmp_path)).stdout)
    names = {check["name"] for check in found}
    assert {"scan.sane", "scan.folder", "sandbox", "disk_space"} <= names


def test_search_answers_in_json(tmp_path: Path) -> None:
    done = kiosk("search", "xac nhan doc than", "--json", "--config", settings(tmp_path))
    assert json.loads(done.stdout)["results"][0]["code"] == "1.004873"


def test_counts_begin_empty(tmp_path: Path) -> None:
    done = kiosk("counts", "--json", "--config", settings(tmp_path))
    assert done.returncode == 0
    json.loads(done.stdout)
