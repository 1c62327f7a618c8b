"""PDFs that nobody should hand in end in a code, or in a picture within the bounds."""

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from kioskcore.errors import KioskError
from scanner.backends.bring import bring_in
from scanner.backends.shelf import Shelf


def blank(file: Path, pages: int = 1, side: float = 200, password: str = "") -> None:
    pdf = pikepdf.Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(side, side))
    pdf.save(file, encryption=pikepdf.Encryption(user=password, owner="o") if password else False)


def form(file: Path, *, made_by_its_reader: bool = True) -> None:
    """An XFA form; a static one has its pages in the file, of another they are made by its reader."""
    pdf = pikepdf.Pdf.new()
    pdf.add_blank_page(page_size=(300, 200))
    xfa = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]), XFA=xfa)
    if made_by_its_reader:
        pdf.Root.NeedsRendering = True
    pdf.save(file)


def code(file: Path, into: Path) -> str:
    with pytest.raises(KioskError) as caught:
        list(bring_in(file, into, 200_000))
    return caught.value.code


def test_each_bad_pdf_has_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "in.pdf"
    blank(file, pages=500)
    assert code(file, tmp_path) == "PDF-TOO-LONG"
    blank(file, password="secret")
    assert code(file, tmp_path) == "PDF-LOCKED"
    file.write_bytes(b"%PDF-1.7\nrest")
    assert code(file, tmp_path) == "PDF-UNREADABLE"
    file.write_bytes(b"")
    assert code(file, tmp_path) == "IMAGE-EMPTY"

    def gone(_: Path) -> None:
        raise FileNotFoundError

    blank(file)
    monkeypatch.setattr(pypdfium2, "PdfDocument", gone)
    assert code(file, tmp_path) == "PDF-UNREADABLE"


def test_a_form_without_pages_of_its_own_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "in.pdf"
    form(file)
    assert code(file, tmp_path) == "PDF-FORM"
    form(file, made_by_its_reader=False)
    assert len(list(bring_in(file, tmp_path, 200_000))) == 1


def test_a_huge_page_is_drawn_within_the_bound(tmp_path: Path) -> None:
    blank(tmp_path / "in.pdf", side=3_000)
    (drawn,) = bring_in(tmp_path / "in.pdf", tmp_path, 10_000_000)
    with Image.open(drawn) as picture:
        assert 9_500_000 < picture.width * picture.height <= 10_010_000
    assert code(tmp_path / "in.pdf", tmp_path) == "IMAGE-TOO-LARGE"  # so small nobody could read it


@pytest.mark.parametrize("drawn_by_the_writer", [True, False])
def test_what_was_entered_in_a_form_is_drawn(drawn_by_the_writer: bool, tmp_path: Path) -> None:
    canvas = Canvas(io.BytesIO(), pagesize=(300, 200))
    fields = canvas.acroForm
    fields.textfield(name="name", value="NGUYEN VAN MAU", x=20, y=120, width=200, height=24, fillColor=white)
    fields.checkbox(name="married", checked=True, x=20, y=60, size=24, fillColor=white)
    canvas.showPage()
    (tmp_path / "in.pdf").write_bytes(canvas.getpdfdata())
    if not drawn_by_the_writer:
        with pikepdf.open(tmp_path / "in.pdf", allow_overwriting_input=True) as pdf:
            del pdf.pages[0].Annots[0].AP
            pdf.save()
    (drawn,) = bring_in(tmp_path / "in.pdf", tmp_path, 10_000_000)
    with Image.open(drawn) as picture:
        assert picture.info["dpi"][0] == pytest.approx(300, abs=1)
        for left, bottom, wide, tall in ((24, 124, 80, 16), (24, 64, 16, 16)):
            box = [left, 200 - bottom - tall, left + wide, 200 - bottom]
            shades = picture.convert("L").crop([round(side * 300 / 72) for side in box]).getextrema()
            assert shades[0] < 90 and shades[1] > 250
    thumbnail = Shelf(10).lay_out([tmp_path / "in.pdf"], tmp_path, lambda _: None)[0].thumbnail
    with Image.open(thumbnail) as small:
        assert small.convert("L").crop((26, 64, 112, 81)).getextrema()[0] < 120
