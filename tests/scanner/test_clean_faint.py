"""Faint ink is made stronger: what tesseract reads on the paper it reads on the clean page and in the PDF."""

import os
import shutil
import subprocess
from difflib import SequenceMatcher
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kioskcore.paths import FONTS
from kioskcore.ports import ColourMode
from scanner.clean.arrays import NOTHING, Array, grey_of
from scanner.clean.ink.faint import Ink, ink_of
from scanner.clean.ink.restore import laid_over
from scanner.clean.judge.judge import Verdict
from scanner.clean.page import clean_page
from scanner.clean.plan import plan_page
from scanner.sheet import SheetPage, write_pdf
from scanner.sheet.text import probe
from tests.bench.drawn.filled import HOWS, carbon_copy, filled_form, share_kept
from tests.bench.drawn.synth import make_paper, scan
from tests.bench.quality.measure import drawn

real = pytest.mark.skipif(
    not probe().ok or not shutil.which("pdftoppm"), reason="tesseract with Vietnamese is not installed"
)
PAPER = (239, 243, 245)
A5 = (1165, 1654)  # at 200 dots per inch
LINES = (
    "ĐƠN ĐỀ NGHỊ XÁC NHẬN TÌNH TRẠNG CƯ TRÚ",
    "Tôi tên là Nguyễn Văn Mẫu, hiện ở thôn Đông, xã Thử.",
    "Gia đình đã sinh sống ổn định tại địa phương từ lâu,",
    "đóng góp đầy đủ các khoản quỹ do địa phương đề ra.",
)


def faint_page(
    ink: tuple[float, ...], paper: tuple[float, ...] = PAPER, shape: tuple[int, int] = (874, 1748)
) -> Array:
    """A made-up half of an A5 page at 300 dots per inch, as a scanner gives it."""
    drawn = Image.new("L", shape[::-1], 0)
    draw, font = ImageDraw.Draw(drawn), ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 44)
    for k in range(8):
        draw.text((180, 130 + 82 * k), LINES[k % 4], font=font, fill=255)
    share = np.asarray(drawn, np.float32)[..., None] / 255
    soft = cv2.GaussianBlur(np.float32(paper) * (1 - share) + np.float32(ink) * share, (0, 0), 1.2)
    return np.clip(soft + np.random.default_rng(3).normal(0, 3, soft.shape), 0, 255).astype(np.uint8)


def read(image: Array, folder: Path) -> int:
    """How many letters of the page are read in their order."""
    cv2.imwrite(str(folder / "read.png"), image)
    command = ["tesseract", str(folder / "read.png"), "-", "-l", "vie", "--psm", "6"]
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=alone).stdout
    true, said = "".join((" ".join(LINES) * 2).split()), "".join(said.split())
    return sum(
        block.size for block in SequenceMatcher(None, true, said, autojunk=False).get_matching_blocks()
    )


@real
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        (tuple(0.84 * shade for shade in PAPER), PAPER),
        ((196, 202, 205), (213, 234, 240)),
    ],
    ids=["16 % darker", "a carbon copy"],
)
def test_faint_letters_are_read_on_the_page_and_in_the_pdf(
    ink: tuple[float, ...], paper: tuple[float, ...], tmp_path: Path
) -> None:
    scanned = faint_page(ink, paper)
    least = 0.95 * read(scanned, tmp_path)
    page = clean_page(scanned, dpi=300)
    assert not page.verdicts
    assert read(page.image, tmp_path) >= least > 250
    sheet = SheetPage(page.image, page.width_mm, page.height_mm, page.mode)
    write_pdf([sheet], tmp_path / "a.pdf", title="Đơn", budget_bytes=1_000_000)
    subprocess.run(
        ["pdftoppm", "-r", "300", "-png", "-singlefile", tmp_path / "a.pdf", tmp_path / "a"], check=True
    )
    seen = cv2.imread(str(tmp_path / "a.png"))
    assert seen is not None
    assert read(seen, tmp_path) >= least


@pytest.mark.parametrize("tone", list(ColourMode))
def test_faint_ink_becomes_dark_in_every_tone_and_paper_white(tone: ColourMode) -> None:
    page = clean_page(faint_page(tuple(0.84 * shade for shade in PAPER)), dpi=300, tone=tone)
    dark = page.image if page.image.ndim == 2 else page.image.max(axis=2)
    assert page.mode is not ColourMode.BLACK_WHITE  # it would take the marks off the letters
    assert 0.01 < float((dark < 90).mean()) < 0.2
    assert float((dark > 250).mean()) > 0.75
    assert Verdict.FAINT not in page.verdicts


