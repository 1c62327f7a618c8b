"""The finder's eye: what it takes for paper, the outlines it draws, and the finder when the eye is shut."""

import logging
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanner.clean.finder import eye
from scanner.clean.finder.find import find_page
from scanner.clean.finder.look import look_at
from scanner.clean.finder.outlines import in_order, sides_seen, straight
from tests.bench.drawn.synth import make_paper
from tests.bench.drawn.tabletop import Shot, any_paper, overlap, shoot, strewn, table_top

SIZE = (1000, 750)


def shot(seed: int, table: str, kind: str = "text", **how: object) -> Shot:
    rng = np.random.default_rng(seed)
    calm = {"hand": 0.0, "tilt": 15.0, "fill": 0.85, "blur": 0.6}
    return shoot(rng, [any_paper(rng, kind, 80)], table, SIZE, **(calm | how))  # type: ignore[arg-type]


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file of the net is damaged."""
    broken = tmp_path / "eye.onnx"
    broken.write_bytes(b"\x08\x07" + bytes(200))
    monkeypatch.setattr(eye, "FILE", broken)


@pytest.mark.parametrize("table", ["oak", "white", "checked", "sheets"])
def test_the_eye_tells_paper_from_table(table: str) -> None:
    seen = shot(7, table)
    maps = eye.glance(seen.image)
    assert maps is not None
    inside = np.zeros(SIZE, np.uint8)
    cv2.fillPoly(inside, [np.round(seen.rims[0]).astype(np.int32)], 1)
    inside = cv2.resize(inside, (eye.SIDE, eye.SIDE), interpolation=cv2.INTER_AREA)
    assert maps[..., 0][inside > 0].mean() > 0.8
    assert maps[..., 0][inside == 0].mean() < 0.2


@pytest.mark.parametrize("bend", ["flat", "wave", "corner", "fold"])
def test_the_eye_draws_an_outline_that_lies_on_the_edges(bend: str) -> None:
    seen = shot(11, "weave", bend=bend, strength=0.6)
    look = look_at(seen.image)
    assert look is not None
    drawn = (look.drawn().corners + 0.5) / look.factor - 0.5
    assert max(overlap(in_order(corners), seen.corners[0]) for corners in drawn) > 0.95


def square(half: float) -> np.ndarray:
    return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half + eye.SIDE / 2


def test_no_sheet_goes_on_past_a_side_where_the_eye_sees_it_end() -> None:
    maps = np.zeros((eye.SIDE, eye.SIDE, 2), np.float32)
    paper, rim = np.zeros((2, eye.SIDE, eye.SIDE), np.uint8)
    cv2.fillPoly(paper, [square(60).astype(np.int32)], 1)
    paper[:, eye.SIDE // 2 + 60 :] = 1  # a neighbour, or the other half
    cv2.polylines(rim, [square(60).astype(np.int32)], True, 1, 3)
    outline = straight(square(60)[None], np.ones((1, 4), bool))
    for parts, sees_end in ((True, True), (False, False)):  # the gutter of a book; a fold that is half a rim
        rim[eye.SIDE // 2 - 20 : eye.SIDE // 2 + 20, eye.SIDE // 2 + 50 :] *= parts
        maps[..., 0], maps[..., 1] = paper, rim
        ends = sides_seen(outline, eye.Seen(maps, np.ones(2)))[0]
        assert ends.tolist() == [True, True, sees_end, True]  # a side ends in its corner
    assert not sides_seen(outline, None).any()


@pytest.mark.parametrize(("beyond", "taken"), [(9.5, 1), (2.0, 0)])
def test_a_rim_around_a_frame_is_about_as_much_believed_as_that(beyond: float, taken: int) -> None:
    look = look_at(np.full((400, 400, 3), 128, np.uint8))
    assert look is not None
    corners = np.stack([square(60), square(75)])
    outlines = straight(corners, np.ones((2, 4), bool))
    assert int(np.argmax(look.scored(outlines, np.array([10.0, beyond])))) == taken


@pytest.mark.parametrize("seed", [3, 6])
def test_a_sharp_thing_that_the_eye_takes_for_no_paper_is_not_taken(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = table_top(rng, "plain", 800, 600)
    strewn(rng, table, make_paper(rng, "text", 60).image)
    box = cv2.boxPoints(((300, 500), (90, 170), float(rng.uniform(-20, 20))))
    colour = rng.uniform([120, 20, 120], [220, 160, 255]).tolist()
    cv2.fillPoly(table, [np.round(box).astype(np.int32)], colour, cv2.LINE_AA)
    assert find_page(np.clip(table, 0, 255).astype(np.uint8)).corners is None


def test_a_damaged_net_is_told_once_and_the_finder_goes_by_edges(
    shut: None, caplog: pytest.LogCaptureFixture
) -> None:
    seen = shot(3, "oak")
    for _ in range(2):
        corners = find_page(seen.image).corners
        assert corners is not None
        assert overlap(corners, seen.corners[0]) > 0.98
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    caplog.clear()
