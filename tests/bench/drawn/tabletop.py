"""Photographs of papers on tables, made another way than synth's: sheets bent in space, with exact truth.

A sheet is a developable surface: the paper turns about straight lines of one direction by an angle that is a
function of the way across them, so that lengths on it stay true. It is put before a pinhole camera; the
corners are where the sheet's own corners are in the picture. `shoot(rng, papers, table)` returns them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from tests.bench.drawn.heap import leaves
from tests.bench.drawn.synth import Paper, make_paper, overlap_of
from tests.bench.drawn.timber import timber

TABLES = (
    "oak", "white", "weave", "checked", "desk", "keyboard", "night", "marble", "plain", "sheets", "carpet",
)  # fmt: skip
BENDS = ("flat", "cylinder", "corner", "gutter", "fold", "wave")
KINDS = (
    "text", "form", "short", "framed", "photo", "table", "handwriting", "sealed", "banner", "bleed",
    "inverse", "receipt", "card", "a5", "blank",
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """A picture and, for each paper in it, its corners (4, 2) TL, TR, BR, BL as seen, and its rim (P, 2)."""

    image: np.ndarray
    corners: list[np.ndarray]
    table: str
    bend: str
    rims: tuple[np.ndarray, ...] = ()


def any_paper(rng: np.random.Generator, kind: str, dpi: float = 110) -> Paper:
    """A paper of a kind of KINDS: those of synth, and such with dark heads, whole pictures, dark tables."""
    if kind == "a5":
        return make_paper(rng, "text", dpi, (148.0, 210.0) if rng.random() < 0.5 else (210.0, 148.0))
    if kind not in ("banner", "bleed", "inverse"):
        return make_paper(rng, kind, dpi)
    paper = make_paper(rng, "text", dpi)
    image = paper.image.copy()
    height, width = image.shape[:2]
    colour = rng.integers(10, 170, 3).tolist()
    if kind == "banner":
        image[: int(height * rng.uniform(0.06, 0.3))] = colour
        if rng.random() < 0.5:
            image[-int(height * rng.uniform(0.03, 0.1)) :] = colour
    elif kind == "bleed":
        small = rng.integers(0, 255, (7, 5, 3)).astype(np.uint8)
        top = int(height * rng.uniform(0.3, 0.7))
        image[:top] = cv2.resize(small, (width, top), interpolation=cv2.INTER_CUBIC)
    else:
        step = round(height / int(rng.integers(8, 20)))
        for y in range(int(height * 0.2), int(height * 0.85), 2 * step):
            image[y : y + step, int(width * 0.08) : int(width * 0.92)] = colour
    return Paper(image, paper.text, paper.width_mm, paper.height_mm, paper.dpi)


# ---- tables


def _noise(
    rng: np.random.Generator, height: int, width: int, cell: float, stretch: float = 1.0
) -> np.ndarray:
    """Smooth noise of about unit spread whose spots are `cell` px, `stretch` times longer across."""
    rows, columns = max(2, round(height / cell)), max(2, round(width / cell / stretch))
    coarse = rng.normal(0, 1, (rows, columns)).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def _grain(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    return sum(_noise(rng, height, width, cell) / k for k, cell in enumerate((40, 12, 4), 1))


def any_colour(rng: np.random.Generator) -> np.ndarray:
    """(3,) BGR: dark, grey, or strong."""
    kind = rng.random()
    if kind < 0.3:
        return np.full(3, rng.uniform(15, 110))
    if kind < 0.5:
        return np.clip(rng.uniform(15, 90) + rng.normal(0, 15, 3), 0, 255)
    return rng.uniform(10, 215, 3)


def table_top(rng: np.random.Generator, table: str, height: int, width: int) -> np.ndarray:
    """(H, W, 3) float BGR of a table of a kind of TABLES; or "timber", "heap": shapes; "even": one colour."""
    if table == "timber":
        return timber(rng, height, width)
    if table == "heap":
        return leaves(rng, height, width)
    if table == "even":
        return any_colour(rng).astype(np.float32) + 5 * _noise(rng, height, width, 250)[..., None]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    fine = _noise(rng, height, width, 2)[..., None]
    image = np.zeros((height, width, 3), np.float32)
    angle = rng.uniform(0, np.pi)
    along, across = (
        rows * np.cos(angle) + columns * np.sin(angle), columns * np.cos(angle) - rows * np.sin(angle),
    )  # fmt: skip
    if table == "oak":
        rings = across + 60 * _noise(rng, height, width, 300) + 4 * _noise(rng, height, width, 8)
        light = np.sin(rings / rng.uniform(4, 22)) + 0.6 * np.sin(rings / rng.uniform(1.5, 4))
        image += rng.uniform([30, 70, 110], [130, 170, 215]) + light[..., None] * rng.uniform(3, 14)
        plank = (np.floor(across / rng.uniform(150, 500)) % 3 - 1)[..., None]
        image *= 1 + 0.1 * plank * (rng.random() < 0.5)
    elif table == "white":
        image += (
            rng.uniform(195, 245) + rng.normal(0, 3, 3) + 2.5 * _noise(rng, height, width, 500)[..., None]
        )
        if rng.random() < 0.4:  # melamine: faint veins
            image -= (6 * np.exp(-((_grain(rng, height, width) * 6) ** 2)))[..., None]
    elif table == "weave":
        period, strength = rng.uniform(3, 14), rng.uniform(6, 32)
        threads = np.sin(along * 2 * np.pi / period) + np.sin(
            across * 2 * np.pi / period * rng.uniform(0.7, 1.4)
        )
        folds = 14 * _noise(rng, height, width, 260, rng.uniform(0.3, 3))
        image += rng.uniform(25, 215, 3) + (threads * strength / 2 + folds)[..., None] + fine * 4
    elif table == "checked":
        period = rng.uniform(50, 240)
        bands = (np.sin(along * 2 * np.pi / period) > 0).astype(np.float32) + (
            np.sin(across * 2 * np.pi / period) > 0
        )
        first, second = rng.uniform(60, 235, 3), rng.uniform(60, 235, 3)
        image += first + (second - first) * bands[..., None] / 2 + fine * 3
    elif table == "night":
        image += rng.uniform(6, 45, 3) + fine * 3 + 3 * _noise(rng, height, width, 30)[..., None]
    elif table == "marble":
        veins = np.exp(-((_grain(rng, height, width) * rng.uniform(2, 8)) ** 2))
        image += rng.uniform(90, 225) + rng.normal(0, 8, 3) - veins[..., None] * rng.uniform(10, 60)
    elif table == "carpet":
        image += (
            rng.uniform(30, 170, 3)
            + fine * rng.uniform(10, 30)
            + 8 * _noise(rng, height, width, 20)[..., None]
        )
    else:
        image += (
            rng.uniform(20, 235)
            + rng.normal(0, 14, 3)
            + fine * 2
            + 5 * _noise(rng, height, width, 90)[..., None]
        )
    image = np.clip(image, 0, 255)
    if table in ("desk", "keyboard", "sheets"):
        _strew(rng, image, table)
    return image


def _strew(rng: np.random.Generator, image: np.ndarray, table: str) -> None:
    if table in ("sheets", "desk"):
        for _ in range(int(rng.integers(2, 6))):
            paper = any_paper(rng, str(rng.choice(["text", "table", "short", "photo", "receipt"])), 40)
            strewn(rng, image, paper.image)
    if table == "keyboard" or (table == "desk" and rng.random() < 0.4):
        _keyboard(rng, image)
    if table == "desk":
        for _ in range(int(rng.integers(4, 10))):
            _thing(rng, image)


def strewn(rng: np.random.Generator, image: np.ndarray, face: np.ndarray) -> None:
    height, width = image.shape[:2]
    scale = rng.uniform(0.35, 0.7) * height / face.shape[0]
    turn = cv2.getRotationMatrix2D((face.shape[1] / 2, face.shape[0] / 2), rng.uniform(-180, 180), scale)
    turn[:, 2] += rng.uniform(0, 1, 2) * (width, height) - np.array(face.shape[1::-1]) / 2
    size = (width, height)
    solid = np.full(face.shape[:2], 255, np.uint8)
    there = cv2.warpAffine(solid, turn, size, flags=cv2.INTER_AREA)[..., None] / np.float32(255)
    image *= 1 - 0.25 * cv2.GaussianBlur(there, (0, 0), 5)[..., None]
    image += (cv2.warpAffine(face, turn, size, flags=cv2.INTER_AREA) - image) * there


def _keyboard(rng: np.random.Generator, image: np.ndarray) -> None:
    height, width = image.shape[:2]
    key = width * rng.uniform(0.03, 0.055)
    board = np.full((int(key * 5.4), int(key * 14.4), 3), rng.uniform(15, 90), np.uint8)
    shade = rng.uniform(15, 240)
    for row in range(5):
        for column in range(14):
            x, y = int((column + 0.25 + 0.2 * (row % 2)) * key), int((row + 0.25) * key)
            cv2.rectangle(board, (x, y), (int(x + 0.85 * key), int(y + 0.85 * key)), (shade,) * 3, -1)
    turn = cv2.getRotationMatrix2D((board.shape[1] / 2, board.shape[0] / 2), rng.normal(0, 12), 1)
    turn[:, 2] += np.array([rng.uniform(0.2, 0.8) * width, rng.choice([0.06, 0.94]) * height])
    turn[:, 2] -= np.array(board.shape[1::-1]) / 2
    there = cv2.warpAffine(np.ones(board.shape[:2], np.float32), turn, (width, height))[..., None]
    image += (cv2.warpAffine(board, turn, (width, height)) - image) * there


def _thing(rng: np.random.Generator, image: np.ndarray) -> None:
    """A pen, a phone, a cup, a clip: dark or bright, sharp-edged, with a shadow."""
    height, width = image.shape[:2]
    place = rng.uniform(-0.02, 1.02, 2) * (width, height)
    colour = rng.uniform(5, 250, 3).tolist()
    kind = rng.integers(3)
    if kind == 0:
        size = (width * rng.uniform(0.008, 0.02), width * rng.uniform(0.2, 0.4))
    elif kind == 1:
        size = tuple(width * rng.uniform(0.06, 0.25, 2))
    else:
        size = (width * rng.uniform(0.05, 0.18),) * 2
    box = (place.tolist(), size, float(rng.uniform(0, 180)))
    if kind == 2:
        cv2.ellipse(image, box, colour, -1, cv2.LINE_AA)
        cv2.ellipse(
            image, (box[0], (size[0] * 0.8,) * 2, 0), rng.uniform(5, 250, 3).tolist(), -1, cv2.LINE_AA
        )
    else:
        cv2.fillPoly(image, [np.round(cv2.boxPoints(box)).astype(np.int32)], colour, cv2.LINE_AA)


# ---- sheets in space


@dataclass(frozen=True)
class Sheet:
    """A bent paper before the camera: `matrix` (3, 4) from space (units of its half diagonal) to pixels."""

    paper: Paper
    matrix: np.ndarray
    ruling: float
    profile: np.ndarray  # (3, N): way across the rulings, and where that is in the sheet's plane and above it

    def seen(self, uv: np.ndarray) -> np.ndarray:
        """(..., 2) picture pixels of (..., 2) places on the sheet, 0..1 across and down."""
        reach = np.hypot(self.paper.width_mm, self.paper.height_mm) / 2
        flat = (uv - 0.5) * (self.paper.width_mm, self.paper.height_mm) / reach
        c, s = np.cos(self.ruling), np.sin(self.ruling)
        way, keep = flat[..., 0] * c + flat[..., 1] * s, flat[..., 1] * c - flat[..., 0] * s
        plane, above = (np.interp(way, self.profile[0], row) for row in self.profile[1:])
        # beyond the ends straight on, so that the search for a pixel's place may step outside
        over = way - np.clip(way, self.profile[0, 0], self.profile[0, -1])
        plane = plane + over
        space = np.stack([plane * c - keep * s, plane * s + keep * c, above, np.ones_like(above)], axis=-1)
        out = space @ self.matrix.T
        return out[..., :2] / out[..., 2:]

    def corners(self) -> np.ndarray:
        ring = self.seen(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float))
        centre = ring.mean(axis=0)
        ring = ring[np.argsort(np.arctan2(ring[:, 1] - centre[1], ring[:, 0] - centre[0]))]
        return np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)

    def rim(self) -> np.ndarray:
        """(P, 2) all around it."""
        t, flat = np.linspace(0, 1, 30), np.zeros(30)
        around = ((t, flat), (flat + 1, t), (t[::-1], flat + 1), (flat, t[::-1]))
        return self.seen(np.concatenate([np.stack(side, axis=-1) for side in around]))


def profile_of(rng: np.random.Generator, bend: str, strength: float) -> tuple[float, np.ndarray]:
    """The direction of the rulings and the profile across them: the turn of the paper as it goes on."""
    t = np.linspace(-1.05, 1.05, 600)
    ruling = float(rng.choice([0.0, np.pi / 2]) + rng.normal(0, 0.06))
    if bend == "flat":
        turn = np.zeros_like(t)
    elif bend == "cylinder":
        turn = -strength * t * rng.choice([-0.5, 1])
    elif bend == "corner":
        ruling = float(rng.choice([0.25, 0.75, 1.25, 1.75]) * np.pi + rng.normal(0, 0.15))
        turn = 2.5 * strength * np.maximum(t - rng.uniform(0.35, 0.6), 0)
    elif bend == "gutter":
        ruling = float(rng.choice([0.0, np.pi]) + rng.normal(0, 0.02))
        turn = 1.4 * strength * np.exp(-(t + 0.72) / rng.uniform(0.12, 0.35)) - 0.25 * strength * (t + 0.7)
        turn = np.minimum(turn, 1.1)
    elif bend == "book":
        ruling = 0.0
        dip, fall = 1.3 * np.exp(-np.abs(t) / rng.uniform(0.06, 0.25)), rng.uniform(0, 0.5) * np.abs(t)
        turn = -np.sign(t) * np.minimum(strength * (dip - fall), 1.1)
    elif bend == "fold":
        turn = strength * 0.45 * np.tanh((t - rng.uniform(-0.3, 0.3)) / 0.03) * rng.choice([-1, 1])
    else:
        turn = 0.6 * strength * np.sin(t * rng.uniform(2.5, 5) + rng.uniform(0, 6))
    step = t[1] - t[0]
    plane = np.cumsum(np.cos(turn)) * step
    above = -np.cumsum(np.sin(turn)) * step
    middle = len(t) // 2
    return ruling, np.stack([t, plane - plane[middle], above - above[middle]])


def _camera(rng: np.random.Generator, tilt: float) -> tuple[np.ndarray, np.ndarray]:
    roll = np.deg2rad(rng.normal(0, 6) if rng.random() < 0.6 else rng.uniform(-180, 180))
    lean, side = np.deg2rad(rng.uniform(-tilt, tilt, 2))
    z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    x = np.array([[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]])
    y = np.array([[np.cos(side), 0, np.sin(side)], [0, 1, 0], [-np.sin(side), 0, np.cos(side)]])
    return y @ x @ z, np.diag([1.0, 1.0, 1 / rng.uniform(1.1, 1.7)])


def stand(
    rng: np.random.Generator, paper: Paper, box: tuple[float, float, float, float], *,
    bend: str = "flat", strength: float = 0.0, tilt: float = 25.0, upright: bool = False,
) -> Sheet:  # fmt: skip
    """A sheet whose picture fits the box left, top, right, bottom."""
    turn, lens = _camera(rng, tilt)
    if upright:
        turn, lens = _camera(np.random.default_rng(0), 0.0)
        lean = np.deg2rad(rng.uniform(-tilt, tilt))
        turn = np.array([[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]])
    far = np.hstack([turn, np.array([[0], [0], [2.9]])])
    ruling, profile = profile_of(rng, bend, strength)
    sheet = Sheet(paper, lens @ far, ruling, profile)
    rim = sheet.seen(np.stack(np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 21)), -1).reshape(-1, 2))
    low, high = rim.min(axis=0), rim.max(axis=0)
    room = np.array([box[2] - box[0], box[3] - box[1]])
    scale = float((room / (high - low)).min())
    spare = room - (high - low) * scale
    place = np.array(box[:2]) + spare * rng.uniform(0.1, 0.9, 2) - low * scale
    fit = np.array([[scale, 0, place[0]], [0, scale, place[1]], [0, 0, 1]])
    return Sheet(paper, fit @ sheet.matrix, ruling, profile)


def lay(rng: np.random.Generator, image: np.ndarray, sheet: Sheet) -> None:
    """Draw a sheet into a float picture, with its shading and the shadow it throws."""
    height, width = image.shape[:2]
    step = 8
    rows, columns = np.mgrid[-4 : height + 9 : step, -4 : width + 9 : step].astype(float)
    goal = np.stack([columns, rows], axis=-1)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(sheet.seen(square.astype(float)).astype(np.float32), square)
    uv = cv2.perspectiveTransform(goal.reshape(1, -1, 2), matrix.astype(float)).reshape(goal.shape)
    uv = np.clip(np.nan_to_num(uv), -0.3, 1.3)
    for _ in range(6):  # Newton: where on the sheet is this pixel
        here, d = sheet.seen(uv), 0.004
        du = (sheet.seen(uv + np.array([d, 0])) - sheet.seen(uv - np.array([d, 0]))) / (2 * d)
        dv = (sheet.seen(uv + np.array([0, d])) - sheet.seen(uv - np.array([0, d]))) / (2 * d)
        det = du[..., 0] * dv[..., 1] - du[..., 1] * dv[..., 0]
        det = np.where(np.abs(det) < 1e-6, 1e-6, det)
        miss = goal - here
        move = np.stack(
            [miss[..., 0] * dv[..., 1] - miss[..., 1] * dv[..., 0],
             miss[..., 1] * du[..., 0] - miss[..., 0] * du[..., 1]], axis=-1) / det[..., None]  # fmt: skip
        uv = np.clip(uv + np.clip(move, -0.15, 0.15), -0.3, 1.3)
    lost = np.abs(sheet.seen(uv) - goal).max(axis=-1) > 1.0
    uv[lost & ((uv > -0.05) & (uv < 1.05)).all(axis=-1)] = -0.3
    back = np.float32([[step, 0, -4], [0, step, -4]])
    u, v = (
        cv2.warpAffine(np.ascontiguousarray(uv[..., k], np.float32), back, (width, height), borderMode=1)
        for k in (0, 1)
    )
    face_height, face_width = sheet.paper.image.shape[:2]
    gradient = np.hypot(*np.gradient(u * face_width)) + 1e-4, np.hypot(*np.gradient(v * face_height)) + 1e-4
    inside = np.minimum(
        np.minimum(u, 1 - u) * face_width / gradient[0], np.minimum(v, 1 - v) * face_height / gradient[1]
    )
    mask = np.clip(inside + 0.5, 0, 1)[..., None].astype(np.float32)
    scale = float(np.median(gradient[0][inside > 0])) if (inside > 0).any() else 1.0
    face = cv2.GaussianBlur(sheet.paper.image, (0, 0), 0.45 * scale) if scale > 1.2 else sheet.paper.image
    laid = cv2.remap(face, u * face_width - 0.5, v * face_height - 0.5, cv2.INTER_LINEAR, borderMode=1)
    c, s = np.cos(sheet.ruling), np.sin(sheet.ruling)
    reach = np.hypot(sheet.paper.width_mm, sheet.paper.height_mm) / 2
    way = ((u - 0.5) * sheet.paper.width_mm * c + (v - 0.5) * sheet.paper.height_mm * s) / reach
    slope = np.gradient(sheet.profile[2], sheet.profile[0])
    shade = 1 + rng.choice([-1, 1]) * 0.45 * np.interp(way, sheet.profile[0], slope)
    thrown = cv2.GaussianBlur(mask, (0, 0), rng.uniform(1, 14))
    thrown = cv2.warpAffine(
        thrown, np.float32([[1, 0, rng.uniform(-9, 9)], [0, 1, rng.uniform(-9, 9)]]), (width, height)
    )
    image *= 1 - rng.uniform(0.02, 0.35) * thrown[..., None]
    image += (np.clip(laid * shade[..., None], 0, 255) - image) * mask


# ---- the shot


def shoot(
    rng: np.random.Generator, papers: Sequence[Paper], table: str, size: tuple[int, int] = (1600, 1200), *,
    bend: str = "flat", strength: float | None = None, tilt: float = 25.0, hand: float = 0.15,
    upright: bool = False, fill: float | None = None, blur: float | None = None, out: bool = False,
) -> Shot:  # fmt: skip
    """One picture of papers lying apart on a table; `out` pushes the paper partly out of the frame."""
    height, width = size
    image = table_top(rng, table, height, width)
    strength = float(rng.uniform(0.3, 0.9)) if strength is None else strength
    columns = 1 if len(papers) == 1 else 2 if width <= height or len(papers) > 2 else len(papers)
    rows = -(-len(papers) // columns)
    truth, rims = [], []
    for k, paper in enumerate(papers):
        share = (
            float(rng.uniform(0.55, 0.96) if fill is None else fill)
            if len(papers) == 1
            else rng.uniform(0.7, 0.9)
        )
        cell = np.array([width / columns, height / rows])
        slack = cell * (1 - share)
        start = cell * (k % columns, k // columns) + slack * rng.uniform(0.1, 0.9, 2)
        box = (*start, *(start + cell * share))
        if out:
            shift = rng.choice([-1, 1], 2) * rng.uniform(0, 0.12, 2) * cell
            box = (box[0] + shift[0], box[1] + shift[1], box[2] + shift[0], box[3] + shift[1])
        sheet = stand(rng, paper, box, bend=bend, strength=strength, tilt=tilt, upright=upright)
        lay(rng, image, sheet)
        truth.append(sheet.corners())
        rims.append(sheet.rim())
    light(rng, image, table)
    if rng.random() < hand:
        _hand(rng, image, truth[0])
    return Shot(develop(rng, image, blur), truth, table, bend, tuple(rims))


def light(rng: np.random.Generator, image: np.ndarray, table: str) -> None:
    """One lamp, and at times the shadow of the phone and its arm, in place."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    lamp = rng.uniform(-0.3, 1.3, 2) * (width, height)
    distance = np.hypot(columns - lamp[0], rows - lamp[1]) / np.hypot(width, height)
    light = rng.uniform(0.75, 1.05) / (1 + rng.uniform(0, 0.8) * distance**2)
    if table == "night" or rng.random() < 0.3:  # the phone and the arm that holds it
        shade = np.zeros((height, width), np.float32)
        middle = rng.uniform(0.1, 0.9, 2) * (width, height)
        size = (width * rng.uniform(0.2, 0.5), width * rng.uniform(0.4, 0.9))
        turn = float(rng.uniform(0, 180))
        box = cv2.boxPoints((middle.tolist(), size, turn))
        cv2.fillPoly(shade, [np.round(box).astype(np.int32)], 1.0)
        arm = box[:2] + (box[1] - box[2]) * 3
        cv2.fillPoly(shade, [np.round(np.vstack([box[:2], arm[::-1]])).astype(np.int32)], 1.0)
        light *= 1 - rng.uniform(0.25, 0.65) * cv2.GaussianBlur(shade, (0, 0), rng.uniform(2, 30))
    tint = np.array([rng.uniform(0.7, 1.0), rng.uniform(0.88, 1.0), 1.0])
    image *= light[..., None] * (tint if rng.random() < 0.5 else np.ones(3)).astype(np.float32)


