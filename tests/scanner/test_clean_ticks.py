"""What is ticked on a form, be it in pale pencil: kept dark in every tone, or told, and never made up."""

import numpy as np
import pytest

from kioskcore.ports import ColourMode
from scanner.clean.geometry.flatten import A5_MM
from scanner.clean.judge.judge import Verdict
from scanner.clean.page import CleanPage, clean_page
from tests.bench.drawn.synth import make_paper, scan
from tests.bench.drawn.ticks import TickedForm, came_up, marks_on, ticked_form


def cleaned(form: TickedForm, tone: ColourMode = ColourMode.AUTO) -> CleanPage:
    page = clean_page(form.image, dpi=form.dpi, tone=tone, turn_degrees=0)
    assert page.image.shape[:2] == form.marks.shape
    return page


@pytest.mark.parametrize("mark", ["long tick", "filled", "over the rim"])
def test_pale_ticks_in_printed_boxes_are_kept(mark: str) -> None:
    form = ticked_form(np.random.default_rng(31), dpi=150, high=75, depth=30, mark=mark)
    page = cleaned(form, ColourMode.BLACK_WHITE)
    assert page.mode is ColourMode.BLACK_WHITE
    assert marks_on(form, page.image).min() > 60
    assert came_up(form, page.image).max() < 0.2 and not page.verdicts


def test_ticks_in_small_boxes_are_kept_wherever_these_lie() -> None:
    form = ticked_form(np.random.default_rng(20), dpi=150, high=60, depth=45, mark="cross")
    page = cleaned(form, ColourMode.BLACK_WHITE)
    assert marks_on(form, page.image).min() > 60 and not page.verdicts


def test_ticks_in_blue_stay_blue_and_are_never_paler_than_they_were() -> None:
    form = ticked_form(np.random.default_rng(5), dpi=150, high=75, depth=45, mark="tick")
    blue = form.image.copy()
    blue[..., 0] = np.where(form.marks > 0.3, form.image[..., 1].astype(int) + 30, form.image[..., 0])
    page = clean_page(blue, dpi=150, tone=ColourMode.COLOUR, turn_degrees=0)
    inked = page.image[form.marks > 0.8].astype(int)
    assert np.median(inked[:, 0] - inked[:, 2]) > 30
    assert (marks_on(form, page.image) > marks_on(form, form.image)).all()


@pytest.mark.parametrize("worn", ["through", "guilloche"])
def test_nothing_comes_up_in_empty_boxes(worn: str) -> None:
    form = ticked_form(np.random.default_rng(77), worn, dpi=150, high=75, depth=0.1)
    page = cleaned(form)
    assert came_up(form, page.image).max() < 0.2


@pytest.mark.parametrize(("side_mm", "size"), [(3, A5_MM), (6, (105.0, 148.0))])
def test_what_is_written_on_squared_paper_is_no_tick(side_mm: float, size: tuple[float, float]) -> None:
    """Of its thousands of cells, each as a box, it took seconds to look at all, and letters were doubted."""
    paper = make_paper(np.random.default_rng(5), "handwriting", 200, size)
    for line in range(1, round(size[1] / side_mm)):
        at = round(line * side_mm * 200 / 25.4)
        for there in (np.s_[at : at + 2], np.s_[:, at : at + 2]):
            paper.image[there] = np.minimum(paper.image[there], 190)
    page = clean_page(scan(np.random.default_rng(1), paper, 0.3).image, dpi=200)
    assert not page.verdicts


def test_a_tick_that_may_be_dirt_is_told_with_its_box() -> None:
    form = ticked_form(np.random.default_rng(3), dpi=150, high=75, depth=18, mark="tick")
    page = cleaned(form)
    (place,) = page.places[Verdict.FAINT]
    told = (np.array(place[:2]) + np.array(place[2:]) / 2) * form.marks.shape[::-1]
    boxes, dark = form.boxes[form.ticked], marks_on(form, page.image)
    within = ((boxes[:, :2] < told) & (told < boxes[:, 2:])).all(axis=1)
    assert ((dark > 60) != within).all() and within.any()
