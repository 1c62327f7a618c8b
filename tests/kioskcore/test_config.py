import re
import tomllib
from pathlib import Path

import pytest

from kioskcore.config import Config, ConfigError, find_config, load_config
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT


def write(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_commented_file_equals_the_defaults() -> None:
    text = (ROOT / "kiosk_config.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", text)
    assert tomllib.loads(uncommented) == Config().model_dump(mode="json")
    assert load_config(ROOT / "kiosk_config.toml") == Config()


def test_all_faults_at_once_with_line_and_nearest_key(tmp_path: Path) -> None:
    file = write(tmp_path, "[screen]\ntext_sise = 'large'\n\n[idle]\nmenu_seconds = 'x'\n\n[skan]\ndpi = 3\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    told = [(fault.line, fault.key) for fault in caught.value.faults]
    assert told == [(2, "screen.text_sise"), (5, "idle.menu_seconds"), (7, "skan")]
    assert "text_size" in caught.value.faults[0].problem
    assert "scan" in caught.value.faults[2].problem


@pytest.mark.parametrize("text", ["[screen", "a = ", "\x00"])
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
    config = load_config(write(tmp_path, "[scan]\nfolder = 'drop'\n[paths]\nstate = '/var/x'\n"))
    assert config.scan.folder == str(tmp_path / "drop")
    assert config.paths.state == "/var/x"
    assert config.guides.folder == ""


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KioskError, match="CONFIG-MISSING"):
        find_config(str(tmp_path / "none.toml"))
    monkeypatch.setenv("KIOSK_CONFIG", str(write(tmp_path, "")))
    assert find_config(None) == tmp_path / "settings.toml"