def test_letters_that_every_cleaning_loses_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cleaning is dark enough for what is asked of it here."""
    monkeypatch.setattr("scanner.clean.ink.restore.GONE", 256)
    page = clean_page(faint_page(tuple(0.84 * shade for shade in PAPER)), dpi=300)
    assert Verdict.FAINT in page.verdicts
    assert float((page.image < 245).mean()) > 0.01


@pytest.mark.parametrize("seed", [50010, 50012])
def test_pencil_on_a_black_form_is_kept_on_the_page_and_in_the_pdf(seed: int, tmp_path: Path) -> None:
    form = filled_form(np.random.default_rng(seed), HOWS[seed % 3])
    page = clean_page(form.image, dpi=form.dpi)
    assert page.mode is ColourMode.GREY
    assert not page.verdicts
    assert share_kept(form, page.image) >= 0.9
    sheet = SheetPage(page.image, page.width_mm, page.height_mm, page.mode)
    write_pdf([sheet], tmp_path / "a.pdf", title="Đơn", budget_bytes=1_000_000)
    assert share_kept(form, drawn(tmp_path / "a.pdf", page.image.shape)) >= 0.9


def test_pencil_on_a_scan_of_few_dots_is_looked_for_in_as_many_as_on_others() -> None:
    form = filled_form(np.random.default_rng(15), "pencil", dpi=100)
    page = clean_page(form.image, dpi=form.dpi)
    assert page.verdicts == (Verdict.LOW_DPI,)
    assert share_kept(form, page.image) >= 0.9


@pytest.mark.parametrize("entry", ["05/09/1956", "Nam"])
def test_one_pencil_entry_on_a_black_form_is_kept_where_black_white_was_asked_for(entry: str) -> None:
    """Its letters grow together in the small copy, and still count as many."""
    image = Image.new("L", (1240, 1000), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 29)
    for row in range(12):
        draw.text((100, 100 + 70 * row), "Họ và tên, ngày sinh của người khai:", font=font, fill=20)
        draw.line([640, 134 + 70 * row, 1150, 134 + 70 * row], fill=60, width=1)
    form = np.asarray(image).copy()
    draw.text((660, 300), entry, font=font, fill=190)
    pencil = np.asarray(image) < form
    seen = np.clip(np.asarray(image) + np.random.default_rng(3).normal(0, 2, form.shape), 0, 255)
    page = clean_page(seen.astype(np.uint8), dpi=150, tone=ColourMode.BLACK_WHITE)
    assert page.mode is ColourMode.GREY
    count, parts = cv2.connectedComponents(pencil.astype(np.uint8))
    assert count > 3
    assert all(grey_of(page.image)[parts == part].min() < 230 for part in range(1, count))


def test_a_blue_carbon_copy_stays_blue_and_black_on_yellow_paper_does_not() -> None:
    blue = clean_page(carbon_copy(np.random.default_rng(70002)), dpi=150)
    assert blue.mode is ColourMode.COLOUR
    ink = blue.image[blue.image.min(axis=2) < 160].mean(axis=0)
    assert ink[0] > ink[2] + 40
    yellow = faint_page((30, 40, 50), (150, 215, 240))
    assert clean_page(yellow, dpi=300).mode is ColourMode.BLACK_WHITE


def test_what_shows_through_from_the_other_side_is_not_made_stronger() -> None:
    rng = np.random.default_rng(60007)
    paper = make_paper(rng, "text", 150)
    page = clean_page(scan(rng, paper, 0.0, "through").image, dpi=150)
    assert page.mode is ColourMode.BLACK_WHITE
    assert not page.verdicts


def test_pale_letters_that_cannot_be_made_stronger_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.clean.ink.restore.GONE", 256)
    form = filled_form(np.random.default_rng(50010), "pencil")
    assert Verdict.FAINT in clean_page(form.image, dpi=form.dpi).verdicts


@pytest.mark.parametrize(("pencil", "words"), [(205, "xem trang sau"), (212, "Tôi đồng ý")])
def test_a_line_in_pencil_on_an_empty_page_is_kept_and_the_page_not_called_blank(
    pencil: int, words: str
) -> None:
    scanned, ink = noted((pencil,) * 3, words)
    page = clean_page(scanned, dpi=200)
    assert not page.verdicts
    deep = 255 - page.image[ink].astype(int)
    assert np.percentile(deep, 80) > 0.6 * (250 - pencil)


@pytest.mark.parametrize("tone", [ColourMode.AUTO, ColourMode.GREY])
def test_what_shows_through_beside_a_note_is_not_made_darker(tone: ColourMode) -> None:
    scanned, ink = noted((160, 60, 30), "Đã nhận đủ, ngày 5 tháng 3", through=0.12)
    page = clean_page(scanned, dpi=200, tone=tone, turn_degrees=0)
    assert page.mode is (ColourMode.COLOUR if tone is ColourMode.AUTO else tone)
    grey = page.image if page.image.ndim == 2 else cv2.cvtColor(page.image, cv2.COLOR_BGR2GRAY)
    assert np.percentile(grey[ink], 20) < 120
    beside = cv2.dilate(ink.astype(np.uint8), np.ones((25, 25), np.uint8)) == 0
    assert grey[beside].min() > 205


def test_a_letter_of_which_half_is_lost_is_made_stronger_all_over() -> None:
    letters, lost = np.zeros((2, 100, 300), np.uint8)
    letters[40:60, 50:150] = 255
    letters[10:30, 50:280] = letters[40:60, 200:280] = 255
    lost[40:60, 50:100] = 255
    page, strong = np.full((200, 600), 250, np.uint8), np.full((200, 600), 90, np.uint8)
    laid = laid_over(page, strong, lost, Ink(None, letters))
    assert (laid[80:120, 100:300] == 90).all()
    assert (laid[80:120, 400:560] == 250).all()


def test_a_full_page_of_thin_light_print_below_a_heading_is_made_stronger() -> None:
    """So many pale letters were taken for the other side's print, and stayed as pale as they came."""
    page, letter = np.full((1100, 1240), 250, np.uint8), np.zeros((20, 16), np.uint8)
    cv2.polylines(letter, [np.array([[3, 16], [3, 4], [9, 4], [9, 16]])], False, 255, 1)
    page[150:1050, 100:1092] -= cv2.GaussianBlur(np.tile(letter, (45, 62)), (0, 0), 0.5) // 3
    for x in range(300, 700, 40):
        cv2.putText(page, "H", (x, 90), 0, 1.2, 150, 3)
    paper, nowhere = np.full((138, 155), 250, np.uint8), np.zeros((0, 4))
    levels = ink_of(page, paper, nowhere, lambda: Ink(None, NOTHING), lambda: False).levels
    assert levels is not None and levels.black > 200


