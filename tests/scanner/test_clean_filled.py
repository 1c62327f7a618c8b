"""A page of text that fills the scanner's picture is told without a search for its rim."""

import cv2
import numpy as np
import pytest

from scanner.clean.arrays import Array
from scanner.clean.plan import plan_page
from tests.bench.drawn.synth import make_paper


def sheet(kind: str = "text", size: tuple[float, float] = (210.0, 297.0)) -> Array:
    return make_paper(np.random.default_rng(8), kind, 150, size).image


def on_the_glass(paper: Array, lid: int) -> Array:
    glass = np.full((1754, 1240, 3), lid, np.uint8)
    glass[: paper.shape[0], : paper.shape[1]] = paper
    return glass


@pytest.mark.parametrize("quarters", [0, 1, 2])
def test_text_all_over_a_page_needs_no_rim(quarters: int) -> None:
    assert plan_page(np.ascontiguousarray(np.rot90(sheet(), quarters)), None, 150).filled


def test_a_rim_beside_the_text_is_looked_for() -> None:
    """However pale: a sheet some shades darker than the lid, that ends a finger's width before the glass."""
    shorter = sheet(size=(200.0, 285.0))
    assert not plan_page(on_the_glass(np.clip(shorter, 0, 238), 250), None, 150).filled
    lined = sheet().copy()
    cv2.line(lined, (0, 1720), (1240, 1726), (215, 215, 215), 3)
    assert not plan_page(lined, None, 150).filled


def test_two_sheets_beside_each_other_fill_no_picture() -> None:
    half = sheet(size=(105.0, 297.0))
    both = np.concatenate([half[:1754, :620], half[:1754, :620]], axis=1)
    assert not plan_page(np.ascontiguousarray(both), None, 150).filled


@pytest.mark.parametrize("kind", ["short", "photo", "blank"])
def test_where_text_does_not_run_all_over_the_rim_is_looked_for(kind: str) -> None:
    assert not plan_page(sheet(kind), None, 150).filled


def test_a_photograph_of_a_page_is_looked_at_for_its_rim() -> None:
    assert not plan_page(sheet(), None, None).filled
