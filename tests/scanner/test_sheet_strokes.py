"""Seals and pens' writing are stored by their shape and coarse colour, and every program draws them so."""

import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.ports import ColourMode
from scanner.sheet import SheetPage, write_pdf
from scanner.sheet.codecs import scaled
from scanner.sheet.ladder import versions
from scanner.sheet.strokes import laid, strokes
from tests.scanner.test_sheet import PORTRAIT, certificate

RED, BLUE = (50, 40, 205), (170, 60, 30)


def signed_page() -> SheetPage:
    """300 dots per inch: a red seal with a full star and across it a blue signature, as soft as a scan."""
    page = np.full((1748, 1240, 3), 255, np.uint8)
    for row in range(100, 900, 60):
        cv2.putText(page, "So yeu ly lich 0123456789", (90, row), 0, 1.4, (20, 20, 20), 3, cv2.LINE_AA)
    cv2.circle(page, (700, 1300), 200, RED, 18, cv2.LINE_AA)
    cv2.circle(page, (700, 1300), 80, RED, -1, cv2.LINE_AA)
    cv2.line(page, (380, 1340), (1020, 1260), BLUE, 9, cv2.LINE_AA)
    soft = cv2.GaussianBlur(page, (0, 0), 0.7)
    grain = np.random.default_rng(4).normal(0, 3, page.shape)
    page = np.where(soft > 250, 255, np.clip(soft + grain, 0, 255)).astype(np.uint8)
    return SheetPage(page, 105.0, 148.0, ColourMode.COLOUR)


def masks(pdf: Path) -> list[pikepdf.Object]:
    with pikepdf.open(pdf) as opened:
        pictures = opened.pages[0].obj.Resources.XObject
        return [each.Mask.Subtype for _, each in pictures.items() if "/Mask" in each]


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
def test_a_signature_across_a_seal_keeps_its_colour_in_every_program(tmp_path: Path) -> None:
    page = signed_page()
    report = write_pdf([page], tmp_path / "a.pdf", title="x", budget_bytes=500_000)
    assert masks(tmp_path / "a.pdf") == ["/Image", "/Image"]  # a warm and a cool one
    assert report.total_bytes < 25_000
    size = [str(side) for side in page.image.shape[1::-1]]
    subprocess.run(
        ["pdftoppm", "-png", "-singlefile", "-scale-to-x", size[0], "-scale-to-y", size[1],
         tmp_path / "a.pdf", tmp_path / "a"], check=True,
    )  # fmt: skip
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as document:
        drawn = document[0].render(scale=300 / 72).to_numpy()
    for seen in (cv2.imread(str(tmp_path / "a.png")), cv2.resize(drawn, page.image.shape[1::-1])):
        for colour, (x, y) in (
            (RED, (700, 1240)),
            (BLUE, (700, 1300)),
            (BLUE, (420, 1335)),
            (RED, (700, 1102)),
        ):
            assert np.abs(seen[y, x].astype(int) - colour).max() < 45, (colour, x, y)
        sharp = cv2.absdiff(seen, page.image)[1000:1600, 400:1000]
        assert float(np.percentile(sharp, 98)) < 110  # rims are cut at the dot


def test_what_a_blue_pen_wrote_all_over_a_page_stays_sharp_and_small() -> None:
    page = np.full((3508, 2480, 3), 255, np.uint8)
    for row in range(200, 3300, 110):
        cv2.putText(page, "sinh ngay 08.06, duong Le Loi", (120, row), 16, 2.6, (170, 60, 30), 6, cv2.LINE_AA)
    stored = next(versions(page, 210.0, ColourMode.COLOUR))
    assert stored.size < 100_000
    assert all(layer.mask for layer in stored.layers)


def test_a_picture_with_tones_is_no_strokes() -> None:
    page = certificate()
    stored = next(versions(page.image, page.width_mm, page.mode))
    width = page.image.shape[1]
    for layer in stored.layers:
        left, right = layer.box[0] * width, (layer.box[0] + layer.box[2]) * width
        beside = left > PORTRAIT[1].stop or right < PORTRAIT[1].start
        assert layer.mask is None or beside


@given(st.tuples(*[st.integers(0, 200)] * 3), st.integers(2, 30), st.sampled_from((0.25, 1 / 3, 1.0)))
def test_strokes_of_any_one_colour_come_back(colour: tuple[int, int, int], wide: int, factor: float) -> None:
    picture = np.full((120, 160, 3), 255, np.uint8)
    cv2.circle(picture, (80, 60), 40, colour, wide)
    seen = laid(strokes(picture, factor))
    assert (laid(strokes(picture, factor), 0.5) == scaled(seen, 0.5)).all()
    assert cv2.absdiff(seen, picture).max() <= 3
    grey = picture[..., 0].copy()
    assert cv2.absdiff(laid(strokes(grey, factor)), grey).max() <= 3


def test_nothing_gives_nothing() -> None:
    assert (laid(strokes(np.full((40, 50, 3), 255, np.uint8), 0.3)) == 255).all()
