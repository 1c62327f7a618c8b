"""What the rows of scan_quality share: what is asked, least times, letters misread, drawn PDFs."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.page import CleanPage
from scanner.sheet import SheetPage, SheetReport, write_pdf

SEED = 770_000


class Row(NamedTuple):
    """What, the figure reached, the goal, and whether it holds; None where that is not judged."""

    what: str
    reached: str
    goal: str
    holds: bool | None = None


@dataclass(frozen=True)
class Asked:
    """How many pictures, the folder of real ones, and the first seed of crops."""

    count: int
    data: Path | None
    seed: int


def best(work: Callable[[], object], times: int = 5) -> float:
    """Milliseconds, the least of several: what the machine can do when its neighbours are quiet."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


def errors_of(image: np.ndarray, text: str) -> float:
    """Character errors of tesseract with Vietnamese, in per cent."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.png"
        cv2.imwrite(str(file), image)
        command = ["tesseract", str(file), "-", "-l", "vie", "--psm", "4"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return misread(said, text)


def misread(said: str, text: str) -> float:
    """Letters to change, in per cent of the true ones."""
    one, other = " ".join(said.split()), " ".join(text.split())
    row = np.arange(len(other) + 1)
    for k, letter in enumerate(one, 1):
        change = row[:-1] + np.array([letter != each for each in other])
        least = np.minimum(change, row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate([[k], least]) - np.arange(len(row))) + np.arange(len(row))
    return 100.0 * float(row[-1]) / max(len(other), 1)


def sheet_page(page: CleanPage, text: bytes = b"") -> SheetPage:
    return SheetPage(page.image, page.width_mm, page.height_mm, page.mode, text)


@contextmanager
def stored_page(sheet: SheetPage) -> Iterator[tuple[SheetReport, Path]]:
    """The one page as a PDF without a tight budget, for as long as it is looked at."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "page.pdf"
        yield write_pdf([sheet], out, title="x", budget_bytes=10**7), out


def drawn(pdf: Path, shape: tuple[int, ...], page: int = 1) -> np.ndarray:
    """A page as poppler draws it, `shape` (H, W) large."""
    size = ("-f", str(page), "-l", str(page), "-scale-to-x", str(shape[1]), "-scale-to-y", str(shape[0]))
    subprocess.run(["pdftoppm", "-png", "-singlefile", *size, pdf, pdf.with_suffix("")], check=True)
    return cv2.imread(str(pdf.with_suffix(".png")))
