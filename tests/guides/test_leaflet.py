"""Leaflets and posters: made for all guides, readable by independent programs, QR codes read back."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from guides.leaflet import make_fetch_list, make_leaflet
from guides.library import BUILT_IN, Library
from guides.poster import make_poster
from guides.readiness import Readiness, readiness
from guides.strokes import shapes

LIBRARY = Library([BUILT_IN])


def read_codes(file: Path, dpi: int = 150) -> list[str]:
    """What a reader that did not make the codes finds on all pages."""
    found = []
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            picture = page.render(scale=dpi / 72).to_pil()
            found += [code.text for code in zxingcpp.read_barcodes(picture)]
    return found


def words_of(file: Path) -> str:
    with pypdfium2.PdfDocument(file) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("size", ["A4", "A5"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_leaflet_says_what_the_guide_says(tmp_path: Path, size: str, language: str) -> None:
    guide = LIBRARY.guide("1.004194", language)
    file = tmp_path / "leaflet.pdf"
    make_leaflet([guide], file, size, "Điểm hỗ trợ xã Thử")
    text = " ".join(words_of(file).split())
    for said in (guide.title, guide.steps[0].text, guide.papers[1].title, "22/11/2026", "Điểm hỗ trợ xã Thử"):
        assert said in text
    assert ("kiểm tra lại trên Cổng" if language == "vi" else "check again on the portal") in text
    assert read_codes(file) == [guide.portal_url]


def test_what_nobody_could_verify_is_marked_where_it_stands(tmp_path: Path) -> None:
    guide = replace(LIBRARY.guide("1.004194"), unverified=frozenset())
    file = tmp_path / "leaflet.pdf"
    places = {"papers": "Cần mang gì", "steps": "Các bước", "mistakes": "Hay bị sai"}
    make_leaflet([guide], file)
    assert "kiểm tra lại trên Cổng" not in " ".join(words_of(file).split())
    for field, title in places.items():
        make_leaflet([replace(guide, unverified=frozenset({field}))], file)
        assert f"{title} (kiểm tra lại trên Cổng)" in " ".join(words_of(file).split())
    make_leaflet([replace(guide, unverified=frozenset({"sources"}))], file)
    assert f"{guide.sources[-1]} (kiểm tra lại trên Cổng)" in " ".join(words_of(file).split())


def test_the_file_has_title_language_and_embedded_fonts(tmp_path: Path) -> None:
    file = tmp_path / "leaflet.pdf"
    make_leaflet([LIBRARY.guide("2.000635")], file)
    with pikepdf.open(file) as pdf:
        assert str(pdf.docinfo["/Title"]) == LIBRARY.guide("2.000635").title
        assert str(pdf.Root["/Lang"]) == "vi"
        assert bool(pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"])
        for page in pdf.pages:
            for font in page["/Resources"]["/Font"].values():
                assert "/FontFile2" in font["/FontDescriptor"], font["/BaseFont"]
        fonts = [font for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
        named = {str(font["/BaseFont"]) for font in fonts}
    assert any("NotoSans" in name for name in named)
    if shutil.which("qpdf"):
        assert subprocess.run(["qpdf", "--check", file], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize(("size", "least"), [("A4", 13), ("A5", 11)])
def test_every_leaflet_is_large_and_no_page_holds_two_lines(tmp_path: Path, size: str, least: int) -> None:
    file = tmp_path / "leaflet.pdf"
    for code in sorted(LIBRARY.codes()):
        guide = LIBRARY.guide(code)
        make_leaflet([guide], file, size)
        passcode = next((step.hint for step in guide.steps if step.key == "passcode"), "")
        assert passcode in " ".join(words_of(file).split()), code
        with pypdfium2.PdfDocument(file) as document:
            told = [page.get_textpage().get_text_range() for page in document]
        assert len(told) <= 2, code
        assert all(len(text.split()) > 40 for text in told), code
    with pikepdf.open(file) as pdf:
        marks = pikepdf.parse_content_stream(pdf.pages[0])
    drawn = [float(one.operands[1]) for one in marks if one.operator == TF]
    assert max(drawn, key=drawn.count) >= least  # what most of the words are set in


TF = pikepdf.Operator("Tf")


def test_a_fee_longer_than_a_page_a_long_name_and_help_without_a_page_are_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "leaflet.pdf"
    guide = replace(LIBRARY.guide("1.004194"), fee="Một câu về phí. " * 400)
    make_leaflet([guide], file)
    assert words_of(file).count("Một câu về phí") > 300
    make_leaflet([LIBRARY.guide("1.013831")], file)
    assert re.search(r"\w…\. Mã thủ tục", " ".join(words_of(file).split()))
    make_leaflet([LIBRARY.guide("cong-dich-vu-cong")], file)
    assert read_codes(file) == ["https://dichvucong.gov.vn"]
    make_leaflet([LIBRARY.guide("nuoc-sach")], file)  # the portal has nothing on it
    assert read_codes(file) == [] and "Quét mã" not in words_of(file)


def test_a_booklet_says_on_which_page_each_guide_begins(tmp_path: Path) -> None:
    guides = [LIBRARY.guide(code) for code in ("1.001193", "1.004194", "1.004873")]
    make_leaflet(guides, tmp_path / "book.pdf", "A5", cover="Sổ tay")
    with pypdfium2.PdfDocument(tmp_path / "book.pdf") as document:
        told = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    for guide in guides:
        page = next(number for number, text in enumerate(told[1:], 2) if guide.title in text[:300])
        assert f"{guide.title} {page}" in told[0]


def test_all_guides_go_into_one_run(tmp_path: Path) -> None:
    guides = [LIBRARY.guide(code) for code in sorted(LIBRARY.codes())]
    make_leaflet(guides, tmp_path / "all.pdf", "A5", cover="Tất cả")
    with pikepdf.open(tmp_path / "all.pdf") as pdf:
        assert len(guides) < len(pdf.pages) <= 3 * len(guides)


@pytest.mark.parametrize("per_sheet", [1, 2, 4, 6, 9, 12])
def test_every_code_of_a_poster_is_read_back(tmp_path: Path, per_sheet: int) -> None:
    guides = [LIBRARY.guide(code) for code in sorted(LIBRARY.codes()) if not LIBRARY.guide(code).general][:12]
    file = tmp_path / "poster.pdf"
    make_poster(guides, file, per_sheet)
    assert sorted(read_codes(file, 200)) == sorted(guide.portal_url for guide in guides)
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == -(-12 // per_sheet)


def test_many_leaflets_in_a_file_are_not_named_after_the_first(tmp_path: Path) -> None:
    file = tmp_path / "two.pdf"
    make_leaflet([LIBRARY.guide("1.004194", "en"), LIBRARY.guide("nuoc-sach", "en")], file)
    with pikepdf.open(file) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Guides to take home"
    text = words_of(file)
    assert "bring it along" in text and "the state has it" not in text
    make_poster([LIBRARY.guide("nuoc-sach"), LIBRARY.guide("1.004194")], file, 2)
    assert read_codes(file) == [LIBRARY.guide("1.004194").portal_url]


def test_who_lacks_something_gets_a_list_of_what_to_fetch_and_where(tmp_path: Path) -> None:
    guide = LIBRARY.guide("2.000635")
    found = readiness(guide, {"vneid2": False, "phone": True, "sim": True, "papers": True, "for_whom": True})
    assert not found.today and [one.key for one in found.missing] == ["vneid2"]
    make_fetch_list(guide, found, tmp_path / "fetch.pdf")
    text = " ".join(words_of(tmp_path / "fetch.pdf").split())
    assert "Tài khoản VNeID mức 2" in text and "Công an xã, phường" in text
    assert read_codes(tmp_path / "fetch.pdf") == [guide.portal_url]


def test_small_lacks_do_not_stop_and_silence_is_no_yes() -> None:
    guide = LIBRARY.guide("2.000635")
    yes = {one.key: one.good for one in guide.questions}
    assert readiness(guide, yes) == Readiness(True, ())
    assert readiness(guide, {**yes, "for_whom": False}).today
    assert not readiness(guide, {}).today


def test_impossible_sheets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="12"):
        make_poster([LIBRARY.guide("2.000635")], tmp_path / "p.pdf", 13)
    with pytest.raises(ValueError, match="guide"):
        make_leaflet([], tmp_path / "p.pdf")


def test_every_pictogram_can_be_drawn_inside_its_grid() -> None:
    for file in sorted((BUILT_IN / "pictures").glob("*.svg")):
        points = [value for shape in shapes(file) for _, numbers in shape.strokes for value in numbers]
        assert points and min(points) >= 0 and max(points) <= 48, file.name
