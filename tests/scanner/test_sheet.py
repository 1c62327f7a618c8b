"""The PDF: within the budget, of true size, whole or absent, and nothing in it but the pages."""

import shutil
import subprocess
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode
from scanner.clean.page import clean_page
from scanner.sheet import Codec, SheetPage, ladder, write, write_pdf
from scanner.sheet.layers import INK, MOST_TILES, covered, ink_mask, photograph_area, tiles

TITLE = "Giấy khai sinh"
CODE = "H48000012345678"


def inked(page: np.ndarray) -> np.ndarray:
    """The black strokes of a page."""
    return ink_mask(page, photograph_area(page))


def text_page(mode: ColourMode = ColourMode.BLACK_WHITE) -> SheetPage:
    image = np.full((1754, 1240), 255, np.uint8)
    for row in range(150, 1600, 40):
        cv2.putText(image, "So yeu ly lich 0123456789 abc", (90, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2)
    if mode is ColourMode.COLOUR:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        cv2.circle(image, (800, 1300), 120, (40, 30, 210), 8)
    return SheetPage(image, 210.0, 297.0, mode)


def noise_page() -> SheetPage:
    image = np.random.default_rng(1).integers(0, 255, (1000, 700, 3), np.uint8)
    return SheetPage(image, 210.0, 297.0, ColourMode.COLOUR)


def first_picture(pdf: pikepdf.Pdf) -> np.ndarray:
    image = next(iter(pdf.pages[0].get_images().values()))
    return np.asarray(pikepdf.PdfImage(image).as_pil_image().convert("L"))


def test_pages_keep_their_order_size_and_ink(tmp_path: Path) -> None:
    out = tmp_path / "paper.pdf"
    small = SheetPage(text_page().image, 148.0, 210.0, ColourMode.BLACK_WHITE)
    report = write_pdf([text_page(), small], out, title=TITLE, budget_bytes=500_000)
    assert report.codecs == (Codec.G4, Codec.G4)
    assert report.total_bytes == out.stat().st_size
    with pikepdf.open(out) as pdf:
        sizes = [tuple(float(v) * 25.4 / 72 for v in page.mediabox[2:]) for page in pdf.pages]
        assert sizes == [pytest.approx((210, 297), abs=0.05), pytest.approx((148, 210), abs=0.05)]
        picture = first_picture(pdf)
        assert np.array_equal(picture, text_page().image // 128 * 255)
        assert pdf.is_linearized


def test_metadata_is_pdfa_title_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "secret-name.pdf"
    write_pdf([text_page()], out, title=TITLE, budget_bytes=500_000)
    assert b"secret-name" not in out.read_bytes()
    with pikepdf.open(out) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            assert xmp.pdfa_status == "2B"
            assert xmp["dc:title"] == TITLE
        assert set(pdf.docinfo.keys()) <= {"/Title"}
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_too_small_a_budget_is_said_and_no_file_is_left(tmp_path: Path) -> None:
    with pytest.raises(KioskError) as caught:
        write_pdf([noise_page()], tmp_path / "a.pdf", title=TITLE, budget_bytes=20_000)
    assert (caught.value.code, caught.value.facts["page"]) == ("PAGE-TOO-BIG", 1)
    assert list(tmp_path.iterdir()) == []


def rendered(out: Path, tmp_path: Path) -> np.ndarray:
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", out, tmp_path / "seen"], check=True)
    seen = cv2.imread(str(tmp_path / "seen.png"))
    assert seen is not None
    return seen


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
def test_a_sealed_page_is_layered_sharp_and_red(tmp_path: Path) -> None:
    page = text_page(ColourMode.COLOUR)
    report = write_pdf([page], tmp_path / "a.pdf", title=TITLE, budget_bytes=500_000)
    assert report.codecs == (Codec.MRC,)
    assert report.total_bytes < 60_000
    seen = rendered(tmp_path / "a.pdf", tmp_path)
    assert seen.shape[:2] == pytest.approx(page.image.shape[:2], abs=2)
    seen = seen[: page.image.shape[0], : page.image.shape[1]]
    black = page.image.max(axis=2) < 60
    assert seen[black].max(axis=1).mean() < 60
    red = (page.image[..., 2] > 150) & (page.image[..., 0] < 90)
    assert (seen[red][:, 2].astype(int) - seen[red][:, 0]).mean() > 90


def test_a_photograph_is_stored_as_one_picture(tmp_path: Path) -> None:
    soft = cv2.GaussianBlur(noise_page().image, (0, 0), 20)
    image = cv2.normalize(soft, None, 20, 200, cv2.NORM_MINMAX)
    page = SheetPage(image, 210.0, 297.0, ColourMode.COLOUR)
    report = write_pdf([page], tmp_path / "a.pdf", title=TITLE, budget_bytes=500_000)
    assert report.codecs == (Codec.JPEG,)


def test_pages_are_looked_at_one_at_a_time(tmp_path: Path) -> None:
    class Stack(Sequence[SheetPage]):
        """Pages that come from disk when asked for; remembers how many are alive."""

        def __init__(self) -> None:
            self.alive: list[weakref.ref[np.ndarray]] = []
            self.most = 0

        def __len__(self) -> int:
            return 12

        def __getitem__(self, index):
            if index >= len(self):
                raise IndexError
            page = text_page(ColourMode.COLOUR)
            self.alive.append(weakref.ref(page.image))
            self.most = max(self.most, sum(ref() is not None for ref in self.alive))
            return page

    pages = Stack()
    report = write_pdf(pages, tmp_path / "a.pdf", title=TITLE, budget_bytes=400_000)
    assert report.total_bytes <= 400_000
    assert len(report.codecs) == 12
    assert pages.most <= 3


def test_a_budget_of_what_the_pdf_takes_makes_it_and_the_least_told_does_too(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (350, 500, 3), np.uint8)
    out, card = tmp_path / "a.pdf", SheetPage(noise, 86.0, 60.0, ColourMode.COLOUR)
    for pages in ([text_page()], [text_page(), card] * 3):
        free = write_pdf(pages, out, title=TITLE, budget_bytes=10**7)
        assert write_pdf(pages, out, title=TITLE, budget_bytes=free.total_bytes) == free
        with pytest.raises(KioskError) as caught:
            write_pdf(pages, out, title=TITLE, budget_bytes=free.total_bytes // 9)
        least = int(caught.value.facts["size"])
        assert write_pdf(pages, out, title=TITLE, budget_bytes=least).total_bytes == least


def blue_print_page(height: float) -> SheetPage:
    """A page that a person filled in with a thin blue pen: nothing of it is black."""
    image = np.full((1754, 1240, 3), 255, np.uint8)
    for row in range(100, 1700, 26):
        text = "so 0123456789 duong Le Loi, phuong Tan Hoa, sinh ngay 08.06"
        cv2.putText(image, text, (60, row), cv2.FONT_HERSHEY_SIMPLEX, height, (180, 70, 30), 1, cv2.LINE_AA)
    return SheetPage(image, 210.0, 297.0, ColourMode.COLOUR)


def test_coloured_writing_is_never_made_too_coarse_to_read(tmp_path: Path) -> None:
    page = blue_print_page(0.6)
    with pytest.raises(KioskError) as caught:
        write_pdf([page], tmp_path / "b.pdf", title=TITLE, budget_bytes=60_000)  # what 75 dots per inch take
    assert caught.value.code == "PAGE-TOO-BIG"
    assert not (tmp_path / "b.pdf").exists()
    least = int(caught.value.facts["size"]) + 100
    assert write_pdf([page], tmp_path / "b.pdf", title=TITLE, budget_bytes=least).total_bytes <= least


def test_a_page_of_dots_is_made_smaller_before_it_is_refused(tmp_path: Path) -> None:
    dots = np.where(np.random.default_rng(2).random((1754, 1240)) < 0.3, 0, 255).astype(np.uint8)
    page = SheetPage(dots, 105.0, 148.5, ColourMode.BLACK_WHITE)
    whole = write_pdf([page], tmp_path / "a.pdf", title=TITLE, budget_bytes=10**7).total_bytes
    with pytest.raises(KioskError):
        write_pdf([page], tmp_path / "b.pdf", title=TITLE, budget_bytes=whole // 4)
    text = cv2.resize(text_page().image, (2480, 3508), interpolation=cv2.INTER_LINEAR)
    text = np.where(text < 128, 0, 255).astype(np.uint8)
    text[np.random.default_rng(3).random(text.shape) < 0.02] = 0  # dust of a bad copy
    dusty = SheetPage(text, 105.0, 148.5, ColourMode.BLACK_WHITE)
    whole = write_pdf([dusty], tmp_path / "c.pdf", title=TITLE, budget_bytes=10**7).total_bytes
    report = write_pdf([dusty], tmp_path / "d.pdf", title=TITLE, budget_bytes=whole // 2)
    assert report.total_bytes <= whole // 2


def test_many_pages_are_fitted_into_the_budget(tmp_path: Path) -> None:
    report = write_pdf([noise_page()] * 3, tmp_path / "a.pdf", title=TITLE, budget_bytes=1_500_000)
    assert report.total_bytes <= 1_500_000


def test_a_disk_that_cannot_take_it_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    out = tmp_path / "gone" / "a.pdf"
    with pytest.raises(KioskError) as caught:
        write_pdf([text_page()], out, title=TITLE, budget_bytes=500_000)
    assert caught.value.code == "DISK-FULL"


@pytest.mark.parametrize(
    "spoil", [lambda body: body[:50], lambda body: body.replace(b"\xff\xd8\xff", b"\0\0\0")]
)
def test_a_pdf_that_cannot_be_read_again_is_told_by_a_code_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes]
) -> None:
    whole = write._assemble
    monkeypatch.setattr(write, "_assemble", lambda *given: spoil(whole(*given)))
    with pytest.raises(KioskError) as caught:
        write_pdf([noise_page()], tmp_path / "a.pdf", title=TITLE, budget_bytes=10**7)
    assert (caught.value.code, list(tmp_path.iterdir())) == ("BUG", [])


def test_white_paper_needs_no_picture_below_its_letters(tmp_path: Path) -> None:
    image = cv2.cvtColor(text_page().image, cv2.COLOR_GRAY2BGR)
    page = SheetPage(image, 210.0, 297.0, ColourMode.COLOUR)
    write_pdf([page], tmp_path / "a.pdf", title=TITLE, budget_bytes=500_000)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        [stencil] = dict(pdf.pages[0].obj.Resources.XObject).values()
        assert stencil.ImageMask and stencil.Filter == "/CCITTFaxDecode"
    blank = SheetPage(np.full_like(image, 255), 210.0, 297.0, ColourMode.COLOUR)
    report = write_pdf([blank, page], tmp_path / "b.pdf", title=TITLE, budget_bytes=500_000)
    assert report.page_bytes[0] == 0 < report.page_bytes[1]


SPOTS = st.lists(st.tuples(st.integers(0, 59), st.integers(0, 89), st.integers(1, 25)), max_size=25)


@given(SPOTS, st.integers(3, 20), st.booleans())
def test_tiles_hold_all_that_is_not_white_and_lie_apart(
    spots: list[tuple[int, int, int]], block: int, grey: bool
) -> None:
    low = np.full((90, 60), 255, np.uint8)
    for x, y, side in spots:
        low[y : y + side, x : x + side] = 190
    found = tiles(low if grey else cv2.cvtColor(low, cv2.COLOR_GRAY2BGR), block)
    seen = np.zeros(low.shape, int)
    for tile in found:
        seen[tile.top : tile.bottom, tile.left : tile.right] += 1
    assert seen.max(initial=0) <= 1 and (seen[low < 255] == 1).all()
    assert covered(found) == seen.sum() and len(found) <= MOST_TILES
    assert not found or (low < 255).any()


def test_the_grain_of_the_paper_is_no_tile() -> None:
    low = np.full((90, 60), 255, np.uint8)
    low[10, 16:23] = 230
    assert tiles(low, 15) == []
    low[10, 23] = 230
    assert len(tiles(low, 15)) == 1  # a pale line
    low[10, 16:24] = 255
    low[70, 40] = 150
    assert len(tiles(low, 15)) == 1  # a dark dot


def test_grey_soft_print_keeps_the_rims_of_its_strokes() -> None:
    core = 95
    page = np.full((400, 600), 255, np.float32)
    for row in range(40, 400, 40):
        page[row : row + 12, 40:560] = core
        cv2.line(page, (40, row + 25), (560, row + 27), core, 2)
    soft = cv2.GaussianBlur(page, (0, 0), 1.1)
    strokes = soft < (core + 255) / 2 - 10
    grain = np.random.default_rng(2).normal(0, 4, page.shape)
    ink = inked(np.clip(soft + grain, 0, 255).astype(np.uint8))
    assert (strokes & ~ink).sum() < 0.01 * strokes.sum()
    assert not ink[soft > 230].any()


def grainy(page: np.ndarray) -> np.ndarray:
    noisy = page + np.random.default_rng(3).normal(0, 4, page.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def test_pale_print_is_not_torn_into_black_dots_and_grey_ones() -> None:
    """Print about as pale as the level of ink: each stroke is stencilled as a whole or not at all."""
    page = np.full((400, 600), 255, np.float32)
    for row in range(40, 400, 40):
        page[row : row + 4, 40:560] = 142
        page[row + 14 : row + 18, 40:560] = 60
    ink = inked(grainy(cv2.GaussianBlur(page, (0, 0), 1.1)))
    assert not any(ink[row - 2 : row + 6].any() for row in range(40, 400, 40))
    assert all(ink[row + 15 : row + 17, 45:555].all() for row in range(40, 400, 40) if row + 17 < 400)


def test_thin_marks_of_soft_print_are_stencilled_with_its_letters() -> None:
    """Blur makes a tone mark paler than the level of ink; it was left out, or broken to a few dots."""
    page = np.full((400, 600), 255, np.float32)
    for row in range(40, 360, 40):
        page[row : row + 5, 40:560] = 105
        page[row + 14 : row + 16, 40:200] = 105
    soft = cv2.GaussianBlur(page, (0, 0), 1.1)
    assert soft[54:56].min() > INK
    ink = inked(grainy(soft))
    for row in range(40, 360, 40):
        assert ink[row + 14 : row + 16, 45:195].mean() > 0.98
        assert not ink[row + 8 : row + 11].any()


def test_pale_dots_of_a_line_are_stencilled_and_single_ones_are_not() -> None:
    """Dots of 0.2 mm are half as dark as ink, some more: those were lost where the tiles had fewer px."""
    page = np.full((200, 600), 255, np.uint8)
    cv2.putText(page, "Ho va ten", (20, 60), 0, 1.2, 20, 4)
    for x in range(30, 560, 9):
        page[120:122, x : x + 2] = 170 if x % 4 else 130
    page[160:162, 300:302] = 170
    ink = inked(page)
    assert ink[120:122, 30:560:9].all() and not ink[150:170].any()


def test_print_that_is_soft_throughout_is_one_picture_of_the_dots_it_needs() -> None:
    """A stencil of it loses marks, a picture of every dot takes twice the bytes."""
    page = text_page().image
    sharp, soft = (cv2.GaussianBlur(page, (0, 0), spread) for spread in (0.7, 2.2))
    kept, fewer = (next(ladder.versions(each, 105.0, ColourMode.GREY)) for each in (sharp, soft))
    assert kept.layers[-1].width == page.shape[1]
    bare = next(ladder.versions(np.full_like(page, 255), 105.0, ColourMode.GREY))
    assert bare.codec is Codec.MRC
    assert fewer.codec is Codec.JPEG and fewer.layers[0].width == round(page.shape[1] * 2 / 3)
    assert fewer.size < 0.7 * next(ladder.pictures(soft, 105.0, Codec.JPEG)).size


def test_soft_print_in_colour_is_no_stencil() -> None:
    """It came out bold and in pale patches."""
    page = text_page(ColourMode.COLOUR).image
    soft = cv2.GaussianBlur(page, (0, 0), 2.2)
    assert {each.codec for each in ladder.versions(soft, 105.0, ColourMode.COLOUR)} == {Codec.JPEG}
    assert next(ladder.versions(page, 105.0, ColourMode.COLOUR)).codec is Codec.MRC


def test_what_cannot_be_read_as_stored_gives_way_to_what_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first way to store a page is looked at like the others."""
    page = text_page(ColourMode.COLOUR).image
    stored = next(ladder.versions(page, 210.0, ColourMode.COLOUR))
    monkeypatch.setattr(ladder, "LAYER_STEPS", ((20, 5, False),))
    monkeypatch.setattr(ladder, "ink_mask", lambda image, _: np.zeros(image.shape[:2], bool))
    instead = next(ladder.versions(page, 210.0, ColourMode.COLOUR))
    assert (stored.codec, instead.codec) == (Codec.MRC, Codec.JPEG)


PORTRAIT = np.s_[1300:1536, 100:277]


def certificate() -> SheetPage:
    """Text, a seal, and a made-up portrait: dark hair with strands, a bright ground, tones at every size."""
    page = text_page(ColourMode.COLOUR).image.copy()
    rng = np.random.default_rng(11)
    high, wide = page[PORTRAIT].shape[:2]
    grain = np.zeros((high, wide), np.float32)
    for size, weight in ((4, 30), (12, 24), (40, 16), (120, 12)):
        rough = rng.normal(0, weight, (size, size)).astype(np.float32)
        grain += cv2.resize(rough, (wide, high), interpolation=cv2.INTER_CUBIC)
    face = np.full((high, wide, 3), (225, 222, 218), np.float32)
    cv2.ellipse(face, (wide // 2, high), (75, 80), 0, 0, 360, (150, 90, 60), -1)
    cv2.ellipse(face, (wide // 2, 95), (62, 75), 0, 0, 360, (55, 60, 70), -1)
    cv2.ellipse(face, (wide // 2, 112), (38, 52), 0, 0, 360, (150, 175, 215), -1)
    page[PORTRAIT] = np.clip(face + grain[..., None], 0, 255)
    return SheetPage(page, 210.0, 297.0, ColourMode.COLOUR)


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
def test_a_portrait_on_a_certificate_keeps_its_tones(tmp_path: Path) -> None:
    page = certificate()
    assert not inked(page.image)[PORTRAIT].any()
    report = write_pdf([page], tmp_path / "a.pdf", title=TITLE, budget_bytes=6_000_000)
    assert report.codecs == (Codec.MRC,)
    seen = cv2.resize(rendered(tmp_path / "a.pdf", tmp_path), page.image.shape[1::-1])
    soft = [cv2.GaussianBlur(each[PORTRAIT], (0, 0), 2) for each in (seen, page.image)]
    inner = cv2.absdiff(*soft)[4:-4, 4:-4]
    assert float(inner.mean()) < 6
    assert float(np.percentile(inner, 99)) < 30


def test_a_picture_cut_into_black_and_white_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its black agrees as ink does, so its tones are looked at too."""
    page = certificate()
    monkeypatch.setattr(ladder, "ink_mask", lambda image, _: image.max(axis=2) < 140)
    monkeypatch.setattr(ladder, "_untoned", lambda ink, *_: ink)
    assert next(ladder.versions(page.image, 210.0, page.mode)).codec is Codec.JPEG
    monkeypatch.setattr(ladder, "SAME_TONE", 255)
    assert next(ladder.versions(page.image, 210.0, page.mode)).codec is Codec.MRC


def test_a_grey_bar_among_letters_is_left_to_a_picture_of_its_own() -> None:
    """Black, it is strange, and the whole page became one JPEG."""
    page = text_page(ColourMode.GREY)
    image = page.image.copy()
    image[:12, 40:400] = np.random.default_rng(3).integers(70, 100, (12, 360))
    first = next(ladder.versions(image, page.width_mm, ColourMode.GREY))
    assert first.codec is Codec.MRC
    ink = next(layer for layer in first.layers if layer.stencil)
    assert ladder.g4_picture(ink.data, ink.width, ink.height)[:12, 40:400].all()


def test_a_ruling_may_come_out_a_dot_wider_but_bars_of_a_code_may_not() -> None:
    """Its grey rims, black in the stencil, made a page one large JPEG."""
    ruled = text_page().image[:1000].copy()
    ruled[600:] = 255
    ruled[899:905, 60:1020], ruled[900:904, 60:1020] = 135, 0
    assert next(ladder.versions(ruled, 105.0, ColourMode.GREY)).codec is Codec.MRC
    for bar in range(660, 860, 12):
        ruled[bar - 1 : bar + 5, 60:1020], ruled[bar : bar + 4, 60:1020] = 135, 0
    first, *coarser = ladder.versions(ruled, 105.0, ColourMode.GREY)
    assert first.codec is Codec.MRC and all(each.size > first.size / 2 for each in coarser)


def coded(tenths: int, high: int) -> tuple[np.ndarray, tuple[slice, slice]]:
    """A page of text with a code of bars that are so many tenths of a px thin, and where it lies."""
    code = zxingcpp.create_barcode(CODE, zxingcpp.BarcodeFormat.Code128)
    bars = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1))
    bars = cv2.resize(bars[bars.shape[0] // 2][None], None, fx=tenths, fy=1, interpolation=cv2.INTER_NEAREST)
    bars = cv2.resize(bars, (bars.shape[1] // 10, high), interpolation=cv2.INTER_AREA)
    image = text_page().image[:900].copy()
    image[620:] = 255
    place = np.s_[700 : 700 + high, 100 : 100 + bars.shape[1]]
    image[place] = cv2.GaussianBlur(bars, (0, 0), 0.6)
    return image, place


def test_the_thin_bars_of_a_code_are_a_picture_whole_or_not_at_all() -> None:
    """An eighth of the size some mix to a tint; half stencil and half picture they cannot be read."""
    image, _ = coded(33, 140)
    first = next(ladder.versions(image, 105.0, ColourMode.GREY))
    (read,) = zxingcpp.read_barcodes(ladder._laid(first, image.shape))
    assert read.text == CODE and first.size < 20_000


def test_bars_too_fine_for_black_and_white_are_kept_grey_with_all_of_their_dots() -> None:
    image, _ = coded(17, 140)
    leaning = cv2.getRotationMatrix2D((620, 450), 0.6, 1)
    page = clean_page(cv2.warpAffine(image, leaning, image.shape[::-1], borderValue=(255,)), dpi=300)
    first = next(ladder.versions(page.image, page.width_mm, page.mode))
    (read,) = zxingcpp.read_barcodes(ladder._laid(first, page.image.shape))
    assert page.mode is ColourMode.GREY and read.text == CODE and first.size < 80_000


def test_a_code_with_a_shade_on_it_is_left_to_a_picture() -> None:
    image, place = coded(32, 60)
    image[730:750, 100:400] = np.minimum(image[730:750, 100:400], 90)
    first = next(ladder.versions(image, 105.0, ColourMode.GREY))
    ink = next(layer for layer in first.layers if layer.stencil)
    assert ladder.g4_picture(ink.data, ink.width, ink.height)[place].all()
    assert [read.text for read in zxingcpp.read_barcodes(ladder._laid(first, image.shape))] == [CODE]
