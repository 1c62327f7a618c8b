from pathlib import Path

import pytest

from kioskcore.errors import KioskError
from kioskcore.ports import ScanJob
from scanner.backends.paint import DPI, papers, photograph, words_for
from scanner.backends.sample import SampleBackend
from scanner.clean.finder.find import find_page
from scanner.pictures import read_picture


def play(folder: Path, source: str, **job: bool) -> int:
    came: list[Path] = []
    SampleBackend().scan(ScanJob(source, **job), folder, came.append, lambda fraction: None)
    return len(came)


def test_one_paper_from_the_glass_three_from_the_feeder(tmp_path: Path) -> None:
    assert play(tmp_path, "sample:") == 1
    assert play(tmp_path, "sample:", feeder=True) == 3


def test_a_script_from_a_file(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("page page\nSCAN-JAM")
    with pytest.raises(KioskError) as caught:
        play(tmp_path, f"sample:@{script}")
    assert caught.value.code == "SCAN-JAM"
    script.write_text("")
    with pytest.raises(KioskError) as caught:
        play(tmp_path, f"sample:@{script}")
    assert caught.value.code == "SCAN-NO-PAPER"


@pytest.mark.parametrize("source", ["sample:dance", "sample:@/no/such/file", "sample:page,SCAN-NOTHING"])
def test_a_script_that_cannot_be_read_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(KioskError) as caught:
        play(tmp_path, source)
    assert caught.value.code == "SCAN-JOB-INVALID"


def test_a_paper_that_is_asked_for_bears_its_title(tmp_path: Path) -> None:
    asked = words_for("Giấy chứng sinh")
    assert (asked["title"], asked["under"]) == ("GIẤY MẪU", "Giấy chứng sinh")
    assert words_for("Giấy tờ chứng minh chỗ ở") in papers()
    assert [words_for("", number) for number in range(3)] == list(papers())
    came: list[Path] = []
    SampleBackend().scan(ScanJob("sample:", paper="Giấy chứng sinh"), tmp_path, came.append, lambda _: None)
    photograph(0, "", "Giấy chứng sinh").save(tmp_path / "same.jpg", quality=92, dpi=(DPI, DPI))
    assert came[0].read_bytes() == (tmp_path / "same.jpg").read_bytes()


def test_the_people_of_the_papers_cannot_exist() -> None:
    for paper in (*papers(), words_for("Giấy chứng sinh")):
        text = " ".join([*paper["lines"], paper["place"]])
        assert "30 tháng 02" in text
        digits = [word for word in text.split() if word.isdigit() and len(word) >= 9]
        assert all(set(word) == {"0"} for word in digits)


@pytest.mark.parametrize("number", range(3))
def test_the_page_is_found_on_its_table(tmp_path: Path, number: int) -> None:
    file = tmp_path / "photo.jpg"
    photograph(number).save(file, quality=92)
    found = find_page(read_picture(file, 120))
    assert found.corners is not None
    assert found.confidence > 0.5


def test_a_paper_looks_the_same_each_time() -> None:
    assert photograph(1).tobytes() == photograph(1).tobytes()
