"""The rows of scan_quality about the PDF: its bytes, and letters misread in it against the clean page."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from kioskcore.config import Scan
from kioskcore.ports import ColourMode
from scanner.clean.page import clean_page
from scanner.paper import PaperMaker
from scanner.protocol import Leaf, PaperRequest
from scanner.sheet.text import Reader
from tests.bench.drawn.synth import make_paper, scan
from tests.bench.quality.measure import SEED, Asked, Row, drawn, errors_of, misread, sheet_page, stored_page

DENSE = ("sealed", "text", "form", "table")


def sealed(asked: Asked) -> Iterator[Row]:
    """Dense pages, a seal and a signature across their lines: cleaned, and drawn from the PDF by poppler.

    Read in full colour, lines below a seal are a matter of chance for tesseract, which takes the seal for
    letters; so they are read by their brightest channel too, as the PDF's own words are.
    """
    if not (shutil.which("tesseract") and shutil.which("pdftoppm")):
        return
    full, plain, sizes, words = [], [], [], []
    for k in range(min(asked.count, 8)):
        rng = np.random.default_rng(SEED + k)
        paper = make_paper(rng, "sealed", 300)
        page = clean_page(scan(rng, paper, 0.6).image, dpi=300)
        read = Reader(300).read("page", lambda image=page.image: image, page.width_mm)
        with stored_page(sheet_page(page, read)) as (report, out):
            sizes.append(report.total_bytes / 1000)
            seen = drawn(out, page.image.shape)
            found = subprocess.run(["pdftotext", out, "-"], capture_output=True, text=True, check=True).stdout
        words.append(misread(found, paper.text))
        full.append([errors_of(image, paper.text) for image in (page.image, seen)])
        plain.append([errors_of(_plain(image), paper.text) for image in (page.image, seen)])
    yield from (
        _against(f"dense sealed, {len(sizes)} pages, colour taken out", plain),
        _against(f"dense sealed, {len(sizes)} pages, in full colour", full),
        Row("dense sealed, KB page by page", f"{np.round(sizes).astype(int)}", "100 KB", max(sizes) <= 100),
        Row(
            "dense sealed, the PDF's own words",
            f"{np.mean(words):.2f} % {np.round(words, 2)}",
            "1 %",
            bool(np.mean(words) <= 1),
        ),
    )


def _against(name: str, errors: list[list[float]]) -> Row:
    """Of pairs: letters misread on the clean page and in the PDF, in per cent."""
    before, after = np.mean(errors, axis=0)
    pages = " ".join(f"{one:.2f}>{other:.2f}" for one, other in errors) if len(errors) > 1 else ""
    reached = f"{before:.2f} -> {after:.2f} % {pages}".strip()
    return Row(f"{name}: clean -> PDF", reached, "+0.1 point", bool(after <= before + 0.1))


def stored(asked: Asked) -> Iterator[Row]:
    """Grey soft print read from the cleaned page and from its PDF."""
    if not (shutil.which("tesseract") and shutil.which("pdftoppm")):
        return
    errors = []
    for k in range(max(8, asked.count // 10)):
        paper = make_paper(rng := np.random.default_rng(SEED + k), "text", 300)
        soft = cv2.GaussianBlur(paper.image, (0, 0), 1.1) * 0.75 + 50 + rng.normal(0, 6, paper.image.shape)
        page = clean_page(np.clip(soft, 0, 255).astype(np.uint8), dpi=300, tone=ColourMode.GREY)
        with stored_page(sheet_page(page)) as (_, out):
            seen = drawn(out, page.image.shape)
        errors.append([errors_of(page.image, paper.text), errors_of(seen, paper.text)])
    yield _against("grey soft print", errors)


def dossier(asked: Asked) -> Iterator[Row]:
    """Many dense pages in one paper with a cap: what it takes, in how many files, and how they are read."""
    made = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for k, kind in enumerate(DENSE):
            rng = np.random.default_rng(SEED + 40 + k)
            paper = make_paper(rng, kind, 300)
            page = clean_page(scan(rng, paper, 0.6).image, dpi=300)
            cv2.imwrite(str(folder / f"{k}.png"), page.image)
            leaf = Leaf(f"{k}.png", page.width_mm, page.height_mm, page.mode)
            made.append((leaf, page.image, paper.text))
        for pages, cap in ((60, 6_000_000), (12, 400_000)):
            yield from _capped(folder, made, pages, cap)


def _capped(folder: Path, made: list[tuple[Leaf, np.ndarray, str]], pages: int, cap: int) -> Iterator[Row]:
    leaves = tuple(made[k % len(made)][0] for k in range(pages))
    request = PaperRequest(0, "paper", "x", leaves, cap, None)
    start = time.perf_counter()
    maker = PaperMaker(folder, Scan(text_layer=False))
    files = maker.parts(request, folder / f"{pages}.pdf", lambda number, total: f"x {number}/{total}")
    spent = time.perf_counter() - start
    largest = max(file.stat().st_size for file, _ in files)
    reached = f"{len(files)} file(s), largest {largest / 1e6:.2f} MB, {spent:.0f} s"
    what = f"{pages} dense pages, cap {cap / 1e6:g} MB"
    yield Row(what, reached, "within the cap", largest <= cap)
    if shutil.which("tesseract") and shutil.which("pdftoppm"):
        errors = []
        for k, (_, image, text) in enumerate(made[: min(len(made), pages // len(files))], 1):
            seen = drawn(files[0][0], image.shape, k)
            errors.append([errors_of(_plain(each), text) for each in (image, seen)])
        yield _against(f"{what}, colour taken out", errors)


def _plain(image: np.ndarray) -> np.ndarray:
    return image if image.ndim == 2 else image.max(axis=2)
