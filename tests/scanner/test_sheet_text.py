"""The invisible words of a PDF: found at their place by another reader, never at the cost of the paper."""

import io
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from kioskcore.config import Scan
from kioskcore.paths import FONTS
from kioskcore.ports import ColourMode
from scanner.paper import PaperMaker
from scanner.protocol import Leaf, PaperRequest
from scanner.sheet import SheetPage, write_pdf
from scanner.sheet.text import Reader, probe, text_layer
from tests.scanner.archive_law import breaches

TITLE, DPI = "Đơn đề nghị", 200
LINES = {
    "Giấy đề nghị xác nhận nơi cư trú": 20,
    "Kính gửi công an phường mẫu": 32,
    "Người viết đơn sống tại đây từ lâu": 44,
    "Xin trân trọng cảm ơn quý cơ quan": 56,
}
"""Made-up lines, and how far below the top of the page in millimetres."""
LEFT = 15

real = pytest.mark.skipif(
    not probe().ok or not shutil.which("pdftotext"), reason="tesseract with Vietnamese is not installed"
)


def page(read: bytes = b"") -> SheetPage:
    """A quarter of a sheet."""
    image = Image.new("L", (round(105 * DPI / 25.4), round(148 * DPI / 25.4)), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 34)
    for line, top in LINES.items():
        draw.text((LEFT * DPI / 25.4, top * DPI / 25.4), line, font=font, fill=0)
    return SheetPage(np.asarray(image), 105.0, 148.0, ColourMode.BLACK_WHITE, read)


def sealed() -> np.ndarray:
    """The same with a seal and a signature across its lines."""
    image = cv2.cvtColor(page().image, cv2.COLOR_GRAY2BGR)
    over = image.copy()
    cv2.circle(over, (360, 330), 160, (50, 30, 215), 14, cv2.LINE_AA)
    curve = np.array([(x, round(330 + 60 * np.sin(x / 35))) for x in range(120, 620, 4)])
    cv2.polylines(over, [curve], False, (200, 60, 30), 3, cv2.LINE_AA)
    return np.minimum(image, over)


@pytest.fixture(scope="module")
def read() -> bytes:
    """What the real program reads on the sealed page."""
    return Reader().read("page", sealed, 105.0)


