"""Films of painted papers stand in for the camera above the table."""

import threading
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from kioskcore.ports import Preview, ScanJob
from kioskcore.words import load_words, word_faults
from scanner.backends import camera as camera_room
from scanner.backends.camera import CameraBackend
from scanner.backends.eye import STILL_FRAMES, Motion, judge, sharpness
from tests.scanner.desk import Desk
from tests.scanner.film import film, paper_at, table

Make = Callable[..., Desk]
GOOD = paper_at(0.5, 0.5)
HINTS = {"lay", "still", "whole", "closer", "blurred", "dark", "bright", "taken"}


def shoot(
    source: str, folder: Path, backend: CameraBackend | None = None
) -> tuple[list[np.ndarray], list[Preview]]:
    """The pages that came and what was shown; the folder holds previews only."""
    pages: list[np.ndarray] = []
    shown: list[Preview] = []
    backend = backend or CameraBackend(Scan())
    backend.watch(shown.append)

    def on_page(file: Path) -> None:
        pages.append(cv2.imread(str(file)))
        file.unlink()

    folder.mkdir(exist_ok=True)
    backend.scan(ScanJob(source), folder, on_page, lambda fraction: None)
    assert all(file.name.startswith("live-") for file in folder.iterdir())
    return pages, shown


@pytest.mark.parametrize(
    ("hint", "frame"),
    [
        ("", GOOD),
        ("", paper_at(0.5, 0.5, 0.8, 40)),
        ("", (GOOD * 0.6).astype(np.uint8)),
        ("lay", table()),
        ("whole", paper_at(0.5, 0.75)),
        ("closer", paper_at(0.5, 0.5, 0.4)),
        ("blurred", cv2.GaussianBlur(GOOD, (0, 0), 2.5)),
        ("dark", (GOOD * 0.25).astype(np.uint8)),
        ("bright", np.clip(GOOD.astype(int) * 2, 0, 255).astype(np.uint8)),
    ],
    ids=["good", "turned", "dim", "table", "cut", "far", "blurred", "dark", "burnt"],
)
def test_what_hinders_a_picture_is_said(hint: str, frame: np.ndarray) -> None:
    assert judge(frame) == hint


