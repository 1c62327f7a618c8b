"""The tinted blocks of a form are kept whole or made white, and take next to nothing in the PDF."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from kioskcore.ports import ColourMode
from scanner.clean.arrays import NOTHING, bgr_of, grey_of
from scanner.clean.ink.blocks import blocks_of
from scanner.clean.page import clean_page
from scanner.sheet.codecs import Codec
from scanner.sheet.ladder import versions
from tests.bench.drawn.synth import font, make_paper

DPI, SIZE = 200, (1654, 1181)
PLACES = ((80, 150, 1560, 480), (80, 560, 660, 860), (80, 1000, 1560, 1046))
"""A block of text, a box and a band, in px."""


def form(tint: tuple[int, int, int], *, shade: float = 0.0, ink: int = 30) -> np.ndarray:
    """BGR: a page with blocks of a tint (RGB) and rows of print on and between them; half in a shadow."""
    rng = np.random.default_rng(1)
    image = Image.new("RGB", SIZE, (248, 248, 248))
    draw = ImageDraw.Draw(image)
    for place in PLACES:
        draw.rectangle(place, fill=tint)
    for top in range(60, 1120, 56):
        text = "Giấy khai sinh số 17, cấp ngày 3.9.2026, nơi cấp: phường"[: int(rng.integers(20, 56))]
        draw.text((100, top), text, font=font(1, 32), fill=(ink,) * 3)
    page = np.asarray(image, np.float32)[..., ::-1]
    light = 1 - shade / (1 + np.exp((np.mgrid[: SIZE[1], : SIZE[0]].sum(axis=0) - 1100) / 80))
    page = page * light[..., None] + rng.normal(0, 2, page.shape)
    return np.clip(page, 0, 255).astype(np.uint8)


def grounds(page: np.ndarray) -> list[np.ndarray]:
    """(N, 3) what is bare on each block of a clean page."""
    page = bgr_of(page)
    print_ = (cv2.erode(page, np.ones((9, 9))).max(axis=2) < 150).astype(np.uint8)
    bare, soft = cv2.dilate(print_, np.ones((5, 5))) == 0, cv2.blur(page, (5, 5))
    inner = [np.s_[top + 8 : bottom - 8, left + 8 : right - 8] for left, top, right, bottom in PLACES]
    return [soft[there][bare[there]] for there in inner]


def test_a_deep_tint_is_kept_whole_and_costs_little() -> None:
    """Its light was divided away by and by, and a page with much of it was stored as one picture."""
    page = clean_page(form((246, 226, 150), shade=0.4), dpi=DPI, turn_degrees=0)
    assert page.mode is ColourMode.COLOUR
    for ground in grounds(page.image):
        assert np.percentile(ground[:, 0], 99) - np.percentile(ground[:, 0], 1) < 25
        assert np.median(ground[:, 0]) < 200
    best = next(versions(page.image, page.width_mm, page.mode))
    assert best.codec is Codec.MRC and best.size < 45_000


def test_a_pale_tint_is_white_as_a_whole() -> None:
    page = clean_page(form((248, 240, 216)), dpi=DPI, turn_degrees=0)
    assert all(np.percentile(ground, 1) > 250 for ground in grounds(page.image))


def test_a_deep_tint_on_a_faint_page_is_not_drawn_dark() -> None:
    page = clean_page(form((190, 214, 240), ink=165), dpi=DPI, turn_degrees=0)
    assert all(np.median(grey_of(ground[None])) > 170 for ground in grounds(page.image))


@pytest.mark.parametrize("shade", [(0.6, 0.6, 0.6), (0.9, 0.8, 0.6)], ids=["grey", "yellow"])
def test_the_tint_of_a_block_is_known_by_its_paper(shade: tuple[float, float, float]) -> None:
    page = cv2.resize(make_paper(np.random.default_rng(3), "text", 75).image, (310, 438))
    page[30:80, 30:280] = np.array(shade) * np.median(page.reshape(-1, 3), axis=0)
    ground = blocks_of(page)
    assert np.abs(ground[32:78, 32:278] / 255.0 - shade).max() < 0.03
    assert (ground[100:] == 255).all()


@pytest.mark.parametrize("thing", ["text", "shadow", "entering", "seal", "waves"])
def test_what_is_no_block(thing: str) -> None:
    page = np.full((438, 310, 3), 246, np.uint8)
    if thing == "text":
        page = cv2.resize(make_paper(np.random.default_rng(3), "text", 75).image, (310, 438))
    if thing == "shadow":
        page[60:180, 60:210] = 170
        page = cv2.GaussianBlur(page, (0, 0), 6)
    if thing == "entering":
        page[200:, 100:] = 170
    if thing == "seal":
        cv2.circle(page, (150, 200), 40, (90, 90, 230), -1)
    if thing == "waves":
        page[60:180, 60:210] = 215 + 12 * np.sin(np.arange(150) * 1.9)[None, :, None]
    assert blocks_of(page) is NOTHING
