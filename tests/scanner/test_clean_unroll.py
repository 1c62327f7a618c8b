"""A curled page is read along its lines; a level page is left as it is, to the pixel."""

import cv2
import numpy as np
import pytest

from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array
from scanner.clean.geometry.flatten import Target
from scanner.clean.geometry.skew import bodies, letter_boxes
from scanner.clean.geometry.textlines import text_lines, upright
from scanner.clean.geometry.unroll import find_sheet, unroll
from scanner.clean.page import clean_page
from tests.bench.drawn.synth import make_paper


def page(dpi: float = 150) -> Array:
    return make_paper(np.random.default_rng(3), "text", dpi).image


def curled(image: Array, depth: float = 30.0) -> Array:
    """Rows bulge by `depth` px in the middle, less towards the foot of the page."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    lift = depth * np.sin(np.pi * columns / width) ** 2 * (1 - 0.5 * rows / height)
    return cv2.remap(image, columns, rows + lift, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def letters(image: Array) -> Array:
    boxes = letter_boxes(image)
    return boxes[bodies(boxes)]


def bend_of(image: Array) -> float:
    return text_lines(letters(image)).bend()


def quarter(image: Array, quarters: int) -> Array:
    """The picture as it lies when `quarters` clockwise turns bring it upright."""
    return np.ascontiguousarray(np.rot90(image, quarters))


def test_letters_of_one_row_are_one_line_however_it_bends() -> None:
    level, bent = (text_lines(letters(image)) for image in (page(), curled(page())))
    assert abs(len(level.starts) - len(bent.starts)) <= 3
    assert level.bend() < 1.0
    assert bent.bend() > 5.0


def test_a_level_page_has_no_sheet() -> None:
    for kind in ("text", "form", "table", "short", "photo"):
        image = make_paper(np.random.default_rng(5), kind, 150).image
        assert find_sheet(text_lines(letters(image)), image.shape[:2]) is None


def test_a_leaning_page_is_not_bent() -> None:
    image = page()
    turn = cv2.getRotationMatrix2D((620, 877), 4.0, 1.0)
    leaning = cv2.warpAffine(image, turn, image.shape[1::-1], borderValue=(250, 250, 250))
    assert find_sheet(text_lines(letters(leaning)), leaning.shape[:2]) is None


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_lines_are_level_after_unrolling_whichever_way_the_page_lies(quarters: int) -> None:
    bent = curled(page())
    lying = quarter(bent, quarters)
    height, width = lying.shape[:2]
    boxes = letters(bent)
    for _ in range(4 - quarters if quarters else 0):  # the boxes as they lie
        left, top, right, bottom = boxes.T
        across = bent.shape[0] if _ % 2 == 0 else bent.shape[1]
        boxes = np.stack([across - bottom, left, across - top, right], axis=1)
    stood, shape = upright(boxes, lying.shape, quarters)
    sheet = find_sheet(text_lines(stood), shape)
    assert sheet is not None
    level = unroll(lying, np.eye(3), Target(210, 297, width, height), sheet, quarters)
    assert level.shape == lying.shape
    assert bend_of(quarter(level, -quarters)) < 0.25 * bend_of(bent)


def test_a_curled_page_comes_out_of_the_whole_clean_up_level() -> None:
    bent = curled(page(), 40.0)
    cleaned = clean_page(bent, turn_degrees=0)
    assert bend_of(cleaned.image) < 0.3 * bend_of(bent)


@pytest.mark.parametrize("quarters", [0, 1])
def test_an_unrolled_page_loses_its_black_borders(quarters: int) -> None:
    bent = curled(page(), 40.0)
    bent[:60], bent[:, :45], bent[:, -30:] = 12, 12, 12
    level = clean_page(quarter(bent, quarters), tone=ColourMode.GREY).image
    assert bend_of(level) < 0.3 * bend_of(bent)
    assert min(float(side.mean()) for side in (level[:80], level[:, :30], level[:, -20:])) > 250


def test_nothing_and_too_little_text_have_no_sheet() -> None:
    assert find_sheet(text_lines(np.zeros((0, 4))), (100, 100)) is None
    assert find_sheet(text_lines(letters(page())[:30]), (1754, 1240)) is None


def test_curled_lines_that_no_others_can_be_held_against_make_no_sheet() -> None:
    """Every second line is one short word: what the long ones say of the sheet cannot be checked."""
    words = [np.arange(100, 1100, 14.0) if row % 2 == 0 else np.arange(100, 160, 14.0) for row in range(24)]
    left = np.concatenate(words)
    row = np.repeat(np.arange(24), [len(word) for word in words])
    foot = 200 + 50 * row - 25 * np.sin(np.pi * left / 1240) ** 2
    lines = text_lines(np.stack([left, foot - 20, left + 11, foot], axis=1))
    assert lines.bend() > 5.0
    assert find_sheet(lines, (1754, 1240)) is None
