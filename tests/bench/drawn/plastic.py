"""Made-up identity cards, pale and dark, and pictures of one or two of them on a scanner's glass.

`card(rng, kind)` draws a face; `on_the_glass(rng, faces, dpi)` lays them under a white lid and returns the
scan and their true corners; everything follows from the seed.
"""

from collections.abc import Iterable

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.bench.drawn.synth import Paper, font, sentence

CARDS = ("citizen", "old", "licence", "insurance", "bank", "white")
SIZE_MM, ROUND_MM = (85.6, 54.0), 3.2
GROUNDS = {
    "citizen": ((228, 238, 226), (214, 232, 240)), "old": ((214, 228, 206), (232, 240, 220)),
    "licence": ((196, 226, 246), (226, 240, 250)), "insurance": ((250, 246, 240), (240, 236, 226)),
    "bank": ((20, 15, 10), (120, 60, 40)), "white": ((251, 251, 250), (246, 247, 247)),
}  # fmt: skip
"""BGR at the left and right rim."""


def card(rng: np.random.Generator, kind: str, dpi: float = 150) -> Paper:
    """A face of a kind of CARDS: a ground that turns its colour, fine waves, a portrait, lines of text."""
    width, height = (round(mm * dpi / 25.4) for mm in SIZE_MM)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    one, other = (np.array(each, np.float32) + rng.normal(0, 3, 3) for each in GROUNDS[kind])
    face = one + (other - one) * (columns / width)[..., None]
    period, turn = rng.uniform(6, 14) * dpi / 150, rng.uniform(0, np.pi)
    waves = np.sin(
        (columns * np.cos(turn) + rows * np.sin(turn) + 6 * np.sin(columns / 40)) * 2 * np.pi / period
    )
    if kind != "white":
        face += (waves * rng.uniform(2, 6))[..., None]
    face = np.clip(face, 0, 255).astype(np.uint8)
    dark = kind == "bank"
    if not dark and rng.random() < 0.8:
        _portrait(rng, face)
    ink = (235, 235, 235) if dark else (40, 30, 30)
    image = Image.fromarray(face)
    draw = ImageDraw.Draw(image)
    lines = []
    for share in np.arange(0.06, 0.9, 0.12):
        lines.append(sentence(rng, 4))
        letters = font(int(rng.integers(0, 5)), round(rng.uniform(7.5, 9) * dpi / 72))
        draw.text((round(width * 0.34), round(height * share)), lines[-1], font=letters, fill=ink)
    return Paper(np.asarray(image).copy(), "\n".join(lines), *SIZE_MM, dpi)


def _portrait(rng: np.random.Generator, face: np.ndarray) -> None:
    height, width = face.shape[:2]
    box = np.s_[round(height * 0.32) : round(height * 0.88), round(width * 0.05) : round(width * 0.28)]
    spot = face[box]
    high, wide = spot.shape[:2]
    spot[:] = rng.integers(170, 235)
    skin = (rng.uniform(0.8, 1.1) * np.array([120, 150, 190])).tolist()
    cv2.ellipse(
        spot, (wide // 2, high), (wide // 2, high // 3), 0, 0, 360, rng.integers(20, 160, 3).tolist(), -1
    )
    cv2.ellipse(spot, (wide // 2, high // 2), (wide // 3, high // 3), 0, 0, 360, (40, 40, 45), -1)
    cv2.ellipse(spot, (wide // 2, round(high * 0.56)), (wide // 4, high // 4), 0, 0, 360, skin, -1)


def on_the_glass(
    rng: np.random.Generator, faces: list[Paper], dpi: float = 150, gap: float | None = None
) -> tuple[np.ndarray, list[np.ndarray]]:
    """An A4 scan of cards, one below the other; corners TL, TR, BR, BL as seen, in its pixels.

    `gap`: two in a row under an uneven lid, so many mm between them.
    """
    pixel = dpi / 25.4
    height, width = round(297 * pixel), round(210 * pixel)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    slope = rows / height * rng.uniform(-3, 3) + columns / width * rng.uniform(-3, 3)
    glass = (rng.uniform(238, 252) + slope)[..., None] + rng.normal(0, 1.5, 3).astype(np.float32)
    places: Iterable[tuple[float, float, float]]
    if gap is None:
        places = (_anywhere(rng, number, len(faces)) for number in range(len(faces)))
    else:
        slow = rng.normal(0, rng.uniform(0, 2), (6, 5)).astype(np.float32)
        glass += cv2.resize(slow, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
        places = _in_a_row(rng, gap)
    corners = [
        _lay(rng, glass, paper, lean, (left * pixel, top * pixel))
        for paper, (left, top, lean) in zip(faces, places, strict=True)
    ]
    soft = cv2.GaussianBlur(glass, (0, 0), 0.5 * dpi / 150)
    return np.clip(soft + rng.normal(0, rng.uniform(0.6, 2), soft.shape), 0, 255).astype(np.uint8), corners


def _anywhere(rng: np.random.Generator, number: int, count: int) -> tuple[float, float, float]:
    """Left and top in mm, and degrees, in its part of the glass."""
    lean = float(rng.normal(0, 2))
    spare = (210 - SIZE_MM[0] - 10, 297 / count - SIZE_MM[1] - 14)
    left = 5 + rng.uniform(0, 1) * spare[0]
    return left, 297 / count * number + 7 + rng.uniform(0, 1) * spare[1], lean


def _in_a_row(rng: np.random.Generator, gap: float) -> list[tuple[float, float, float]]:
    """Of two, side by side or one below the other."""
    lean, down = float(rng.normal(0, 2)), bool(rng.integers(2))
    turn = np.deg2rad(lean)
    way = np.array([-np.sin(turn), np.cos(turn)] if down else [np.cos(turn), np.sin(turn)])
    apart = way * (SIZE_MM[1 if down else 0] + gap)
    first = (np.array([210, 297]) - np.array(SIZE_MM) - apart) / 2 + rng.normal(0, 1.5, 2)
    return [(*first.tolist(), lean), (*(first + apart).tolist(), lean)]


def _lay(
    rng: np.random.Generator, glass: np.ndarray, paper: Paper, lean: float, place: tuple[float, float]
) -> np.ndarray:
    height, width = paper.image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -lean, 1.0)
    turn[:, 2] += place
    size, radius = glass.shape[1::-1], round(ROUND_MM * paper.dpi / 25.4)
    inside = np.zeros((height, width), np.float32)
    inner = (radius, radius), (width - 1 - radius, height - 1 - radius)
    cv2.rectangle(inside, *inner, 1, 2 * radius)
    cv2.rectangle(inside, *inner, 1, -1)
    mask = cv2.warpAffine(inside, turn, size)[..., None]
    reach = rng.uniform(1, 3) * paper.dpi / 150
    moved = np.roll(mask[..., 0], np.round(rng.normal(0, reach, 2)).astype(int), axis=(0, 1))
    glass *= 1 - rng.uniform(0.03, 0.15) * cv2.GaussianBlur(moved, (0, 0), reach)[..., None]
    laid = cv2.warpAffine(paper.image.astype(np.float32), turn, size, borderMode=cv2.BORDER_REPLICATE)
    glass += (laid - glass) * mask
    edges = np.array([[0, 0], [width, 0], [width, height], [0, height]], float) - 0.5
    ring = edges @ turn[:, :2].T + turn[:, 2]
    return np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)
