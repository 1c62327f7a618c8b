"""The lean is measured to hundredths of a degree and a page is brought upright, or left alone when unsure."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kioskcore.paths import FONTS
from scanner.clean.geometry.skew import Skew, find_skew
from scanner.clean.geometry.turn import Turn, find_turn, trusted
from scanner.clean.page import clean_page
from tests.bench.drawn.filled import filled_form
from tests.bench.drawn.heap import leaves
from tests.bench.drawn.synth import FAULTS, make_paper, scan

WORDS = ["thật", "có", "trách", "nhiệm", "gì", "ngày", "về", "xác", "Nguyễn", "ông", "giấy", "luật", "Ủy"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("lean", [-14.3, -0.37, 0.0, 2.81])
def test_lean_of_degraded_scans(fault: str, lean: float) -> None:
    rng = np.random.default_rng(int(abs(lean) * 100))
    found = find_skew(scan(rng, make_paper(rng, "text", 150), lean, fault).image)
    assert found.sure
    assert found.degrees == pytest.approx(lean, abs=0.03)


@pytest.mark.parametrize("kind", ["text", "short", "table", "form"])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_pages_are_brought_upright(kind: str, quarters: int) -> None:
    rng = np.random.default_rng(quarters)
    image = scan(rng, make_paper(rng, kind, 150), 1.5).image
    turn = find_turn(np.ascontiguousarray(np.rot90(image, quarters)))
    assert turn.degrees == quarters * 90
    assert turn.sure


@pytest.mark.parametrize(("soft", "known"), [(1.25, False), (1.4, True)])
def test_small_print_that_is_a_little_soft_is_never_set_upside_down(soft: float, known: bool) -> None:
    """Its marks grow into its letters, which then stand less evenly than they hang."""
    rng = np.random.default_rng(3)
    picture = Image.new("L", (1240, 1754), 250)
    font = ImageFont.truetype(str(FONTS / "NotoSans-Bold.ttf"), 17)
    for row in range(60):
        ImageDraw.Draw(picture).text((110, 110 + 25 * row), " ".join(rng.choice(WORDS, 22)), 30, font)
    image = cv2.GaussianBlur(np.asarray(picture), (0, 0), soft)
    upright = find_turn(image)
    assert (upright.degrees, upright.sure) == (0, known)
    lying = find_turn(np.ascontiguousarray(np.rot90(image, 3)))
    assert lying.degrees == 270 if lying.sure else lying.doubted


@pytest.mark.parametrize("quarters", range(4))
def test_a_soft_receipt_without_marks_is_set_upright(quarters: int) -> None:
    """Its columns make rows across too."""
    slip = Image.new("L", (560, 1300), 240)
    font, draw = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 24), ImageDraw.Draw(slip)
    goods = ("Gao te", "Nuoc mam", "Muoi i-ot", "Dau an", "Xa phong", "Tra xanh")
    for row in range(30):
        draw.text((40, 60 + 40 * row), goods[row % 6], 60, font)
        draw.text((520, 60 + 40 * row), f"{1 + row % 5} x {5 + row * 137 % 900}.000", 60, font, "ra")
    image = cv2.resize(np.asarray(slip), (448, 1040), interpolation=cv2.INTER_AREA)
    image = cv2.GaussianBlur(image, (0, 0), 0.6)
    turn = find_turn(np.ascontiguousarray(np.rot90(image, quarters)))
    assert (turn.degrees, turn.sure, turn.doubted) == (quarters * 90, True, False)


@pytest.mark.parametrize("quarters", range(4))
def test_the_words_of_a_table_that_stand_one_above_the_other_are_no_lines(quarters: int) -> None:
    page, sides = Image.new("L", (992, 1403), 250), (95, 151, 378, 520, 661, 907)
    font, draw = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 15), ImageDraw.Draw(page)
    for row in range(24):
        draw.line((sides[0], 260 + 40 * row, sides[-1], 260 + 40 * row), 0, 1)
    for side in sides:
        draw.line((side, 260, side, 1180), 0, 1)
    for row in range(1, 23):
        name = ("Trần Thị Mẫu", "Lò Văn Thử", "Nguyễn Đình Tập")[row % 3]
        born, home = f"{row:02d}/0{row % 9 + 1}/19{60 + row}", f"Thôn {row % 6 + 1}, xã Thử Nghiệm"
        cells = (str(row), name, born, "Con", home)
        for side, text in zip(sides, cells, strict=False):
            draw.text((side + 7, 272 + 40 * row), text, 20, font)
    grain = np.random.default_rng(1).normal(0, 4, (1403, 992))
    seen = cv2.GaussianBlur(np.asarray(page, np.float32), (0, 0), 1.0) + grain
    turn = find_turn(np.ascontiguousarray(np.rot90(np.clip(seen, 0, 255).astype(np.uint8), quarters)))
    assert turn.degrees == quarters * 90 or turn.doubted


def test_a_page_that_seems_upside_down_is_told_where_that_is_not_sure_enough_to_turn_it() -> None:
    rng = np.random.default_rng(950_073)
    image = scan(rng, make_paper(rng, "short", 150), float(rng.normal(0, 1)), FAULTS[3]).image
    page = clean_page(np.ascontiguousarray(image[::-1, ::-1]), dpi=150)
    assert page.turn_degrees == 180 or "turn" in page.verdicts
    assert "turn" not in clean_page(image, dpi=150).verdicts


@pytest.mark.parametrize(("kind", "seed"), [("receipt", 3), ("form", 5), ("text", 5)])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_whose_letters_melt_is_set_upright_or_told(kind: str, seed: int, quarters: int) -> None:
    """At 75 dots an inch, out of focus: its letters hang together, and rows of them are hardly seen."""
    soft = cv2.GaussianBlur(make_paper(np.random.default_rng(seed), kind, 75).image, (0, 0), 1.2)
    turn = find_turn(np.ascontiguousarray(np.rot90(soft, quarters)))
    assert turn.doubted or turn.degrees == quarters * 90


@pytest.mark.parametrize(
    ("text", "px"),
    [
        ("Đơn đề nghị\nxác nhận cư trú", 32),
        ("GIẤY ỦY QUYỀN", 32),
        ("Hồ sơ đất đai", 32),
        ("Hồ sơ đất đai", 140),
    ],
)
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_of_one_or_two_lines_is_set_upright(text: str, px: int, quarters: int) -> None:
    turn = find_turn(np.ascontiguousarray(np.rot90(few_lines(text, px), quarters)))
    assert (turn.degrees, turn.sure, turn.doubted) == (quarters * 90, True, False)


def test_one_line_that_neither_rises_nor_hangs_is_never_set_upside_down() -> None:
    """Digits; where they lie, they are set level, and that it is not known which way up is told."""
    page = few_lines("0308 6180 3806")
    assert find_turn(page).degrees == 0
    turn = find_turn(np.ascontiguousarray(np.rot90(page)))
    assert turn.doubted
    assert turn.degrees in (90, 270)


@pytest.mark.parametrize("quarters", range(4))
def test_a_word_or_two_of_which_nothing_is_known_are_told(quarters: int) -> None:
    turn = find_turn(np.ascontiguousarray(np.rot90(few_lines("Đã thu", 60), quarters)))
    assert (turn.degrees, turn.doubted) == (0, True)


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_short_line_that_lies_is_turned_and_told(quarters: int) -> None:
    """Which way up so few letters are may be chance, that they lie is not."""
    turn = find_turn(np.ascontiguousarray(np.rot90(few_lines("Phụ lục", 50), quarters)))
    assert (turn.degrees, turn.doubted) == (quarters * 90, True)


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("text", ["PHỤ LỤC 2", "MỤC LỤC", "LỊCH HẸN"])
def test_dots_below_capitals_set_no_page_upside_down(text: str, quarters: int) -> None:
    turn = find_turn(np.ascontiguousarray(np.rot90(few_lines(text, 50), quarters)))
    assert turn.degrees in (0, quarters * 90) or turn.doubted


def few_lines(text: str, px: int = 32) -> np.ndarray:
    """A page at 150 dpi with nothing but that in its middle."""
    page = Image.new("L", (1240, 1754), 250)
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), px)
    ImageDraw.Draw(page).text((620, 600), text, 20, font, "mm", align="center")
    return np.asarray(page)


def test_a_page_without_text_is_not_turned() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 255, (900, 700), np.uint8)
    heap = leaves(rng, 900, 700).astype(np.uint8)
    for image in (np.full((900, 700), 255, np.uint8), noise, heap):
        turn = find_turn(image)
        assert (turn.degrees, turn.sure) == (0, False)


def test_a_straight_page_is_not_resampled() -> None:
    rng = np.random.default_rng(4)
    image = scan(rng, make_paper(rng, "text", 150), 0.0, noise=0).image
    page = clean_page(image, dpi=150)
    assert page.skew_degrees == 0.0
    assert page.image.shape[:2] == image.shape[:2]


def test_a_leaning_lying_page_is_straightened_and_turned_at_once() -> None:
    rng = np.random.default_rng(5)
    image = np.ascontiguousarray(np.rot90(scan(rng, make_paper(rng, "text", 150), 1.2).image))
    page = clean_page(image, dpi=150)
    assert page.turn_degrees == 90
    assert (page.width_mm, page.height_mm) == (210.0, 297.0)
    left = find_turn(page.image)
    assert left.degrees == 0
    assert abs(left.skew.degrees) < 0.05


def few_words(lean: float, stamp: float = 0.0) -> np.ndarray:
    """A page at 150 dpi with two lines, or with one and a stamp aslant where that is not 0; degrees."""
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 26)
    page = Image.new("L", (1240, 874), 250)
    if stamp:
        ImageDraw.Draw(page).text((500, 600), "ĐÃ THU TIỀN MẶT 2026", 20, font)
        page = page.rotate(-stamp, Image.Resampling.BICUBIC, fillcolor=250)
    for row, words in enumerate((WORDS[:4],) if stamp else (WORDS[:6], WORDS[9:11])):
        ImageDraw.Draw(page).text((200, 300 + 50 * row), " ".join(words), 20, font)
    return np.asarray(page.rotate(-lean, Image.Resampling.BICUBIC, fillcolor=250))


@pytest.mark.parametrize("lean", [-3.1, 0.0, 2.0])
def test_two_lines_on_an_otherwise_empty_page_are_straightened(lean: float) -> None:
    page = clean_page(few_words(lean), dpi=150)
    assert page.skew_degrees == pytest.approx(lean, abs=0.15 * bool(lean))


def test_a_line_of_which_a_third_hangs_below_it_is_straightened() -> None:
    page = Image.new("L", (1240, 874), 250)
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 26)
    ImageDraw.Draw(page).text((200, 300), "Hợp người tạm giấy quan", 20, font)
    leaning = np.asarray(page.rotate(-2.0, Image.Resampling.BICUBIC, fillcolor=250))
    assert find_skew(leaning).degrees == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize("seed", [1_375_000, 1_375_009])
def test_a_straight_page_is_not_moved_by_a_few_words_in_pencil(seed: int) -> None:
    form = filled_form(np.random.default_rng(seed), "pencil", print_too=False)
    assert clean_page(form.image, dpi=form.dpi).skew_degrees == pytest.approx(0.0, abs=0.01)


def test_a_straight_page_is_not_turned_by_a_stamp_aslant() -> None:
    assert find_skew(few_words(0.0, stamp=5.0)).degrees == 0.0


def test_what_shows_through_from_the_other_side_has_no_vote() -> None:
    rng = np.random.default_rng(22)
    found = find_skew(scan(rng, make_paper(rng, "short", 200), 2.7, "through").image)
    assert found.degrees == pytest.approx(2.7, abs=0.05)


@pytest.mark.parametrize(("rows", "vote", "text"), [(7.9, 0.55, True), (2.9, 0.38, False), (7.9, 0.2, False)])
def test_rows_as_level_as_text_are_text_though_which_way_up_is_not_sure(
    rows: float, vote: float, text: bool
) -> None:
    assert Turn(0, False, Skew(0.0, True, rows), 15.0, vote).plain is text


def test_a_photograph_without_a_page_is_turned_by_plain_text_only() -> None:
    clear, vague, lying, few = (
        Turn(180, True, Skew(0, True, plain), 10, vote, np.zeros((count, 4)))
        for vote, plain, count in ((-0.9, 4, 300), (-0.4, 4, 300), (-0.9, 1.5, 300), (-0.4, 4, 20))
    )
    assert (trusted(clear), trusted(few)) == (clear, few)
    for turn in (trusted(vague), trusted(lying)):
        assert (turn.degrees, turn.doubted) == (0, True)


@pytest.mark.parametrize("dpi", [100, 150])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_dotted_lines_have_no_vote(dpi: int, quarters: int) -> None:
    """Though as large as letters, and below them as marks are; melted, the words' starts make rows too."""
    turn = find_turn(np.ascontiguousarray(np.rot90(dotted_form(dpi), quarters)))
    assert turn.doubted or (turn.sure and turn.degrees == quarters * 90)
    if dpi == 150:
        assert turn.sure


