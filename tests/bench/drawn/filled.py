"""Printed black forms filled in with faint pencil, a pale carbon copy or a worn ribbon; what was is known.

`filled_form(rng, how)` draws one as a scanner sees it; `share_kept(form, page)` tells how many of the letters
that were filled in can still be seen on a page made of it. `carbon_copy(rng)` is a page of nothing but blue.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.bench.drawn.synth import FONT_FILES, SYLLABLES, make_paper

HOWS = ("pencil", "carbon", "ribbon")
A5_MM = (148.0, 210.0)
SLANTED = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Oblique.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
LEAST_DARK, ALIKE = 16.0, 0.45  # a letter that is seen: darker than its paper, and of its own shape


@dataclass(frozen=True)
class Form:
    """BGR at `dpi`; `written`, `printed`: float (H, W) 0..1, the strokes; `depth`: of what was filled in."""

    image: np.ndarray
    written: np.ndarray
    printed: np.ndarray
    depth: float
    dpi: float


def filled_form(
    rng: np.random.Generator, how: str, dpi: float = 200, lines: int = 14, *, print_too: bool = True
) -> Form:
    """An A5 page: dotted lines behind printed words, and words on some of the lines; or those words alone."""
    width, height = (round(mm * dpi / 25.4) for mm in A5_MM)
    size = round(float(rng.uniform(10, 12.5)) * dpi / 72)
    print_, fill = Image.new("L", (width, height), 0), Image.new("L", (width, height), 0)
    black, pale = ImageDraw.Draw(print_), ImageDraw.Draw(fill)
    face = ImageFont.truetype(str(FONT_FILES[int(rng.integers(2)) * 2 % len(FONT_FILES)]), size)
    hand = ImageFont.truetype(SLANTED[how == "ribbon"], round(size * rng.uniform(1.0, 1.25)))
    for k in range(lines):
        y = round(height * (0.06 + 0.88 * k / lines))
        head = f"{_words(rng, 2, 6).capitalize()}:"
        black.text((0.08 * width, y), head, font=face, fill=255)
        start = 0.08 * width + black.textlength(head, font=face) + size / 2
        dots = int((0.92 * width - start) / black.textlength(".", font=face))
        black.text((start, y), "." * dots, font=face, fill=255)
        words = _words(rng, 2, 5)
        if rng.random() < 0.7 and start + pale.textlength(words, font=hand) < 0.92 * width:
            pale.text((start + size / 2, y - size * 0.15), words, font=hand, fill=255)
    printed, written = (np.asarray(layer, np.float32) / 255 for layer in (print_, fill))
    return _on_paper(rng, how, printed if print_too else np.zeros_like(printed), written, dpi)


def carbon_copy(rng: np.random.Generator, dpi: float = 150) -> np.ndarray:
    """A page of text in blue or violet, pale and soft, as the second sheet under a typewriter or a pen."""
    paper = make_paper(rng, "short" if rng.random() < 0.5 else "text", dpi)
    seen = 1 - paper.image.astype(np.float32).mean(axis=2) / 255
    ink = cv2.GaussianBlur(np.clip((seen - 0.06) / 0.9, 0, 1), (0, 0), dpi / 165)
    taken = np.array([rng.uniform(0.1, 0.45), rng.uniform(0.5, 0.9), rng.uniform(0.7, 1.0)])
    ground = np.array([rng.uniform(190, 235), rng.uniform(215, 240), rng.uniform(225, 248)])
    image = ground * (1 - ink[..., None] * taken * rng.uniform(40, 150) / 255)
    return np.clip(image + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def _words(rng: np.random.Generator, least: int, most: int) -> str:
    return " ".join(str(each) for each in rng.choice(SYLLABLES, int(rng.integers(least, most))))


def _on_paper(
    rng: np.random.Generator, how: str, printed: np.ndarray, written: np.ndarray, dpi: float
) -> Form:
    depth = float(rng.uniform(16, 70))
    paper = np.array([rng.uniform(225, 248)] * 3) - (rng.uniform(0, 22), rng.uniform(0, 6), 0)
    softness = {"pencil": 0.35, "carbon": 0.9, "ribbon": 0.6}[how] * dpi / 200
    written = cv2.GaussianBlur(written, (0, 0), softness)
    strength = np.ones_like(written)
    if how in ("pencil", "ribbon"):  # graphite lies on the hills of the paper, a ribbon is worn in places
        coarse = rng.normal(0, 1, written.shape).astype(np.float32)
        strength = np.clip(1 + 0.5 * cv2.GaussianBlur(coarse, (0, 0), 1.2 * dpi / 200) * 2, 0.3, 1.4)
    tint = np.array([0.75, 0.9, 1.0]) if how == "carbon" else np.ones(3)  # bluish: less of blue is taken
    image = np.broadcast_to(paper, (*written.shape, 3)).astype(np.float32)
    image = image - (written * strength)[..., None] * depth * tint
    image *= 1 - cv2.GaussianBlur(printed, (0, 0), 0.4 * dpi / 200)[..., None] * 0.88
    image += rng.normal(0, 2.5, image.shape)
    return Form(np.clip(image, 0, 255).astype(np.uint8), written, printed, depth, dpi)


def share_kept(form: Form, page: np.ndarray) -> float:
    """0..1 of the filled-in letters that are darker than their paper on the page, and alike in shape."""
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    free = cv2.dilate((form.printed > 0.02).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    dark = 255.0 - cv2.resize(grey, form.written.shape[::-1], interpolation=cv2.INTER_AREA)
    strokes = (form.written > 0.4).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    least = form.dpi / 25.4 * 0.8
    seen = []
    for left, top, wide, high, _ in stats[1:].tolist():
        if high < least:
            continue
        box = np.s_[max(top - 3, 0) : top + high + 3, max(left - 3, 0) : left + wide + 3]
        true, found = form.written[box][free[box]], dark[box][free[box]]
        if (true > 0.5).sum() < 8:  # print lies over it
            continue
        on, off = found[true > 0.5], found[true < 0.1]
        contrast = float(on.mean() - np.median(off)) if len(off) else 0.0
        alike = np.corrcoef(true, found)[0, 1] if found.std() > 0 else 0.0
        seen.append(contrast > LEAST_DARK and alike > ALIKE)
    return float(np.mean(seen)) if seen else 1.0
