"""Photographs of glossy pages in which a light is reflected, with the truth of what it hides.

`any_photograph(seed)` is a good picture of any paper on any table; `shine(rng, image, corners, hides=True)`
lays a reflection over its print, or with False on its bare paper. How much of the ink is gone is measured on
the picture before and after. Everything follows from the seed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from tests.bench.drawn.framed import FRAMES, certificate
from tests.bench.drawn.synth import PAPERS, SCENES, make_paper, photograph
from tests.bench.drawn.tabletop import BENDS, KINDS, TABLES, any_paper, shoot

SIZE = (1280, 960)
LIGHTS = ("lamp", "window", "tube", "veil")
LEAST_HIDDEN, HARMLESS = 0.015, 0.0005  # of the page's ink
LETTER_SHARE = 1 / 60  # of the page's longer side: a closing of so much takes letters off the paper
TRIES = 40


@dataclass(frozen=True)
class Shone:
    """The picture, and which share of the page's ink cannot be seen any more."""

    image: np.ndarray
    hidden: float


def any_photograph(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The picture, and the corners (4, 2) of its paper."""
    rng, turn = np.random.default_rng(seed), seed // 3
    if seed % 3 == 0:
        paper = make_paper(rng, PAPERS[turn % len(PAPERS)], 100)
        photo = photograph(rng, paper, SCENES[turn % len(SCENES)], SIZE)
        assert photo.corners is not None
        return photo.image, photo.corners
    if seed % 3 == 1:
        paper, bend = any_paper(rng, KINDS[turn % len(KINDS)], 100), BENDS[turn % len(BENDS)]
    else:
        paper, bend = certificate(rng, FRAMES[turn % len(FRAMES)], 100), "flat"
    shot = shoot(rng, [paper], TABLES[turn % len(TABLES)], SIZE, bend=bend if seed % 2 else "flat")
    return shot.image, shot.corners[0]


def shine(rng: np.random.Generator, image: np.ndarray, corners: np.ndarray, *, hides: bool) -> Shone | None:
    """None where no place was found: a page without print or without bare paper."""
    small, places = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), corners / 2
    inside = np.zeros(small.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.round(places).astype(np.int32)], 1)
    depth = _ink(small, places)
    ink = (depth > 30) & (inside > 0)
    if ink.sum() < 200:
        return None
    for _ in range(TRIES):
        u, v = rng.uniform(0.03, 0.97, 2)
        top, bottom = places[0] * (1 - u) + places[1] * u, places[3] * (1 - u) + places[2] * u
        light = _light(rng, small.shape[:2], top * (1 - v) + bottom * v, _sides(places).min())
        bright = float((light[inside > 0] > 0.5).mean())
        over_print = float(light[ink].max())
        if not hides and (over_print > 0.3 or bright < 0.004):
            continue
        expose = _exposure(rng)
        gone = ink & (_ink(expose(small, light), places) < np.maximum(10, 0.25 * depth))
        hidden = float(gone.sum() / ink.sum())
        if (LEAST_HIDDEN < hidden < 0.5) if hides else hidden < HARMLESS:
            whole = cv2.resize(light, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
            lit = expose(image, whole) + rng.normal(0, rng.uniform(0.5, 2.5), image.shape)
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(75, 96))]
            data = cv2.imencode(".jpg", np.clip(lit, 0, 255).astype(np.uint8), quality)[1]
            return Shone(cv2.imdecode(data, cv2.IMREAD_COLOR), hidden)
    return None


def _sides(corners: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)


def _ink(image: np.ndarray, corners: np.ndarray) -> np.ndarray:
    reach = max(5, round(float(_sides(corners).max()) * LETTER_SHARE)) | 1
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((reach, reach), np.uint8)).astype(np.float32)


def _light(rng: np.random.Generator, shape: tuple[int, int], place: np.ndarray, side: float) -> np.ndarray:
    """0..1 (H, W): the shape of a light as the gloss blurs it."""
    kind = str(rng.choice(LIGHTS))
    drawn = np.zeros(shape, np.float32)
    wide = side * float(rng.uniform(0.08, 0.3))
    angle = float(rng.uniform(0, 180))
    if kind in ("lamp", "veil"):
        box = (place.tolist(), (wide, wide * rng.uniform(0.5, 1)), angle)
        cv2.ellipse(drawn, box, 1.0, -1, cv2.LINE_AA)
    else:
        long = wide * rng.uniform(1, 1.8) if kind == "window" else side * rng.uniform(0.3, 0.9)
        across = wide if kind == "window" else side * rng.uniform(0.03, 0.1)
        box = cv2.boxPoints((place.tolist(), (long, across), angle))
        cv2.fillPoly(drawn, [np.round(box).astype(np.int32)], 1.0, cv2.LINE_AA)
        if kind == "window":  # its bars
            middle, end = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2
            ends = middle.astype(int).tolist(), end.astype(int).tolist()
            cv2.line(drawn, *ends, 0.0, max(2, int(wide / 14)))
    soft = cv2.GaussianBlur(drawn, (0, 0), wide * float(rng.uniform(0.04, 0.25)))
    return soft / max(float(soft.max()), 1e-6)


def _exposure(rng: np.random.Generator) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Adds a light to a picture, with the camera's bend near white."""
    tint = np.ones(3, np.float32) if rng.random() < 0.5 else rng.uniform(0.85, 1, 3).astype(np.float32)
    strength = float(rng.uniform(1.0, 2.2)) * 255
    knee = float(rng.choice([255.0, 235.0, 220.0]))
    room = 255.0 - knee

    def expose(image: np.ndarray, light: np.ndarray) -> np.ndarray:
        seen = image.astype(np.float32) + strength * light[..., None] * tint
        over = np.maximum(seen - knee, 0)
        bent = np.minimum(seen, knee) + (room * over / (over + 2 * room) if room else 0)
        return np.clip(bent, 0, 255).astype(np.uint8)

    return expose
