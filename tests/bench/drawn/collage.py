"""Made-up pictures that teach the finder's eye what a paper is, with the exact rim of every paper in them.

`lesson(k, stock)` draws one of several makes: those of tabletop and synth, and collages: papers on heaps of
shapes of all sizes and textures ("dead leaves", which have the statistics of photographs), so that nothing
but paper looks the same in all of them. Of an open book both pages are papers, and nothing else of it is.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from tests.bench.drawn.books import open_book
from tests.bench.drawn.framed import FRAMES, certificate
from tests.bench.drawn.heap import leaves, texture
from tests.bench.drawn.in_row import GROUNDS, in_a_row
from tests.bench.drawn.plastic import CARDS, card
from tests.bench.drawn.synth import FAULTS, SCENES, Paper, photograph, scan
from tests.bench.drawn.tabletop import BENDS, KINDS, TABLES, any_paper, meet, shoot, table_top

SIZE = (512, 384)
DPI = 50  # of the papers: as fine as so small a picture shows
ROW_SIZE = (800, 600)
SEVERAL = ((2, "card"), (4, "receipt"), (2, "a5"), (3, "receipt"))
CLUTTER = ("desk", "sheets", "keyboard")
MAKES = (
    "flat", "flat", "flat", "bent", "bent", "bent", "framed", "framed", "several", "out", "among", "among",
    "among", "book", "book", "book", "book", "row", "row", "cards", "cards",
    "synth", "synth", "synth", "collage", "collage", "collage", "collage", "none", "none",
)  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """A picture (H, W, 3) and the rims (P, 2) of the papers in it; `full`: one paper takes all of it."""

    image: np.ndarray
    rims: tuple[np.ndarray, ...]
    make: str
    full: bool = False


def stock_of(rng: np.random.Generator, count: int) -> list[Paper]:
    """Papers of all kinds, to be laid on many tables: drawing one takes longer than photographing it."""
    return [any_paper(rng, KINDS[k % len(KINDS)], DPI) for k in range(count)]


def lesson(k: int, stock: list[Paper]) -> Lesson:
    """The k-th picture."""
    rng = np.random.default_rng(k)
    make = MAKES[k % len(MAKES)]
    paper = stock[int(rng.integers(len(stock)))]
    size = SIZE if rng.random() < 0.75 else SIZE[::-1]
    table = str(rng.choice([*TABLES, "timber"]))
    if make == "synth":
        photo = photograph(rng, paper, str(rng.choice(SCENES)), size)
        assert photo.mask is not None
        return Lesson(photo.image, _contour(photo.mask), make)
    if make == "collage":
        return _collage(rng, stock, size)
    if make == "none":
        return _none(rng, paper, table, size)
    if make == "row":
        shot = in_a_row(rng, str(rng.choice(GROUNDS)), str(rng.choice(["cards", "halves"])), ROW_SIZE)
        return Lesson(shot.image, tuple(shot.corners), make)
    if make == "cards":
        faces = [card(rng, str(rng.choice(CARDS)), 100) for _ in range(int(rng.integers(1, 4)))]
        table = "white" if rng.random() < 0.4 else table
        shot = shoot(rng, faces, table, size, tilt=18, hand=0.05)
        return Lesson(shot.image, shot.rims, make)
    if make == "book":
        facing = stock[int(rng.integers(len(stock)))]
        shot = open_book(rng, paper, facing, table, size)
        return Lesson(shot.image, shot.rims, make)
    if make == "several":
        count, kind = SEVERAL[int(rng.integers(len(SEVERAL)))]
        shot = shoot(rng, [any_paper(rng, kind, DPI) for _ in range(count)], table, size)
    elif make == "framed":
        shot = shoot(rng, [certificate(rng, str(rng.choice(FRAMES)), DPI)], table, size)
    elif make == "out":
        shot = shoot(rng, [paper], table, size, out=True)
    elif make == "among":
        shot = shoot(rng, [paper], str(rng.choice(CLUTTER)), size, bend=str(rng.choice(["flat", *BENDS])))
    else:
        bend = "flat" if make == "flat" else str(rng.choice(BENDS[1:]))
        shot = shoot(rng, [paper], table, size, bend=bend)
    return Lesson(shot.image, shot.rims, make)


def _contour(mask: np.ndarray) -> tuple[np.ndarray, ...]:
    found, _ = cv2.findContours((mask > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return (max(found, key=cv2.contourArea)[:, 0].astype(float),)


def _none(rng: np.random.Generator, paper: Paper, table: str, size: tuple[int, int]) -> Lesson:
    """A table alone, a heap of shapes, a page that fills the scanner's glass, a part of a page."""
    which = rng.integers(4)
    if which == 0:
        return Lesson(_noisy(rng, table_top(rng, table, *size)), (), "none")
    if which == 1:
        return Lesson(_noisy(rng, leaves(rng, *size)), (), "none")
    if which == 2:
        page = scan(rng, paper, float(rng.normal(0, 2)), str(rng.choice(FAULTS)))
        return Lesson(cv2.resize(page.image, size[::-1], interpolation=cv2.INTER_AREA), (), "none", full=True)
    shot = shoot(rng, [paper], table, size, fill=1.55, hand=0, tilt=12, upright=True)
    return Lesson(shot.image, shot.rims, "none")


