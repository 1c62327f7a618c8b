"""What the scanner adds round a page goes; what is written near the edge stays."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kioskcore.paths import FONTS
from kioskcore.ports import ColourMode
from scanner.clean.arrays import NOTHING, Array
from scanner.clean.ink.margin import margin_mask
from scanner.clean.page import clean_page
from tests.bench.drawn.synth import make_paper, scan


def text_page(kind: str = "text", seed: int = 3) -> Array:
    return make_paper(np.random.default_rng(seed), kind, 200).image.copy()


def cleaned(image: Array, tone: ColourMode) -> Array:
    return clean_page(image, dpi=200, tone=tone).image


@pytest.mark.parametrize("tone", [ColourMode.COLOUR, ColourMode.GREY, ColourMode.BLACK_WHITE])
@pytest.mark.parametrize("lean", [0.0, 2.4])
def test_black_borders_become_paper(tone: ColourMode, lean: float) -> None:
    rng = np.random.default_rng(11)
    page = cleaned(scan(rng, make_paper(rng, "short", 200), lean, "border").image, tone)
    frame = np.ones(page.shape[:2], bool)
    frame[60:-60, 60:-60] = False
    assert float(page[frame].mean()) > 253
    assert (page[200:-200, 150:-150] < 100).any()


@pytest.mark.parametrize("lean", [0.0, 2.5])
@pytest.mark.parametrize("side", ["left", "top"])
def test_punched_holes_become_paper_and_a_pair_of_bullets_stays(side: str, lean: float) -> None:
    image = text_page("short")
    holes = [(90, 900), (90, 1530)] if side == "left" else [(500, 80), (1130, 80)]
    bullets = [(800, 1500), (800, 1800)]
    for middle in holes + bullets:
        cv2.circle(image, middle, 22, (45, 45, 45), -1, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((827, 1169), -lean, 1.0)
    image = cv2.warpAffine(image, turn, (1654, 2339), borderMode=cv2.BORDER_REPLICATE)
    page = clean_page(image, dpi=200, tone=ColourMode.GREY)
    assert abs(page.skew_degrees - lean) < 0.1
    assert all(page.image[y - 30 : y + 30, x - 30 : x + 30].min() > 235 for x, y in holes)
    assert all(page.image[y - 8 : y + 8, x - 8 : x + 8].max() < 110 for x, y in bullets)


CAPITALS = ("NHỮNG THAY ĐỔI", "HỌ VÀ TÊN", "GHI CHÚ HÀNG NGÀY", "CỘNG HOÀ QUỐC")


@pytest.mark.parametrize("points", range(9, 26, 2))
def test_bold_capitals_at_every_edge_are_no_holes(points: int) -> None:
    drawn = Image.new("L", (1240, 1754), 226)
    draw, font = (
        ImageDraw.Draw(drawn),
        ImageFont.truetype(str(FONTS / "NotoSans-Bold.ttf"), points * 150 / 72),
    )
    for k, y in enumerate(range(20, 1740, round(points * 150 / 72 * 1.8))):
        for left, anchor, words in ((15 + 8 * (k % 4), "la", CAPITALS), (1225, "ra", CAPITALS[::-1])):
            draw.text((left, y), words[k % 4], 20, font, anchor)
    assert margin_mask(cv2.GaussianBlur(np.asarray(drawn), (0, 0), 0.8), 210.0) is NOTHING


@pytest.mark.parametrize("every", [60, 118])
def test_a_column_of_filled_bubbles_is_no_row_of_holes(every: int) -> None:
    image = np.full((1754, 1240, 3), 240, np.uint8)
    for y in range(100, 1700, every):
        cv2.circle(image, (90, y), 15, (30, 30, 30), -1, cv2.LINE_AA)
    assert margin_mask(image, 210.0) is NOTHING


def test_writing_at_the_very_edge_is_no_border() -> None:
    image = np.full((2338, 1654, 3), 250, np.uint8)
    for row in range(60, 2300, 60):
        cv2.putText(
            image, "ban sao giay khai sinh", (-8, row), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (20, 20, 20), 4
        )
    cv2.putText(image, "so 12 " * 20, (20, 20), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 4)
    for row in range(300, 2000, 200):
        cv2.line(image, (0, row), (1653, row), (20, 20, 20), 4)
    cv2.line(image, (500, 0), (500, 2337), (20, 20, 20), 4)
    assert margin_mask(image, 210.0) is NOTHING


def test_a_photograph_that_reaches_the_edge_is_no_border() -> None:
    image = text_page()
    soft = np.random.default_rng(2).integers(0, 120, (9, 7, 3)).astype(np.uint8)
    image[:800, :600] = cv2.resize(soft, (600, 800), interpolation=cv2.INTER_CUBIC)
    assert margin_mask(image, 210.0) is NOTHING


@pytest.mark.parametrize("deep", [90, 300])
@pytest.mark.parametrize("inset", [0, 40])
@pytest.mark.parametrize("words", ["TO KHAI DANG KY KHAI SINH", ""])
def test_the_solid_head_of_a_form_is_no_border(deep: int, inset: int, words: str) -> None:
    image = text_page("short")
    image[: deep + 40] = image[0, 0]
    image[inset : inset + deep, 60:-60] = 25
    cv2.putText(
        image, words, (180, inset + deep // 2 + 15), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (240, 240, 240), 5
    )
    page = cleaned(image, ColourMode.GREY)
    assert page[inset + 15 : inset + deep - 15, 70:170].max() < 80


def test_a_head_as_wide_as_the_page_stays_for_what_is_written_in_it() -> None:
    image = text_page("short")
    image[:250] = 25
    for place in ((150, 80), (200, 170)):
        cv2.putText(image, "UY BAN NHAN DAN PHUONG", place, cv2.FONT_HERSHEY_SIMPLEX, 1.8, (240, 240, 240), 5)
    page = cleaned(image, ColourMode.GREY)
    assert page[200:240, 20:140].max() < 80


def test_a_bordered_blank_page_is_blank_and_a_bordered_text_black_and_white() -> None:
    rng = np.random.default_rng(12)
    empty = scan(rng, make_paper(rng, "blank", 150), 0.0, "border").image
    assert "blank" in clean_page(empty, dpi=150).verdicts
    short = scan(rng, make_paper(rng, "short", 150), 1.0, "border").image
    page = clean_page(short, dpi=150)
    assert page.mode is ColourMode.BLACK_WHITE
    assert "blank" not in page.verdicts


@pytest.mark.parametrize("lean", [2.0, -2.0])
def test_corners_that_straightening_turns_in_are_white(lean: float) -> None:
    """They were filled with the page's usual paper, which is grey where the page is lit more."""
    rng = np.random.default_rng(7)
    image = scan(rng, make_paper(rng, "text", 100), lean, noise=0).image
    lit = (image * np.linspace(0.6, 1, image.shape[1])[:, None]).astype(np.uint8)
    page = clean_page(lit, dpi=100, tone=ColourMode.GREY)
    assert page.skew_degrees == pytest.approx(lean, abs=0.1)
    for rim in (page.image[:6], page.image[-6:], page.image[:, :6], page.image[:, -6:]):
        assert rim.min() > 250
