"""A folder stands in for the stick; what may lie on a stranger's stick lies on it."""

import os
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import Offer, ScanJob
from scanner.backends import shelf as shelf_room
from scanner.backends import usb as usb_room
from scanner.backends.paint import photograph
from scanner.backends.usb import UsbBackend, mounted_sticks, walk
from tests.scanner.caller import HEIC
from tests.scanner.desk import Desk
from tests.scanner.test_incoming_pdf import form

Make = Callable[..., Desk]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    (folder / "ảnh" / "cũ").mkdir(parents=True)
    paper = photograph(0).resize((760, 1040))
    paper.save(folder / "a.jpg")
    paper.rotate(90, expand=True).save(folder / "ảnh" / "cũ" / "b.PNG")
    paper.save(folder / "c.pdf", save_all=True, append_images=[paper, paper])
    for age, name in enumerate(("c.pdf", "a.jpg", "ảnh/cũ/b.PNG")):
        os.utime(folder / name, (1_700_000_000 - age, 1_700_000_000 - age))
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def look(stick: Path, work: Path, **scan: object) -> tuple[UsbBackend, list[Offer]]:
    usb = UsbBackend(Scan(usb_folders=(str(stick),), **scan))
    return usb, usb.offers("usb:", work, lambda fraction: None)


def test_a_stick_with_pictures_of_an_iphone_alone_is_told_of(tmp_path: Path, work: Path) -> None:
    (tmp_path / "IMG_0001.HEIC").write_bytes(HEIC)
    with pytest.raises(KioskError) as caught:
        look(tmp_path, work)
    assert caught.value.code == "IMAGE-HEIC"


def test_what_cannot_be_opened_is_told_of_behind_the_others(stick: Path, work: Path) -> None:
    (stick / "IMG_0001.HEIC").write_bytes(HEIC)
    form(stick / "form.pdf")
    locked = pikepdf.open(stick / "c.pdf")
    locked.save(stick / "locked.pdf", encryption=pikepdf.Encryption(user="secret", owner="o"))
    (stick / "liar.jpg").write_bytes(b"MZ evil")
    usb, offers = look(stick, work)
    assert [offer.fault for offer in offers[:3]] == [""] * 3
    assert sorted(offer.fault for offer in offers[3:]) == ["IMAGE-HEIC", "PDF-FORM", "PDF-LOCKED"]
    assert len(list(work.iterdir())) == 3
    assert len(take(usb, work, f"usb:{offers[0].key}")) == 3  # the others are as good as ever


def take(usb: UsbBackend, work: Path, source: str) -> list[tuple[int, int]]:
    sizes: list[tuple[int, int]] = []

    def on_page(file: Path) -> None:
        with Image.open(file) as picture:
            sizes.append(picture.size)
        file.unlink()

    usb.scan(ScanJob(source), work, on_page, lambda fraction: None)
    return sizes


def test_thumbnails_of_pictures_and_pdfs_newest_first(stick: Path, work: Path) -> None:
    _, offers = look(stick, work)
    assert [offer.pages for offer in offers] == [3, 1, 1]
    sizes = []
    for offer in offers:
        with Image.open(offer.thumbnail) as picture:
            sizes.append(picture.size)
    assert sizes == [(pytest.approx(234, abs=2), pytest.approx(320, abs=2)), (234, 320), (320, 234)]
    told = [str(offer).replace(offer.thumbnail.name, "") for offer in offers]
    assert not any(name in each for each in told for name in ("a.jpg", "b.PNG", "c.pdf"))
    assert not {offer.thumbnail.stem for offer in offers} & {"a", "b", "c"}


def test_the_chosen_files_in_the_order_chosen(stick: Path, work: Path) -> None:
    usb, (pdf, picture, turned) = look(stick, work)
    assert len(take(usb, work, f"usb:{turned.key},{pdf.key}")) == 4
    assert take(usb, work, f"usb:{picture.key}") == [(760, 1040)]


def test_nothing_on_the_stick_is_changed(stick: Path, work: Path) -> None:
    before = {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in stick.rglob("*")}
    usb, offers = look(stick, work)
    take(usb, work, "usb:" + ",".join(offer.key for offer in offers))
    assert {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in stick.rglob("*")} == before


def test_what_is_no_paper_is_never_opened(stick: Path, work: Path, tmp_path: Path) -> None:
    for name in ("run.exe", "autorun.inf", "list.xlsx", "page.html", "x.lnk", ".hidden.jpg", "~x.jpg"):
        (stick / name).write_bytes(b"MZ evil")
    (stick / "empty.jpg").touch()
    (stick / "liar.jpg").write_bytes(b"MZ evil")
    (stick / "half.pdf").write_bytes(b"%PDF-1.7 nothing behind it")
    secret = tmp_path / "secret.jpg"
    photograph(1).resize((400, 500)).save(secret)
    (stick / "link.jpg").symlink_to(secret)
    (stick / "way").symlink_to(tmp_path)
    os.mkfifo(stick / "pipe.jpg")
    with (stick / "huge.jpg").open("wb") as stream:
        stream.truncate(shelf_room.MAX_BYTES + 1)
    _, offers = look(stick, work)
    assert len(offers) == 3
    assert len(list(work.iterdir())) == 3


