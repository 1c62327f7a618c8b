"""Outlines that a net moves onto the rim of a paper, and the pages that are found by it alone."""

import logging
from pathlib import Path

import numpy as np
import pytest

from scanner.clean import snap
from scanner.clean.arrays import shrink
from scanner.clean.eye import look_with_eye
from scanner.clean.find import find_page
from scanner.clean.outlines import in_order
from scanner.clean.snap import Snapped, snapped
from tests.bench.fit_finder import picture
from tests.bench.tabletop import Shot, any_paper, overlap, shoot

SIZE = (1000, 750)


def shot(seed: int, table: str = "oak") -> Shot:
    rng = np.random.default_rng(seed)
    return shoot(rng, [any_paper(rng, "text", 80)], table, SIZE, hand=0.0, tilt=15.0, fill=0.8)


def moved_from(seen: Shot, far: float) -> tuple[Snapped | None, list[float]]:
    """What outlines become whose every corner is moved by parts of a side, and their overlaps then."""
    small, factor = shrink(seen.image, 480)
    eye = look_with_eye(small)
    assert eye is not None
    rim = in_order((seen.corners[0] + 0.5) * factor - 0.5)
    rng = np.random.default_rng(5)
    starts = rim + rng.uniform(-far, far, (6, 4, 2)) * np.linalg.norm(rim[1] - rim[0])
    result = snapped(small, eye, starts)
    return result, [] if result is None else [overlap(quad, rim) for quad in result.corners]


@pytest.mark.parametrize(("seed", "table"), [(1, "oak"), (2, "weave"), (3, "sheets")])
def test_an_outline_beside_the_rim_is_moved_onto_it_and_believed(seed: int, table: str) -> None:
    result, overlaps = moved_from(shot(seed, table), 0.07)
    assert result is not None
    assert np.median(overlaps) > 0.97
    assert np.median(result.beliefs) > 2


def test_an_outline_in_the_middle_of_nothing_is_not_believed() -> None:
    table = shoot(np.random.default_rng(4), [], "oak", SIZE).image
    small, _ = shrink(table, 480)
    eye = look_with_eye(small)
    assert eye is not None
    square = np.array([[[120.0, 90], [330, 100], [320, 280], [110, 270]]])
    result = snapped(small, eye, square)
    assert result is not None
    assert (result.beliefs < 0).all()


@pytest.mark.parametrize("seed", [720035, 720448])
def test_a_page_of_an_open_book_is_found(seed: int) -> None:
    seen = picture(seed)
    corners = find_page(seen.image).corners
    assert corners is not None
    assert overlap(corners, seen.corners[0]) > 0.95


def test_what_is_no_outline_is_left_out() -> None:
    seen = shot(1)
    small, _ = shrink(seen.image, 480)
    eye = look_with_eye(small)
    assert eye is not None
    crossed = np.array([[[10.0, 10], [200, 200], [200, 10], [10, 200]], np.full((4, 2), 50.0)])
    result = snapped(small, eye, crossed)
    assert result is not None
    assert not len(result.corners)


def test_a_damaged_net_is_told_once_and_the_finder_does_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(snap, "FILE", tmp_path / "snap.onnx")
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        assert moved_from(shot(1), 0.05)[0] is None
    assert len(caplog.records) == 1
    caplog.clear()
    assert find_page(shot(1).image).corners is not None
