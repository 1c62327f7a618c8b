"""The program as a technician starts it: real processes, real exit codes."""

import json
import os
import re
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
        assert re.search(rf"(?m)^    {name}\b", told)
    for inner in ("visit", "scan-child", "practice-portal"):
        assert not re.search(rf"(?m)^    {inner}\b", told) and kiosk(inner, "--help").returncode == 0
    assert "mở kiosk" in told and "open the kiosk" in told


@pytest.mark.parametrize("command", ["run", "rehearse", "scan", "search", "guides", "counts", "doctor"])
def test_every_command_has_help_and_takes_settings(command: str) -> None:
    done = kiosk(command, "--help")
    assert done.returncode == 0 and "--config" in done.stdout


def test_settings_that_are_right(tmp_path: Path) -> None:
    assert kiosk("config-check", settings(tmp_path)).returncode == 0


def test_a_work_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    file = tmp_path / "kiosk_config.toml"
    file.write_text("[paths]\nstate = 'state'\nwork = '/proc/no/such/place'\n", encoding="utf-8")
    done = kiosk("config-check", str(file))
    assert done.returncode != 0 and "WORK-FOLDER" in done.stderr


def test_settings_that_are_wrong_are_told_with_line_and_nearest_key(tmp_path: Path) -> None:
    done = kiosk("config-check", settings(tmp_path, "[screen]\ntext_sise = 'x'\n[idle]\nmenu_seconds = -1"))
    assert done.returncode == 3
    assert "CONFIG-INVALID" in done.stderr
    assert "2" in done.stderr and "text_size" in done.stderr and "menu_seconds" in done.stderr


def test_settings_that_are_not_there() -> None:
    done = kiosk("doctor", "--config", "/nowhere/kiosk_config.toml")
    assert done.returncode == 3 and "CONFIG-MISSING" in done.stderr
    assert kiosk("--config", "/nowhere/kiosk_config.toml", "doctor").stderr == done.stderr


def test_a_command_that_is_none_is_told_those_that_are() -> None:
    done = kiosk("blah")
    assert done.returncode == 2 and "rehearse" in done.stderr and "scan-child" not in done.stderr


def test_no_display_is_said_in_words(tmp_path: Path) -> None:
    gone = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = kiosk("run", "--config", settings(tmp_path), **gone)
    assert done.returncode == 5 and "DISPLAY-MISSING" in done.stderr


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root is refused")
@pytest.mark.parametrize("command", [["run"], ["rehearse", "--out", "."]])
def test_root_is_refused_in_words(tmp_path: Path, command: list[str]) -> None:
    given = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": ""}
    done = kiosk(*command, "--config", settings(tmp_path), **given)
    assert done.returncode == 5 and "ROOT-REFUSED" in done.stderr
    assert not (tmp_path / "work").exists()


def wrong_folders(folder: Path) -> str:
    """Settings that name a folder of sites with two faults and a folder of guides with one."""
    for name in ("sites", "guides/khai-bao"):
        (folder / name).mkdir(parents=True)
    (folder / "sites" / "xa.toml").write_text("id = 'xa'\nhosts = ['a b']\n", encoding="utf-8")
    (folder / "guides" / "khai-bao" / "guide.toml").write_text("colour = 'red'\n", encoding="utf-8")
    return settings(folder, "[portal]\nsites_folder = 'sites'\n[guides]\nfolder = 'guides'\n")


@pytest.mark.parametrize(
    "command", [["config-check"], ["doctor"], ["run"], ["run", "--practice"], ["rehearse", "--out", "."]]
)
def test_faults_in_site_files_and_guides_are_told_before_any_citizen(
    tmp_path: Path, command: list[str]
) -> None:
    done = kiosk(*command, "--config", wrong_folders(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 3, done.stderr
    assert "SITE-INVALID" in done.stderr and "GUIDE-INVALID" in done.stderr
    for told in ("xa.toml: hosts", "xa.toml: name", "xa.toml: checked_on", "khai-bao", "colour"):
        assert told in done.stderr
    assert not (tmp_path / "work").exists()


def test_a_faulty_guide_of_the_province_is_told_and_does_not_hold_the_kiosk(tmp_path: Path) -> None:
    wrong_folders(tmp_path)
    file = settings(tmp_path, "[guides]\nfolder = 'guides'\n")
    gone = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = kiosk("run", "--config", file, **gone)
    assert done.returncode == 5 and "GUIDE-INVALID" in done.stderr and "DISPLAY-MISSING" in done.stderr
    done = kiosk("config-check", file)
    assert done.returncode == 3 and "colour" in done.stderr


def test_folders_of_sites_and_guides_without_a_fault_are_no_matter(tmp_path: Path) -> None:
    for name in ("sites", "guides"):
        (tmp_path / name).mkdir()
    file = settings(tmp_path, "[portal]\nsites_folder = 'sites'\n[guides]\nfolder = 'guides'\n")
    assert kiosk("config-check", file).returncode == 0
    names = {check["name"] for check in json.loads(kiosk("doctor", "--json", "--config", file).stdout)}
    assert {"sites", "guides"} <= names


def test_refusals_speak_the_first_language_of_the_settings(tmp_path: Path) -> None:
    file = settings(tmp_path, "[screen]\nlanguages = ['en', 'vi']\n")
    gone = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    assert "There is no screen" in kiosk("run", "--config", file, **gone).stderr


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


RECORD = '{"code": "1.000009", "isWard": true, "subjectTypesDetails": [{"name": "Công dân Việt Nam"}]}'


@pytest.mark.parametrize(
    ("arguments", "name", "text", "told"),
    [
        ([], "danh-muc.csv", "code,name\n1.000003,Cấp thẻ đọc sách\n", "5673"),
        (["--cards", "--out", "the.gz"], "records.jsonl", RECORD, "1"),
    ],
)
def test_an_import_takes_its_own_file_and_not_settings(
    tmp_path: Path, arguments: list[str], name: str, text: str, told: str
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    placed = [str(tmp_path / one) if one.endswith(".gz") else one for one in arguments]
    done = kiosk("guides", "--config", settings(tmp_path), "import", str(file), *placed)
    assert done.returncode == 0, done.stderr
    assert told in done.stdout