def test_sharpness_falls_with_blur_and_not_with_contrast() -> None:
    grey = cv2.cvtColor(GOOD, cv2.COLOR_BGR2GRAY)[150:600, 450:800]
    blurred = [sharpness(cv2.GaussianBlur(grey, (0, 0), sigma)) for sigma in (0.5, 1, 2, 4)]
    assert blurred == sorted(blurred, reverse=True)
    assert sharpness((grey // 2 + 60).astype(np.uint8)) == pytest.approx(sharpness(grey), rel=0.1)
    assert sharpness(np.full((50, 50), 240, np.uint8)) == 1.0


def test_motion_starts_the_count_anew() -> None:
    motion = Motion()
    for _ in range(STILL_FRAMES + 1):
        motion.see(GOOD)
    assert motion.is_still
    motion.see(paper_at(0.55, 0.5))
    assert (motion.is_still, motion.still) == (False, 0)


def test_a_page_laid_down_is_taken_by_itself(tmp_path: Path) -> None:
    sliding = [paper_at(0.5 + step, 0.5) for step in (0.4, 0.25, 0.1)]
    source = film(tmp_path / "a.avi", [table()] * 4 + sliding + [GOOD] * 40)
    (page,), shown = shoot(source, tmp_path / "in")
    assert page.shape == GOOD.shape
    assert np.abs(page.astype(int) - GOOD).mean() < 6
    assert {preview.hint for preview in shown} <= HINTS
    assert shown[-1] == Preview(None, "taken", taken=1)
    live = [preview.picture for preview in shown if preview.picture]
    assert live
    with Image.open(live[-1]) as picture:
        assert picture.size == (960, 540)


@pytest.mark.parametrize(
    ("frames", "hint"),
    [
        ([table()] * 30, "lay"),
        ([paper_at(0.5, 0.75)] * 40, "whole"),
        ([paper_at(0.3 + 0.02 * step, 0.5) for step in range(20)], "lay"),
    ],
    ids=["nothing", "cut", "moving"],
)
def test_no_page_is_taken_where_none_is_good(tmp_path: Path, frames: list[np.ndarray], hint: str) -> None:
    shown: list[Preview] = []
    backend = CameraBackend(Scan())
    source = film(tmp_path / "a.avi", frames)
    backend.watch(shown.append)
    with pytest.raises(KioskError) as caught:
        backend.scan(ScanJob(source), tmp_path, pytest.fail, lambda fraction: None)
    assert caught.value.code == "SCAN-NOT-SEEN"
    assert hint in {preview.hint for preview in shown}


def test_waiting_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_room, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(KioskError) as caught:
        shoot(film(tmp_path / "a.avi", [table()] * 60), tmp_path / "in")
    assert caught.value.code == "SCAN-NOT-SEEN"


def test_the_person_may_press_whatever_the_camera_thinks(tmp_path: Path) -> None:
    backend = CameraBackend(Scan())
    source = film(tmp_path / "a.avi", [table()] * 60)
    threading.Timer(0.3, backend.press).start()
    pages, _ = shoot(source, tmp_path / "in", backend)
    assert len(pages) == 1


def test_cancel_stops_at_the_next_frame(tmp_path: Path) -> None:
    backend = CameraBackend(Scan())
    source = film(tmp_path / "a.avi", [table()] * 60)
    threading.Timer(0.3, backend.cancel).start()
    with pytest.raises(KioskError) as caught:
        shoot(source, tmp_path / "in", backend)
    assert caught.value.code == "SCAN-CANCELLED"


@pytest.mark.parametrize("source", ["camera:", "camera:99", "camera:123456789", "camera:/no/such.avi"])
def test_a_camera_that_is_not_there(source: str, tmp_path: Path) -> None:
    with pytest.raises(KioskError) as caught:
        shoot(source, tmp_path / "in")
    assert caught.value.code == "SCAN-NO-CAMERA"


def test_a_file_that_is_no_film(tmp_path: Path) -> None:
    (tmp_path / "a.avi").write_bytes(b"RIFF nothing of the kind" * 50)
    with pytest.raises(KioskError) as caught:
        shoot(f"camera:{tmp_path}/a.avi", tmp_path / "in")
    assert caught.value.code == "SCAN-NO-CAMERA"


def test_a_camera_pulled_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = film(tmp_path / "a.avi", [table()] * 5)
    real = camera_room.Camera

    class Device(real):  # type: ignore[valid-type,misc]
        """The film's end, as a device would say it."""

        def __init__(self, place: str, size: tuple[int, int]) -> None:
            super().__init__(place, size)
            self.is_film = False

    monkeypatch.setattr(camera_room, "Camera", Device)
    with pytest.raises(KioskError) as caught:
        shoot(source, tmp_path / "in")
    assert caught.value.code == "SCAN-IO"


def test_cameras_of_the_system_without_their_data_nodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for node, index, title in (
        ("video0", "0", "Bàn chụp"),
        ("video1", "1", "Bàn chụp"),
        ("video10", "0", "Web"),
    ):
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(f"{index}\n")
        (tmp_path / node / "name").write_text(f"{title}\n")
    monkeypatch.setattr(camera_room, "SYSTEM_CAMERAS", tmp_path)
    backend = CameraBackend(Scan())
    found = [(device.source, device.name) for device in backend.devices()]
    assert found == [("camera:0", "Bàn chụp"), ("camera:10", "Web")]
    assert backend.probe().ok
    named = CameraBackend(Scan(cameras=("2",)))
    assert [device.source for device in named.devices()] == ["camera:2"]


def test_without_a_camera_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_room, "SYSTEM_CAMERAS", tmp_path)
    assert CameraBackend(Scan()).probe().code == "SCAN-NO-CAMERA"
    assert CameraBackend(Scan()).devices() == []


def test_the_live_picture_and_the_page_through_the_child(make_desk: Make, tmp_path: Path) -> None:
    desk = make_desk(sources=["camera"])
    desk.service.scan(ScanJob(film(tmp_path / "a.avi", [table()] * 5 + [GOOD] * 60)))
    page = desk.heard.until("page")
    assert page.corners is not None
    assert desk.heard.until("scanned") == 1
    shown = desk.heard.all("preview")
    assert len(shown) > 5
    assert shown[0].picture.parent.name == "in"
    assert all(name.startswith(page.page_id) for name in desk.files())


def test_press_reaches_the_running_scan_only(make_desk: Make, tmp_path: Path) -> None:
    desk = make_desk(sources=["camera"])
    desk.service.press()
    desk.service.scan(ScanJob(film(tmp_path / "a.avi", [table()] * 100)))
    desk.heard.until("preview")
    desk.service.press()
    assert desk.heard.until("scanned") == 1
    desk.service.press()
    assert desk.heard.codes == []


def test_every_hint_has_its_words() -> None:
    words = load_words([ROOT / "scanner" / "words"])
    assert set(words) == {"vi", "en"}
    assert word_faults(words) == []
    for language in words.values():
        for hint in HINTS | {"phone_open", "phone_sending", "phone_more"}:
            assert 0 < len(language.say(f"scan.hint.{hint}").split()) <= 20
