"""Outlines that a net moves onto the rim of a paper, and the pages that are found by it alone."""

import logging
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from scanner.clean.arrays import Array, shrink
from scanner.clean.finder import snap, trust
from scanner.clean.finder.eye import look_with_eye
from scanner.clean.finder.find import find_page
from scanner.clean.finder.outlines import in_order
from scanner.clean.finder.snap import said_of, snapped
from scanner.clean.finder.trust import trust_in
from scanner.clean.finder.views import halves
from tests.bench.drawn.tabletop import Shot, any_paper, overlap, shoot
from tests.bench.fit_finder import picture

SIZE = (1000, 750)


def shot(seed: int, table: str = "oak") -> Shot:
    rng = np.random.default_rng(seed)
    return shoot(rng, [any_paper(rng, "text", 80)], table, SIZE, hand=0.0, tilt=15.0, fill=0.8)


def moved_from(seen: Shot, far: float) -> tuple[Array | None, list[float]]:
    """The trust in outlines whose every corner was moved by parts of a side, and their overlaps then."""
    small, factor = shrink(seen.image, 480)
    eye = look_with_eye(small)
    assert eye is not None
    rim = in_order((seen.corners[0] + 0.5) * factor - 0.5)
    rng = np.random.default_rng(5)
    starts = rim + rng.uniform(-far, far, (6, 4, 2)) * np.linalg.norm(rim[1] - rim[0])
    corners = snapped(small, eye, starts)
    if corners is None:
        return None, []
    return trust_in(small, eye, corners), [overlap(quad, rim) for quad in corners]


@pytest.mark.parametrize(("seed", "table"), [(1, "oak"), (2, "weave"), (3, "sheets")])
def test_an_outline_beside_the_rim_is_moved_onto_it_and_trusted(seed: int, table: str) -> None:
    trusted, overlaps = moved_from(shot(seed, table), 0.07)
    assert trusted is not None
    assert np.median(overlaps) > 0.97
    assert np.median(trusted) > 4


def test_what_lies_beside_the_rim_or_in_the_middle_of_nothing_is_not_trusted() -> None:
    seen = shot(2)
    small, factor = shrink(seen.image, 480)
    eye = look_with_eye(small)
    assert eye is not None
    rim = in_order((seen.corners[0] + 0.5) * factor - 0.5)
    half = np.array([rim[0], rim[1], (rim[1] + rim[2]) / 2, (rim[0] + rim[3]) / 2])
    wide = rim.mean(axis=0) + (rim - rim.mean(axis=0)) * 1.08
    trusted = trust_in(small, eye, np.array([rim, half, wide]))
    assert trusted is not None
    assert trusted[0] > 4
    assert (trusted[1:] < 0).all()
    table, _ = shrink(shoot(np.random.default_rng(4), [], "oak", SIZE).image, 480)
    eye = look_with_eye(table)
    assert eye is not None
    nothing = trust_in(table, eye, np.array([[[120.0, 90], [330, 100], [320, 280], [110, 270]]]))
    assert nothing is not None
    assert nothing[0] < 0


def test_of_what_has_come_to_one_rim_the_likeliest_is_looked_at_closely_for_all() -> None:
    seen = shot(2)
    small, factor = shrink(seen.image, 480)
    eye = look_with_eye(small)
    assert eye is not None
    rim = in_order((seen.corners[0] + 0.5) * factor - 0.5)
    outlines = np.stack([rim, rim + 1.5, rim - 3.0])
    trusted, said = trust_in(small, eye, outlines), said_of(halves(small), eye, outlines)
    assert trusted is not None and said is not None
    assert np.ptp(trusted - said[:, 8]) < 1e-3
    assert np.ptp(said[:, 8]) > 0.01


@pytest.mark.parametrize("seed", [720035, 720448, 720465])
def test_a_page_of_an_open_book_and_one_among_papers_is_found(seed: int) -> None:
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
    assert not len(snapped(small, eye, crossed))
    assert not len(trust_in(small, eye, np.zeros((0, 4, 2))))


@pytest.mark.parametrize("net", [snap, trust])
def test_a_damaged_net_is_told_once_and_the_finder_does_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, net: ModuleType
) -> None:
    monkeypatch.setattr(net, "FILE", tmp_path / "none.onnx")
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        assert moved_from(shot(1), 0.05)[0] is None
    assert len(caplog.records) == 1
    caplog.clear()
    assert find_page(shot(1).image).corners is not None
