"""The catalogue file: whole, quick, replaced at once or not at all."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from guides.catalogue import Catalogue, Entry, build
from guides.importing import CatalogueError, import_file, read_entries
from guides.kept import CATALOGUE
from kioskcore.errors import KioskError

HEAD = "code,name,category,agency,audience,portal_uuid,replaced_by\n"
UUID = "019d2bfd-867c-72db-b6a7-dcbd8c763807"
ROW = f"1.000001,Thủ tục thử,Hộ tịch,Ủy ban nhân dân cấp xã,Công dân Việt Nam,{UUID},\n"


def test_the_shipped_catalogue_is_whole() -> None:
    catalogue = Catalogue(CATALOGUE)
    entries = list(catalogue.entries())
    assert len(entries) == 5672 == int(catalogue.about()["count"])
    assert catalogue.about()["as_of"] == "2026-07-18"
    assert sum(bool(entry.uuid) for entry in entries) == 5670
    assert catalogue.entry("1.004194").uuid == "019d2bf7-770b-734d-b7fb-5e1995f194f4"
    assert catalogue.entry("9.999999") is None


def test_the_catalogue_opens_in_less_than_150_milliseconds() -> None:
    start = time.perf_counter()
    assert Catalogue(CATALOGUE).entry("2.000635")
    assert time.perf_counter() - start < 0.15


def test_a_missing_or_foreign_file_is_a_coded_error(tmp_path: Path) -> None:
    (tmp_path / "foreign.sqlite").write_bytes(b"no database at all" * 100)
    for name in ("none.sqlite", "foreign.sqlite"):
        with pytest.raises(KioskError) as fault:
            Catalogue(tmp_path / name).entry("1.000001")
        assert fault.value.code == "CATALOGUE-INVALID"


def test_an_import_adds_replaces_and_keeps_the_one_before(tmp_path: Path) -> None:
    target, source = tmp_path / "c.sqlite", tmp_path / "new.csv"
    source.write_text(HEAD + ROW + "1.004194,Đăng ký tạm trú mới,,,,,\n2.000986,Cũ,,,,,3.000722\n", "utf-8")
    assert import_file(source, target, CATALOGUE, "2026-09-01") == (3, 5673)
    catalogue = Catalogue(target)
    assert catalogue.entry("1.004194").name == "Đăng ký tạm trú mới"
    assert catalogue.entry("1.000001").rank == 1.0
    assert catalogue.successor("2.000986") == "3.000722"
    assert catalogue.about()["as_of"] == "2026-07-18"  # three rows make no list young
    assert [catalogue.as_of(code) for code in ("1.004194", "1.000656")] == ["2026-09-01", "2026-07-18"]
    before = target.read_bytes()
    source.write_text(HEAD + ROW + "2.000986,Cũ,,,,,1.000001\n", "utf-8")
    assert import_file(source, target, None, "2026-10-01", fewer=True) == (2, 2)
    assert target.with_name("c.sqlite.previous").read_bytes() == before


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_each_kind_of_file_gives_the_same(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"list.{kind}"
    if kind == "csv":
        file.write_text("\ufeff" + HEAD + ROW, "utf-8")
    elif kind == "xlsx":
        book = Workbook()
        book.active.append(["Mã TTHC", "Tên thủ tục", "Lĩnh vực", "portal_uuid"])
        book.active.append(["1.000001", "Thủ tục thử", "Hộ tịch", "019d2bfd-867c-72db-b6a7-dcbd8c763807"])
        book.save(file)
    else:
        file.write_text(json.dumps({"procedures": [{"code": {"value": "1.000001"}, "name": "Thủ tục thử"}]}))
    assert [(entry.code, entry.name) for entry in read_entries(file).entries] == [("1.000001", "Thủ tục thử")]


def test_all_faults_are_told_and_the_old_list_stays(tmp_path: Path) -> None:
    target, source = tmp_path / "c.sqlite", tmp_path / "new.csv"
    build(target, [Entry("1.000001", "Cũ")], {}, "2026-01-01")
    before = target.read_bytes()
    again = ROW.replace(",\n", ",1.999999\n")
    source.write_text(HEAD + "abc,Tên,,,,,\n1.000002,,,,,,\n1.000003,Tên,,,,xyz,\n" + ROW + again, "utf-8")
    with pytest.raises(CatalogueError) as fault:
        import_file(source, target, target, "2026-09-01")
    told = [(one.line, one.code) for one in fault.value.faults]
    assert told == [(2, "code_shape"), (3, "missing"), (4, "uuid_shape"), (6, "twice"), (6, "no_successor")]
    assert fault.value.code == "CATALOGUE-INVALID" and all(one.problem("en") for one in fault.value.faults)
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b"x,y\n1,2\n"),
        ("a.xlsx", b"PK no zip"),
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.json", b"[" * 100_000),
        ("a.txt", b"code"),
        ("a.csv", "code,name\n1.000001,Đất\n".encode("cp1258", "replace")),
        ("a.csv", b'code,name\n1.000001,"' + b"x" * 200_000),
    ],
)
def test_an_unreadable_list_is_a_coded_error_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CatalogueError) as fault:
        read_entries(tmp_path / name)
    (one,) = fault.value.faults
    assert one.code in TOLD | {"long_cell"} and one.problem("vi") != one.problem("en")
    assert not re.search(r"Errno|codec|Expecting|zip|invalid", one.problem("vi"))


TOLD = {"empty", "csv_not_utf8", "csv_shape", "no_head", "not_xlsx", "json_shape", "json_list", "table_kind"}


@pytest.mark.parametrize(
    "content",
    [
        "mã;tên;thay bằng\r\n1.000001;Thủ tục, thử;\r\n".encode("utf-8-sig"),
        "Danh mục thủ tục\n\nMã TTHC\tTên TTHC\n1.000001\tThủ tục, thử\n".encode("utf-16"),
        'Danh mục của tỉnh,,\n,,\nMã,Tên,x\n1.000001,"Thủ tục, thử",\n'.encode(),
    ],
)
def test_what_a_vietnamese_excel_writes_is_simply_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert [entry.name for entry in read_entries(tmp_path / "a.csv").entries] == ["Thủ tục, thử"]


def test_a_sheet_with_numbers_for_codes_is_read_and_formulas_are_named(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Danh mục"], ["mã", "tên"], [1.0005, "Thủ tục thử"], ['="1.000"&"001"', "Khác"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(CatalogueError) as fault:
        read_entries(tmp_path / "a.xlsx")
    assert [(one.line, one.code) for one in fault.value.faults] == [(4, "formula")]
    book.active.delete_rows(4)
    book.save(tmp_path / "a.xlsx")
    assert read_entries(tmp_path / "a.xlsx").entries[0].code == "1.000500"


def test_nonsense_is_refused_with_its_lines(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "c.sqlite"
    source.write_text(
        "code,name,replaced_by\n1.900001,Tự thay,1.900001\n1.900002,A,1.900003\n1.900003,B,1.900002\n"
        "1.900004,Đâu,1.999999\n1.900005,Đúng,1.004194\n",
        "utf-8",
    )
    with pytest.raises(CatalogueError) as fault:
        import_file(source, target, CATALOGUE, "2026-10-01")
    told = [(one.line, one.code) for one in fault.value.faults]
    assert told == [(2, "successor_ring"), (3, "successor_ring"), (4, "successor_ring"), (5, "no_successor")]
    source.write_text(f"code,name\n1.900001,a\x07b\n1.900002,{'x' * 20_000}\n1.0005,Tên\n", "utf-8")
    with pytest.raises(CatalogueError) as fault:
        import_file(source, target, CATALOGUE, "2026-10-01")
    assert [(one.line, one.code) for one in fault.value.faults] == [
        (2, "control"),
        (3, "long_cell"),
        (4, "code_shape"),
    ]
    assert not target.exists()


@pytest.mark.parametrize("day", ["hôm-qua", "2026-13-01", "01/12/2026", "20261201", "", "2099-01-01"])
def test_a_list_has_a_real_day(tmp_path: Path, day: str) -> None:
    source = tmp_path / "a.csv"
    source.write_text(HEAD + ROW, "utf-8")
    with pytest.raises(CatalogueError) as fault:
        import_file(source, tmp_path / "c.sqlite", None, day)
    assert fault.value.faults[0].code == ("future" if day == "2099-01-01" else "date_shape")


@pytest.mark.parametrize(("name", "code"), [("none.csv", "no_file"), ("folder.csv", "is_folder")])
def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(CatalogueError) as fault:
        read_entries(tmp_path / name)
    assert fault.value.faults[0].code == code


def test_a_list_far_too_long_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,name\n" + "1.000001,x\n" * 50_001, "utf-8")
    with pytest.raises(CatalogueError) as fault:
        read_entries(tmp_path / "a.csv")
    assert fault.value.faults[0].code == "many_rows"


@given(rows=st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6))
def test_any_table_is_read_or_refused_in_words(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("rows") / "a.json"
    file.write_text(json.dumps([dict(zip(("code", "name", "uuid"), row, strict=False)) for row in rows]))
    try:
        read_entries(file)
    except CatalogueError as fault:
        assert all(str(one) for one in fault.faults)
