"""Pale marks that are no letters, on lines, in cells and in white boxes: kept or told, and never made up."""

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kioskcore.ports import ColourMode
from scanner.clean.page import clean_page
from tests.bench.pencilled import account, made_up, pencilled, told
from tests.bench.synth import font


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


def test_what_is_in_the_letters_of_a_heading_is_no_tick() -> None:
    image = Image.new("L", (1800, 360), 240)
    for y, line in ((60, "ĐƠN ĐỀ NGHỊ ĐĂNG KÝ ĐẤT ĐAI"), (190, "GIẤY ỦY QUYỀN ĐỔI ĐỊA CHỈ")):
        ImageDraw.Draw(image).text((150, y), line, font=font(2, 58), fill=30)
    seen = cv2.GaussianBlur(np.asarray(image), (0, 0), 0.7)
    assert not told(clean_page(seen, dpi=300, turn_degrees=0))