def test_lines_of_a_third_copy_that_may_be_the_other_sides_print_are_told() -> None:
    """They are too soft to be known as writing, and were gone without a word."""
    print_, carbon = (Image.new("L", (1240, 1000), 0) for _ in range(2))
    fonts = [ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), size) for size in (44, 28)]
    for row in range(2):
        text = "BIÊN LAI THU TIỀN, LIÊN BA, SỐ 0123"
        ImageDraw.Draw(print_).text((120, 60 + 70 * row), text, 255, fonts[0])
    for row in range(12):
        text = f"{row + 1:02d}. Đã thu 1.{137 + row * 61}.500 đồng của bà Lê Thị Thử"
        ImageDraw.Draw(carbon).text((120, 250 + 58 * row), text, 255, fonts[1])
    heading, lines = (
        cv2.GaussianBlur(np.asarray(layer, np.float32) / 255, (0, 0), 1.0)[..., None]
        for layer in (print_, carbon)
    )
    seen = np.float32((238, 244, 247)) - lines * np.float32((10, 22, 22))
    seen = seen * (1 - heading) + np.float32((150, 80, 100)) * heading
    seen += np.random.default_rng(5).normal(0, 2, seen.shape)
    page = clean_page(np.clip(seen, 0, 255).astype(np.uint8), dpi=200, turn_degrees=0)
    assert page.verdicts == (Verdict.FAINT,)


