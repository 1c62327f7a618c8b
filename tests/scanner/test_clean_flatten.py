"""The shape of a paper seen from the side is told from its corners, whatever the lens; papers by name."""

import numpy as np
import pytest

from scanner.clean.arrays import Array
from scanner.clean.geometry.flatten import Target, side_lengths, target_size, true_aspect

SIZE = (2448, 3264)
POSES = 120


def seen(rng: np.random.Generator, width_mm: float, height_mm: float, tilt: float) -> Array:
    """Corners as a pinhole camera sees them, its axis through the middle of the picture, 1.5 px off."""
    lean, side = np.deg2rad(rng.uniform(-tilt, tilt, 2))
    roll = np.deg2rad(rng.normal(0, 5))
    x = np.array([[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]])
    y = np.array([[np.cos(side), 0, np.sin(side)], [0, 1, 0], [-np.sin(side), 0, np.cos(side)]])
    z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    focal = rng.uniform(0.65, 1.2) * np.hypot(*SIZE)
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width_mm, height_mm) / 2
    space = np.column_stack([flat, np.zeros(4)]) @ (y @ x @ z).T
    far = focal * max(width_mm / SIZE[0], height_mm / SIZE[1]) * rng.uniform(1.25, 1.7)
    space += [*rng.uniform(-0.06, 0.06, 2) * far, far]
    return space[:, :2] / space[:, 2:] * focal + np.array(SIZE) / 2 + rng.normal(0, 1.5, (4, 2))


def target(corners: Array) -> Target:
    return target_size(true_aspect(corners, SIZE), *side_lengths(corners), None)


@pytest.mark.parametrize(
    ("width_mm", "height_mm"), [(210.0, 297.0), (297.0, 210.0), (85.6, 54.0), (54.0, 85.6), (80.0, 200.0)]
)
def test_a_known_paper_is_recognised_from_the_side(width_mm: float, height_mm: float) -> None:
    rng = np.random.default_rng(19)
    right = 0
    for _ in range(POSES):
        found = target(seen(rng, width_mm, height_mm, 25.0))
        off = found.width_mm / found.height_mm / (width_mm / height_mm)
        assert 0.75 < off < 1.34
        right += found.width_mm == width_mm and abs(off - 1) < 0.05
    assert right >= 0.9 * POSES


def test_a_lens_that_is_none_does_not_bend_the_shape() -> None:
    """Noise on a hardly tilted paper makes any focal length; the sides then tell the truth."""
    rng = np.random.default_rng(23)
    for _ in range(POSES):
        corners = seen(rng, 100.0, 190.0, 3.0)
        assert true_aspect(corners, SIZE) == pytest.approx(100 / 190, rel=0.05)


@pytest.mark.parametrize("ratio", [1.0, 4 / 3, 1.43, 1.5, 1.6, 16 / 9, 2.3, 12.0])
def test_a_whole_picture_keeps_its_shape(ratio: float) -> None:
    for width, height in ((3000.0, 3000.0 / ratio), (3000.0 / ratio, 3000.0)):
        found = target_size(width / height, width, height, None, exact=True)
        assert found.width_mm / found.height_mm == pytest.approx(width / height, rel=0.02)
        assert found.width / found.height == pytest.approx(width / height, rel=0.02)
        assert max(found.width_mm, found.height_mm) <= 297


@pytest.mark.parametrize(("across", "down"), [(148.0, 210.0), (210.0, 148.0), (85.6, 54.0), (210.0, 297.0)])
def test_a_scanner_knows_the_size_of_a5_and_cards(across: float, down: float) -> None:
    width, height = (size * 300 / 25.4 * 1.01 for size in (across, down))
    found = target_size(width / height, width, height, 300)
    assert (found.width_mm, found.height_mm) == (across, down)


@pytest.mark.parametrize("down", [297.0, 300.0])
def test_what_a_wide_glass_sees_is_not_squeezed_into_a4(down: float) -> None:
    found = target_size(216 / down, 2551, down * 300 / 25.4, 300)
    assert (found.width_mm, found.height_mm) == pytest.approx((216, down), abs=0.1)


@pytest.mark.parametrize("ratio", [1.51, 1.585, 1.69])
def test_a_card_seen_from_the_side_is_measured_a_little_off(ratio: float) -> None:
    found = target_size(ratio, 1500, 1500 / ratio, None)
    assert (found.width_mm, found.height_mm) == (85.6, 54.0)
    assert target_size(ratio, 1500, 1500 / ratio, None, card=False).width_mm == 297.0


@pytest.mark.parametrize("ratio", [1.0, 1.2, 1.32])
def test_what_is_nearly_square_is_no_card(ratio: float) -> None:
    assert target_size(ratio, 1500 * ratio, 1500, None).height_mm > 200


def test_what_is_cut_off_has_the_shape_of_no_paper() -> None:
    for ratio in (1.41, 1.58, 2.3):
        found = target_size(1 / ratio, 3000 / ratio, 3000, None, cut=True)
        assert found.height_mm / found.width_mm == pytest.approx(ratio)
        assert found.height == 3000
