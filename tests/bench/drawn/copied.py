"""Made-up copies of both sides of an identity card on one white sheet, as citizens bring them most often.

`copied(rng)` draws one, with the truth: where the printed ground of the cards is bare, and how bright it is
there. `ground_kept(copy, page)` tells how much of it is as bright on a clean page.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from scanner.clean.arrays import grey_of
from tests.bench.drawn.plastic import ROUND_MM, SIZE_MM
from tests.bench.drawn.synth import Paper, add_seal, font, sentence

TINTS = (
    (232, 238, 222), (214, 232, 240), (206, 222, 242), (240, 232, 214), (222, 226, 228), (226, 214, 236),
    (244, 242, 236), (200, 216, 208),
)  # fmt: skip
"""BGR on white paper: of citizens' and old cards, licences, insurances, grey copies."""
CELL_MM, RIM_MM = 1.5, 1.6  # on which brightness is compared; of what is printed, that is no bare ground
NEAR = 14.0  # of 255: as bright
LEAST = 0.8  # of a cell


@dataclass
class Copy:
    """`paper`: as printed, without a scanner's noise; `ground`: bool (H, W), the bare ground of its cards."""

    paper: Paper
    ground: np.ndarray


def copied(rng: np.random.Generator, dpi: float, *, high: float = 297.0, grey: bool = False) -> Copy:
    """A sheet 210 and `high` mm; `grey`: by a copier without colours."""
    unit = dpi / 25.4
    shade = int(rng.integers(246, 256))
    sheet = np.full((round(high * unit), round(210 * unit), 3), shade, np.uint8)
    ground = np.zeros(sheet.shape[:2], bool)
    larger = float(rng.choice((0.97, 1.0, 1.0, 1.06)))
    wide, tall = (larger * side for side in SIZE_MM)
    gap, beside = float(rng.uniform(4, 30)), bool(rng.random() < 0.35)
    first = (210 - wide) / 2 + float(rng.uniform(-20, 20)), float(rng.uniform(12, 36))
    step = (0.0, tall + gap)
    if beside:
        gap = float(rng.uniform(4, 18))
        first = (210 - 2 * wide - gap) / 2, float(rng.uniform(16, 90))
        step = wide + gap, float(rng.normal(0, 1))
    tint, deep = TINTS[int(rng.integers(len(TINTS)))], float(rng.uniform(8, 50))
    for k in range(2):
        face, bare = _face(rng, dpi * larger, np.array(tint, float), deep, back=k > 0)
        place = (first[0] + k * step[0]) * unit, (first[1] + k * step[1]) * unit
        _lay(sheet, ground, face, bare, place, float(rng.normal(0, 0.8)))
    lines = _beside(rng, sheet, dpi, first[1] + step[1] + tall)
    if rng.random() < 0.4:
        before = sheet.copy()
        add_seal(rng, sheet, dpi)
        ground &= (before == sheet).all(axis=2)
    if grey:
        sheet = cv2.cvtColor(cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return Copy(Paper(sheet, "\n".join(lines), 210.0, high, dpi), ground)


def ground_kept(copy: Copy, page: np.ndarray) -> float:
    """0..1 of the bare ground that is as bright on a clean page as it was printed."""
    image = copy.paper.image
    size = round(copy.paper.width_mm / CELL_MM), round(copy.paper.height_mm / CELL_MM)
    true, seen = (grey_of(each).astype(np.float32) for each in (image, page))
    share, true, seen = (
        cv2.resize(each, size, interpolation=cv2.INTER_AREA)
        for each in (copy.ground.astype(np.float32), true * (255 / image[2, 2].mean()), seen)
    )
    bare = share > LEAST
    return float((np.abs(true - seen)[bare] < NEAR).mean())


def _face(
    rng: np.random.Generator, dpi: float, tint: np.ndarray, deep: float, *, back: bool
) -> tuple[np.ndarray, np.ndarray]:
    """A side of a card as float BGR, its waves `deep` of 255; and bool, where it shows its bare ground."""
    unit = dpi / 25.4
    width, height = (round(side * unit) for side in SIZE_MM)
    ground = tint + np.linspace(-1, 1, width)[None, :, None] * rng.normal(0, 5, 3)
    ground = ground - _waves(rng, width, height, unit, deep)
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    letters = [font(int(rng.integers(0, 5)), max(6, round(points * dpi / 72))) for points in (5.5, 7, 9)]
    black = float(rng.uniform(20, 80))
    if back:
        for k in range(3):
            code = "".join(str(each) for each in rng.choice(list("0123456789ABN<"), 30))
            code = code[: int(rng.integers(18, 27))]
            draw.text((4 * unit, (37 + 5 * k) * unit), code, font=letters[2], fill=0)
        for k in range(3):
            draw.text((28 * unit, (7 + 4 * k) * unit), sentence(rng, 5), font=letters[k % 2], fill=0)
    else:
        draw.text((30 * unit, 3 * unit), sentence(rng, 6).upper(), font=letters[0], fill=0)
        draw.text((36 * unit, 9 * unit), sentence(rng, 3).upper(), font=letters[2], fill=0)
        for k in range(8):
            draw.text((30 * unit, (17 + 4.4 * k) * unit), sentence(rng, 4), font=letters[k % 2], fill=0)
    ink = 1 - np.asarray(image, np.float32)[..., None] / 255
    face = ground * (1 - ink) + black * ink
    box = (np.array((6, 8, 20, 21) if back else (5, 18, 25, 46)) * unit).astype(int)
    if back:
        face[box[1] : box[3], box[0] : box[2]] = rng.uniform(100, 210, 3)
        for k in range(2):
            for ring in range(1, 9):
                middle = round((58 + 15 * k) * unit), round(24 * unit)
                oval = middle, (1.5 * ring * unit, 2 * ring * unit), 0
                cv2.ellipse(face, oval, (60, 60, 110), max(1, round(0.2 * unit)), cv2.LINE_AA)
    else:
        _portrait(rng, face[box[1] : box[3], box[0] : box[2]])
        middle = round(12 * unit), round(9 * unit)
        cv2.circle(face, middle, round(5.5 * unit), (50, 60, 200), -1, cv2.LINE_AA)
    reach = 2 * round(RIM_MM * unit) + 1
    bare = (np.abs(face - ground).max(axis=2) < 1).astype(np.uint8)
    return face, cv2.erode(bare, np.ones((reach, reach), np.uint8)) > 0


def _waves(rng: np.random.Generator, width: int, height: int, unit: float, deep: float) -> np.ndarray:
    """How much of each colour the fine lines of a printed ground take, float (H, W, 3), `deep` at most."""
    y, x = np.mgrid[:height, :width].astype(np.float32) / unit
    lines = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        angle, pitch, fat = rng.uniform(0, np.pi), rng.uniform(0.8, 2.4), rng.uniform(0.1, 0.3)
        swing, length = rng.uniform(0.5, 4), rng.uniform(6, 30)
        along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        off = np.abs((along + swing * np.sin(across * 2 * np.pi / length)) / pitch % 1 - 0.5) * pitch
        lines = np.maximum(lines, np.clip(1.5 - off / fat, 0, 1))
    hue = rng.uniform(0.3, 1, 3)
    soft = cv2.GaussianBlur(lines, (0, 0), 0.06 * unit)
    return soft[..., None] * deep * hue / hue.max()


def _portrait(rng: np.random.Generator, spot: np.ndarray) -> None:
    high, wide = spot.shape[:2]
    spot[:] = rng.uniform(150, 235, 3)
    skin = rng.uniform(0.7, 1.15) * np.array([130, 160, 200])
    dress, hair = rng.uniform(20, 240, 3), np.array([45, 40, 40])
    for down, across, tall, colour in ((1, 1, 0.67, dress), (0.5, 0.67, 0.67, hair), (0.56, 0.5, 0.5, skin)):
        oval = (wide / 2, high * down), (wide * across, high * tall), 0
        cv2.ellipse(spot, oval, colour.tolist(), -1, cv2.LINE_AA)


def _lay(
    sheet: np.ndarray, ground: np.ndarray, face: np.ndarray, bare: np.ndarray,
    place: tuple[float, float], lean: float,
) -> None:  # fmt: skip
    """A face with its round corners onto the sheet, its upper left at a place in px."""
    height, width = bare.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), lean, 1.0)
    turn[:, 2] += place
    round_ = round(ROUND_MM * width / SIZE_MM[0])
    inside = np.zeros((height, width), np.float32)
    inner = (round_, round_), (width - 1 - round_, height - 1 - round_)
    cv2.rectangle(inside, *inner, 1, 2 * round_)
    cv2.rectangle(inside, *inner, 1, -1)
    size = sheet.shape[1::-1]
    mask = cv2.warpAffine(inside, turn, size)[..., None]
    laid = cv2.warpAffine(face.astype(np.float32), turn, size, borderMode=cv2.BORDER_REPLICATE)
    sheet[:] = np.clip(sheet + (laid - sheet) * mask, 0, 255)
    inner_ground = bare & (cv2.erode(inside, np.ones((15, 15), np.uint8)) > 0)
    ground |= cv2.warpAffine(inner_ground.astype(np.float32), turn, size) > 0.99


def _beside(rng: np.random.Generator, sheet: np.ndarray, dpi: float, low: float) -> list[str]:
    """Lines of print and writing on the white of the sheet; `low`: where it begins in mm. What they say."""
    unit, lines = dpi / 25.4, []
    image = Image.fromarray(sheet)
    draw = ImageDraw.Draw(image)
    for k in range(int(rng.integers(0, 4))):
        top = low + 12 + 9 * k
        if (top + 12) * unit > sheet.shape[0]:
            break
        hand = rng.random() < 0.4
        ink = (150, 60, 30) if hand else (40, 40, 40)
        face = font(int(rng.integers(0, 5)), round(rng.uniform(11, 14) * dpi / 72))
        lines.append(sentence(rng, 7))
        draw.text((rng.uniform(20, 40) * unit, top * unit), lines[-1], font=face, fill=ink)
    sheet[:] = np.asarray(image)
    return lines