@pytest.mark.parametrize("soft", [1.0, 1.5])
def test_a_number_in_violet_carbon_is_kept_whole_and_the_print_beside_it_as_it_was(soft: float) -> None:
    """Half of its figures were made stronger and half left nearly white, which read as another number."""
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 34)
    print_, carbon = Image.new("L", (1654, 1165), 0), Image.new("L", (1654, 1165), 0)
    for row in range(10):
        ImageDraw.Draw(print_).text((120, 80 + 100 * row), "Số tiền bằng số và bằng chữ:", 255, font)
        ImageDraw.Draw(print_).line([620, 122 + 100 * row, 1500, 122 + 100 * row], 255)
        ImageDraw.Draw(carbon).text((700, 76 + 100 * row), "1.250.000 đồng", 255, font)
    black, violet = (
        cv2.GaussianBlur(np.asarray(layer, np.float32)[..., None] / 255, (0, 0), soft)[..., None]
        for layer in (print_, carbon)
    )
    seen = np.float32((222, 214, 247)) * (1 - violet) + np.float32((208, 165, 188)) * violet
    seen = seen * (1 - black) + np.float32((90, 30, 60)) * black
    seen += np.random.default_rng(5).normal(0, 2, seen.shape)
    page = clean_page(np.clip(seen, 0, 255).astype(np.uint8), dpi=200, turn_degrees=0)
    assert not page.verdicts
    darkest = page.image.min(axis=2) if page.image.ndim == 3 else page.image
    assert page.image.shape[:2] == seen.shape[:2]
    count, parts = cv2.connectedComponents((np.asarray(carbon) > 110).astype(np.uint8))
    clear = (cv2.dilate(np.asarray(print_), np.ones((9, 9), np.uint8)) == 0) & (parts > 0)
    depths = [255 - darkest[clear & (parts == part)] for part in range(1, count)]
    whole = [float(np.percentile(depth, 60)) for depth in depths if len(depth) >= 8]
    assert len(whole) > 100
    assert min(whole) > 60
    rims = cv2.dilate(np.asarray(print_), np.ones((5, 5), np.uint8)) == 0
    bare = rims & (cv2.dilate(np.asarray(carbon), np.ones((9, 9), np.uint8)) == 0)
    assert darkest[bare & (np.arange(1654) < 600)].min() > 160  # the print did not grow into bars


def noted(ink: tuple[int, int, int], words: str, through: float = 0.0) -> tuple[Array, Array]:
    """The back of an A5 page at 200 dots per inch, a note on it, and where its strokes are darkest."""
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 30)
    front, note = Image.new("L", A5, 0), Image.new("L", A5, 0)
    for k in range(22 if through else 0):
        ImageDraw.Draw(front).text((170, 170 + 60 * k), LINES[1], 255, font)
    ImageDraw.Draw(note).text((200, 600), words, 255, font)
    ghost = cv2.GaussianBlur(np.asarray(front, np.float32)[:, ::-1], (0, 0), 1.7)
    share = cv2.GaussianBlur(np.asarray(note, np.float32) / 255, (0, 0), 0.6)[..., None]
    soft = (250 - through * ghost)[..., None] * (1 - share) + np.float32(ink) * share
    noise = np.random.default_rng(1).normal(0, 2, soft.shape)
    return np.clip(soft + noise, 0, 255).astype(np.uint8), share[..., 0] > 0.9


@pytest.mark.parametrize("seed", [770_003, 770_007])
def test_dust_beside_black_print_is_no_writing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    page = clean_page(scan(rng, make_paper(rng, "short", 300), 2.5, "dirty").image, dpi=300)
    assert page.mode is ColourMode.BLACK_WHITE


@pytest.mark.parametrize("soft", [2.2, 3.0])
def test_print_out_of_focus_does_not_grow_into_bars(soft: float) -> None:
    """Close by it is hardly deeper than faint ink, and was made stronger like that."""
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 24)
    drawn_ = Image.new("L", A5, 0)
    for row in range(23):
        ImageDraw.Draw(drawn_).text((150, 120 + 61 * row), LINES[1 + row % 3], 255, font)
    ink = cv2.GaussianBlur(np.asarray(drawn_, np.float32) / 255, (0, 0), soft)
    seen = 243 - 203 * ink + np.random.default_rng(4).normal(0, 2, ink.shape)
    page = clean_page(np.clip(seen, 0, 255).astype(np.uint8), dpi=200, turn_degrees=0)
    assert page.mode is ColourMode.GREY
    assert float((page.image < 60).mean()) < 0.02
    assert np.corrcoef(page.image.ravel(), seen.ravel())[0, 1] > 0.92


@pytest.fixture(scope="module")
def unsigned() -> Array:
    """A page of print at 200 dots per inch with room for a signature."""
    rng = np.random.default_rng(9)
    paper = scan(rng, make_paper(rng, "text", 200), 0.0, noise=2).image
    paper[1850:2230] = np.median(paper[::8, ::8].reshape(-1, 3), axis=0).astype(np.uint8)
    return paper


