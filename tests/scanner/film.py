"""Films that stand in for a camera above a table: frames of painted papers, written as an MJPG file."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from scanner.backends.paint import draw_paper, papers

SIZE = (1280, 720)


@lru_cache
def table(size: tuple[int, int] = SIZE) -> np.ndarray:
    """A wooden table without paper, with the noise of a cheap camera."""
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 3, (size[1], size[0], 1))
    return np.clip(np.array((70, 92, 112)) + noise, 0, 255).astype(np.uint8)


@lru_cache
def paper_at(
    left: float, top: float, height: float = 0.86, turn: float = 2.0, size: tuple[int, int] = SIZE
) -> np.ndarray:
    """A frame with a sheet whose middle lies at `left`, `top` (shares of the frame)."""
    small = _sheet(round(height * size[1]))
    mask = Image.new("L", small.size, 255).rotate(turn, Image.Resampling.BILINEAR, expand=True)
    laid = small.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    frame = Image.fromarray(table(size)[:, :, ::-1])
    frame.paste(laid, (round(left * size[0] - laid.width / 2), round(top * size[1] - laid.height / 2)), mask)
    return np.ascontiguousarray(np.array(frame)[:, :, ::-1])


@lru_cache
def _sheet(tall: int) -> Image.Image:
    sheet = draw_paper(papers()[0])
    return sheet.resize((round(tall * sheet.width / sheet.height), tall), Image.Resampling.LANCZOS)


def film(file: Path, frames: Sequence[np.ndarray], rate: float = 30.0) -> str:
    """Writes the film; gives its source."""
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), rate, (width, height))
    assert writer.isOpened()
    for frame in frames:
        writer.write(frame)
    writer.release()
    return f"camera:{file}"
