import json
import re
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from kioskcore.config import Config, ConfigError, find_config, hand_over, handed_over, load_config
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT


def write(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_commented_file_equals_the_defaults() -> None:
    text = (ROOT / "kiosk_config.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", text)
    assert tomllib.loads(uncommented) == json.loads(json.dumps(asdict(Config())))
    assert load_config(ROOT / "kiosk_config.toml") == Config()


def test_all_faults_at_once_with_line_and_nearest_key(tmp_path: Path) -> None:
    file = write(tmp_path, "[screen]\ntext_sise = 'large'\n\n[idle]\nmenu_seconds = 'x'\n\n[skan]\ndpi = 3\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    told = [(fault.line, fault.key) for fault in caught.value.faults]
    assert told == [(2, "screen.text_sise"), (5, "idle.menu_seconds"), (7, "skan")]
    assert "text_size" in caught.value.faults[0].problem
    assert "scan" in caught.value.faults[2].problem


@pytest.mark.parametrize("text", ["[screen", "a = ", "\x00", "a = " + "[" * 100_000, "a = " + "1" * 10_000])
def test_broken_toml_names_the_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, "# one\n" + text))
    assert caught.value.faults[0].line == 2


def test_not_utf8_is_told(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"\xff\xfe[screen]")
    with pytest.raises(ConfigError):
        load_config(file)


def test_relative_folders_are_meant_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    config = load_config(write(tmp_path, "[scan]\nfolder = 'drop'\n[paths]\nstate = '/var/x'\n"))
    assert config.scan.folder == str(tmp_path / "drop")
    assert config.paths.state == "/var/x"
    assert config.guides.folder == ""


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KioskError, match="CONFIG-MISSING"):
        find_config(str(tmp_path / "none.toml"))
    monkeypatch.setenv("KIOSK_CONFIG", str(write(tmp_path, "")))
    assert find_config(None) == tmp_path / "settings.toml"


def test_a_folder_given_as_the_settings_file_is_said_as_such(tmp_path: Path) -> None:
    with pytest.raises(KioskError) as caught:
        find_config(str(tmp_path))
    assert caught.value.code == "CONFIG-FOLDER" and caught.value.facts["file"] == str(tmp_path)


def test_a_mark_before_the_first_letter_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"\xef\xbb\xbf[idle]\nmenu_seconds = 33\n")
    assert load_config(file).idle.menu_seconds == 33


def only_fault(folder: Path, text: str) -> tuple[int, str, str]:
    with pytest.raises(ConfigError) as caught:
        load_config(write(folder, text))
    (fault,) = caught.value.faults
    return fault.line, fault.key, fault.problem


@pytest.mark.parametrize(
    "home", ["", "dichvucong.gov.vn", "ftp://a.gov.vn/", "http://", "https://a b.vn/", "http://127.0.0.1:x/"]
)
def test_home_must_be_a_web_address(tmp_path: Path, home: str) -> None:
    line, key, problem = only_fault(tmp_path, f"[portal]\n# the home page\nhome = '{home}'\n")
    assert (line, key) == (3, "portal.home") and "https://" in problem and "phải" in problem


@pytest.mark.parametrize(
    "home", ["http://127.0.0.1:8080/", "https://dichvucong.gov.vn/", "http://[::1]:81/a"]
)
def test_addresses_that_home_may_have(tmp_path: Path, home: str) -> None:
    assert load_config(write(tmp_path, f"[portal]\nhome = '{home}'\n")).portal.home == home


@pytest.mark.parametrize("languages", [[], ["fr"], ["vi", "tieng viet"]])
def test_a_language_needs_words(tmp_path: Path, languages: list[str]) -> None:
    line, key, problem = only_fault(tmp_path, f"[screen]\nlanguages = {languages}\n")
    assert (line, key) == (2, "screen.languages") and "vi, en" in problem
    assert all(language in problem for language in languages if language != "vi")


@pytest.mark.parametrize(
    "key", ["portal.sites_folder", "guides.folder", "scan.folder", "scan.sane_config_dir"]
)
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, key: str) -> None:
    section, name = key.split(".")
    text = f"[{section}]\n{name} = 'nowhere'\n"
    told = only_fault(tmp_path, text)
    assert told[:2] == (2, key) and str(tmp_path / "nowhere") in told[2]
    (tmp_path / "nowhere").write_text("a file")
    assert only_fault(tmp_path, text) == told
    assert load_config(write(tmp_path, text), look_at_folders=False)


@pytest.mark.parametrize(
    ("text", "vietnamese", "english"),
    [
        ("idle.menu_seconds = 'a'", "số nguyên", "whole number"),
        ("idle.menu_seconds = 1.5", "số nguyên", "whole number"),
        ("idle.menu_seconds = 1", "từ 5 trở lên", "at least 5"),
        ("scan.dpi = 9999", "từ 600 trở xuống", "at most 600"),
        ("scan.budget_mb = 'a'", "phải là số", "a number"),
        ("scan.budget_mb = 0", "lớn hơn 0", "more than 0"),
        ("point.name = 5", "ngoặc kép", "text in quotes"),
        ("practice.on = 'maybe'", "true hoặc false", "true or false"),
        ("scan.sources = 'sane'", "danh sách", "a list"),
        ("keyboard.method = 'vntelex'", "'telex', 'vni'", "must be one of 'telex', 'vni'"),
        ("point.code = 'Điểm 1'", "khớp mẫu", "pattern"),
        ("scan = 5", "ngoặc vuông", "[section]"),
        ("scan.phone_network = 'x'", "mạng nội bộ", "private network"),
        ("scan.phone_network = '8.8.8.0/24'", "mạng nội bộ", "private network"),
    ],
)
def test_faults_are_told_in_plain_words(tmp_path: Path, text: str, vietnamese: str, english: str) -> None:
    line, key, problem = only_fault(tmp_path, text)
    assert (line, key) == (1, text.split(" = ", maxsplit=1)[0])
    assert vietnamese in problem and english in problem
    for raw in ("Input", "Value error", "valid "):
        assert raw not in problem


def test_a_visit_takes_over_what_its_keeper_has_read(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    text = "[screen]\nlanguages = ['vi']\n[scan]\nfolder = 'drop'\nbudget_mb = 2\nescl_devices = ['a', 'b']\n"
    config = load_config(write(tmp_path, text))
    hand_over(config, tmp_path)
    assert handed_over(tmp_path) == config


@pytest.mark.parametrize("left", ["", "{", "[]", '{"point": 3}', '{"point": {"strange": 1}}'])
def test_what_is_no_handing_over_is_read_anew(tmp_path: Path, left: str) -> None:
    assert handed_over(tmp_path) is None
    (tmp_path / "settings.json").write_text(left)
    assert handed_over(tmp_path) is None


def test_a_full_disk_does_not_keep_a_visit_from_starting(tmp_path: Path) -> None:
    hand_over(Config(), tmp_path / "gone")
    assert handed_over(tmp_path / "gone") is None


def test_settings_taken_over_come_without_the_checker(tmp_path: Path) -> None:
    hand_over(Config(), tmp_path)
    code = (
        "import sys; from pathlib import Path; from kioskcore.config import handed_over\n"
        "assert handed_over(Path(sys.argv[1])); assert 'pydantic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT)
