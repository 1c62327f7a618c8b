"""Pale marks that are no letters, on lines, in cells and in white boxes: kept or told, and never made up."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from kioskcore.ports import ColourMode
from scanner.clean.geometry.flatten import A5_MM
from scanner.clean.page import clean_page
from tests.bench.drawn.pencilled import KINDS, account, made_up, pencilled, told
from tests.bench.drawn.synth import font, make_paper


def test_pencil_marks_on_a_printed_form_are_kept_or_told() -> None:
    form = pencilled(np.random.default_rng(41), dpi=150, depth=35, high=80)
    page = clean_page(form.image, dpi=150, tone=ColourMode.BLACK_WHITE, turn_degrees=0)
    said = [what for _, what in account(form, page)]
    assert len(said) >= 5
    assert said.count("kept") >= 0.8 * len(said) and "untold" not in said
    assert made_up(form, page) < 0.5


def test_a_fold_is_neither_drawn_nor_told() -> None:
    form = pencilled(np.random.default_rng(44), "fold", dpi=150, kinds=(), high=100)
    page = clean_page(form.image, dpi=150, turn_degrees=0)
    assert not told(page)
    assert made_up(form, page) < 0.5


def test_a_crease_that_rulings_cut_into_pieces_is_no_mark() -> None:
    form = pencilled(np.random.default_rng(48), dpi=150, kinds=(), high=100)
    high, wide = form.image.shape[:2]
    crease = np.zeros((high, wide), np.float32)
    cv2.line(crease, (round(0.3 * wide), 0), (round(0.6 * wide), high), 45.0, 2, cv2.LINE_AA)
    worn = form.image - cv2.GaussianBlur(crease, (0, 0), 0.7)[..., None]
    page = clean_page(worn.clip(0, 255).astype(np.uint8), dpi=150, tone=ColourMode.BLACK_WHITE)
    assert not told(page)
    assert made_up(form, page) < 0.5


HEADING = (
    "ĐƠN ĐỀ NGHỊ ĐĂNG KÝ ĐẤT ĐAI", "GIẤY ỦY QUYỀN ĐỔI ĐỊA CHỈ", "BỘ ĐỒ DÙNG ĐỘI ĐÃ ĐỔI",
    "ĐỒNG CHÍ ĐỖ ĐÌNH ĐỘ ĐƯỢC",
)  # fmt: skip


@pytest.mark.parametrize("quarters", [0, 1])
def test_what_is_in_the_letters_of_a_heading_is_no_tick_however_it_lies(quarters: int) -> None:
    image = Image.new("L", (1800, 560), 240)
    for k, line in enumerate(HEADING):
        ImageDraw.Draw(image).text((150, 40 + 125 * k), line, font=font(2, 58), fill=30)
    seen = cv2.GaussianBlur(np.rot90(image, quarters), (0, 0), 0.7)
    assert not told(clean_page(seen, dpi=300))


def test_what_is_pale_of_letters_that_are_black_in_part_is_no_mark() -> None:
    rng = np.random.default_rng(41)
    part, soft = rng.uniform((0.4, 0.4), (0.7, 1.2))
    ink = part * (255 - make_paper(rng, "framed", 150, A5_MM).image.astype(np.float32))
    seen = 255 - cv2.GaussianBlur(ink, (0, 0), soft) + rng.normal(0, 2, ink.shape)
    assert not told(clean_page(seen.clip(0, 255).astype(np.uint8), dpi=150))


def test_the_tint_between_white_boxes_is_not_drawn() -> None:
    """Strips of it are as crisp as pale writing, and were made black."""
    rng = np.random.default_rng(45)
    tinted, marked = np.full((1300, 1240, 3), (240, 244, 245), np.uint8), []
    image = Image.fromarray(tinted)
    draw, face = ImageDraw.Draw(image), font(2, 26)
    for y in range(60, 1200, 90):
        draw.rectangle((80, y, 1160, y + 60), fill=(216, 219, 220))
        draw.text((90, y + 14), "họ và tên, nơi ở", font=face, fill=(40, 40, 40))
        for x in range(500, 900, 45):
            draw.rectangle((x, y + 8, x + 39, y + 52), fill=(240, 244, 245))
        marked.append((640, y + 30))
        draw.line((644, y + 30, 664, y + 29), fill=(150, 150, 150), width=3)
    seen = np.clip(np.asarray(image) + rng.normal(0, 2, tinted.shape), 0, 255).astype(np.uint8)
    page = clean_page(seen, dpi=150, tone=ColourMode.GREY, turn_degrees=0)
    assert all(page.image[y - 3 : y + 4, x + 6 : x + 20].min() < 190 for x, y in marked)
    bare = np.ones((1300, 1240), bool)
    for x, y in marked:
        bare[y - 12 : y + 13, x - 6 : x + 36] = False
    bare[:, :495] = False
    assert (page.image[bare] < 150).mean() < 0.0005


def test_beside_white_boxes_on_large_tinted_fields_nothing_is_drawn_dark() -> None:
    """The light of a large tint is taken for that of paper by and by: what is left fades from its rims."""
    image = Image.new("RGB", (827, 1169), (251, 251, 251))
    draw, face = ImageDraw.Draw(image), font(2, 17)
    for y in range(60, 1000, 260):
        draw.rectangle((60, y, 765, y + 230), fill=(228, 228, 228))
        for row in range(2):
            draw.text((72, y + 46 + 40 * row), "họ và tên, nơi ở", font=face, fill=(40, 40, 40))
            draw.rectangle((236, y + 36 + 40 * row, 755, y + 66 + 40 * row), fill=(251, 251, 251))
        for row in range(2, 5):
            draw.text((72, y + 46 + 36 * row), "ngày sinh, quê quán", font=face, fill=(40, 40, 40))
    noise = np.random.default_rng(57).normal(0, 2, (1169, 827, 3))
    seen = np.clip(cv2.GaussianBlur(np.asarray(image), (0, 0), 0.5) + noise, 0, 255).astype(np.uint8)
    page = clean_page(seen, dpi=100, turn_degrees=0)
    assert page.image[:, 300:].min() > 150


def test_of_white_boxes_on_tinted_fields_nothing_is_told() -> None:
    form = pencilled(np.random.default_rng(55), dpi=150, kinds=(), high=100)
    assert not told(clean_page(form.image, dpi=150, turn_degrees=0))


def test_deep_pencil_on_a_printed_ground_is_told_and_the_ground_is_not() -> None:
    form, bare = (
        pencilled(np.random.default_rng(43), "guilloche", dpi=150, depth=65, high=60, kinds=kinds)
        for kinds in (KINDS, ())
    )
    assert told(clean_page(form.image, dpi=150, turn_degrees=0))
    assert not told(clean_page(bare.image, dpi=150, turn_degrees=0))


def test_thin_grey_frames_of_letter_boxes_are_not_drawn_black_in_pieces() -> None:
    form = Image.new("RGB", (1000, 700), (250, 250, 250))
    draw, print_, hand = ImageDraw.Draw(form), font(0, 30), font(1, 34)
    for top in range(40, 650, 90):
        draw.text((40, top + 8), "Họ và tên:", (30, 30, 30), print_)
        for box in range(15):
            left = 220 + 47 * box
            draw.rectangle((left, top, left + 44, top + 55), outline=(120, 120, 120), width=1)
            if box < 8:
                draw.text((left + 12, top + 8), "A4K95HE2"[box], (40, 60, 160), hand)
    lean = cv2.getRotationMatrix2D((500, 350), 0.6, 1)
    came = cv2.warpAffine(np.asarray(form, np.float32), lean, (1000, 700), borderValue=(250,) * 3)
    came = cv2.GaussianBlur(came, (0, 0), 0.6) + np.random.default_rng(5).normal(0, 2, came.shape)
    page = clean_page(np.clip(came, 0, 255).astype(np.uint8)[..., ::-1].copy(), dpi=200, turn_degrees=0)
    assert page.image[:, 620:].min() > 60
