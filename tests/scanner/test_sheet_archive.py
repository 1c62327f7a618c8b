"""What other readers say of our PDF: qpdf, poppler, and the rules of PDF/A-2b that such pages can break."""

import re
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest

from kioskcore.ports import ColourMode
from scanner.sheet import SheetPage, card_sheet, write_pdf
from tests.scanner.test_sheet import TITLE, noise_page, text_page

TOOLS = ("qpdf", "pdfimages", "pdftotext", "pdftoppm", "pdfinfo")
there = all(map(shutil.which, TOOLS))
pytestmark = pytest.mark.skipif(not there, reason="qpdf and poppler are not installed")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Three pages, one of each codec: Group 4, layers, JPEG."""
    out = tmp_path / "paper.pdf"
    soft = cv2.normalize(cv2.GaussianBlur(noise_page().image, (0, 0), 20), None, 20, 200, cv2.NORM_MINMAX)
    picture = SheetPage(soft, 148.0, 210.0, ColourMode.COLOUR)
    pages = [text_page(), text_page(ColourMode.COLOUR), picture]
    write_pdf(pages, out, title=TITLE, budget_bytes=2_000_000)
    return out


def said(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_qpdf_and_poppler_find_no_fault(paper: Path, tmp_path: Path) -> None:
    assert "No syntax or stream encoding errors found" in said("qpdf", "--check", paper)
    assert "no linearization errors" in said("qpdf", "--check-linearization", paper)
    kinds = {line.split()[8] for line in said("pdfimages", "-list", paper).splitlines()[2:]}
    assert kinds == {"ccitt", "jpeg"}
    assert said("pdftotext", paper, "-").strip() == ""
    said("pdftoppm", "-r", "50", "-png", paper, tmp_path / "seen")
    seen = [cv2.imread(str(file)) for file in sorted(tmp_path.glob("seen*.png"))]
    assert [page.shape[:2] for page in seen if page is not None] == [(585, 414), (585, 414), (414, 292)]
    assert all(page is not None and page.std() > 5 for page in seen)


def test_the_rules_of_an_archive(paper: Path) -> None:
    raw = paper.read_bytes()
    assert re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", raw)
    assert raw.rstrip().endswith(b"%%EOF")
    with pikepdf.open(paper) as pdf:
        assert not pdf.is_encrypted
        assert len(pdf.trailer.ID) == 2
        assert set(pdf.docinfo.keys()) == {"/Title"} and str(pdf.docinfo.Title) == TITLE
        forbidden = {"/OpenAction", "/AA", "/AcroForm", "/Names", "/OCProperties", "/EmbeddedFiles"}
        assert not forbidden & set(pdf.Root.keys())
        [intent] = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1" and intent.DestOutputProfile.N == 3
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        assert "/Filter" not in pdf.Root.Metadata
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert "<?xpacket begin=" in xmp and "bytes=" not in xmp and "encoding=" not in xmp
        assert not re.search(r"xmp:|pdf:Producer|xmpMM|/home|/tmp|Creator", xmp.replace("xmlns:", ""))
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                filters = {"/DCTDecode", "/CCITTFaxDecode"}
                assert str(thing.Filter) in filters and not thing.get("/Interpolate", False)
                assert not {"/Alternates", "/OPI", "/SMask"} & set(thing.keys())
            assert not (isinstance(thing, pikepdf.Stream) and "/F" in thing)
        for page in pdf.pages:
            assert not {"/AA", "/Annots", "/Group"} & set(page.obj.keys())
            assert set(page.obj.Resources.keys()) == {"/XObject"}


def test_a_card_is_printed_at_its_true_size(tmp_path: Path) -> None:
    sides = [np.full((540, 856, 3), shade, np.uint8) for shade in (90, 140)]
    write_pdf([card_sheet(sides)], tmp_path / "card.pdf", title=TITLE, budget_bytes=2_000_000)
    assert "A4" in said("pdfinfo", tmp_path / "card.pdf")
    said("pdftoppm", "-r", "600", "-gray", "-singlefile", tmp_path / "card.pdf", tmp_path / "seen")
    seen = cv2.imread(str(tmp_path / "seen.pgm"), cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    _, _, stats, _ = cv2.connectedComponentsWithStats((seen < 200).astype(np.uint8))
    cards = [one for one in stats[1:].tolist() if one[4] > 10_000]
    assert len(cards) == 2
    for _, _, width, height, _ in cards:
        assert width / 600 * 25.4 == pytest.approx(85.6, abs=0.2)
        assert height / 600 * 25.4 == pytest.approx(54.0, abs=0.2)
