"""Made-up photographs of what a finder of rims takes for something else: each kind beside its opposite.

A coloured head that runs to the paper's rim looks like the table; a dark thing that touches the paper, or a
folder on which it lies, looks like such a head. Two cards in a row look like one page. `uncommon(k)` is the
k-th picture; everything follows from k.
"""

from dataclasses import replace

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.bench.drawn.collage import CLUTTER
from tests.bench.drawn.framed import FRAMES, certificate
from tests.bench.drawn.heap import texture
from tests.bench.drawn.in_row import GROUNDS as ROW_GROUNDS
from tests.bench.drawn.in_row import in_a_row
from tests.bench.drawn.plastic import CARDS, card
from tests.bench.drawn.synth import Paper, font, sentence
from tests.bench.drawn.tabletop import (
    BENDS,
    KINDS,
    TABLES,
    Shot,
    any_colour,
    any_paper,
    develop,
    lay,
    light,
    shoot,
    stand,
    table_top,
)

SIZE = (880, 660)
GROUNDS = (*TABLES, "timber", "heap", "even", "even", "even")
TURNS = 8  # kinds of pictures
SIDES = ("top", "bottom", "left", "right")


def uncommon(k: int, size: tuple[int, int] = SIZE) -> Shot:
    """Heads in turn flat, bent, among things; folders and neighbours; cards; cards and halves in a row."""
    rng, turn = np.random.default_rng(k), k % TURNS
    ground = str(rng.choice(GROUNDS))
    if turn < 2:
        return shoot(rng, [headed(rng)], ground, size, tilt=float(rng.uniform(4, 25)))
    if turn == 2:
        if rng.random() < 0.5:
            return shoot(rng, [headed(rng)], str(rng.choice(CLUTTER)), size)
        return shoot(rng, [headed(rng)], str(rng.choice(TABLES)), size, bend=str(rng.choice(BENDS[1:])))
    if turn == 3:
        return beside_a_thing(rng, ground, size)
    if turn in (4, 5):
        faces = [card(rng, str(rng.choice(CARDS)), 100) for _ in range(turn - 3)]
        pale = str(rng.choice(["white", "white", "timber", "weave", *TABLES]))
        return shoot(rng, faces, pale, size, tilt=18, hand=0)
    return in_a_row(rng, str(rng.choice(ROW_GROUNDS)), ("cards", "halves")[turn - 6], size)


def headed(rng: np.random.Generator, dpi: float = 80) -> Paper:
    """A paper of which one or two sides are printed up to the rim: in one colour, in two, with a pattern."""
    if rng.random() < 0.15:
        paper = certificate(rng, str(rng.choice(FRAMES)), dpi)
    else:
        paper = any_paper(rng, str(rng.choice(KINDS)) if rng.random() < 0.5 else "text", dpi)
    face = paper.image.copy()
    for side in rng.choice(SIDES, 1 if rng.random() < 0.75 else 2, replace=False, p=[0.6, 0.2, 0.1, 0.1]):
        _print_band(rng, face, str(side))
    return replace(paper, image=face)


def _print_band(rng: np.random.Generator, face: np.ndarray, side: str) -> None:
    turns = SIDES.index(side)
    band = (face, face[::-1], face.swapaxes(0, 1), face.swapaxes(0, 1)[::-1])[turns]
    wide = int(len(band) * (rng.uniform(0.03, 0.3) if turns < 2 else rng.uniform(0.03, 0.16)))
    band = band[: max(wide, 4)]
    colour = any_colour(rng)
    band[:] = colour
    kind = rng.random()
    if kind < 0.2:
        band[: len(band) // 2] = any_colour(rng)
    elif kind < 0.35:
        shade = np.linspace(0, 1, band.shape[1])[None, :, None]
        band[:] = (colour + (any_colour(rng) - colour) * shade).astype(np.uint8)
    elif kind < 0.45:
        seen = texture(rng, band.shape[0], band.shape[1])
        band[:] = np.clip(seen, 0, 255).astype(np.uint8)
    if turns == 0 and len(band) > 12 and rng.random() < 0.75:
        _letter(rng, face[: len(band)], colour)


def _letter(rng: np.random.Generator, band: np.ndarray, colour: np.ndarray) -> None:
    """A name in the head, and at times a round badge."""
    height, width = band.shape[:2]
    image = Image.fromarray(np.ascontiguousarray(band))
    draw = ImageDraw.Draw(image)
    ink = (245, 245, 245) if colour.mean() < 140 else (25, 25, 25)
    tall = int(height * rng.uniform(0.25, 0.6))
    left = int(width * rng.uniform(0.02, 0.3))
    name = sentence(rng, int(rng.integers(2, 6))).upper()
    draw.text((left, (height - tall) // 2), name, font=font(int(rng.integers(0, 5)), max(tall, 8)), fill=ink)
    if rng.random() < 0.3:
        draw.ellipse([4, height // 8, 4 + height * 3 // 4, height * 7 // 8], fill=ink)
    band[:] = np.asarray(image)


def beside_a_thing(rng: np.random.Generator, ground: str, size: tuple[int, int]) -> Shot:
    """A paper on a folder that is seen beside two sides or more, or beside a dark thing that it touches."""
    image = table_top(rng, ground, *size)
    paper = any_paper(rng, "text" if rng.random() < 0.6 else str(rng.choice(KINDS)), 80)
    box = np.array([*size[::-1], *size[::-1]]) * (*rng.uniform(0.1, 0.25, 2), *rng.uniform(0.75, 0.93, 2))
    sheet = stand(rng, paper, tuple(box), tilt=float(rng.uniform(4, 25)))
    for _ in range(int(rng.integers(1, 3))):
        low, high = _folder(rng) if rng.random() < 0.5 else _neighbour(rng)
        ring = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
        places = np.round(sheet.seen(ring) * 8).astype(np.int32)
        there = cv2.fillConvexPoly(np.zeros(size, np.float32), places, 1.0, cv2.LINE_AA, 3)
        image *= 1 - 0.25 * cv2.GaussianBlur(there, (0, 0), 5)[..., None]
        cv2.fillConvexPoly(image, places, any_colour(rng).tolist(), cv2.LINE_AA, 3)
    lay(rng, image, sheet)
    light(rng, image, ground)
    return Shot(develop(rng, image, None), [sheet.corners()], ground, "flat", (sheet.rim(),))


def _folder(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Its upper left and lower right corner, in sizes of the paper."""
    wider = np.where(rng.permutation(4) < rng.integers(2, 5), rng.uniform(0.02, 0.3, 4), -0.1)
    return -wider[:2], 1 + wider[2:]


def _neighbour(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The same of what lies along one side, and is longer or shorter than that."""
    ends = np.array([0, 1]) + rng.choice([-1, 1], 2) * rng.uniform(0.06, 0.35, 2)
    near, wide = rng.uniform(-0.05, 0.01), rng.uniform(0.05, 0.4)
    across = np.array([-near - wide, -near]) if rng.random() < 0.5 else np.array([1 + near, 1 + near + wide])
    low, high = np.stack([ends, across] if rng.random() < 0.6 else [across, ends], axis=1)
    return low, high