def dotted_form(dpi: int) -> np.ndarray:
    """Labels in bold, each with points to the right margin."""
    form = Image.new("L", (2480, 3508), 245)
    font = ImageFont.truetype(str(FONTS / "NotoSans-Bold.ttf"), 50)
    for row in range(38):
        words = " ".join(WORDS[row % 5 : row % 5 + 2 + row % 7])
        ImageDraw.Draw(form).text((250, 250 + 80 * row), words + ": " + "." * (115 - row % 11), 20, font)
    size = (round(210 * dpi / 25.4), round(297 * dpi / 25.4))
    return np.asarray(form.resize(size, Image.Resampling.BOX))


@pytest.mark.parametrize("quarters", [0, 2, 3])
def test_where_the_letters_oppose_what_the_net_says_that_is_told(quarters: int) -> None:
    """Of bold words on dashed lines it is surely wrong."""
    turn = find_turn(np.ascontiguousarray(np.rot90(dashed_form(), quarters)))
    assert turn.doubted or (turn.sure and turn.degrees == quarters * 90)


def dashed_form() -> np.ndarray:
    """Bold labels at 150 dots an inch, every second with words on its dashed line."""
    form = Image.new("L", (2480, 3508), 245)
    font, draw = ImageFont.truetype(str(FONTS / "NotoSans-Bold.ttf"), 42), ImageDraw.Draw(form)
    for row in range(24):
        foot, label = 300 + 110 * row, " ".join(WORDS[row % 5 : row % 5 + 2 + row % 3]) + ":"
        end = 260 + round(font.getlength(label))
        draw.text((250, foot), label, 20, font, anchor="ls")
        if row % 2:
            words = " ".join(WORDS[row * 3 % 5 : row * 3 % 5 + 3])
            draw.text((end + 30, foot - 3), words, 60, font, anchor="ls")
        for left in range(end, 2200, 20):
            draw.rectangle((left, foot + 3, left + 10, foot + 8), fill=30)
    return np.asarray(form.resize((1240, 1754), Image.Resampling.BOX))
