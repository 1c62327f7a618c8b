"""The commands as a technician calls them."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from guides import command
from guides.check import check_folders
from guides.kept import imported_catalogue
from guides.library import BUILT_IN, Library, open_library
from kioskcore.config import Config, Guides, Paths, Screen
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT


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
    assert guides(config, "import", str(source), "--as-of", "2026-09-01") == 0
    library = open_library(config)
    assert library.catalogue.file == imported_catalogue(config)
    assert library.search("thẻ đọc sách thư viện")[0].code == "1.000003"
    source.write_text("code,name\nx,\n", "utf-8")
    assert guides(config, "import", str(source)) == 1
    assert open_library(config).entry("1.000003")


def test_a_new_guide_is_filled_from_the_list_and_the_check_tells_what_is_left_to_write(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guides(config, "new", "1.001653") == 0
    folder = Path(config.guides.folder)
    faults, _ = check_folders([BUILT_IN, folder], Library().guide("2.000635").checked_on)
    told = [(fault.file, fault.code) for fault in faults if fault.code not in ("future", "long_sentence")]
    assert sorted(told) == [
        ("1.001653/en.toml", "not_translated"),
        ("1.001653/en.toml", "unfinished"),
        ("1.001653/vi.toml", "unfinished"),
    ]
    made = Library([BUILT_IN, folder]).guide("1.001653")
    assert "khuyết tật" in made.official_name and made.steps and "fee" in made.unverified
    (folder / "1.001653" / "vi.toml").write_text("changed", "utf-8")
    capsys.readouterr()
    guides(config, "new", "1.001653")
    assert (folder / "1.001653" / "vi.toml").read_text("utf-8") == "changed"
    assert "đã có từ trước" in capsys.readouterr().out


def test_a_good_guide_is_copied_to_be_changed_and_not_emptied(config: Config) -> None:
    assert guides(config, "new", "2.000986") == 0  # replaced by 3.000722
    folder = Path(config.guides.folder)
    ours = Library().guide("3.000722")
    assert Library([BUILT_IN, folder]).guide("3.000722") == ours
    assert (folder / "3.000722" / "vi.toml").read_bytes() == (ours.folder / "vi.toml").read_bytes()


def test_writing_where_one_cannot_is_said_in_words(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for out in (tmp_path / "none" / "x.pdf", tmp_path):
        assert guides(config, "leaflet", "1.004194", "--out", str(out)) == 1
        told = capsys.readouterr().err
        assert ("thư mục" in told) and "Errno" not in told


def test_a_replaced_code_shows_its_successor(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert guides(config, "preview", "2.000986") == 0
    text = capsys.readouterr().out
    assert "thay bằng mã 3.000722" in text and Library().guide("3.000722").title in text


def test_a_faulty_guide_of_the_province_is_told_and_ours_serves(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Path(config.guides.folder) / "1.004194"
    broken.mkdir()
    (broken / "guide.toml").write_text("code = 1\n", "utf-8")
    assert search(config, "tạm trú", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["results"][0]["code"] == "1.004194" and "1.004194/guide.toml:1" in told.err


def test_calls_that_mean_nothing_are_refused(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(config, "  ") == 2
    assert guides(config, "clips", "--language", "../x") == 2
    assert "tên tiếng" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        search(config, "tạm trú", "--limit", "-3")
    assert "từ 1 đến 100" in capsys.readouterr().err


def test_the_same_code_twice_is_one_leaflet_and_an_unknown_language_is_said(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.pdf"
    call = ["leaflet", "2.000986", "3.000722", "3.000722", "--language", "xx", "--out", str(file)]
    assert guides(config, *call) == 0
    told = capsys.readouterr()
    assert "gồm 1 thủ tục" in told.out and "“xx”" in told.err


@pytest.mark.parametrize("call", ["search", "preview"])
def test_a_reader_that_goes_away_is_no_matter(call: str, tmp_path: Path) -> None:
    words = ["search", "khai sinh"] if call == "search" else ["guides", "preview", "1.004194"]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        done = subprocess.run(
            [sys.executable, "-W", "error", str(ROOT / "kiosk.py"), *words],
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
            env={key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"},
        )
    assert done.returncode == 0 and done.stderr == b""


def test_a_faulty_file_hides_no_other_fault(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    place = Path(config.guides.folder) / "1.004194"
    shutil.copytree(BUILT_IN / "1.004194", place)
    facts, english = place / "guide.toml", place / "en.toml"
    facts.write_text(facts.read_text("utf-8").replace('online = "', "online = 1 # "), "utf-8")
    english.write_text(f"title = 5\n{english.read_text('utf-8').partition(chr(10))[2]}", "utf-8")
    words = place / "vi.toml"
    words.write_text(words.read_text("utf-8").replace('fee = "', 'fee = "' + "dài " * 21), "utf-8")
    other = Path(config.guides.folder) / "1.004873"
    shutil.copytree(BUILT_IN / "1.004873", other)
    long = (other / "vi.toml").read_text("utf-8").replace('fee = "', 'fee = "' + "dài " * 21)
    (other / "vi.toml").write_text(long, "utf-8")
    assert guides(config, "check") == 1
    told = capsys.readouterr().err
    for said in ("1.004194/guide.toml", "en.toml:1: title: ở đây phải là chữ", "vi.toml", "câu dài"):
        assert said in told
    assert "Input should" not in told
    assert guides(config, "check", str(place / "none")) == 1


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
    text = capsys.readouterr().out
    assert "chưa có hướng dẫn" in text and "Các bước" not in text and "Hay bị sai" not in text
    assert guides(config, "preview", "kiem-tra-sim") == 0
    assert "Qua mạng" not in capsys.readouterr().out
    assert guides(config, "preview", "nuoc-sach") == 0
    assert "https" not in capsys.readouterr().out  # the portal has nothing on it


def test_missing_recordings_are_listed(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guides(config, "clips", "--sheet", str(tmp_path / "sheet.csv")) == 0
    assert "Còn thiếu" in capsys.readouterr().out and (tmp_path / "sheet.csv").is_file()
    (tmp_path / "in").mkdir()
    assert guides(config, "clips", "--take", str(tmp_path / "in")) == 1
