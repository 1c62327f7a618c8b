"""Papers on hard tables, bent ones and several at once are found; what is no paper's rim is not."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kioskcore.config import Scan
from kioskcore.ports import ColourMode
from scanner.clean.finder.doubt import doubtful
from scanner.clean.finder.find import Found, find_page
from scanner.clean.finder.grain import hues, lies_on_wood
from scanner.clean.finder.refine import Side
from scanner.clean.papers.beside import find_beside, in_reading_order
from scanner.clean.papers.place import find_pages
from scanner.intake import Intake
from tests.bench.drawn.boxed import boxed
from tests.bench.drawn.framed import FRAMES, certificate
from tests.bench.drawn.plastic import CARDS, card
from tests.bench.drawn.synth import jaccard, make_paper, photograph, scan
from tests.bench.drawn.tabletop import Shot, any_paper, overlap, shoot, table_top

SIZE = (1000, 750)


def shot(seed: int, table: str, kind: str = "text", **how: object) -> Shot:
    rng = np.random.default_rng(seed)
    calm = {"hand": 0.0, "tilt": 15.0, "fill": 0.85, "blur": 0.6}
    return shoot(rng, [any_paper(rng, kind, 80)], table, SIZE, **(calm | how))  # type: ignore[arg-type]


@pytest.mark.parametrize("table", ["oak", "white", "weave", "checked", "night", "marble", "carpet"])
def test_a_flat_paper_is_found_on_any_table(table: str) -> None:
    seen = shot(3, table)
    found = find_page(seen.image)
    assert found.corners is not None
    assert overlap(found.corners, seen.corners[0]) > 0.98


@pytest.mark.parametrize("bend", ["cylinder", "gutter", "corner"])
def test_the_corners_of_a_bent_sheet_are_its_own(bend: str) -> None:
    seen = shot(5, "oak", bend=bend, strength=0.5)
    found = find_page(seen.image)
    assert found.corners is not None
    assert overlap(found.corners, seen.corners[0]) > 0.95


def test_the_corners_of_a_strongly_bent_sheet_lie_where_its_sides_meet() -> None:
    rng = np.random.default_rng(5024)
    page = [any_paper(rng, "text", 110)]
    calm = {"hand": 0.0, "tilt": 12.0, "fill": 0.93, "blur": 0.7, "upright": True}
    seen = shoot(rng, page, "plain", (1632, 1224), bend="cylinder", strength=0.55, **calm)  # type: ignore[arg-type]
    corners = find_page(seen.image).corners
    assert corners is not None
    assert np.linalg.norm(corners - seen.corners[0], axis=1).max() < 6


@pytest.mark.parametrize("seed", [1, 18])
def test_a_corner_where_a_bent_side_ends_unmeasured_is_where_the_net_sees_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    paper = make_paper(rng, "form", 70)
    seen = photograph(rng, paper, "white", (1000, 750), bend=0.045)
    corners = find_page(seen.image).corners
    assert corners is not None
    assert seen.corners is not None
    assert jaccard(corners, seen.corners, paper) > 0.97


@pytest.mark.parametrize(("table", "least"), [("white", 0), ("oak", 4), ("marble", 3), ("plain", 3)])
def test_half_of_a_folded_sheet_is_never_taken_for_the_whole(table: str, least: int) -> None:
    found = 0
    for seed in range(4):
        seen = shot(40 + seed, table, bend="fold", strength=0.9)
        corners = find_page(seen.image).corners
        found += corners is not None
        assert corners is None or overlap(corners, seen.corners[0]) > 0.95
    assert found >= least


def test_a_shadow_across_a_page_is_not_its_rim() -> None:
    seen = shot(3, "plain")
    shaded = seen.image.astype(np.float32)
    shaded[:480] *= 0.6
    corners = find_page(np.round(shaded).astype(np.uint8)).corners
    assert corners is None or overlap(corners, seen.corners[0]) > 0.95


def with_a_head(head: tuple[int, int, int], table: tuple[int, int, int], high: int) -> Shot:
    """A page on an even table, a bar of one colour over its whole width at the top."""
    page = make_paper(np.random.default_rng(17), "text", 80).image.copy()
    height, width = page.shape[:2]
    page[:high] = head
    corners = np.array([[120, 130], [640, 150], [660, 890], [90, 860]], np.float32)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    image = np.full((*SIZE, 3), table, np.uint8)
    matrix = cv2.getPerspectiveTransform(flat, corners)
    cv2.warpPerspective(page, matrix, SIZE[::-1], image, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    image = np.clip(image + np.random.default_rng(1).normal(0, 3, image.shape), 0, 255).astype(np.uint8)
    return Shot(image, [corners.astype(float)], "even", "flat")


@pytest.mark.parametrize("head", [(90, 40, 90), (150, 80, 30), (60, 60, 60)])
@pytest.mark.parametrize("table", [(70, 75, 80), (45, 80, 120)])
@pytest.mark.parametrize("high", [60, 150])
def test_a_page_is_never_cropped_at_its_printed_head(
    head: tuple[int, int, int], table: tuple[int, int, int], high: int
) -> None:
    seen = with_a_head(head, table, high)
    corners = find_page(seen.image).corners
    assert corners is None or overlap(corners, seen.corners[0]) > 0.95


def cut_at_its_head(ground: np.ndarray, head: tuple[float, ...]) -> bool:
    """Whether a page that is bare below a broad head in one colour is cropped without it."""
    page = np.array([[120, 130], [640, 150], [660, 890], [90, 860]])
    band = np.array([page[0], page[1], [643, 269], [115, 247]])
    image = ground.copy()
    for ring, colour in ((page, (238.0, 238.0, 238.0)), (band, head)):
        cv2.fillConvexPoly(image, ring, colour)
    corners = find_page(np.clip(np.round(image), 0, 255).astype(np.uint8)).corners
    return corners is not None and overlap(corners, page.astype(float)) < 0.95


@pytest.mark.parametrize(("table", "head"), [("night", (110, 45, 23)), ("carpet", (150, 80, 30))])
def test_a_printed_head_that_looks_like_the_end_of_the_paper_is_none(
    table: str, head: tuple[int, int, int]
) -> None:
    assert not cut_at_its_head(table_top(np.random.default_rng(0), table, *SIZE), head)


@pytest.mark.parametrize(("table", "light"), [("timber", 1.25), ("weave", 0.8)])
def test_a_printed_head_in_the_hue_of_the_table_is_none(table: str, light: float) -> None:
    ground = table_top(np.random.default_rng(1), table, *SIZE)
    assert not cut_at_its_head(ground, tuple((ground.mean(axis=(0, 1)) * light).tolist()))


def test_several_papers_are_several_pages() -> None:
    rng = np.random.default_rng(7)
    seen = shoot(rng, [any_paper(rng, "receipt", 80) for _ in range(4)], "plain", SIZE, hand=0, tilt=10)
    found = find_pages(seen.image)
    assert len(found) == 4
    for truth in seen.corners:
        assert max(overlap(page.corners, truth) for page in found if page.corners is not None) > 0.97


def test_a_page_of_boxes_is_one_page() -> None:
    rng = np.random.default_rng(21)
    seen = shoot(rng, [any_paper(rng, "table", 80)], "oak", SIZE, hand=0, tilt=10, fill=0.7)
    assert len(find_pages(seen.image)) == 1


def test_pages_are_in_reading_order() -> None:
    def at(left: float, top: float) -> Found:
        return Found(np.array([[0, 0], [90, 0], [90, 50], [0, 50]]) + np.array([left, top]), 1.0)

    ordered = [at(0, 12), at(100, 0), at(5, 75), at(110, 70)]
    assert in_reading_order([ordered[k] for k in (3, 1, 0, 2)]) == ordered


@pytest.mark.parametrize(("seed", "scanned"), [(993_041, True), (993_095, False), (993_020, False)])
def test_a_tinted_block_is_no_page_where_text_stands_beside_it(seed: int, scanned: bool) -> None:
    rng = np.random.default_rng(seed)
    form = boxed(rng, tinted=True, high=float(rng.uniform(120, 160)), whole=True)
    half = cv2.resize(form.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert [page.corners for page in find_pages(half, dpi=form.dpi / 2 if scanned else None)] == [None]


@pytest.mark.parametrize("fault", ["", "border", "grey"])
def test_a_scan_without_paper_edges_is_not_cropped(fault: str) -> None:
    rng = np.random.default_rng(11)
    assert find_page(scan(rng, make_paper(rng, "table", 80), 1.5, fault).image).corners is None


def test_a_hard_shadow_on_a_page_that_fills_the_picture_is_no_page() -> None:
    rng = np.random.default_rng(13)
    page = cv2.resize(make_paper(rng, "text", 100).image, (900, 1200)).astype(np.float32)
    page[300:900, 200:620] *= 0.55
    assert find_page(np.clip(page + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)).corners is None


@pytest.mark.parametrize("frame", FRAMES)
def test_a_certificate_is_cropped_at_its_rim_and_never_at_its_printed_frame(frame: str) -> None:
    rng = np.random.default_rng(60)
    paper = certificate(rng, frame, 80)
    seen = shoot(rng, [paper], "oak", SIZE, hand=0, tilt=15, fill=0.85, blur=0.6)
    corners = find_page(seen.image).corners
    assert corners is not None
    assert overlap(corners, seen.corners[0]) > 0.95


def test_cards_that_lie_straight_beside_each_other_are_no_frames_of_each_other() -> None:
    rng = np.random.default_rng(5)
    image = np.full((*SIZE, 3), (60, 90, 130), np.uint8)
    for k, face in enumerate(any_paper(rng, "card", 80).image for _ in range(4)):
        top, left = 200 + 300 * (k // 2), 60 + 320 * (k % 2)
        image[top : top + face.shape[0], left : left + face.shape[1]] = face
    image = np.clip(image + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)
    assert len(find_pages(image)) == 4


def test_a_second_paper_that_is_not_believed_is_told_with_its_place(tmp_path: Path) -> None:
    rng = np.random.default_rng(73)
    seen = shoot(rng, [any_paper(rng, "a5", 80) for _ in range(2)], "white", SIZE, hand=0, tilt=10)
    first = find_page(seen.image)
    assert first.corners is not None
    assert overlap(first.corners, seen.corners[0]) > 0.95
    beside = find_beside(seen.image, first)
    assert beside.pages == []
    [box] = beside.maybe
    low, high = seen.corners[1].min(axis=0), seen.corners[1].max(axis=0)
    truth = [*(low / SIZE[::-1]), *((high - low) / SIZE[::-1])]
    assert box == pytest.approx(truth, abs=0.03)
    cv2.imwrite(str(tmp_path / "two.png"), seen.image)
    [page] = Intake(tmp_path, Scan()).take(tmp_path / "two.png", ColourMode.AUTO)
    assert page.verdicts[-1] == "another"
    assert page.places["another"] == (pytest.approx(box),)


def cards(seed: int, table: str, count: int) -> Shot:
    rng = np.random.default_rng(seed)
    faces = [card(rng, str(rng.choice(CARDS)), 200) for _ in range(count)]
    return shoot(rng, faces, table, tilt=18, hand=0)


def test_a_pale_card_on_a_pale_table_is_found_where_its_rim_closes() -> None:
    seen = cards(930074, "white", 1)
    corners = find_page(seen.image).corners
    assert corners is not None
    assert overlap(corners, seen.corners[0]) > 0.95


def test_a_lone_card_of_a_kind_that_the_eye_does_not_know_is_found() -> None:
    seen = cards(930052, "white", 1)
    corners = find_page(seen.image).corners
    assert corners is not None
    assert overlap(corners, seen.corners[0]) > 0.98


def test_the_dark_side_of_a_card_that_the_eye_does_not_know_is_found_beside_the_other() -> None:
    seen = cards(710007, "weave", 2)
    found = [page.corners for page in find_pages(seen.image) if page.corners is not None]
    assert len(found) == 2
    assert all(max(overlap(quad, truth) for quad in found) > 0.98 for truth in seen.corners)


def test_a_card_is_found_beside_one_that_is_doubted() -> None:
    seen = cards(710056, "white", 2)
    corners = find_page(seen.image).corners
    assert corners is not None
    assert overlap(corners, seen.corners[1]) > 0.98


def test_where_nothing_else_lies_no_second_paper_is_told() -> None:
    seen = shot(7, "oak", fill=0.7)
    assert find_beside(seen.image, find_page(seen.image)).maybe == ()


def test_a_page_on_strong_grain_is_seen_by_its_hue() -> None:
    rng = np.random.default_rng(6)
    paper = certificate(rng, FRAMES[2], 80)
    seen = shoot(rng, [paper], "timber", (1000, 750), tilt=18, hand=0, fill=0.8)
    corners = find_page(seen.image).corners
    assert corners is not None
    assert overlap(corners, seen.corners[0]) > 0.98
    hue = hues(seen.image)
    assert hue is not None
    assert lies_on_wood(hue[0], corners)  # the picture is not made smaller
    middle = corners.mean(axis=0)
    assert not any(lies_on_wood(hue[0], middle + (corners - middle) * size) for size in (0.9, 1.06))
    assert hues(np.full((400, 300, 3), 250, np.uint8)) is None


def test_a_side_that_is_bent_alone_and_not_seen_all_along_is_doubted() -> None:
    """The rim of a flat card goes over into that of a shadow on it; a sheet bends at two sides or is seen."""
    image = np.full((300, 300, 3), 90, np.uint8)
    corners = np.array([[50, 50], [250, 50], [250, 200], [50, 200]], float)
    image[50:200, 50:250] = 230

    def doubted(heights: tuple[float, float], sure: float) -> bool:
        bows = [np.array([4 * height, -4 * height, 0]) for height in (*heights, 0.0, 0.0)]
        ends = zip(np.roll(corners, 1, axis=0), corners, bows, (sure, 1.0, 1.0, 1.0), strict=True)
        sides = [Side(*each) for each in ends]
        return doubtful(image, sides, corners, image, 1.0, certain=True, ends=np.zeros(4, bool))

    assert doubted((10, 0), 0.8)
    assert not any((doubted((10, 0), 1.0), doubted((10, 4), 0.8), doubted((1, 0), 0.8)))
