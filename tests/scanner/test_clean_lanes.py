"""Two papers in a row are two pages, also where they look like one; one paper is never parted."""

import cv2
import numpy as np
import pytest

from scanner.clean.finder.eye import SIDE, Seen
from scanner.clean.finder.lanes import parted, seen_parted
from scanner.clean.geometry.lines import find_edges
from scanner.clean.judge.framing import Framing, framing_of
from scanner.clean.papers.place import find_pages
from tests.bench.drawn.in_row import in_a_row
from tests.bench.drawn.tabletop import overlap

SIZE = (1000, 750)
PAGE = np.array([[60, 40], [300, 40], [300, 440], [60, 440]], float)
TABLE, PAPER = (50, 60, 70), (235, 238, 240)


@pytest.mark.parametrize(("seed", "ground", "kind"), [
    (1004, "dark", "cards"), (1001, "white", "halves"),
])  # fmt: skip
def test_two_papers_in_a_row_are_two_pages(seed: int, ground: str, kind: str) -> None:
    seen = in_a_row(np.random.default_rng(seed), ground, kind, SIZE)
    found = [page.corners for page in find_pages(seen.image) if page.corners is not None]
    assert len(found) == 2
    assert all(max(overlap(quad, truth) for quad in found) > 0.95 for truth in seen.corners)


def table_with_page() -> np.ndarray:
    image = np.full((480, 360, 3), TABLE, np.uint8)
    cv2.rectangle(image, (60, 40), (300, 440), PAPER, -1)
    return image


def parts(image: np.ndarray) -> list[np.ndarray]:
    noisy = np.clip(image + np.random.default_rng(1).normal(0, 2, image.shape), 0, 255).astype(np.uint8)
    return parted(PAGE, noisy, find_edges(noisy).there)


def test_a_lane_of_the_table_tells_where_each_paper_ends() -> None:
    image = table_with_page()
    cv2.rectangle(image, (0, 200), (360, 230), TABLE, -1)
    upper, lower = sorted(parts(image), key=lambda part: float(part[:, 1].mean()))
    assert upper[:, 1].max() == pytest.approx(200, abs=5)
    assert lower[:, 1].min() == pytest.approx(230, abs=5)


def test_a_lane_between_papers_that_lean_apart_is_a_wedge() -> None:
    image = table_with_page()
    cv2.fillPoly(image, [np.array([[0, 206], [360, 190], [360, 238], [0, 212]])], TABLE)
    upper, lower = sorted(parts(image), key=lambda part: float(part[:, 1].mean()))
    for part, left, right in ((upper, 203, 193), (lower, 216, 234)):
        near = sorted(part.tolist(), key=lambda corner: abs(corner[1] - 215))[:2]
        for x, y in near:
            assert y == pytest.approx(left if x < 180 else right, abs=5)


@pytest.mark.parametrize(
    ("line", "faint", "high", "paper", "parts"),
    [
        (112, 1.0, 120, 0.96, 2),
        (112, 1.0, 120, 0.5, 0),
        (112, 0.01, 108, 0.5, 2),
        (112, 0.01, 150, 0.96, 0),
        (70, 1.0, 120, 0.96, 0),
        (112, 0.0, 108, 0.96, 0),
    ],
)
def test_two_papers_are_parted_where_the_eye_sees_a_rim_between(
    line: int, faint: float, high: int, paper: float, parts: int
) -> None:
    """In the middle any rim is enough where both are seen as paper, between two cards a faint one."""
    low, wide = 112 - high / 2, 85.6
    corners = np.array([[70, low], [70 + wide, low], [70 + wide, low + high], [70, low + high]])
    maps = np.zeros((SIDE, SIDE, 2), np.float32)
    maps[..., 0] = paper
    maps[line - 1 : line + 2, :, 1] = faint
    found = seen_parted(corners, Seen(maps, np.ones(2)), (SIDE, SIDE))
    assert len(found) == parts
    assert all(abs(each[:, 1] - line).min() < 5 for each in found)


@pytest.mark.parametrize("thing", ["nothing", "ruler", "slanting", "dark band", "lines", "boxes", "columns"])
def test_one_page_is_not_parted(thing: str) -> None:
    """A ruler, slanting or not, goes on past the paper; what is printed ends within it, or is no table."""
    image = table_with_page()
    if thing == "ruler":
        cv2.rectangle(image, (0, 200), (360, 230), (120, 190, 220), -1)
    if thing == "slanting":
        cv2.fillPoly(image, [np.array([[0, 170], [360, 215], [360, 245], [0, 200]])], (120, 190, 220))
    if thing == "dark band":
        cv2.rectangle(image, (66, 200), (294, 230), TABLE, -1)
    if thing == "lines":
        for row in range(60, 430, 18):
            cv2.line(image, (60, row), (300, row), (90, 90, 90), 1)
    if thing == "boxes":
        for top in (60, 190, 320):
            cv2.rectangle(image, (70, top), (290, top + 100), (225, 205, 190), -1)
    if thing == "columns":
        for left in (80, 190):
            cv2.rectangle(image, (left, 60), (left + 90, 420), (150, 150, 150), -1)
    assert parts(image) == []


def test_a_paper_on_a_table_as_white_as_itself_is_not_the_whole_picture() -> None:
    """Only the eye sees that; what fills the picture has paper along all four sides."""
    rng = np.random.default_rng(3)
    page = np.full((600, 440, 3), 246, np.uint8)
    letters = []
    for row in range(60, 560, 26):
        for left in range(50, 380, 14):
            cv2.putText(page, "a", (left, row), 0, 0.5, (40, 40, 40), 1, cv2.LINE_AA)
            letters.append((left, row - 8, left + 9, row + 1))
    table = np.full((1000, 750, 3), 236, np.float32)
    shade = np.zeros((1000, 750), np.float32)
    shade[206:806, 158:598] = 1
    table *= 1 - 0.25 * cv2.GaussianBlur(shade, (0, 0), 6)[..., None]
    table[200:800, 150:590] = page
    noisy = np.clip(table + rng.normal(0, 2, table.shape), 0, 255).astype(np.uint8)
    boxes, inner = np.array(letters), np.ascontiguousarray(noisy[205:795, 155:585])
    for text in (True, False):  # a photograph is asked for its rim alone
        assert framing_of(noisy, boxes + np.array([150, 200, 150, 200]), 0, text=text) is Framing.TABLE
        assert framing_of(inner, boxes - 5, 0, text=text) is Framing.PAPER


def test_a_coloured_paper_that_lies_aslant_amid_a_table_is_not_the_whole_picture() -> None:
    """It is taken for a photograph, for its text cannot be read aslant."""
    image = np.full((1000, 750, 3), (170, 160, 160), np.uint8)
    cv2.fillPoly(image, [cv2.boxPoints(((375, 500), (380, 560), 35)).astype(np.int32)], (205, 210, 210))
    cv2.fillPoly(image, [cv2.boxPoints(((460, 380), (380, 200), 35)).astype(np.int32)], (170, 40, 30))
    letters = np.array([[x, y, x + 6, y + 9] for x in range(260, 420, 12) for y in range(480, 640, 16)])
    assert framing_of(image, letters, 0, text=False) is Framing.TABLE