def said(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@real
def test_the_words_are_found_at_their_place(read: bytes, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    report = write_pdf([page(read), page(), page(read)], out, title=TITLE, budget_bytes=500_000)
    assert report.searchable == (True, False, True)
    seen = said("pdftotext", "-bbox", "-f", "3", out, "-")
    boxes = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(\w+)<', seen)
    found = {word: [float(v) * 25.4 / 72 for v in place] for *place, word in boxes}
    for line, top in LINES.items():
        left, above, below = found[line.split()[0]]
        assert left == pytest.approx(LEFT, abs=1)
        assert top - 1 < above < below < top + 8
    assert said("pdftotext", "-f", "2", "-l", "2", out, "-").strip() == ""
    assert {word for line in LINES for word in line.split()} <= found.keys()  # across the seal too


@real
def test_nothing_is_seen_of_them_and_the_archive_holds(read: bytes, tmp_path: Path) -> None:
    for name, pages in (("plain", [page()]), ("words", [page(read), page(read)])):
        write_pdf(pages, tmp_path / f"{name}.pdf", title=TITLE, budget_bytes=500_000)
        said("pdftoppm", "-r", "100", "-singlefile", tmp_path / f"{name}.pdf", tmp_path / name)
    assert (tmp_path / "plain.ppm").read_bytes() == (tmp_path / "words.ppm").read_bytes()
    assert "No syntax or stream encoding errors" in said("qpdf", "--check", tmp_path / "words.pdf")
    body = (tmp_path / "words.pdf").read_bytes()
    assert b"esseract" not in body and b"/Producer" not in body
    assert breaches(tmp_path / "words.pdf") == []
    with pikepdf.open(tmp_path / "words.pdf") as pdf:
        first, second = (each.obj.Resources.Font["/f-0-0"] for each in pdf.pages)
        assert first.objgen == second.objgen  # one font for all pages
        assert "/ToUnicode" in first
        for each in pdf.pages:
            assert set(each.obj.Resources.keys()) == {"/XObject", "/Font"}
            words = each.obj.Contents[1].read_bytes()
            assert set(re.findall(rb"(\d+) Tr\b", words)) == {b"3"}


def words_only(operators: bytes) -> bytes:
    """A page as tesseract's PDF has it, but for what it writes."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(298, 420))
    font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font))
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary({"/f-0-0": font}))
    pdf.pages[0].obj.Contents = pdf.make_stream(operators)
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def test_words_count_in_the_budget_and_are_left_out_where_they_do_not_fit(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    letters = np.random.default_rng(1).bytes(15_000).hex().encode()  # as good as incompressible
    wordy = page(words_only(b"BT 3 Tr [ <%s> ] TJ ET" % letters))
    least = write_pdf([page()] * 3, out, title=TITLE, budget_bytes=500_000).total_bytes
    sizes = []
    for budget in (least, least + 30_000, least + 55_000):
        report = write_pdf([wordy] * 3, out, title=TITLE, budget_bytes=budget)
        assert report.total_bytes == out.stat().st_size <= budget
        sizes.append(report.total_bytes)
        assert set(report.searchable) == {budget == least + 55_000}
    assert sizes[0] == sizes[1] < sizes[2]


@pytest.mark.parametrize("nonsense", [b"x", b"%PDF-1.4 no more", pytest.param(b"", id="empty")])
def test_what_is_no_layer_is_left_out(nonsense: bytes, tmp_path: Path) -> None:
    assert text_layer(nonsense, 100, 100) is None
    report = write_pdf([page(nonsense)], tmp_path / "a.pdf", title=TITLE, budget_bytes=500_000)
    assert report.searchable == (False,)


def test_words_that_would_be_seen_are_left_out() -> None:
    assert text_layer(words_only(b"BT 3 Tr [ <0041> ] TJ ET"), 100, 100)
    assert text_layer(words_only(b"BT [ <0041> ] TJ ET"), 100, 100) is None
    assert text_layer(words_only(b""), 100, 100) is None


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program of that name first on the path which does what the script says."""

    def put(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        file = folder / "tesseract"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return put


FAULTS = {
    "killed": "kill -9 $$",
    "hangs": "exec sleep 60",
    "fails": "exit 1",
    "speaks nonsense": "cat >/dev/null; echo hello",
    "closes its ears": "exec <&-; exit 0",
}


@pytest.mark.parametrize("fault", [*FAULTS, "missing"])
def test_a_reader_that_fails_never_costs_the_paper(
    fault: str, tmp_path: Path, program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "missing":
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        program(FAULTS[fault])
    for number in (1, 2):
        Image.fromarray(page().image).save(tmp_path / f"p{number}.png")
    leaves = tuple(Leaf(f"p{number}.png", 105, 148, ColourMode.BLACK_WHITE) for number in (1, 2))
    request = PaperRequest(0, "paper", TITLE, leaves, 500_000)
    monkeypatch.setattr("scanner.paper.PAGE_SECONDS", 0.4)
    begun = time.monotonic()
    report = PaperMaker(tmp_path, Scan(text_layer=True)).one(request, tmp_path / "out.pdf")
    assert time.monotonic() - begun < 5  # a program that hangs is waited for once, not for each page
    assert report.searchable == (False, False)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert len(pdf.pages) == 2
    assert sorted(file.name for file in tmp_path.glob("*.p*")) == ["out.pdf", "p1.png", "p2.png"]


@pytest.mark.parametrize(
    ("script", "ok"), [("echo osd; echo vie", True), ("echo osd; echo eng", False), ("exit 3", False)]
)
def test_the_probe_wants_the_program_and_its_vietnamese(
    script: str, ok: bool, program: Callable[[str], None]
) -> None:
    program(script)
    assert probe().ok is ok


def test_the_probe_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not probe().ok


def test_a_card_is_read_too_and_each_page_once(tmp_path: Path, program: Callable[[str], None]) -> None:
    (tmp_path / "words.pdf").write_bytes(words_only(b"BT 3 Tr [ <0041> ] TJ ET"))
    program(f"cat >/dev/null; echo read >> {tmp_path}/calls; cat {tmp_path}/words.pdf")
    side = page().image[: round(54 * DPI / 25.4), : round(85.6 * DPI / 25.4)]
    Image.fromarray(side).save(tmp_path / "p1.png")
    leaves = (Leaf("p1.png", 85.6, 54.0, ColourMode.COLOUR),) * 2
    maker = PaperMaker(tmp_path, Scan(text_layer=True))
    card = PaperRequest(0, "card", TITLE, leaves[:1], 500_000, "")
    assert maker.one(card, tmp_path / "out.pdf").searchable == (True,)
    plain = PaperRequest(0, "paper", TITLE, leaves, 500_000)
    for title in ("Đơn", "Đơn (phần 1)"):  # a paper that is written anew in parts is not read anew
        report = maker.one(replace(plain, title=title), tmp_path / "out.pdf")
        assert report.searchable == (True, True)
    assert len((tmp_path / "calls").read_text().split()) == 2
