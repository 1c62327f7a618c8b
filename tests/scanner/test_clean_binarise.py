"""Ink stays ink, dust goes, and what is faint is followed where it is not show-through."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from kioskcore.ports import ColourMode
from scanner.clean.arrays import grey_of
from scanner.clean.geometry.skew import letter_boxes
from scanner.clean.geometry.turn import letter_height
from scanner.clean.ink.binarise import binarise, black_white
from scanner.clean.ink.light import PAPER_WHITE, divide_light, paper_map
from scanner.clean.judge.judge import Verdict
from scanner.clean.page import clean_page
from tests.bench.drawn.dotted import SEEN, dirt_left, dotted, lost_dots
from tests.bench.drawn.synth import font, make_paper, scan
from tests.bench.quality.ink import SANS, SERIF, lost_pieces, small_print


def test_letters_agree_with_the_drawing_under_uneven_light() -> None:
    rng = np.random.default_rng(1)
    paper = make_paper(rng, "text", 300)
    truth = grey_of(paper.image) < 128
    seen = grey_of(scan(rng, paper, 0.0, "dirty").image)
    ink = binarise(divide_light(seen, paper_map(seen))) == 0
    agreement = 2 * (ink & truth).sum() / (ink.sum() + truth.sum())
    assert agreement > 0.93


def test_dots_and_tone_marks_are_not_dust() -> None:
    image = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(image).text((60, 100), "i j : . ạ ệ ọ ị . ;", font=font(0, 42), fill=0)
    drawn = np.asarray(image)
    ink = binarise(drawn) == 0
    count, parts = cv2.connectedComponents((drawn < 128).astype(np.uint8))
    kept = [ink[parts == part].mean() for part in range(1, count)]
    assert count > 14
    assert min(kept) > 0.9


@pytest.mark.parametrize(("seed", "dirt_cm2"), [(44, 0.0), (45, 2.0)])
def test_dots_of_small_print_stay_and_specks_on_bare_paper_go(seed: int, dirt_cm2: float) -> None:
    """Half a hundred dots of a line are no dirt, though each is as small as that."""
    slip = dotted(np.random.default_rng(seed), dirt_cm2)
    page = clean_page(slip.image, dpi=slip.dpi, tone=ColourMode.BLACK_WHITE, turn_degrees=0)
    lost, marks = lost_dots(slip, page.image)
    left, specks = dirt_left(slip, page.image)
    assert lost <= 0.01 * marks
    assert left <= 0.7 * specks


def test_thin_light_print_is_kept_grey_where_its_dots_would_be_lost() -> None:
    """In black-white, where that is asked for, it is told."""
    slip = dotted(np.random.default_rng(60), 0.0)
    page = clean_page(slip.image, dpi=slip.dpi, turn_degrees=0)
    black = clean_page(slip.image, dpi=slip.dpi, tone=ColourMode.BLACK_WHITE, turn_degrees=0)
    assert page.mode is ColourMode.GREY
    assert not page.verdicts
    assert lost_dots(slip, page.image, SEEN)[0] == 0
    assert black.mode is ColourMode.BLACK_WHITE
    assert black.verdicts == (Verdict.FAINT,)


def test_lone_specks_become_paper() -> None:
    page = np.full((600, 600), 250, np.uint8)
    page[100:103, 100:103] = 30
    page[400:402, 300:303] = 30
    page[300:340, 50:400] = 20
    ink = binarise(page) == 0
    assert not ink[90:120, 90:120].any()
    assert not ink[390:420, 290:320].any()
    assert ink[305:335, 60:390].all()


def test_dirt_among_words_becomes_paper() -> None:
    """How much of it to expect is seen on the margins."""
    rng = np.random.default_rng(11)
    drawn, seen = (np.pad(each, 150, mode="edge") for each in small_print(rng, SANS, 48, 0, 3.0))
    spots = cv2.dilate((rng.random(seen.shape) < 0.0008).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    seen[spots] = 70
    black = (binarise(seen) == 0).astype(np.uint8)
    apart = spots & (cv2.erode(drawn, np.ones((9, 9), np.uint8)) > 160)
    assert (black.astype(bool) & apart).sum() < 0.22 * apart.sum()


def test_a_photograph_on_a_page_stays_dark() -> None:
    rng = np.random.default_rng(6)
    page = scan(rng, make_paper(rng, "text", 150), 0.0).image
    soft = rng.integers(30, 160, (12, 9, 3)).astype(np.uint8)
    picture = np.asarray(Image.fromarray(soft).resize((500, 650), Image.Resampling.BICUBIC))
    page[200:850, 150:650] = picture
    cleaned = clean_page(page, dpi=150).image
    assert cleaned.ndim == 3
    assert float(cleaned[300:750, 250:550].mean()) < 190


@pytest.mark.parametrize("face", range(5))
@pytest.mark.parametrize("points", [8, 9, 13])
def test_small_print_keeps_every_mark_beside_large_print(face: int, points: int) -> None:
    """Dust is measured by the strokes close by: bold headings do not make the marks of a footnote dust."""
    image = Image.new("L", (1500, 900), 255)
    draw = ImageDraw.Draw(image)
    for row in range(4):
        draw.text((40, 30 + 90 * row), "CỘNG HÒA XÃ HỘI", font=font(1, 75), fill=0)
    size = round(points * 300 / 72)
    for row in range(3):
        draw.text((60, 500 + 90 * row), "i. j: ị ệ ạ ; ĩ ở ù ý . ặ", font=font(face, size), fill=0)
    drawn = cv2.GaussianBlur(np.asarray(image), (0, 0), 0.7)
    ink = binarise(drawn) == 0
    count, parts = cv2.connectedComponents((drawn < 128).astype(np.uint8))
    kept = [ink[parts == part].mean() for part in range(1, count)]
    assert count > 50
    assert min(kept) > 0.6


@pytest.mark.parametrize(
    ("dpi", "px", "face", "grey"),
    [(200, 24, SERIF, 60), (200, 24, SERIF, 15), (300, 29, SANS, 60), (150, 17, SANS, 90)],
)
def test_thin_strokes_are_no_show_through(dpi: int, px: int, face: int, grey: int) -> None:
    """Their grey is thinned by their rims, but they are as black as the print around, or as sharp."""
    drawn, seen = small_print(np.random.default_rng(px), face, px, grey, 2)
    lost, pieces = lost_pieces(drawn, binarise(seen, dpi))
    assert pieces > 100
    assert lost == 0


@pytest.mark.parametrize(
    ("first", "print_grey", "grey", "soft", "dpi"),
    [(60, 20, 90, 0.4, 200), (61, 20, 90, 0.4, 200), (61, 20, 90, 0.05, 200), (61, 95, 112, 0.4, 150)],
)
def test_a_thin_frame_stays_whole_wherever_its_lines_lie(
    first: int, print_grey: int, grey: int, soft: float, dpi: int
) -> None:
    """Two pixels wide and across two halves, it is diluted to half of its depth: to its level, or less."""
    image = Image.new("L", (1240, 640), 255)
    draw = ImageDraw.Draw(image)
    for y in range(first, 560, 80):
        draw.text((60, y), "Họ và tên", font=font(0, 44), fill=print_grey)
        draw.rectangle((400, y, 1180, y + 51), outline=grey, width=2)
    noise = np.random.default_rng(58).normal(0, 2, (640, 1240))
    seen = cv2.GaussianBlur(np.asarray(image), (0, 0), soft) + noise
    page = binarise(np.clip(seen, 0, 255).astype(np.uint8), dpi)
    for y in range(first, 560, 80):
        for side in (y, y + 50):
            assert (page[side - 2 : side + 4, 400:1180] == 0).any(axis=0).mean() > 0.97


@pytest.mark.parametrize(("dpi", "points"), [(150, 9), (150, 12), (200, 8), (200, 11), (300, 8)])
def test_black_white_knows_where_a_soft_lens_melts_marks_with_their_letters(dpi: int, points: int) -> None:
    def melts(soft: float) -> bool:
        px = round(points * dpi / 72)
        _, seen = small_print(np.random.default_rng(dpi + points), SERIF, px, 30, 3, soft)
        lit = divide_light(seen, paper_map(seen), 255 * 255 / PAPER_WHITE)
        return black_white(lit, dpi).melts(letter_height(letter_boxes(lit)))

    assert [melts(soft) for soft in (0, 0.5, 1.8)] == [False, False, True]


@pytest.mark.parametrize(("soft", "mode"), [(0.5, ColourMode.BLACK_WHITE), (1.2, ColourMode.GREY)])
def test_soft_small_print_is_kept_grey_and_sharp_print_is_not(soft: float, mode: ColourMode) -> None:
    rng = np.random.default_rng(30)
    image = grey_of(make_paper(rng, "text", 150).image)
    assert clean_page(cv2.GaussianBlur(image, (0, 0), soft), dpi=150).mode is mode


def test_pencil_beside_bold_print_and_hairlines_stay() -> None:
    image = Image.new("L", (1400, 800), 250)
    draw = ImageDraw.Draw(image)
    for row in range(5):
        draw.text((40, 30 + 130 * row), "CHỨNG THỰC BẢN SAO", font=font(1, 58), fill=10)
        draw.text((60, 110 + 130 * row), "đã nộp lệ phí ngày mồng tám", font=font(0, 44), fill=150)
    draw.line([20, 720, 1380, 720], fill=60, width=1)
    drawn = np.asarray(image)
    ink = binarise(drawn) == 0
    assert ink[drawn < 60].mean() > 0.95
    assert ink[720, 30:1370].mean() > 0.9
    pencil = (drawn > 145) & (drawn < 160)
    assert ink[pencil].mean() > 0.8


def test_what_shows_through_goes_and_what_is_written_stays() -> None:
    rng = np.random.default_rng(21)
    front = grey_of(make_paper(rng, "text", 300).image)
    back = grey_of(make_paper(rng, "text", 300).image)[:, ::-1]
    ghost = (255 - cv2.GaussianBlur(back, (0, 0), 4)) * 0.45
    seen = np.clip(front - np.where(front < 128, 0, ghost), 0, 255).astype(np.uint8)
    ink = binarise(divide_light(seen, paper_map(seen))) == 0
    truth = front < 128
    agreement = 2 * (ink & truth).sum() / (ink.sum() + truth.sum())
    assert agreement > 0.93


def test_the_dots_of_a_pale_blurred_copy_are_not_dust() -> None:
    image = Image.new("L", (1300, 400), 255)
    draw = ImageDraw.Draw(image)
    for row in range(4):
        draw.text((40, 20 + 90 * row), "nộp lệ phí chị hiện tại, hẹn mời. đi", font=font(0, 44), fill=0)
    soft = cv2.GaussianBlur(np.asarray(image), (0, 0), 1.3).astype(np.float32)
    copy = (soft * 0.45 + 140).astype(np.uint8)
    ink = binarise(copy) == 0
    count, parts = cv2.connectedComponents((np.asarray(image) < 128).astype(np.uint8))
    kept = [ink[parts == part].mean() for part in range(1, count)]
    assert count > 100
    assert min(kept) > 0.5


def test_the_tint_of_a_form_is_printed_all_over_though_its_boxes_cut_it_into_many_parts() -> None:
    """Only the first dozen was kept, and what was below fell out of the block in patches."""
    page = np.full((438, 312, 3), 250, np.uint8)
    page[60:400, 25:288] = (170, 230, 170)
    for row in range(90, 390, 38):
        page[row : row + 9, 25:288] = 250
    page[60:400, 105:110] = page[60:400, 195:200] = 250
    assert paper_map(page)[100:390, 40:270].min() > 235