@pytest.mark.parametrize(
    ("pen", "wide", "coloured"),
    [
        ((220, 175, 150), 2, True),
        ((168, 165, 165), 3, False),
        ((190, 95, 70), 1, True),
        ((95, 90, 90), 1, False),
    ],
    ids=["pale blue", "pencil", "thin ballpoint", "thin grey pen"],
)
def test_a_signature_alone_beside_black_print_is_kept(
    unsigned: Array, pen: tuple[int, int, int], wide: int, coloured: bool
) -> None:
    along = np.linspace(0, 3 * np.pi, 300)
    loops = np.stack([900 + 30 * along + 40 * np.sin(along), 2040 + 60 * np.cos(1.1 * along)], 1)
    mask = np.zeros(unsigned.shape[:2], np.uint8)
    cv2.polylines(mask, [np.round(loops * 8).astype(np.int32)], False, 255, wide, cv2.LINE_AA, 3)
    share = mask[..., None] / 255
    signed = cv2.GaussianBlur(unsigned * (1 - share) + np.float32(pen) * share, (0, 0), 0.9).astype(np.uint8)
    page = clean_page(signed, dpi=200)
    assert page.corners is None and page.turn_degrees == 0 and abs(page.skew_degrees) < 0.05
    assert (page.mode is ColourMode.COLOUR) is coloured
    there = cv2.erode(grey_of(page.image), np.ones((5, 5), np.uint8))[mask > 200]
    assert (there < 215).mean() > 0.97


def test_black_print_is_not_looked_for_as_pale_ink() -> None:
    rng = np.random.default_rng(50011)
    for kind in ("text", "table"):
        assert plan_page(scan(rng, make_paper(rng, kind, 150)).image, None, 150).ink.levels is None


def test_grey_print_out_of_focus_below_a_black_heading_stays_as_it_came() -> None:
    """Where its rims and dots were lost it was made stronger in pieces: half of a word black, half pale."""
    drawn = Image.new("L", (1240, 900), 0)
    draw = ImageDraw.Draw(drawn)
    black, grey = (ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), size) for size in (30, 19))
    for top in (40, 460):
        draw.text((80, top), LINES[0], font=black, fill=235)
        for y in range(top + 60, top + 340, 40):
            draw.text((80, y), "Gia đình đã sinh sống ổn định", font=grey, fill=120)
            for x in (500, 720, 940):
                draw.rectangle((x, y, x + 24, y + 24), outline=120, width=2)
                draw.text((x + 34, y), "thường trú", font=grey, fill=120)
    ink = cv2.GaussianBlur(np.asarray(drawn, np.float32), (0, 0), 1.4)
    noise = np.random.default_rng(3).normal(0, 1.5, ink.shape)
    page = clean_page(np.clip(250 - ink + noise, 0, 255).astype(np.uint8), dpi=150).image
    assert np.corrcoef(ink.ravel(), 255 - grey_of(page).ravel().astype(np.float32))[0, 1] > 0.98


@pytest.mark.parametrize(("ink", "line"), [(200, 50), (220, 50), (230, 27)])
def test_every_word_of_a_third_copy_below_a_black_heading_is_there(ink: int, line: int) -> None:
    """At 75 dots an inch small print hangs together in words, which look as even as the tint of a form; and
    so many pale words are as crisp as no print of the other side."""
    drawn = Image.new("L", A5, 251)
    draw = ImageDraw.Draw(drawn)
    words: list[tuple[float, ...]] = []
    for k in range(900 // line):
        x, name = 100.0, "NotoSans-Bold.ttf" if k < 2 else "NotoSans-Regular.ttf"
        font = ImageFont.truetype(str(FONTS / name), 20 if k > 1 else 34)
        for word in LINES[k % 4].split():
            box = draw.textbbox((x, 120 + line * k), word, font=font)
            draw.text((x, 120 + line * k), word, font=font, fill=30 if k < 2 else ink)
            words.append(box)
            x = box[2] + 10
    soft = cv2.GaussianBlur(np.asarray(drawn, np.float32), (0, 0), 0.5)
    seen = np.clip(soft + np.random.default_rng(4).normal(0, 2, soft.shape), 0, 255).astype(np.uint8)
    page = grey_of(clean_page(cv2.merge([seen] * 3), dpi=200, turn_degrees=0).image)
    lost = [box for box in words if page[int(box[1]) : int(box[3]), int(box[0]) : int(box[2])].min() > 140]
    assert not lost
