"""Blocks of Vietnamese print worn in many ways, with the truth of what they say.

`worn_block(rng, wear)` draws a block and spoils it as cameras, scanners and messengers do; everything follows
from the seed. Fitting takes WEARS and the usual fonts; judging takes all ways and fonts.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.bench.drawn.synth import FONT_FILES, SYLLABLES

WEARS = ("focus", "gauss", "motion", "shake", "jpeg", "noise", "far", "far_noise", "motion_noise", "faint")
OTHER_WEARS = ("twice", "webp", "smear", "focus_jpeg", "shade_focus", "tilted_focus")
"""Ways that are never used to fit the judge: a double picture, a messenger, a phone's denoiser ..."""

OTHER_FONTS = tuple(
    Path("/usr/share/fonts/truetype/dejavu") / name
    for name in ("DejaVuSansCondensed.ttf", "DejaVuSerifCondensed.ttf", "DejaVuSans-Bold.ttf")
)  # fmt: skip
BLOCK_MM = (92.0, 56.0)


@dataclass(frozen=True)
class Block:
    """Grey uint8 at `dpi`; `text` is what it says, `wear` how it was spoilt, `letter_px` its true letters."""

    image: np.ndarray
    text: str
    wear: str
    dpi: float
    letter_px: float


def clear_block(rng: np.random.Generator, fonts: tuple[Path, ...] = FONT_FILES, dpi: float = 300) -> Block:
    """Dark print on light paper, one size and face, some ink paler than other."""
    files = [file for file in fonts if file.exists()]
    points = float(rng.choice([9, 10, 11, 12, 13, 13, 14, 16]))
    size = round(points * dpi / 72)
    face = ImageFont.truetype(str(files[int(rng.integers(len(files)))]), size)
    width, height = (round(mm * dpi / 25.4) for mm in BLOCK_MM)
    paper = int(rng.integers(225, 256))
    image = Image.new("L", (width, height), paper)
    draw = ImageDraw.Draw(image)
    margin = round(4 * dpi / 25.4)
    lines, y = [], margin
    while y + 1.4 * size < height - margin / 2:
        text = ""
        while True:
            longer = f"{text} {SYLLABLES[int(rng.integers(len(SYLLABLES)))]}".strip()
            if draw.textlength(longer, font=face) > width - 2 * margin:
                break
            text = longer
        draw.text((margin, y), text, font=face, fill=int(rng.integers(0, 60)))
        lines.append(text)
        y += round(size * 1.5)
    return Block(np.asarray(image), "\n".join(lines), "", dpi, 0.78 * size)


def disc(radius: float) -> np.ndarray:
    """The kernel of a lens out of focus, of any radius in px."""
    reach = int(np.ceil(radius)) + 1
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1)
    return (kernel / kernel.sum()).astype(np.float32)


def streak(points: np.ndarray) -> np.ndarray:
    """The kernel of a hand that moved along `points` (N, 2) px."""
    reach = int(np.ceil(np.abs(points).max())) + 2
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for x, y in points + reach:
        column, row = int(x), int(y)
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            kernel[row + dy, column + dx] += abs(1 - dx - (x - column)) * abs(1 - dy - (y - row))
    return kernel / kernel.sum()


def _moved(rng: np.random.Generator, length: float) -> np.ndarray:
    angle = rng.uniform(0, np.pi)
    return streak(np.linspace(-0.5, 0.5, 60)[:, None] * length * [np.cos(angle), np.sin(angle)])


def _shaken(rng: np.random.Generator, spread: float) -> np.ndarray:
    walk = np.cumsum(np.cumsum(rng.normal(0, 1, (80, 2)), axis=0), axis=0)
    walk -= walk.mean(axis=0)
    return streak(walk / max(float(np.abs(walk).max()), 1e-6) * spread)


def wear_out(rng: np.random.Generator, image: np.ndarray, wear: str, much: float) -> np.ndarray:
    """`image` spoilt in the way `wear`; `much` is 0 (hardly) to 1 (nothing to be read)."""
    seen = image.astype(np.float32)
    quality, noise = 92, float(rng.uniform(0.5, 3))
    height, width = image.shape
    if wear in ("focus", "focus_jpeg", "shade_focus"):
        seen = cv2.filter2D(seen, -1, disc(0.5 + 13 * much), borderType=cv2.BORDER_REPLICATE)
    if wear == "gauss":
        seen = cv2.GaussianBlur(seen, (0, 0), 0.3 + 8.5 * much)
    if wear == "tilted_focus":
        seen = cv2.GaussianBlur(seen, (0, 0), sigmaX=0.3 + 8 * much, sigmaY=0.3 + 5 * much)
    if wear in ("motion", "motion_noise"):
        seen = cv2.filter2D(seen, -1, _moved(rng, 1 + 34 * much), borderType=cv2.BORDER_REPLICATE)
    if wear == "shake":
        seen = cv2.filter2D(seen, -1, _shaken(rng, 0.5 + 18 * much), borderType=cv2.BORDER_REPLICATE)
    if wear == "twice":
        angle, far = rng.uniform(0, 2 * np.pi), 1 + 20 * much
        shift = np.array([[1, 0, far * np.cos(angle)], [0, 1, far * np.sin(angle)]])
        seen = (seen + cv2.warpAffine(seen, shift, (width, height), borderMode=cv2.BORDER_REPLICATE)) / 2
    if wear in ("far", "far_noise"):
        factor = 1 / (1 + 6 * much)
        seen = cv2.resize(seen, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    if wear == "shade_focus":
        seen *= np.linspace(1, rng.uniform(0.3, 0.8), width, dtype=np.float32)
    if wear == "faint":
        seen = 235 - (235 - seen) * (0.03 + 0.5 * (1 - much) ** 2)
        noise = float(rng.uniform(1, 6))
    if wear == "noise":
        noise = 4 + 90 * much
    if wear in ("far_noise", "motion_noise"):
        noise = float(rng.uniform(5, 30))
    grain = rng.normal(0, noise, seen.shape).astype(np.float32)
    coarse = rng.random() >= 0.5
    seen = np.clip(seen + (cv2.GaussianBlur(grain, (0, 0), 0.8) * 1.8 if coarse else grain), 0, 255)
    if wear in ("jpeg", "focus_jpeg"):
        quality = round(40 - 38 * much) if wear == "jpeg" else int(rng.integers(10, 50))
    if wear == "smear":
        soft = cv2.bilateralFilter(seen, 0, 10 + 140 * much, 1 + 7 * much)
        seen = cv2.GaussianBlur(soft, (0, 0), 0.3 + 3.5 * much)
    kind = (".webp", [cv2.IMWRITE_WEBP_QUALITY, round(30 - 29 * much)])
    if wear != "webp":
        kind = (".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality])
    data = cv2.imencode(kind[0], np.clip(seen, 0, 255).astype(np.uint8), kind[1])[1]
    back = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    same = back.shape == image.shape
    return back if same else cv2.resize(back, (width, height), interpolation=cv2.INTER_LINEAR)


def worn_block(rng: np.random.Generator, wear: str, fonts: tuple[Path, ...] = FONT_FILES) -> Block:
    """A block at 300 dpi or at what a smaller picture gives."""
    block = clear_block(rng, fonts)
    image = wear_out(rng, block.image, wear, float(rng.uniform(0, 1)) ** 1.3)
    dpi = float(rng.choice([300, 300, 300, 200, 150]))
    if dpi < 300:
        image = cv2.resize(image, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
    return Block(image, block.text, wear, dpi, block.letter_px * dpi / 300)
