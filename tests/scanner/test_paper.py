"""A dossier over the budget becomes several PDFs, each within it; nothing is lost or half made.

One page as a picture keeps what its paper has: a card's true size and the line across it.
"""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, FileKind
from scanner.command import size_in_bytes
from scanner.paper import PaperMaker
from scanner.protocol import Leaf, PaperRequest
from scanner.sheet import SheetPage, write_pdf


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
    request, read = dossier(tmp_path, 60, 60_000), []
    made = PaperMaker(tmp_path, Scan(text_layer=False), read.append).parts(
        request, tmp_path / "out.pdf", titled
    )
    assert len(made) > 1 and not (tmp_path / "out.pdf").exists()
    assert len(read) <= 2 * 60, "no page is made again for its part"
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
    with pytest.raises(KioskError, match="PAGE-TOO-BIG"):
        PaperMaker(tmp_path, Scan()).parts(dossier(tmp_path, 2, 500), tmp_path / "out.pdf", titled)
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("kind", [FileKind.JPEG, FileKind.PNG])
def test_a_picture_steps_down_within_the_budget_and_says_its_resolution(
    tmp_path: Path, kind: FileKind
) -> None:
    soft = cv2.GaussianBlur(np.random.default_rng(5).integers(0, 255, (709, 472, 3), np.uint8), (0, 0), 1.2)
    cv2.imwrite(str(tmp_path / "p.png"), soft)
    leaf = Leaf("p.png", 40, 60, ColourMode.COLOUR)
    request = PaperRequest(0, "anh", "Ảnh", (leaf,), 6_000_000, kind=kind)
    sizes = []
    for budget in (6_000_000, 0):
        request = replace(request, budget_bytes=budget or sizes[0][0] // 2)
        file = tmp_path / f"a.{kind}"
        made = PaperMaker(tmp_path, Scan()).page_picture(request, file)
        assert made == file.stat().st_size <= request.budget_bytes
        with Image.open(file) as picture:
            picture.load()
            assert float(picture.info["dpi"][0]) == pytest.approx(picture.width / 40 * 25.4, abs=0.6)
            sizes.append((made, picture.size))
    assert sizes[0][1] == (472, 709)
    assert kind is FileKind.JPEG or sizes[1][1] < sizes[0][1]
    with pytest.raises(KioskError, match="PAGE-TOO-BIG"):
        PaperMaker(tmp_path, Scan()).page_picture(replace(request, budget_bytes=300), tmp_path / "b.jpg")
    assert not list(tmp_path.glob("b*"))


def test_the_side_of_a_card_as_a_picture_has_the_line_of_its_sheet(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "p.png"), np.full((1011, 638, 3), 200, np.uint8))  # standing
    leaf = Leaf("p.png", 54, 85.6, ColourMode.COLOUR)
    darkest = []
    for purpose in ("", "Chỉ dùng để tập"):
        request = PaperRequest(0, "the", "Thẻ", (leaf,), 500_000, purpose, kind=FileKind.JPEG)
        PaperMaker(tmp_path, Scan()).page_picture(request, tmp_path / "a.jpg")
        with Image.open(tmp_path / "a.jpg") as picture:
            assert picture.size == (1011, 638)
            darkest.append(picture.convert("L").getextrema()[0])
    assert darkest[0] > 190 > 160 > darkest[1]


def test_the_heaviest_page_is_named(tmp_path: Path) -> None:
    dots = np.where(np.random.default_rng(3).random((240, 160)) < 0.5, 0, 255).astype(np.uint8)
    light, heavy = (SheetPage(each, 40, 60, ColourMode.BLACK_WHITE) for each in (dots | 255, dots))
    out = tmp_path / "out.pdf"
    least = write_pdf([heavy], out, title="t", budget_bytes=10**6).total_bytes
    for budget, code in ((least - 1, "PAGE-TOO-BIG"), (least, "PAPER-TOO-BIG")):
        with pytest.raises(KioskError, match=code) as caught:
            write_pdf([light, light, heavy, light], out, title="t", budget_bytes=budget)
        assert caught.value.facts["page"] == 3
        assert size_in_bytes(str(caught.value.facts["least_size"])) > budget
    with pytest.raises(KioskError) as caught:  # the second part of a paper
        write_pdf([heavy, light, heavy], out, title="t", budget_bytes=least - 1, first=5)
    assert caught.value.facts["page"] == 5 and caught.value.facts["pages"] == "5, 7"


def test_a_grey_page_is_stored_in_grey(tmp_path: Path) -> None:
    soft = cv2.GaussianBlur(np.random.default_rng(4).integers(0, 255, (709, 472), np.uint8), (0, 0), 3)
    cv2.imwrite(str(tmp_path / "p.png"), soft)
    request = PaperRequest(0, "don", "Đơn", (Leaf("p.png", 40, 60, ColourMode.GREY),), 500_000)
    PaperMaker(tmp_path, Scan(text_layer=False)).one(request, tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        pictures = [image for _, image in pdf.pages[0].obj.Resources.XObject.items()]
        assert [str(image.ColorSpace) for image in pictures] == ["/DeviceGray"]
