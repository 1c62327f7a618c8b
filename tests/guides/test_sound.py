"""Sentences as spoken, and recordings beside the words."""

import csv
import math
import struct
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.library import BUILT_IN, Library
from guides.sound import LOUDNESS, clip, import_clips, lines, missing, write_sheet
from guides.speech import number_words, spoken

LIBRARY = Library([BUILT_IN])
GUIDE = LIBRARY.guide("2.000635")


def tone(file: Path, loudness: float, seconds: float = 0.5, width: int = 2) -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(width)
        sound.setframerate(8000)
        samples = [round(loudness * math.sin(number / 5)) for number in range(int(8000 * seconds))]
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples) if width == 2 else bytes(len(samples)))


def level(file: Path) -> float:
    with wave.open(str(file), "rb") as sound:
        data = struct.unpack(f"<{sound.getnframes()}h", sound.readframes(sound.getnframes()))
    return 20 * math.log10(math.sqrt(sum(one * one for one in data) / len(data)) / 32768)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("8.000 đồng", "tám nghìn đồng"),
        ("115.000 đồng", "một trăm mười lăm nghìn đồng"),
        ("ngày 22/11/2026", "ngày hai mươi hai tháng mười một năm hai nghìn không trăm hai mươi sáu"),
        ("tờ khai CT01", "tờ khai xê tê không một"),
        ("mã 2.000635", "mã hai không không không sáu ba năm"),
        ("Nhắn TTTB gửi 1414", "Nhắn tê tê tê bê gửi một bốn một bốn"),
        ("Gọi 18001096", "Gọi một tám không không một không chín sáu"),
        ("Mở VNeID, quét mã QR", "Mở vi en ai đi, quét mã quy a"),
        ("21 ngày, 105 trang", "hai mươi mốt ngày, một trăm lẻ năm trang"),
        ("Giấy nhỏ nhất là 3,4 MB", "Giấy nhỏ nhất là ba phẩy bốn mê ga bai"),
    ],
)
def test_numbers_dates_and_letters_are_spoken_in_words(written: str, said: str) -> None:
    assert spoken(written, "vi") == said


def test_nothing_that_a_guide_says_keeps_a_digit_when_spoken() -> None:
    for code in LIBRARY.codes():
        for line in lines(LIBRARY.guide(code)):
            assert not any(letter.isdigit() for letter in line.speech), line


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_every_number_has_words_without_gaps(value: int) -> None:
    words = number_words(value)
    assert words and "  " not in words and words == words.strip()


def test_a_language_without_rules_keeps_its_text() -> None:
    assert spoken("8.000 dda", "xx") == "8.000 dda"


def test_recordings_come_in_equally_loud_and_are_found(tmp_path: Path) -> None:
    """A made-up language, "xx": sound beside the Vietnamese text."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    tone(source / "2.000635__steps.form.wav", 300)
    tone(source / "shared__steps.login.wav", 30000)
    count, faults = import_clips(source, target, "xx", [GUIDE])
    assert (count, faults) == (2, [])
    for found in (
        clip(GUIDE, "xx", "steps.form", [target]),
        clip(GUIDE, "xx", "steps.login", [target]),
    ):
        assert found is not None and abs(level(found) - LOUDNESS) < 1.5
    assert clip(GUIDE, "xx", "steps.done", [target]) is None
    text = LIBRARY.guide("2.000635", "xx")
    assert text.steps[0].text == GUIDE.steps[0].text and not text.complete


def test_a_shared_recording_is_not_used_for_a_guides_own_words(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    tone(source / "shared__steps.form.wav", 3000)
    import_clips(source, target, "xx", [GUIDE])
    assert "steps.form" in GUIDE.own
    assert clip(GUIDE, "xx", "steps.form", [target]) is None


def test_wrong_recordings_are_told_one_by_one(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    tone(source / "2.000635__steps.nothing.wav", 3000)
    tone(source / "2.000635__steps.form.wav", 1)
    tone(source / "2.000635__steps.done.wav", 3000, width=1)
    (source / "2.000635__title.wav").write_bytes(b"no sound")
    count, faults = import_clips(source, tmp_path / "out", "xx", [GUIDE])
    assert count == 0
    assert sorted(fault.code for fault in faults) == ["clip_name", "clip_silent", "clip_wav", "clip_width"]
    assert not any(word in fault.problem("vi") for fault in faults for word in ("silent", "codec", "fmt"))
    for place, code in ((tmp_path / "none", "no_folder"), (tmp_path, "no_clips")):
        taken, told = import_clips(place, tmp_path / "out", "xx", [GUIDE])
        assert taken == 0 and [fault.code for fault in told] == [code]


def test_the_sheet_lists_each_missing_sentence_once(tmp_path: Path) -> None:
    guides = [LIBRARY.guide(code) for code in sorted(LIBRARY.codes())]
    found = list(missing(guides, "vi"))
    shared = [line for line in found if line.key == "steps.login"]
    assert len(shared) == 1 and len(found) > 300
    write_sheet(found, tmp_path / "sheet.csv")
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["file", "text", "speech"] and len(rows) == len(found) + 1
