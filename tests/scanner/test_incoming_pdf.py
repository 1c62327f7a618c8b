"""PDFs that nobody should hand in end in a code, or in a picture within the bounds."""

from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from kioskcore.errors import KioskError
from scanner.backends.bring import bring_in


def blank(file: Path, pages: int = 1, side: float = 200, password: str = "") -> None:
    pdf = pikepdf.Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(side, side))
    pdf.save(file, encryption=pikepdf.Encryption(user=password, owner="o") if password else False)


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


def test_a_huge_page_is_drawn_within_the_bound(tmp_path: Path) -> None:
    blank(tmp_path / "in.pdf", side=3_000)
    (drawn,) = bring_in(tmp_path / "in.pdf", tmp_path, 10_000_000)
    with Image.open(drawn) as picture:
        assert 9_500_000 < picture.width * picture.height <= 10_010_000
    assert code(tmp_path / "in.pdf", tmp_path) == "IMAGE-TOO-LARGE"  # so small nobody could read it