def test_a_file_that_became_a_link_after_the_look_is_refused(stick: Path, work: Path, tmp_path: Path) -> None:
    usb, offers = look(stick, work)
    secret = tmp_path / "secret.jpg"
    photograph(1).resize((400, 500)).save(secret)
    (stick / "a.jpg").unlink()
    (stick / "a.jpg").symlink_to(secret)
    with pytest.raises(KioskError) as caught:
        take(usb, work, f"usb:{offers[1].key}")
    assert caught.value.code == "SCAN-NO-STICK"


def test_a_deep_or_endless_stick_has_an_end(stick: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = stick.joinpath(*["x"] * (usb_room.DEEPEST + 1))
    deep.mkdir(parents=True)
    photograph(0).resize((300, 400)).save(deep / "deep.jpg")
    assert "deep.jpg" not in [file.name for file in walk(stick)]
    monkeypatch.setattr(shelf_room, "MOST_OFFERS", 2)
    assert len(look(stick, work)[1]) == 2
    monkeypatch.setattr(shelf_room, "LOOK_SECONDS", -1.0)
    with pytest.raises(KioskError) as caught:
        look(stick, work)
    assert caught.value.code == "SCAN-NO-FILES"


def test_a_new_look_forgets_the_last(stick: Path, work: Path) -> None:
    usb, offers = look(stick, work)
    again = usb.offers("usb:", work, lambda fraction: None)
    assert {file.name for file in work.iterdir()} == {offer.thumbnail.name for offer in again}
    with pytest.raises(KioskError) as caught:
        take(usb, work, f"usb:{offers[0].key}")
    assert caught.value.code == "SCAN-NO-STICK"


def test_a_stick_pulled_out_is_told(stick: Path, work: Path) -> None:
    usb, offers = look(stick, work)
    stick.rename(stick.with_name("gone"))
    with pytest.raises(KioskError) as caught:
        take(usb, work, f"usb:{offers[0].key}")
    assert caught.value.code == "SCAN-NO-STICK"
    with pytest.raises(KioskError) as caught:
        usb.offers("usb:", work, lambda fraction: None)
    assert caught.value.code == "SCAN-NO-STICK"
    assert usb.devices() == []


def test_an_empty_stick_and_an_empty_choice(tmp_path: Path, work: Path) -> None:
    (tmp_path / "bare").mkdir()
    with pytest.raises(KioskError) as caught:
        look(tmp_path / "bare", work)
    assert caught.value.code == "SCAN-NO-FILES"
    with pytest.raises(KioskError) as caught:
        take(UsbBackend(Scan()), work, "usb:")
    assert caught.value.code == "SCAN-NO-FILES"


def test_only_what_people_plug_in_is_a_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/kiosk/USB\\040M\u1eabu vfat ro 0 0\n"
        "/dev/sdc1 /run/media/kiosk/B exfat rw 0 0\ntmpfs /run tmpfs rw 0 0\nbroken\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(usb_room, "_MOUNTS", mounts)
    assert mounted_sticks() == [Path("/media/kiosk/USB Mẫu"), Path("/run/media/kiosk/B")]
    monkeypatch.setattr(usb_room, "_MOUNTS", tmp_path / "none")
    assert mounted_sticks() == []
    assert (UsbBackend(Scan()).probe().ok, UsbBackend(Scan()).probe().code) == (False, "SCAN-NO-STICK")


def test_choosing_from_a_stick_through_the_child(make_desk: Make, stick: Path) -> None:
    (stick / "broken.jpg").write_bytes((stick / "a.jpg").read_bytes()[:3000])
    desk = make_desk(sources=["usb", "sample"], usb_folders=[str(stick)])
    desk.service.find_devices()
    assert desk.heard.until("devices")[0].source == "usb:"
    desk.service.look("usb:")
    offers = desk.heard.until("offers")
    assert len(offers) == 3
    desk.service.scan(ScanJob(f"usb:{offers[1].key},{offers[0].key}"))
    assert desk.heard.until("scanned", seconds=60) == 4
    desk.service.look("sample:")
    assert desk.heard.until("failed").code == "SCAN-NO-DEVICE"
    desk.service.look("../x")
    assert desk.heard.until("failed", 2).code == "SCAN-JOB-INVALID"
