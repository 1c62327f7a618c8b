"""Imported lists: used while whole, ours in place of a damaged one, mended by a new import."""

import argparse
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guides import command, importing
from guides.kept import CARDS, CATALOGUE, imported_cards, imported_catalogue, kept_lists
from guides.library import open_library
from guides.schema import FIELDS
from kioskcore.config import Config, Paths
from kioskcore.doctor import Level, folder_checks
from kioskcore.words import load_words
from tests.guides.test_cards import record
from ui.folders import folder_errors, hold_the_kiosk

DAMAGE: list[Callable[[bytes], bytes]] = [
    lambda _: b"",
    lambda raw: raw[: len(raw) // 2],
    lambda raw: raw[: len(raw) // 2] + bytes(8) + raw[len(raw) // 2 + 8 :],
    lambda _: random.Random(1).randbytes(1000),
]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(paths=Paths(state=str(tmp_path / "state")))


def guides(config: Config, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments), config)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text("mã,tên\n1.900001,Cấp thẻ đọc sách thư viện xã\n", "utf-8")
    return file


def test_a_damaged_list_stops_nothing_is_told_and_is_mended_by_an_import(
    config: Config, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guides(config, "import", str(source), "--as-of", "2026-09-01") == 0
    assert kept_lists(config) == (imported_catalogue(config), CARDS, ())
    assert folder_errors(config) == []
    file = imported_catalogue(config)
    whole = file.read_bytes()
    for damage in DAMAGE:
        file.write_bytes(damage(whole))
        assert kept_lists(config) == (CATALOGUE, CARDS, (file.name,))
    assert open_library(config).search("tạm trú")[0].code == "1.004194"
    (error,) = folder_errors(config)
    assert error.code == "CATALOGUE-DAMAGED" and not hold_the_kiosk([error])
    (check,) = folder_checks(config, [error], load_words([Path("kioskcore/words")])["vi"])
    assert check.level is Level.WARN and "guides import" in check.hint
    capsys.readouterr()
    assert guides(config, "preview", "1.004194") == 0
    assert f"{file.name}: tệp đã nạp bị hỏng" in capsys.readouterr().err
    assert guides(config, "import", str(source), "--as-of", "2026-09-01") == 0
    assert folder_errors(config) == [] and open_library(config).entry("1.900001")


def test_imported_cards_leave_ours_alone(config: Config, tmp_path: Path) -> None:
    ours, records = CARDS.read_bytes(), tmp_path / "records.jsonl"
    records.write_text("", "utf-8")
    assert guides(config, "import", "--cards", str(records)) == 1
    assert not imported_cards(config).exists()
    records.write_text(record(code="1.000005"), "utf-8")
    assert guides(config, "import", "--cards", str(records), "--as-of", "2026-09-01") == 0
    assert CARDS.read_bytes() == ours and open_library(config).guide("1.000005").time == "3 ngày làm việc."
    file = imported_cards(config)
    file.write_bytes(file.read_bytes()[:-20])
    assert kept_lists(config) == (CATALOGUE, CARDS, (file.name,))
    assert open_library(config).guide("1.000080").time == "12 ngày làm việc."


def test_a_few_rows_are_not_taken_for_the_whole_and_there_is_a_way_back(
    config: Config, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["import", str(source), "--whole", "--as-of", "2026-09-01"]
    assert guides(config, *call) == 1 and "--fewer" in capsys.readouterr().err
    assert kept_lists(config).catalogue == CATALOGUE
    assert guides(config, *call, "--fewer") == 0 and open_library(config).entry("1.000656") is None
    assert guides(config, "import", "--back") == 0 and open_library(config).entry("1.000656")
    assert guides(config, "import", "--back") == 0 and open_library(config).entry("1.000656") is None


def test_a_guide_goes_with_its_procedure_to_the_new_code(config: Config, source: Path) -> None:
    source.write_text(
        "mã,tên,mã thay thế\n1.001193,Thủ tục đăng ký khai sinh,9.999100\n9.999100,Đăng ký khai sinh mới,\n",
        "utf-8",
    )
    assert guides(config, "import", str(source), "--as-of", "2026-09-01") == 0
    library = open_library(config)
    birth = library.guide("9.999100")
    assert birth == library.guide("1.001193") and birth.code == "9.999100" and birth.papers and birth.steps
    assert birth.official_name == "Đăng ký khai sinh mới" and birth.portal_url.endswith("keyword=9.999100")
    assert birth.unverified == FIELDS - {"code"} and "1.001193" in birth.sources[-1]
    assert "9.999100" in library.codes() and "1.001193" not in library.codes()
    tile = next(tile for tile in library.tiles() if tile.code == "9.999100")
    assert tile.title["vi"] == library.name("9.999100") == birth.title
    assert library.search("làm khai sinh cho con")[0].code == "9.999100"


def test_two_imports_at_once_lose_nothing_in_silence(
    config: Config, source: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importing.build

    def while_another_ends(*arguments: Any) -> int:
        imported_catalogue(config).write_bytes(b"of another")
        return real(*arguments)

    monkeypatch.setattr(importing, "build", while_another_ends)
    assert guides(config, "import", str(source), "--whole", "--fewer", "--as-of", "2026-09-01") == 1
    assert "lệnh khác" in capsys.readouterr().err
    assert imported_catalogue(config).read_bytes() == b"of another"
    assert [file.name for file in config.state_folder.iterdir()] == [imported_catalogue(config).name]


@pytest.mark.parametrize(("out", "said"), [(".", "thư mục"), ("none/t.sqlite", "không có thư mục")])
def test_a_list_is_written_only_where_one_can(
    config: Config, source: Path, capsys: pytest.CaptureFixture[str], out: str, said: str
) -> None:
    place = source.parent / out
    assert guides(config, "import", str(source), "--out", str(place), "--as-of", "2026-09-01") == 1
    assert said in capsys.readouterr().err and not (source.parent / "none").exists()
