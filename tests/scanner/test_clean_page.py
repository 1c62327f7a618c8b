"""A page on a table is found, flattened and toned; odd pictures come out whole in bounded time."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array
from scanner.clean.finder.find import NOTHING, find_page
from scanner.clean.page import clean_page
from tests.bench.drawn.pencilled import pencilled
from tests.bench.drawn.shaded import in_shadow, left_dark
from tests.bench.drawn.synth import make_paper

CORNERS = np.array([[310, 180], [1240, 240], [1300, 1600], [220, 1520]], np.float32)


def page_on_table(colour: bool = False) -> Array:
    page = np.full((1754, 1240, 3), 245, np.uint8)
    for row in range(150, 1600, 40):
        line = "So yeu ly lich 0123456789 abc"
        cv2.putText(page, line, (90, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 20), 2)
    if colour:
        cv2.circle(page, (800, 1300), 120, (40, 30, 210), 8)
    source = np.array([[0, 0], [1240, 0], [1240, 1754], [0, 1754]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, CORNERS)
    table = np.full((1800, 1500, 3), (60, 90, 120), np.uint8)
    return cv2.warpPerspective(page, matrix, (1500, 1800), table, borderMode=cv2.BORDER_TRANSPARENT)


def test_the_page_on_a_table_is_found_to_a_pixel_or_two() -> None:
    found = find_page(page_on_table())
    assert found.corners is not None
    assert np.abs(found.corners - CORNERS).max() < 2.0
    assert found.confidence > 0.7


def test_a_found_page_becomes_a_flat_a4_in_black_and_white() -> None:
    page = clean_page(page_on_table())
    assert (page.width_mm, page.height_mm) == (210.0, 297.0)
    assert page.mode is ColourMode.BLACK_WHITE
    assert set(np.unique(page.image)) <= {0, 255}
    assert abs(page.image.shape[0] / page.image.shape[1] - 297 / 210) < 0.01


def test_a_red_seal_keeps_its_colour() -> None:
    page = clean_page(page_on_table(colour=True))
    assert page.mode is ColourMode.COLOUR
    blue, _green, red = (page.image[..., k].astype(int) for k in range(3))
    assert ((red - blue) > 90).sum() > 500


def test_corners_turn_and_tone_given_by_the_person_are_obeyed() -> None:
    page = clean_page(
        page_on_table(),
        corners=[(0, 0), (700, 0), (700, 990), (0, 990)],
        turn_degrees=90,
        tone=ColourMode.GREY,
    )
    assert page.corners == ((0, 0), (700, 0), (700, 990), (0, 990))
    assert page.turn_degrees == 90
    assert (page.width_mm, page.height_mm) == (297.0, 210.0)
    assert page.image.shape[1] > page.image.shape[0]
    assert page.image.ndim == 2


@pytest.mark.parametrize("bend", [0, 24])
def test_a_photograph_in_which_no_page_was_found_stays_as_it_lay(bend: int) -> None:
    """Its table would lean or bend, with wedges at the corners."""
    picture = cv2.resize(page_on_table(), (900, 1080), interpolation=cv2.INTER_AREA)
    rows, columns = np.mgrid[:1080, :900].astype(np.float32)
    picture = cv2.remap(picture, columns, rows + bend * np.sin(columns / 150), cv2.INTER_LINEAR)
    page = clean_page(picture, corners=NOTHING, tone=ColourMode.GREY)
    assert page.verdicts[0] == "unfound" and page.skew_degrees == 0.0
    letters = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) < 60
    assert page.image[letters].mean() < 60


def test_small_print_in_a_shadow_is_no_photograph() -> None:
    rng = np.random.default_rng(6)
    form = pencilled(rng, kinds=(), dpi=110, high=150)
    height, width = form.image.shape[:2]
    corners = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    page = clean_page(in_shadow(rng, form), corners=corners, turn_degrees=0)
    assert left_dark(form, page.image) < 0.02


def test_the_hard_edge_of_a_shadow_leaves_no_line() -> None:
    seen = make_paper(np.random.default_rng(6), "text", 100).image
    height, width = seen.shape[:2]
    bare = cv2.erode(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY), np.ones((9, 9), np.uint8)) > 200
    seen = np.where(np.arange(width)[:, None] < width // 2, seen, seen * 0.6).astype(np.uint8)
    rim = [(-0.5, -0.5), (width - 0.5, -0.5), (width - 0.5, height - 0.5), (-0.5, height - 0.5)]
    page = clean_page(seen, corners=rim, turn_degrees=0, tone=ColourMode.GREY).image
    beside = slice(width // 2 - 40, width // 2 + 40)
    assert (cv2.resize(page, (width, height))[:, beside][bare[:, beside]] < 225).mean() < 0.001


@pytest.mark.parametrize("shape", [(3, 3, 3), (1, 1, 3), (2, 900, 3), (900, 2, 3), (40, 40, 3), (90, 70, 3)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_even_pictures_have_no_page_and_come_out_whole(shape: tuple[int, int, int], value: int) -> None:
    page = clean_page(np.full(shape, value, np.uint8))
    assert page.corners is None
    assert page.image.size > 0


@settings(max_examples=25)
@given(
    height=st.integers(1, 240), width=st.integers(1, 240), seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(["noise", "checks", "stripes", "blobs"]), tone=st.sampled_from(list(ColourMode)),
)  # fmt: skip
def test_any_picture_gives_a_page(height: int, width: int, seed: int, kind: str, tone: ColourMode) -> None:
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width]
    period = int(random.integers(1, 40))
    pattern = {
        "noise": random.integers(0, 256, (height, width)),
        "checks": ((rows // period + columns // period) % 2) * 255,
        "stripes": (columns // period % 2) * 255,
        "blobs": cv2.GaussianBlur(random.integers(0, 256, (height, width)).astype(np.float32), (0, 0), 3),
    }[kind]
    image = cv2.cvtColor(pattern.astype(np.uint8), cv2.COLOR_GRAY2BGR)
    page = clean_page(image, tone=tone)
    assert page.image.dtype == np.uint8
    assert page.width_mm > 0
    assert page.height_mm > 0
    assert page.image.size <= 6000 * 6000 * 3


@pytest.mark.parametrize("ratio", [1.6, 1.9])
def test_a_slip_is_no_card_and_its_letters_have_dots_enough(ratio: float) -> None:
    """Lines of a card run along its long side; what is held for a large sheet has large letters."""
    width, height = 780, round(780 * ratio)
    slip = make_paper(np.random.default_rng(6), "text", 200).image[120 : 120 + height, 120 : 120 + width]
    corners = [(99.5, 99.5), (99.5 + width, 99.5), (99.5 + width, 99.5 + height), (99.5, 99.5 + height)]
    table = np.full((height + 200, width + 200, 3), 90, np.uint8)
    table[100:-100, 100:-100] = slip
    page = clean_page(table, corners=corners)
    assert page.width_mm > 100 and page.height_mm / page.width_mm == pytest.approx(ratio, abs=0.02)
    assert page.verdicts == ()


@pytest.mark.parametrize(("kind", "is_card"), [("card", True), ("text", False)])
def test_small_letters_are_of_no_card(kind: str, is_card: bool) -> None:
    """A page seen from the side, or one of an unusual size, may have the shape of a card."""
    rng = np.random.default_rng(6)
    face = make_paper(rng, kind, 300 if is_card else 150).image
    face = face[:, : round(face.shape[0] / 1.585)] if kind == "text" else face
    height, width = face.shape[:2]
    table = np.full((height + 200, width + 200, 3), 90, np.uint8)
    table[100:-100, 100:-100] = face
    left, top, right, bottom = 99.5, 99.5, 99.5 + width, 99.5 + height
    page = clean_page(table, corners=[(left, top), (right, top), (right, bottom), (left, bottom)])
    assert ({page.width_mm, page.height_mm} == {85.6, 54.0}) is is_card
    assert max(page.image.shape[:2]) >= 0.99 * max(height, width)


def portrait(wall: tuple[int, int, int] = (200, 140, 60)) -> Array:
    """4 x 6 cm at 150 dots per inch."""
    face = np.full((354, 236, 3), wall, np.uint8)
    cv2.ellipse(face, (118, 354), (105, 130), 0, 180, 360, (240, 240, 240), -1)
    cv2.ellipse(face, (118, 150), (57, 78), 0, 0, 360, (150, 185, 225), -1)
    cv2.ellipse(face, (118, 115), (62, 60), 0, 180, 360, (30, 30, 35), -1)
    return face


@pytest.mark.parametrize("scanned", [True, False], ids=["on the glass", "a file from a stick"])
def test_a_portrait_keeps_its_colours(scanned: bool) -> None:
    """It has no paper: a face that is taken for some comes out white."""
    face = portrait()
    if scanned:
        glass = np.full((1240, 874, 3), 250, np.uint8)
        glass[60:414, 50:286] = face
        cleaned = clean_page(glass, dpi=150)
        assert (cleaned.width_mm, cleaned.height_mm) == pytest.approx((40, 60), abs=0.7)
    else:
        cleaned = clean_page(cv2.resize(face, (944, 1416), interpolation=cv2.INTER_CUBIC))
    assert cleaned.mode is ColourMode.COLOUR
    same = cv2.resize(cleaned.image, (236, 354), interpolation=cv2.INTER_AREA)
    assert float(cv2.absdiff(same, face)[4:-4, 4:-4].mean()) < 3


@pytest.mark.parametrize("wall", [(200, 200, 200), (195, 185, 175)], ids=["grey", "blue"])
def test_a_portrait_on_a_certificate_keeps_its_tones(wall: tuple[int, int, int]) -> None:
    """A pale wall behind a face was taken for paper in a shadow, and the face with it."""
    page = make_paper(np.random.default_rng(8), "short", 150, (297.0, 210.0)).image.copy()
    there = np.s_[820:1174, 120:356]
    page[there] = portrait(wall)
    cv2.circle(page, (350, 1100), 110, (40, 30, 210), 5)
    lit = page[there] * (255 / np.median(page.reshape(-1, 3), axis=0))
    after = clean_page(page, dpi=150).image[there]
    assert float(np.abs(after - np.minimum(lit, 255))[8:-8, 8:-8].mean()) < 5


@pytest.mark.parametrize("dpi", [None, 150], ids=["from a camera", "on the glass"])
def test_a_picture_without_paper_keeps_its_tones_and_has_no_letters_to_judge(dpi: int | None) -> None:
    """Skin and ground were bleached like paper, and called burnt out and blurred."""
    rng = np.random.default_rng(5)
    seen = np.full((768, 600, 3), (150, 165, 180), np.float32)
    cv2.ellipse(seen, (300, 330), (190, 240), 0, 0, 360, (45, 50, 60), -1)
    cv2.ellipse(seen, (300, 370), (120, 160), 0, 0, 360, (150, 180, 215), -1)
    cv2.ellipse(seen, (300, 768), (260, 200), 0, 0, 360, (90, 70, 60), -1)
    for size, weight in ((6, 20), (25, 12), (100, 8)):
        rough = rng.normal(0, weight, (size, size)).astype(np.float32)
        seen += cv2.resize(rough, (600, 768), interpolation=cv2.INTER_CUBIC)[..., None]
    picture = np.clip(seen, 0, 255).astype(np.uint8)
    cleaned = clean_page(picture, dpi=dpi)
    assert (cleaned.mode, cleaned.verdicts, cleaned.corners) == (ColourMode.COLOUR, (), None)
    same = cv2.resize(cleaned.image, (600, 768), interpolation=cv2.INTER_AREA)
    assert float(cv2.absdiff(same, picture).mean()) < 3