# ---- collages


def _collage(rng: np.random.Generator, stock: list[Paper], size: tuple[int, int]) -> Lesson:
    """One to three papers laid one over another's rim or apart on a heap; what is covered is no paper."""
    height, width = size
    image = leaves(rng, *size) if rng.random() < 0.7 else texture(rng, *size)
    rims: list[np.ndarray] = []
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        paper = stock[int(rng.integers(len(stock)))]
        ring = _ring(rng, paper, height, width)
        rims = [other for other in rims if not meet(other, ring)]
        _lay(rng, image, paper, ring)
        rims.append(ring)
    if rng.random() < 0.3:  # a thing that lies on the paper
        place, wide = rng.uniform(0, 1, 2) * (width, height), rng.uniform(0.03, 0.15) * width
        box = (place.tolist(), (wide, wide * float(rng.choice([1, 2, 6]))), float(rng.uniform(0, 180)))
        cv2.ellipse(image, box, rng.uniform(0, 255, 3).tolist(), -1, cv2.LINE_AA)
    return Lesson(_noisy(rng, image), tuple(rims), "collage")


def _ring(rng: np.random.Generator, paper: Paper, height: int, width: int) -> np.ndarray:
    """Corners of the paper, anyhow in the picture."""
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (paper.width_mm, paper.height_mm)
    angle = rng.normal(0, 0.15) + rng.integers(4) * np.pi / 2 if rng.random() < 0.7 else rng.uniform(0, 7)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    ring = flat @ turn
    ring = ring / (1 + ring @ rng.normal(0, 0.12, 2) / np.abs(ring).max())[:, None]
    low, high = ring.min(axis=0), ring.max(axis=0)
    scale = rng.uniform(0.35, 1.0) * (np.array([width, height]) / (high - low)).min()
    spare = np.array([width, height]) - (high - low) * scale
    return (ring - low) * scale + spare * rng.uniform(-0.02, 1.02, 2)


def _lay(rng: np.random.Generator, image: np.ndarray, paper: Paper, ring: np.ndarray) -> None:
    height, width = image.shape[:2]
    face = paper.image.astype(np.float32)
    if rng.random() < 0.3:
        face = face * rng.uniform([0.55, 0.7, 0.7], [1, 1, 1]).astype(np.float32)
    source = np.array([[0, 0], [face.shape[1], 0], face.shape[1::-1], [0, face.shape[0]]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, ring.astype(np.float32))
    shrunk = np.linalg.norm(ring[1] - ring[0]) / face.shape[1]
    face = cv2.GaussianBlur(face, (0, 0), 0.45 / shrunk) if shrunk < 0.8 else face
    mask = cv2.warpPerspective(np.ones(face.shape[:2], np.float32), matrix, (width, height))[..., None]
    shadow = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.5, 6))
    shift = np.float32([[1, 0, rng.uniform(-4, 4)], [0, 1, rng.uniform(-4, 4)]])
    image *= 1 - rng.uniform(0, 0.35) * cv2.warpAffine(shadow, shift, (width, height))[..., None]
    image += (cv2.warpPerspective(face, matrix, (width, height)) - image) * mask


def _noisy(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    image = cv2.GaussianBlur(image.astype(np.float32), (0, 0), rng.uniform(0.3, 0.9))
    return np.clip(image + rng.normal(0, rng.uniform(0.5, 4), image.shape), 0, 255).astype(np.uint8)
