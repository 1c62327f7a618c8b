"""Draws the made-up papers of practice mode and lays them, a little crooked and shadowed, on a grey table."""

import random
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

from kioskcore.paths import FONTS

DPI = 200
"""Pixels an inch of what is drawn."""

_A4 = (1654, 2339)
_TABLE = (1900, 2600)
_WORDS = Path(__file__).with_name("samples.toml")
_INK = (28, 28, 40)
_PEN = (34, 52, 150)
_RED = (196, 40, 44)


@lru_cache(maxsize=1)
def _texts() -> dict[str, Any]:
    with _WORDS.open("rb") as stream:
        return tomllib.load(stream)


def papers() -> tuple[dict[str, Any], ...]:
    """The texts of the papers, in their order."""
    return tuple(_texts()["paper"])


def words_for(title: str, number: int = 0) -> dict[str, Any]:
    """The texts of the paper that fits what is asked for, else of a plain sample that bears its title.

    Where nothing is asked for: paper `number`, round and round.
    """
    if not title:
        return papers()[number % len(papers())]
    fitting = (paper for paper in papers() if title in paper["fits"])
    return next(fitting, {**_texts()["plain"], "under": title})


def photograph(number: int, line: str = "", title: str = "") -> Image.Image:
    """The paper `words_for(title, number)` as a camera above a table would see it; the same each time.

    `line`: one more line in print, such as what a trial made up for this visit.
    """
    chance = random.Random(number)  # noqa: S311 - a picture, not a secret
    paper = draw_paper(words_for(title, number), line)
    turn = chance.choice((-1, 1)) * chance.uniform(1.2, 3.2)
    table = _shade(Image.new("RGB", _TABLE, (112, 104, 98)), 0.25, chance)
    mask = _turned(Image.new("L", paper.size, 255), turn, 0)
    laid = _turned(paper, turn, 0)
    left = (_TABLE[0] - laid.width) // 2 + chance.randint(-20, 20)
    top = (_TABLE[1] - laid.height) // 2 + chance.randint(-20, 20)
    dark = Image.new("RGB", laid.size, (62, 57, 54))
    table.paste(dark, (left + 9, top + 11), mask)
    table.paste(laid, (left, top), mask)
    return _shade(table, 0.38, chance)


def draw_paper(words: dict[str, Any], line: str = "") -> Image.Image:
    """A flat A4 page with the words of one entry of samples.toml, plainly marked as a sample."""
    page = Image.new("RGB", _A4, (250, 249, 246))
    pencil = ImageDraw.Draw(page)
    middle = _A4[0] // 2
    top = 150
    if words["motto"]:
        for motto in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"):
            pencil.text((middle, top), motto, _INK, _font(36, bold=True), anchor="ma")
            top += 58
        pencil.line((middle - 220, top + 8, middle + 220, top + 8), _INK, 3)
        top += 90
    pencil.text((middle, top), words["title"], _INK, _font(58, bold=True), anchor="ma")
    under = words["under"]
    size = next((n for n in range(38, 20, -1) if _font(n, bold=True).getlength(under) <= _A4[0] - 200), 20)
    pencil.text((middle, top + 84), under, _INK, _font(size, bold=True), anchor="ma")
    top += 220
    for text in (*words["lines"], *([line] if line else [])):
        label, colon, answer = text.partition(": ")
        pencil.text((190, top), label + colon, _INK, _font(34))
        if colon:
            start = 190 + int(pencil.textlength(label + colon, _font(34)))
            pencil.text((start, top), answer, _PEN, _font(34))
        top += 84
    pencil.text((_A4[0] - 180, top + 60), words["place"], _INK, _font(32), anchor="ra")
    centre = _A4[0] - 460
    pencil.text((centre, top + 130), words["signer"], _INK, _font(36, bold=True), anchor="ma")
    _sign(pencil, centre - 120, top + 260)
    pencil.text((centre, top + 370), words["name"], _INK, _font(36, bold=True), anchor="ma")
    page = _marked(page)
    return _stamped(page, centre - 150, top + 260) if words["stamp"] else page


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"NotoSans-{'Bold' if bold else 'Regular'}.ttf"), size)


def _sign(pencil: ImageDraw.ImageDraw, left: int, top: int) -> None:
    steps = ((0, 20), (40, -45), (60, 40), (95, -25), (120, 30), (160, -10), (190, 22), (250, -30))
    pencil.line([(left + x, top + y) for x, y in steps], _PEN, 6, joint="curve")


def _marked(page: Image.Image) -> Image.Image:
    """The pale words across the page say that it is a sample; they are the same on every paper."""
    label = Image.new("RGB", (1900, 260), (255, 255, 255))
    pencil = ImageDraw.Draw(label)
    pencil.text((950, 130), "MẪU – LUYỆN TẬP", (226, 220, 226), _font(170, bold=True), anchor="mm")
    label = _turned(label, 38, 255)
    over = Image.new("RGB", page.size, (255, 255, 255))
    over.paste(label, ((page.width - label.width) // 2, (page.height - label.height) // 2))
    page = ImageChops.multiply(page, over)
    ImageDraw.Draw(page).text(
        (page.width // 2, page.height - 110), "MẪU – LUYỆN TẬP", _RED, _font(40, bold=True), anchor="ma"
    )
    return page


def _stamped(page: Image.Image, x: int, y: int) -> Image.Image:
    """A round red stamp that no office has: it says "mẫu"."""
    size = 300
    stamp = Image.new("RGB", (size, size), (255, 255, 255))
    pencil = ImageDraw.Draw(stamp)
    pencil.ellipse((6, 6, size - 6, size - 6), outline=_RED, width=9)
    pencil.ellipse((40, 40, size - 40, size - 40), outline=_RED, width=4)
    pencil.text((size // 2, size // 2 - 26), "MẪU", _RED, _font(54, bold=True), anchor="mm")
    pencil.text((size // 2, size // 2 + 34), "LUYỆN TẬP", _RED, _font(28, bold=True), anchor="mm")
    stamp = stamp.rotate(-12, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    over = Image.new("RGB", page.size, (255, 255, 255))
    over.paste(stamp, (x - size // 2, y - size // 2))
    return ImageChops.multiply(page, over)


def _turned(picture: Image.Image, degrees: float, ground: int) -> Image.Image:
    """Anticlockwise, with all of it in view. OpenCV needs a tenth of Pillow's time for it."""
    width, height = picture.size
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    wide = round(abs(matrix[0, 0]) * width + abs(matrix[0, 1]) * height)
    high = round(abs(matrix[0, 1]) * width + abs(matrix[0, 0]) * height)
    matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
    colour = (ground, ground, ground)
    turned = cv2.warpAffine(
        np.asarray(picture), matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=colour
    )
    return Image.fromarray(turned)


def _shade(picture: Image.Image, depth: float, chance: random.Random) -> Image.Image:
    """Light from one side: the far side is darker by `depth`."""
    ramp = np.asarray(Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))), np.float32)
    light = cv2.resize(255 * (1 - depth) + depth * ramp, picture.size).round().astype(np.uint8)
    return Image.fromarray(cv2.multiply(np.asarray(picture), cv2.merge([light] * 3), scale=1 / 255))
