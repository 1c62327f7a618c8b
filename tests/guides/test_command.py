"""The commands as a technician calls them."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from guides import command
from guides.check import check_folders
from guides.library import BUILT_IN, Library, imported_catalogue, open_library
from kioskcore.config import Config, Guides, Paths, Screen
from kioskcore.errors import KioskError


@pytest.fixture
def config(tmp_path: Path) -> Config:
    folder = tmp_path / "province"
    folder.mkdir()
    return Config(paths=Paths(state=str(tmp_path / "state")), guides=Guides(folder=str(folder)))


def search(config: Config, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_search_arguments(parser)
    return command.run_search(parser.parse_args(arguments), config)


def guides(config: Config, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments), config)


def test_search_prints_json(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(config, "giấy", "độc", "thân", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["results"][0]["code"] == "1.004873"
    assert set(found["results"][0]) == {"code", "name", "why"}
    assert search(config, "bóng đá", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"results": []}


def test_search_prints_lines_in_the_language_set(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    english = replace(config, screen=Screen(languages=("en",)))
    search(english, "tạm trú", "--limit", "1")
    assert capsys.readouterr().out.startswith("1.004194  Register temporary residence")
    search(english, "bóng đá")
    assert "No procedure fits" in capsys.readouterr().out


def test_check_tells_faults_and_ends_with_1(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert guides(config, "check") == 0
    broken = Path(config.guides.folder) / "1.000001"
    broken.mkdir()
    (broken / "guide.toml").write_text("code = 1\n", "utf-8")
    assert guides(config, "check") == 1
    assert "1.000001/guide.toml:1" in capsys.readouterr().err


def test_an_imported_list_is_used_from_then_on(config: Config, tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_text("code,name\n1.000003,Cấp thẻ đọc sách thư viện xã\n", "utf-8")
    assert guides(config, "import", str(source), "--as-of", "2026-12-01") == 0
    library = open_library(config)
    assert library.catalogue.file == imported_catalogue(config)
    assert library.search("thẻ đọc sách thư viện")[0].code == "1.000003"
    source.write_text("code,name\nx,\n", "utf-8")
    assert guides(config, "import", str(source)) == 1
    assert open_library(config).entry("1.000003")


def test_a_new_guide_is_filled_from_the_list_and_passes_the_check(config: Config) -> None:
    assert guides(config, "new", "1.001653") == 0
    folder = Path(config.guides.folder)
    faults, _ = check_folders([BUILT_IN, folder], Library().guide("2.000635").checked_on)
    assert [fault for fault in faults if fault.code not in ("future", "long_sentence")] == []
    made = Library([BUILT_IN, folder]).guide("1.001653")
    assert "khuyết tật" in made.official_name and made.steps and "fee" in made.unverified
    (folder / "1.001653" / "vi.toml").write_text("changed", "utf-8")
    guides(config, "new", "1.001653")
    assert (folder / "1.001653" / "vi.toml").read_text("utf-8") == "changed"


def test_unknown_codes_are_coded_errors(config: Config, tmp_path: Path) -> None:
    for call in (["new", "9.999999"], ["preview", "9.999999"], ["leaflet", "9.999999", "--out", "x.pdf"]):
        with pytest.raises(KioskError) as fault:
            guides(config, *call)
        assert fault.value.code == "GUIDE-UNKNOWN"


def test_prints_are_made_by_code_event_or_all(config: Config, tmp_path: Path) -> None:
    for number, call in enumerate(
        (
            ["leaflet", "2.000986"],
            ["leaflet", "--event", "nha-dat", "--cover", "Đất đai", "--size", "A5"],
            ["poster", "--all", "--per-sheet", "9"],
        )
    ):
        file = tmp_path / f"{number}.pdf"
        assert guides(config, *call, "--out", str(file)) == 0
        assert file.read_bytes().startswith(b"%PDF")
    assert guides(config, "leaflet", "--out", str(tmp_path / "none.pdf")) == 2


def test_preview_shows_everything_an_author_must_see(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guides(config, "preview", "1.004194") == 0
    text = capsys.readouterr().out
    assert "kiểm tra lại trên Cổng" in text and "Thành phần hồ sơ" in text and "11. " in text
    assert guides(config, "preview", "1.000005") == 0
    assert "chưa có hướng dẫn" in capsys.readouterr().out


def test_missing_recordings_are_listed(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guides(config, "clips", "--sheet", str(tmp_path / "sheet.csv")) == 0
    assert "Còn thiếu" in capsys.readouterr().out and (tmp_path / "sheet.csv").is_file()
    (tmp_path / "in").mkdir()
    assert guides(config, "clips", "--take", str(tmp_path / "in")) == 0
