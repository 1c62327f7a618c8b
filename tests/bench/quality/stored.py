"""The rows of scan_quality about the PDF: its bytes, and letters misread in it against the clean page."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.page import clean_page
from scanner.sheet import write_pdf
from scanner.sheet.text import Reader
from tests.bench.quality.measure import SEED, Asked, Row, drawn, errors_of, misread, sheet_page, stored_page
from tests.bench.synth import make_paper, scan


def sealed(asked: Asked) -> Iterator[Row]:
    """Dense pages, a seal and a signature across their lines: cleaned, and drawn from the PDF by poppler."""
    if not (shutil.which("tesseract") and shutil.which("pdftoppm")):
        return
    clean, pdf, sizes, words = [], [], [], []
    for k in range(min(asked.count, 8)):
        rng = np.random.default_rng(SEED + k)
        paper = make_paper(rng, "sealed", 300)
        page = clean_page(scan(rng, paper, 0.6).image, dpi=300)
        read = Reader().read("page", lambda image=page.image: image, page.width_mm)
        with stored_page(sheet_page(page, read)) as (report, out):
            sizes.append(report.total_bytes / 1000)
            seen = drawn(out, page.image.shape)
            found = subprocess.run(["pdftotext", out, "-"], capture_output=True, text=True, check=True).stdout
        words.append(misread(found, paper.text))
        clean.append(errors_of(page.image, paper.text))
        pdf.append(errors_of(seen, paper.text))
    reached = f"{np.mean(clean):.2f} -> {np.mean(pdf):.2f} %; {max(sizes):.0f} KB"
    yield f"dense sealed, {len(pdf)} pages: clean -> PDF; largest", reached, "+0.1 point; 100 KB"
    yield "dense sealed, page by page", f"{np.round(clean, 2)} -> {np.round(pdf, 2)}", ""
    yield "dense sealed, KB page by page", f"{np.round(sizes).astype(int)}", "100 KB"
    yield "dense sealed, the PDF's own words", f"{np.mean(words):.2f} % {np.round(words, 2)}", "1 %"


def stored(asked: Asked) -> Iterator[Row]:
    """Grey soft print read from the cleaned page and from its PDF."""
    errors = []
    for k in range(max(1, asked.count // 10)):
        paper = make_paper(rng := np.random.default_rng(SEED + k), "text", 300)
        soft = cv2.GaussianBlur(paper.image, (0, 0), 1.1) * 0.75 + 50 + rng.normal(0, 6, paper.image.shape)
        page = clean_page(np.clip(soft, 0, 255).astype(np.uint8), dpi=300, tone=ColourMode.GREY)
        with stored_page(sheet_page(page)) as (_, out):
            seen = drawn(out, page.image.shape)
        errors.append((errors_of(page.image, paper.text), errors_of(seen, paper.text)))
    before, after = np.mean(errors, axis=0)
    yield "grey soft print, cleaned -> PDF, errors", f"{before:.2f} -> {after:.2f} %", "0.1 points"


def size(asked: Asked) -> Iterator[Row]:
    """Of one sealed page, and of sixty within a cap."""
    rng = np.random.default_rng(SEED)
    page = clean_page(scan(rng, make_paper(rng, "sealed", 300), 0.6).image, dpi=300)
    with stored_page(sheet_page(page)) as (report, _):
        yield "A4 300 dpi with seal and signature", f"{report.total_bytes / 1000:.0f} KB", "100 KB"
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        many = write_pdf([sheet_page(page)] * 60, Path(folder) / "all.pdf", title="x", budget_bytes=6_000_000)
        spent = time.perf_counter() - start
    reached = f"{many.total_bytes / 1e6:.2f} MB in {spent:.0f} s"
    yield "60 such pages, cap 6 MB", reached, "within the cap"
