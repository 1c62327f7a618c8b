"""Made-up photographs, from straight above, of two papers in a row with a narrow lane of the table between.

So people lay both sides of a card, or two receipts; the two together have sharp sides and the shape of one
page. Everything follows from the seed.
"""

import cv2
import numpy as np

from tests.bench.drawn.plastic import CARDS, ROUND_MM, card
from tests.bench.drawn.synth import Paper, make_paper
from tests.bench.drawn.tabletop import TABLES, Shot, table_top

GROUNDS = ("dark", "white", *TABLES)


def in_a_row(rng: np.random.Generator, ground: str, kind: str, size: tuple[int, int] = (1600, 1200)) -> Shot:
    """`ground`: of GROUNDS, plain ones first; `kind`: cards or halves; `size`: height, width."""
    height, width = size
    if ground in ("dark", "white"):
        tint = rng.uniform(25, 110, 3) if ground == "dark" else rng.uniform(205, 240) + rng.normal(0, 3, 3)
        slow = cv2.resize(rng.normal(0, 4, (4, 4)).astype(np.float32), (width, height))
        image = np.full((*size, 3), tint, np.float32) + slow[..., None]
    else:
        image = table_top(rng, ground, height, width).astype(np.float32)
    faces = [_face(rng, kind) for _ in range(2)]
    shape = faces[0].height_mm / faces[0].width_mm
    gap = rng.uniform(0.03, 0.25)
    high = min(0.85 * width * shape, 0.9 * height / (2 + gap)) * rng.uniform(0.75, 1)
    corners = []
    for k, face in enumerate(faces):
        middle = (width / 2 + rng.normal(0, 8), height / 2 + (k - 0.5) * (1 + gap) * high)
        corners.append(_lay(rng, image, face, middle, high))
    soft = cv2.GaussianBlur(image, (0, 0), 0.8)
    noisy = np.clip(soft + rng.normal(0, 3, soft.shape), 0, 255).astype(np.uint8)
    return Shot(noisy, corners, ground, kind)


def _face(rng: np.random.Generator, kind: str) -> Paper:
    if kind == "cards":
        return card(rng, str(rng.choice(CARDS)), 200)
    return make_paper(rng, "text", 110, (210, 148))


def _lay(
    rng: np.random.Generator, image: np.ndarray, face: Paper, middle: tuple[float, float], high: float
) -> np.ndarray:
    """Corners (4, 2) TL, TR, BR, BL of a face laid on a float picture, with its shadow."""
    rows, columns = face.image.shape[:2]
    scale = high / rows
    turn = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), float(rng.normal(0, 0.7)), scale)
    turn[:, 2] += np.array(middle) - ((columns - 1) / 2, (rows - 1) / 2)
    whole = np.ones((rows, columns), np.float32)
    if face.width_mm < 100:  # a card's corners are round
        radius = round(ROUND_MM * face.dpi / 25.4)
        spots = cv2.erode(np.pad(whole, radius), np.ones((2 * radius + 1,) * 2))
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
        whole = cv2.dilate(spots, disc)[radius:-radius, radius:-radius]
    size = image.shape[1::-1]
    mask = cv2.warpAffine(whole, turn, size)
    off = float(rng.uniform(3, 8))
    shade = cv2.GaussianBlur(np.roll(mask, (round(off), round(off / 2)), (0, 1)), (0, 0), off)
    image *= 1 - 0.3 * shade[..., None]
    seen = cv2.warpAffine(face.image.astype(np.float32), turn, size, borderMode=cv2.BORDER_REPLICATE)
    image += (seen - image) * mask[..., None]
    edges = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], float) - 0.5
    return edges @ turn[:, :2].T + turn[:, 2]
