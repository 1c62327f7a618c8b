import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ScanJob
from scanner.backends.bring import MAX_PDF_PAGES
from scanner.backends.folder import FolderBackend
from scanner.backends.paint import draw_paper, papers
from scanner.files import empty_drop_folder
from scanner.pictures import read_picture
from tests.scanner.desk import Desk

Make = Callable[..., Desk]


def picture(file: Path, size: tuple[int, int] = (300, 400), shade: int = 200) -> Path:
    Image.new("RGB", size, (shade, shade, shade)).save(file)
    return file


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def take(into: Path, source: str, scan: Scan | None = None) -> list[tuple[int, int]]:
    sizes: list[tuple[int, int]] = []

    def on_page(file: Path) -> None:
        assert file.parent == into
        with Image.open(file) as opened:
            sizes.append(opened.size)

    FolderBackend(scan or Scan()).scan(ScanJob(source), into, on_page, lambda fraction: None)
    return sizes


def code_of(into: Path, source: str, scan: Scan | None = None) -> str:
    with pytest.raises(KioskError) as caught:
        take(into, source, scan)
    return caught.value.code


def test_of_the_drop_folder_only_what_was_chosen_is_taken(drop: Path, into: Path) -> None:
    for number, name in enumerate(("a.png", "b.png", "c.png")):
        picture(drop / name, (20 + number, 30))
        os.utime(drop / name, (1000 + number, 1000 + number))
    (drop / "broken.png").write_bytes(b"no picture")
    backend = FolderBackend(Scan(folder=str(drop)))
    offers = backend.offers("folder:", into, lambda fraction: None)
    assert len(offers) == 3  # the newest first
    assert all(offer.thumbnail.parent == into and offer.thumbnail.stem != "a" for offer in offers)
    widths: list[int] = []

    def on_page(file: Path) -> None:
        with Image.open(file) as opened:
            widths.append(opened.width)

    keys = f"{offers[0].key},{offers[2].key}"
    backend.scan(ScanJob(f"folder:{keys}"), into, on_page, lambda fraction: None)
    assert widths == [22, 20]
    assert sorted(file.name for file in drop.iterdir()) == ["b.png", "broken.png"]
    with pytest.raises(KioskError) as caught:  # keys of another look are none
        backend.scan(ScanJob("folder:0123456789"), into, on_page, lambda fraction: None)
    assert caught.value.code == "SCAN-NO-DEVICE"


def test_files_come_by_name_and_those_of_others_stay(drop: Path, into: Path) -> None:
    picture(drop / "b.png", (20, 30))
    picture(drop / "a.jpg", (40, 30))
    picture(drop / ".hidden.jpg")
    (drop / "notes.txt").write_text("x")
    assert take(into, f"folder:{drop}") == [(40, 30), (20, 30)]
    assert len(list(drop.iterdir())) == 4


def test_the_folder_of_the_settings_is_emptied(drop: Path, into: Path) -> None:
    picture(drop / "a.png")
    scan = Scan(folder=str(drop))
    assert FolderBackend(scan).devices()[0].source == "folder:"
    assert len(take(into, "folder:", scan)) == 1
    assert list(drop.iterdir()) == []
    assert code_of(into, "folder:", scan) == "SCAN-NO-FILES"


def test_what_did_not_become_a_page_stays_and_the_rest_goes(drop: Path, into: Path) -> None:
    picture(drop / "good.png")
    (drop / "empty.png").write_bytes(b"")
    (drop / "half.jpg").write_bytes(b"\xff\xd8\xff\xe0 half")

    def on_page(file: Path) -> None:
        read_picture(file, 10)

    with pytest.raises(KioskError) as caught:
        FolderBackend(Scan(folder=str(drop))).scan(ScanJob("folder:"), into, on_page, lambda fraction: None)
    assert caught.value.code == "IMAGE-EMPTY"
    assert sorted(file.name for file in drop.iterdir()) == ["empty.png", "half.jpg"]


def test_an_unreadable_file_of_the_drop_folder_outlives_the_scan(make_desk: Make, drop: Path) -> None:
    (drop / "half.jpg").write_bytes(b"\xff\xd8\xff\xe0 half")
    picture(drop / "good.png")
    desk = make_desk(sources=["folder"], folder=str(drop))
    desk.service.scan(ScanJob("folder:"))
    assert desk.heard.until("failed").code == "IMAGE-UNREADABLE"
    assert [file.name for file in drop.iterdir()] == ["half.jpg"]


def test_links_are_not_followed(drop: Path, into: Path) -> None:
    secret = picture(into.parent / "secret.png")
    (drop / "link.png").symlink_to(secret)
    assert code_of(into, f"folder:{drop}") == "SCAN-NO-FILES"
    assert code_of(into, f"folder:{drop}/link.png") == "SCAN-NO-FILES"
    picture(drop / "own.png", (20, 30))
    assert take(into, "folder:", Scan(folder=str(drop))) == [(20, 30)]
    empty_drop_folder(str(drop))
    assert secret.is_file() and (drop / "link.png").is_symlink()


