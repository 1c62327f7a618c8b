"""Pale marks that are no letters, on lines, in cells and in white boxes: kept or told, and never made up."""

import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.page import clean_page
from tests.bench.pencilled import account, made_up, pencilled, told


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
