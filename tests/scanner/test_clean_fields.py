"""What is printed on white paper with a ground of its own keeps it, and nothing of it is pale ink."""

import cv2
import numpy as np
import pytest

from kioskcore.ports import ColourMode
from scanner.clean.arrays import NOTHING
from scanner.clean.ink.fields import fields_of
from scanner.clean.page import clean_page
from scanner.sheet.layers import photograph_area
from tests.bench.drawn.boxed import boxed, drawn_dark
from tests.bench.drawn.copied import copied, ground_kept
from tests.bench.drawn.synth import make_paper, scan


def test_the_ground_of_copied_cards_is_kept() -> None:
    copy = copied(rng := np.random.default_rng(64), 150, high=210)
    page = clean_page(scan(rng, copy.paper, noise=2).image, dpi=150, turn_degrees=0)
    assert page.mode is ColourMode.COLOUR and page.corners is None and not page.verdicts
    assert ground_kept(copy, page.image) > 0.95
    pictured = cv2.resize(photograph_area(page.image), copy.ground.shape[::-1])
    assert pictured[copy.ground].mean() > 0.95


@pytest.mark.parametrize("thing", ["text", "shadow", "shadow over text", "boxes", "ticks", "round"])
def test_what_is_no_field_is_paper(thing: str) -> None:
    page = np.full((438, 310, 3), 246, np.uint8)
    if "text" in thing:
        page = cv2.resize(make_paper(np.random.default_rng(3), "text", 75).image, page.shape[1::-1])
    if thing == "shadow over text":
        page[60:180, 60:210] = page[60:180, 60:210] * 0.7
    if thing in ("shadow", "boxes", "ticks"):
        page[60:180, 40:270] = 215
    if thing == "shadow":
        page = cv2.GaussianBlur(page, (0, 0), 6)
    if thing == "boxes":
        for top in (70, 110, 150):
            page[top : top + 20, 150:260] = 246
    if thing == "ticks":
        for top in (70, 84, 98):
            page[top : top + 8, 180:188] = page[top : top + 8, 220:228] = 246
    if thing == "round":
        cv2.circle(page, (150, 200), 60, (215, 215, 225), -1)
    assert fields_of(page) is NOTHING


def test_the_tint_between_letter_boxes_is_no_writing() -> None:
    """A millimetre wide, it is as crisp as pencil."""
    form = boxed(np.random.default_rng(780056), tinted=True, pencil=74, high=130)
    page = clean_page(form.image, dpi=form.dpi, turn_degrees=0)
    assert drawn_dark(form, page.image) < 1
