"""`guides check`: clean on what is shipped, and each planted fault is told with its file."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from guides.check import check_folders
from guides.library import BUILT_IN

TODAY = date(2026, 11, 22)


def test_what_is_shipped_is_clean() -> None:
    faults, count = check_folders([BUILT_IN], TODAY)
    assert [str(fault) for fault in faults] == []
    assert count >= 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BUILT_IN / "1.004873", tmp_path / "1.004873")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("guide.toml", "checked_on = 2026-11-22", "checked_on = 2025-01-01", "stale"),
        ("guide.toml", "checked_on = 2026-11-22", "checked_on = 2027-01-01", "future"),
        ("guide.toml", 'online = "part"', 'online = "part"\nportal_url = "https://a.example"', "host"),
        ("guide.toml", 'picture = "giay-doc-than"', 'picture = "khong-co"', "no_picture"),
        ("guide.toml", 'key = "giay-cu"', 'key = "ly-hon"', "twice"),
        ("guide.toml", 'unverified = ["portal_url"]', 'unverified = ["gia"]', "unknown_name"),
        ("guide.toml", "days = [3]", "days = [4]", "days_missing"),
        ("guide.toml", 'kind = "province"', 'kind = "fixed"\namounts = [8000]', "amount_missing"),
        ("guide.toml", 'kind = "province"', 'kind = "sometimes"', "one_of"),
        ("vi.toml", "Mức phí do tỉnh quyết định.", "0 đồng.", "bare_zero"),
        ("vi.toml", 'text = "Điền', 'text = "Bác điền', "verb_first"),
        ("vi.toml", 'text = "Điền', 'text = "Điền một hai ba bốn năm sáu bảy tám chín mười', "long_sentence"),
        ("vi.toml", 'text = "Điền', 'text = "Chọn tỉnh rồi điền', "two_actions"),
        ("vi.toml", 'text = "Điền', 'text = "Chọn tỉnh, điền', "two_actions"),
        ("vi.toml", "Quên ghi mục đích xin giấy.", "Số 001099000001.", "id_number"),
        ("vi.toml", "[steps.form]", "[steps.khong_co]", "extra_words"),
        ("en.toml", 'receive = "', 'recieve = "', "unknown_key_near"),
        ("en.toml", 'title = "', "title = ", "toml"),
        ("vi.toml", 'title = "Giấy xác nhận tình trạng hôn nhân (giấy độc thân)"', 'title = " "', "missing"),
        ("vi.toml", "Quên ghi mục đích", "Quên\u202e ghi mục đích", "control"),
        ("vi.toml", "Quên ghi mục đích", r"Quên\u0007 ghi mục đích", "control"),
        ("guide.toml", "tình trạng hôn nhân", "tình\u200b trạng hôn nhân", "control"),
        ("guide.toml", "xác nhận tình trạng", "xác minh tình trạng", "other_name"),
        ("vi.toml", "Ủy ban nhân dân xã", "UBND xã", "abbreviation"),
        ("vi.toml", "Quên ghi mục đích", "Anh chị quên ghi mục đích", "address"),
        ("vi.toml", "Mức phí do tỉnh quyết định.", "a" * 36_000, "long_text"),
    ],
)
def test_each_kind_of_fault_is_caught(folder: Path, file: str, old: str, new: str, code: str) -> None:
    target = folder / "1.004873" / file
    text = target.read_text("utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), "utf-8")
    faults, _ = check_folders([BUILT_IN, folder], TODAY)
    found = [fault for fault in faults if fault.code == code]
    assert found, [str(fault) for fault in faults]
    assert found[0].file.startswith("1.004873/") and found[0].problem("vi") and found[0].problem("en")


DAMAGE: list[tuple[str, Callable[[bytes], bytes | None]]] = [
    ("toml", lambda raw: raw.replace(b'"', b"", 1)),
    ("toml", lambda raw: raw[: raw.index(b'"') + 2]),
    ("not_utf8", lambda raw: raw.decode().encode("utf-16")),
    ("missing", lambda _: b""),
    ("missing_file", lambda _: None),
    ("", lambda raw: b"\xef\xbb\xbf" + raw),
]


def test_no_file_of_a_province_is_too_broken_to_be_told(tmp_path: Path) -> None:
    sound = iter(sorted(file.parent.name for file in BUILT_IN.glob("*/guide.toml")))
    expected = {}
    for name in ("guide.toml", "vi.toml", "en.toml"):
        for code, damage in DAMAGE:
            guide = next(sound)
            shutil.copytree(BUILT_IN / guide, tmp_path / guide)
            file = tmp_path / guide / name
            made = damage(file.read_bytes())
            file.unlink()
            if made is not None:
                file.write_bytes(made)
            expected[guide] = "first_file" if (code, name) == ("missing_file", "guide.toml") else code
    faults, _ = check_folders([BUILT_IN, tmp_path], TODAY)
    for guide, code in expected.items():
        told = {fault.code for fault in faults if fault.file.startswith(f"{guide}/")}
        assert code in told if code else not told, (guide, code, told)


def test_a_name_that_the_editor_made_longer_is_told(folder: Path) -> None:
    (folder / "1.004873" / "guide.toml").rename(folder / "1.004873" / "guide.toml.txt")
    (folder / "1.004194" / "vi").mkdir(parents=True)
    (folder / "1.004194" / "vi" / "title.wav").write_bytes(b"")  # recordings alone are no guide
    faults, _ = check_folders([BUILT_IN, folder], TODAY)
    assert [(fault.file, fault.code) for fault in faults] == [("1.004873/en.toml", "first_file")]


def test_a_missing_language_is_told(folder: Path) -> None:
    (folder / "1.004873" / "en.toml").unlink()
    assert "missing_file" in {fault.code for fault in check_folders([BUILT_IN, folder], TODAY)[0]}


def test_the_pictures_are_one_set() -> None:
    files = sorted((BUILT_IN / "pictures").glob("*.svg"))
    assert len(files) >= 50
    for file in files:
        root = ElementTree.fromstring(file.read_text("utf-8"))
        assert root.get("viewBox") == "0 0 48 48" and root.get("stroke-width") == "2.5", file.name
        assert root.get("fill") == "none" and root.find("{http://www.w3.org/2000/svg}title").text
        numbers = [float(one) for one in re.findall(r'\b(?:cx|cy|x|y)="([\d.]+)"', file.read_text("utf-8"))]
        assert all(0 <= number <= 48 for number in numbers), file.name