def test_what_nobody_took_up_is_removed(drop: Path) -> None:
    picture(drop / "a.png")
    (drop / "b.pdf").write_bytes(b"%PDF-")
    (drop / "readme.txt").write_text("of the technician")
    empty_drop_folder(str(drop))
    assert [file.name for file in drop.iterdir()] == ["readme.txt"]
    for nothing in ("", str(drop / "gone"), str(drop / "readme.txt")):
        empty_drop_folder(nothing)  # raises nothing
    assert (drop / "readme.txt").exists()


def test_a_list_of_files(drop: Path, into: Path) -> None:
    first, second = picture(drop / "z.png", (10, 11)), picture(drop / "a.png", (12, 13))
    assert take(into, f"folder:{first}:{second}") == [(10, 11), (12, 13)]


def test_a_file_that_still_grows_is_waited_for(drop: Path, into: Path) -> None:
    whole = picture(drop / "whole.bmp", (600, 600)).read_bytes()
    (drop / "whole.bmp").unlink()
    slow = drop / "slow.bmp"
    slow.write_bytes(whole[:1000])

    def write() -> None:
        with slow.open("ab") as stream:
            for start in range(1000, len(whole), 200_000):
                time.sleep(0.1)
                stream.write(whole[start : start + 200_000])
                stream.flush()

    writer = threading.Thread(target=write)
    writer.start()
    sizes: list[int] = []
    FolderBackend(Scan()).scan(
        ScanJob(f"folder:{drop}"), into, lambda file: sizes.append(file.stat().st_size), lambda fraction: None
    )
    writer.join()
    assert sizes == [len(whole)]


def test_an_empty_file_costs_only_itself(drop: Path, into: Path) -> None:
    (drop / "a.jpg").write_bytes(b"")
    picture(drop / "b.jpg")
    came: list[Path] = []
    with pytest.raises(KioskError) as caught:
        FolderBackend(Scan()).scan(ScanJob(f"folder:{drop}"), into, came.append, lambda fraction: None)
    assert caught.value.code == "IMAGE-EMPTY"
    assert len(came) == 1


def test_no_folder_and_nothing_in_it(drop: Path, into: Path) -> None:
    assert code_of(into, f"folder:{drop}/gone") == "SCAN-NO-DEVICE"
    assert code_of(into, "folder:") == "SCAN-NO-DEVICE"
    assert code_of(into, f"folder:{drop}") == "SCAN-NO-FILES"
    assert FolderBackend(Scan()).probe().code == "SCAN-NO-DEVICE"
    gone = FolderBackend(Scan(folder=str(drop / "gone")))
    assert gone.devices() == [] and gone.probe().detail == str(drop / "gone")


def pdf_of(file: Path, pages: int) -> Path:
    paper = draw_paper(papers()[0]).resize((827, 1170))
    paper.save(file, "PDF", resolution=100, save_all=True, append_images=[paper] * (pages - 1))
    return file


def test_a_pdf_becomes_its_pages_at_300_dpi(drop: Path, into: Path) -> None:
    pdf_of(drop / "scan.pdf", 3)
    sizes = take(into, f"folder:{drop}")
    assert len(sizes) == 3
    assert sizes[0] == pytest.approx((2481, 3510), abs=3)


def test_a_huge_sheet_is_drawn_within_the_limit(drop: Path, into: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(2384, 3370))  # A0
        pdf.save(drop / "wall.pdf")
    ((width, height),) = take(into, f"folder:{drop}", Scan(max_megapixels=10))
    assert 9_000_000 < width * height <= 10_000_000


def test_a_sheet_of_five_metres_is_refused_before_it_is_drawn(drop: Path, into: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14_400, 14_400))
        pdf.save(drop / "wall.pdf")
    start = time.process_time()
    assert code_of(into, f"folder:{drop}") == "IMAGE-TOO-LARGE"
    assert time.process_time() - start < 1  # drawn, it takes many seconds


def test_locked_broken_and_endless_pdfs(drop: Path, into: Path) -> None:
    pdf_of(drop / "open.pdf", 1)
    with pikepdf.open(drop / "open.pdf") as pdf:
        pdf.save(drop / "locked.pdf", encryption=pikepdf.Encryption(owner="b", user="a"))
        while len(pdf.pages) <= MAX_PDF_PAGES:
            pdf.pages.append(pdf.pages[0])
        pdf.save(drop / "long.pdf")
    (drop / "broken.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 500)
    assert code_of(into, f"folder:{drop}/locked.pdf") == "PDF-LOCKED"
    assert code_of(into, f"folder:{drop}/long.pdf") == "PDF-TOO-LONG"
    assert code_of(into, f"folder:{drop}/broken.pdf") == "PDF-UNREADABLE"


def test_a_file_that_lies_about_its_size(drop: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.backends.bring.MAX_BYTES", 10)
    picture(drop / "a.png")
    assert code_of(into, f"folder:{drop}") == "IMAGE-TOO-LARGE"
