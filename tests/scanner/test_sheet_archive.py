"""What other readers say of our PDF: qpdf, poppler, and the rules of PDF/A-2b that such pages can break."""

import re
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest

from kioskcore.ports import ColourMode
from scanner.sheet import Codec, SheetPage, card_sheet, write_pdf
from tests.scanner.archive_law import breaches
from tests.scanner.test_sheet import TITLE, noise_page, text_page
from tests.scanner.test_sheet_strokes import signed_page

TOOLS = ("qpdf", "pdfimages", "pdftotext", "pdftoppm", "pdfinfo")
there = all(map(shutil.which, TOOLS))
pytestmark = pytest.mark.skipif(not there, reason="qpdf and poppler are not installed")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of each storage: Group 4, layers, masked strokes, JPEG in colour and grey, a card's sheet."""
    out = tmp_path_factory.mktemp("archive") / "paper.pdf"
    soft = cv2.normalize(cv2.GaussianBlur(noise_page().image, (0, 0), 20), None, 20, 200, cv2.NORM_MINMAX)
    picture = SheetPage(soft, 148.0, 210.0, ColourMode.COLOUR)
    grey = SheetPage(soft[..., 1], 148.0, 210.0, ColourMode.GREY)
    card = card_sheet([np.full((540, 856, 3), (200, 180, 90), np.uint8)], purpose="Chỉ dùng để tập", dpi=150)
    pages = [text_page(), text_page(ColourMode.COLOUR), signed_page(), picture, grey, card]
    report = write_pdf(pages, out, title=TITLE, budget_bytes=2_000_000)
    assert set(report.codecs) == {Codec.G4, Codec.MRC, Codec.JPEG}
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
    a4, a5, a6 = (585, 414), (414, 292), (292, 207)
    assert [page.shape[:2] for page in seen if page is not None] == [a4, a4, a6, a5, a5, a4]
    assert all(page is not None and page.std() > 5 for page in seen)


def test_nothing_says_when_it_was_made(paper: Path) -> None:
    """So the same pages make the same file, to the byte; the profile's maker would put the hour in it."""
    with pikepdf.open(paper) as pdf:
        profile = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        told = pdf.Root.Metadata.read_bytes()
    assert profile[36:40] == b"acsp" and struct.unpack(">6H", profile[24:36]) == (2000, 1, 1, 0, 0, 0)
    assert not re.search(rb"Date|\d{4}-\d\d-\d\d", told)


def test_every_storage_keeps_the_rules_of_an_archive(paper: Path) -> None:
    assert breaches(paper) == []
    with pikepdf.open(paper) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert not re.search(r"xmp:|pdf:Producer|xmpMM|/home|/tmp|Creator", xmp.replace("xmlns:", ""))
        images = [each for page in pdf.pages for _, each in page.obj.Resources.XObject.items()]
        assert any("/Mask" in image for image in images) and any("/ImageMask" in image for image in images)
        for page in pdf.pages:
            assert set(page.obj.Resources.keys()) == {"/XObject"}


def first_image(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].obj.Resources.XObject.values()))


def font(pdf: pikepdf.Pdf) -> None:
    descriptor = pikepdf.Dictionary(Type=pikepdf.Name.FontDescriptor)
    inner = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2)
    inner.FontDescriptor, inner.CIDToGIDMap = descriptor, pikepdf.Name.Identity
    kind = {"Type": pikepdf.Name.Font, "Subtype": pikepdf.Name.Type0, "Encoding": pikepdf.Name("/Identity-H")}
    pdf.pages[0].obj.Resources.Font = pikepdf.Dictionary(
        F=pdf.make_indirect(pikepdf.Dictionary(**kind, DescendantFonts=pikepdf.Array([inner])))
    )


def add(**entries: object) -> Callable[[pikepdf.Pdf], None]:
    def act(pdf: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            first_image(pdf)[f"/{name}"] = value

    return act


@pytest.mark.parametrize(
    ("broken", "clause"),
    [
        (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "6.2.3"),
        (lambda pdf: pdf.Root.__delitem__("/Metadata"), "6.6.2"),
        (lambda pdf: pdf.docinfo.__setitem__("/Title", "another"), "6.6.3"),
        (lambda pdf: pdf.docinfo.__setitem__("/Producer", "x"), "6.6.3"),
        (lambda pdf: pdf.Root.__setitem__("/OpenAction", pikepdf.Array([])), "6.x /OpenAction"),
        (font, "6.2.11"),
        (add(SMask=pikepdf.Array([])), "6.2.10"),
        (add(Interpolate=True), "6.2.8"),
        (add(ColorSpace=pikepdf.Name.DeviceCMYK), "6.2.4"),
        (lambda pdf: pdf.pages[0].contents_add(b"0 0 0 1 k"), "6.2.4"),
        (lambda pdf: pdf.pages[0].contents_add(b"q"), "6.2.2"),
        (lambda pdf: pdf.pages[0].contents_add(b"/Gone Do"), "6.2.2"),
    ],
)
def test_a_broken_rule_is_seen(
    paper: Path, tmp_path: Path, broken: Callable[[pikepdf.Pdf], None], clause: str
) -> None:
    with pikepdf.open(paper) as pdf:
        broken(pdf)
        pdf.save(tmp_path / "broken.pdf", deterministic_id=True)
    [breach] = breaches(tmp_path / "broken.pdf")
    assert breach.startswith(clause)


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
