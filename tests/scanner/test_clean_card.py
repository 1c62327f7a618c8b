"""A photographed card keeps its colours, loses a shadow on it, and its other side is known by its size."""

from itertools import product

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.clean.ink.light import card_light
from scanner.clean.judge.judge import judge_sharpness
from scanner.clean.papers.cards import is_other_side
from tests.bench.drawn.plastic import CARDS, card


def shaded(face: np.ndarray, depth: float) -> np.ndarray:
    height, width = face.shape[:2]
    shade = np.zeros((height, width), np.float32)
    cv2.fillPoly(shade, [np.array([[width // 3, 0], [width, 0], [width, height], [width // 2, height]])], 1.0)
    return (face * (1 - depth * cv2.GaussianBlur(shade, (0, 0), 6))[..., None]).astype(np.uint8)


@pytest.mark.parametrize("kind", ["citizen", "licence", "insurance"])
def test_a_hard_shadow_is_taken_out_and_the_portrait_stays(kind: str) -> None:
    face = (card(np.random.default_rng(5), kind, 300).image * 0.9).astype(np.uint8)
    height, width = face.shape[:2]
    plain, seen = card_light(face), card_light(shaded(face, 0.5))
    right, portrait = (
        np.s_[:, round(0.7 * width) :],
        np.s_[height // 2 : height * 4 // 5, width // 12 : width // 4],
    )
    usual = [float(np.median(each[right])) for each in (plain, seen, shaded(face, 0.5))]
    assert usual[2] < 0.6 * usual[0]
    assert usual[1] > 0.85 * usual[0]
    assert cv2.absdiff(plain[portrait], seen[portrait]).mean() < 12


@pytest.mark.parametrize("kind", CARDS)
def test_without_a_shadow_all_channels_are_raised_alike(kind: str) -> None:
    face = (card(np.random.default_rng(6), kind, 300).image * 0.8).astype(np.uint8)
    lit = card_light(face).astype(float)
    spot = (face.min(axis=2) > 40) & (lit.max(axis=2) < 255)
    gains = lit[spot] / face[spot]
    assert float(gains.std()) < 0.02


CARD = np.array([[0, 0], [856, 0], [856, 540], [0, 540]], float)


@given(st.floats(0.8, 1.25), st.floats(0, 360), st.floats(0, 2000))
def test_the_other_side_of_a_card_lies_anyhow(size: float, angle: float, place: float) -> None:
    turn = cv2.getRotationMatrix2D((0.0, 0.0), angle, size)
    assert is_other_side(CARD @ turn[:, :2].T + place, CARD)


@pytest.mark.parametrize("shape", [(856, 856), (856, 400), (2100, 1485), (400, 252)])
def test_what_has_another_shape_or_size_is_not_its_other_side(shape: tuple[int, int]) -> None:
    assert not is_other_side(CARD / (856, 540) * shape, CARD)


def test_the_waves_of_a_card_on_the_glass_do_not_make_it_blurred() -> None:
    face = card(np.random.default_rng(5), "citizen", 200).image
    across = np.arange(0, face.shape[1], 2)
    for top, phase in product(range(-20, face.shape[0] + 20, 12), (0, 1.6, 3.1)):
        line = np.stack([across, top + 12 * np.sin(across / 45 + phase + top / 120)], axis=1)
        cv2.polylines(face, [line.astype(np.int32)], False, (120, 170, 110), 1, cv2.LINE_AA)
    letters = (2.6 * 200 / 25.4,)
    sharp, soft = (cv2.GaussianBlur(face, (0, 0), sigma) for sigma in (0.6, 3.2))
    assert judge_sharpness(sharp, letters).value < 0.5
    assert judge_sharpness(sharp, letters, card=True).value == 1
    assert judge_sharpness(soft, letters, card=True).value < 0.5