def _hand(rng: np.random.Generator, image: np.ndarray, corners: np.ndarray) -> None:
    """Fingers that hold the paper down at an edge."""
    k = int(rng.integers(4))
    out = (corners[k] + corners[(k + 1) % 4]) / 2 - corners.mean(axis=0)
    out /= np.linalg.norm(out)
    tone = np.array([95, 125, 165]) * rng.uniform(0.6, 1.3)
    long = 0.1 * max(image.shape[:2])
    for j in range(int(rng.integers(1, 4))):
        place = corners[k] + (corners[(k + 1) % 4] - corners[k]) * (rng.uniform(0.2, 0.7) + 0.06 * j)
        angle = float(np.rad2deg(np.arctan2(out[1], out[0])) + rng.normal(0, 8))
        middle = place + out * long * rng.uniform(0.5, 0.9)
        cv2.ellipse(
            image, (middle.tolist(), (2 * long, 0.42 * long), angle), (tone * 0.75).tolist(), -1, cv2.LINE_AA
        )
        cv2.ellipse(
            image, (middle.tolist(), (1.95 * long, 0.34 * long), angle), tone.tolist(), -1, cv2.LINE_AA
        )


def develop(rng: np.random.Generator, image: np.ndarray, blur: float | None) -> np.ndarray:
    """What a camera makes of a float picture: softness, grain, JPEG."""
    spread = float(rng.uniform(0.3, 1.6)) if blur is None else blur
    image = cv2.GaussianBlur(image, (0, 0), spread) if spread else image
    if blur is None and rng.random() < 0.2:  # a shaken hand
        kernel = np.zeros((9, 9), np.float32)
        cv2.line(kernel, (4, 4), tuple(rng.integers(0, 9, 2).tolist()), 1.0)
        image = cv2.filter2D(image, -1, kernel / kernel.sum())
    image = image + rng.normal(0, rng.uniform(0.5, 5), image.shape)
    quality = int(rng.integers(55, 96))
    _, data = cv2.imencode(
        ".jpg", np.clip(image, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def meet(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two convex rings (N, 2) lie over each other."""
    return bool(cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))[0] > 0)


def overlap(found: np.ndarray, truth: np.ndarray) -> float:
    """Overlap over union of two quadrangles (4, 2), in the plane of the true one."""
    sides = np.linalg.norm(np.roll(truth, -1, axis=0) - truth, axis=1)
    width, height = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(truth.astype(np.float32), flat)
    return overlap_of(cv2.perspectiveTransform(found.astype(np.float32)[None], matrix)[0], width, height)
