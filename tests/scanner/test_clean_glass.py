"""Several papers on a scanner's glass are several pages; boxes, pictures and frames of one page are not."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kioskcore.config import Scan
from kioskcore.ports import ColourMode
from scanner.clean.page import clean_page
from scanner.clean.papers.beside import find_beside
from scanner.clean.papers.glass import look_on_glass
from scanner.clean.papers.place import find_pages
from scanner.intake import Intake
from tests.bench.drawn.glass import KINDS, PAGES, laid, several, single
from tests.bench.drawn.synth import make_paper
from tests.bench.drawn.tabletop import overlap
from tests.bench.quality.apart import as_jpeg

DPI = 120


@pytest.mark.parametrize("kind", KINDS)
def test_papers_that_lie_apart_are_several_pages(kind: str) -> None:
    seen = several(np.random.default_rng(43), kind, DPI)
    found = [page.corners for page in find_pages(seen.image, dpi=DPI)]
    assert len(found) == len(seen.corners)
    for truth in seen.corners:
        assert max(overlap(quad, truth) for quad in found if quad is not None) > 0.97


@pytest.mark.parametrize("kind", ["receipts", "small", "mixed"])
def test_the_blocks_of_a_jpeg_are_no_papers(kind: str) -> None:
    seen = several(np.random.default_rng(43), kind, DPI)
    found = [page.corners for page in look_on_glass(as_jpeg(seen.image), DPI).pages]
    assert len(found) == len(seen.corners)
    for truth in seen.corners:
        assert max(overlap(quad, truth) for quad in found if quad is not None) > 0.95


@pytest.mark.parametrize("kind", PAGES)
def test_one_page_is_never_cut_in_pieces(kind: str) -> None:
    seen = look_on_glass(single(np.random.default_rng(4), kind, DPI).image, DPI)
    assert seen.pages == []
    assert seen.maybe == ()


def test_boxes_alone_on_a_page_stay_together() -> None:
    """Tinted ones look like papers, but throw no shadow."""
    page = np.full((1403, 992, 3), 244, np.uint8)
    for top in (100, 600):
        page[top : top + 400, 100:700] = (225, 232, 238)
    noisy = np.clip(page + np.random.default_rng(1).normal(0, 1.5, page.shape), 0, 255).astype(np.uint8)
    assert look_on_glass(noisy, DPI).pages == []
    shaded = noisy.copy()
    for top in (100, 600):
        for row, shade in enumerate((205, 207, 212, 220, 230, 237, 241), top + 400):
            shaded[row, 102:700] = shade
    assert len(look_on_glass(shaded, DPI).pages) == 2


def on_bare_glass(*papers: tuple[float, float, float, int]) -> np.ndarray:
    """Plain papers of 70 x 90 mm on a grainy lid: middles in mm, degrees, grey."""
    glass = np.full((1403, 992), 250, np.float32)
    for x, y, lean, grey in papers:
        box = cv2.boxPoints(((x * DPI / 25.4, y * DPI / 25.4), (70 * DPI / 25.4, 90 * DPI / 25.4), lean))
        cv2.fillConvexPoly(glass, np.round(box * 16).astype(np.int32), grey, cv2.LINE_AA, 4)
    noisy = cv2.GaussianBlur(glass, (0, 0), 0.5) + np.random.default_rng(2).normal(0, 1.2, glass.shape)
    return cv2.cvtColor(np.clip(noisy, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)


@pytest.mark.parametrize(
    "papers",
    [
        ((60, 80, 0.0, 120), (134.6, 80, 3.0, 90)),  # so near that their rims run into each other
        ((60, 80, 0.0, 247), (150, 160, 4.0, 200)),  # one is hardly darker than the lid
        ((60, 80, 0.0, 200), (150, 160, 0.8, 200)),  # nearly straight, and measured well
    ],
    ids=["near", "pale", "straight"],
)
def test_papers_are_parted_that_are_near_pale_or_nearly_straight(
    papers: tuple[tuple[float, float, float, int], ...],
) -> None:
    assert len(look_on_glass(on_bare_glass(*papers), DPI).pages) == 2


def two_slips(*, note: bool) -> np.ndarray:
    """Two papers on the glass, and where asked for a third that is as white as the lid."""
    rng = np.random.default_rng(8)
    papers = [make_paper(rng, "short", DPI, (80, 100)), make_paper(rng, "short", DPI, (80, 120))]
    image = laid(rng, papers, [(150.0, 70.0, 1.0), (50.0, 80.0, -1.0)], DPI).image
    for row in range(800, 1000, 28) if note else ():
        cv2.putText(image, "giay bien nhan 0123456789", (160, row), 0, 0.8, (40, 40, 40), 2, cv2.LINE_AA)
    return image


def test_a_scan_of_two_papers_becomes_two_pages_in_reading_order(tmp_path: Path) -> None:
    file = tmp_path / "glass.png"
    Image.fromarray(two_slips(note=False)[:, :, ::-1]).save(file, dpi=(DPI, DPI), compress_level=1)
    image = cv2.imread(str(file))
    page = clean_page(image, dpi=DPI)
    assert page.laid is not None and page.corners is not None and len(page.laid) == 2
    told = find_beside(image, page.laid[0], dpi=DPI, laid=page.laid)
    assert [beside.corners is page.laid[1].corners for beside in told.pages] == [True]
    first, second = Intake(tmp_path, Scan()).take(file, ColourMode.AUTO)
    assert [round(page.height_mm, -1) for page in (first, second)] == [120, 100]  # the left one is longer
    assert not {"several", "another", "cut"} & {*first.verdicts, *second.verdicts}


@pytest.mark.parametrize("kind", ["receipts", "photographs"])
def test_their_corners_are_right_angles_and_measured_to_a_millimetre(kind: str) -> None:
    seen = several(np.random.default_rng(740_001), kind, 150)
    for page in look_on_glass(seen.image, 150).pages:
        assert page.corners is not None
        off = [np.linalg.norm(page.corners - truth, axis=1).max() for truth in seen.corners]
        assert min(off) / 150 * 25.4 < 1
        sides = np.roll(page.corners, -1, axis=0) - page.corners
        unit = sides / np.linalg.norm(sides, axis=1, keepdims=True)
        assert np.abs((unit * np.roll(unit, 1, axis=0)).sum(axis=1)).max() < 1e-6


def test_a_rim_of_which_less_is_seen_is_less_sure() -> None:
    image = two_slips(note=False)
    before = look_on_glass(image, DPI).pages
    image[250:345, 480:540] = image[250:345, 420:421]  # the lower part of the upper slip's left rim
    after = look_on_glass(image, DPI).pages
    assert len(before) == len(after) == 2
    assert min(page.confidence for page in before) > 0.9
    assert min(page.confidence for page in after) < 0.9


def test_where_one_of_them_is_not_seen_all_stay_one_page_and_it_is_told() -> None:
    page = clean_page(two_slips(note=True), dpi=DPI)
    assert page.corners is None
    assert page.verdicts[0] == "several"
    assert len(page.places["several"]) == 2


def test_a_soft_picture_above_lines_of_text_is_not_told_as_a_paper() -> None:
    page = np.full((2339, 1653, 3), 250, np.uint8)
    for row in range(1200, 2000, 60):
        cv2.putText(page, "Cong hoa xa hoi chu nghia Viet Nam", (150, row), 0, 2, (20, 20, 20), 3)
    cv2.rectangle(page, (354, 394), (1298, 1023), (140, 140, 140), -1)
    moved = cv2.warpAffine(page, np.array([[1, 0, 0.67], [0, 1, 0.67]]), page.shape[1::-1], borderMode=1)
    assert not any(look_on_glass(cv2.GaussianBlur(moved, (0, 0), 1.3), 200))


def test_papers_paler_than_the_lid_are_parted_though_straight_and_without_shadow() -> None:
    """No ink is paler than its paper; on a tinted page white boxes may be left out of the print."""
    straight = on_bare_glass((60, 80, 0.0, 255), (150, 160, 0.0, 255))
    grey = np.where(straight > 252, 249, np.clip(straight, 0, 243)).astype(np.uint8)
    assert len(look_on_glass(grey, DPI).pages) == 2
    tinted = np.where(grey > 246, grey, (grey * (0.95, 1, 1)).astype(np.uint8))
    assert look_on_glass(tinted, DPI).pages == []


@pytest.mark.parametrize(
    ("lid", "paper", "parted"),
    [
        (244, (246, 249, 250), True),  # no ground is printed so pale
        (232, (250, 250, 250), False),  # a grey page may have white boxes
        (250, (226, 222, 250), False),  # coloured paper, or tinted boxes
    ],
    ids=["pale", "grey", "coloured"],
)
def test_of_slips_straight_below_each_other_without_a_shadow_it_is_told_at_least(
    lid: int, paper: tuple[int, int, int], parted: bool
) -> None:
    glass = np.full((1403, 992, 3), lid, np.float32)
    for top in (100, 411):  # 6 mm between
        glass[top : top + 283, 120:545] = paper
        glass[top + 100 : top + 140 : 8, 160:460] = 60
    soft = cv2.GaussianBlur(glass, (0, 0), 0.5) + np.random.default_rng(3).normal(0, 1.2, glass.shape)
    seen = look_on_glass(np.clip(soft, 0, 255).astype(np.uint8), DPI)
    assert (len(seen.pages), len(seen.maybe)) == ((2, 0) if parted else (0, 2))
