"""A dossier over the budget becomes several PDFs, each within it; nothing is lost or half made."""

from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode
from scanner.paper import PaperMaker
from scanner.protocol import Leaf, PaperRequest


def dossier(folder: Path, pages: int, budget: int) -> PaperRequest:
    noise = np.random.default_rng(3)
    leaves = []
    for number in range(pages):
        dots = np.where(noise.random((60, 40)) < 0.5, 0, 255).astype(np.uint8)
        cv2.imwrite(
            str(folder / f"p{number}.png"), cv2.resize(dots, (160, 240), interpolation=cv2.INTER_NEAREST)
        )
        leaves.append(Leaf(f"p{number}.png", 40 + number, 60, ColourMode.BLACK_WHITE))
    return PaperRequest(0, "paper", "Hồ sơ", tuple(leaves), budget)


def titled(number: int, total: int) -> str:
    return f"Hồ sơ, phần {number}/{total}"


def test_sixty_pages_stay_within_the_budget_in_parts(tmp_path: Path) -> None:
    request = dossier(tmp_path, 60, 60_000)
    made = PaperMaker(tmp_path, Scan()).parts(request, tmp_path / "out.pdf", titled)
    assert len(made) > 1 and not (tmp_path / "out.pdf").exists()
    widths = []
    for number, (file, report) in enumerate(made, 1):
        assert file.name == f"out-{number}.pdf"
        assert file.stat().st_size == report.total_bytes <= 60_000
        with pikepdf.open(file) as pdf:
            assert str(pdf.docinfo["/Title"]) == titled(number, len(made))
            widths += [round(float(page.mediabox[2]) * 25.4 / 72) for page in pdf.pages]
    assert widths == [40 + number for number in range(60)]


def test_a_paper_that_fits_stays_one(tmp_path: Path) -> None:
    made = PaperMaker(tmp_path, Scan()).parts(dossier(tmp_path, 2, 1_000_000), tmp_path / "out.pdf", titled)
    assert [file.name for file, _ in made] == ["out.pdf"]


def test_a_page_too_big_alone_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KioskError, match="PAPER-TOO-BIG"):
        PaperMaker(tmp_path, Scan()).parts(dossier(tmp_path, 2, 500), tmp_path / "out.pdf", titled)
    assert not list(tmp_path.glob("out*"))
