"""Every state of the scan screen, for the pictures of `kiosk.py screens` and the house rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kioskcore.errors import KioskError
from kioskcore.ports import Box, Device, DeviceKind, Offer, Preview
from kioskcore.visit import Event
from ui.gallery_stage import Stage
from ui.samples import NOWHERE, draw_page, sample_code, sample_page, sample_paper
from ui.scan_desk import Phase, ScanDesk, Side
from ui.scan_papers import Wanted

SCANNER = Device("sane:test", DeviceKind.SCANNER, "Epson ES-50")
CAMERA = Device("camera:0", DeviceKind.CAMERA, "Máy chụp để bàn")
PHONE = Device("phone:", DeviceKind.PHONE, "")
USB = Device("usb:", DeviceKind.USB, "")


FRAMED_AT = {"blurred": ((0.5, 0.68, 0.34, 0.3),), "another": ((0.58, 0.04, 0.36, 0.3),)}


def _scan(
    phase: Phase,
    *,
    pages: int = 0,
    verdicts: tuple[str, ...] = (),
    places: Mapping[str, tuple[Box, ...]] = NOWHERE,
) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        stage.fire(Event.TOUCH, Event.PICK, Event.TO_SCAN)
        screen, desk = stage.flow.scan, stage.flow.scan.desk
        desk.found(
            [
                SCANNER,
                Device("folder:x", DeviceKind.FOLDER, "Thư mục ảnh"),
            ]
        )
        for number in range(pages):
            desk.came(sample_page(stage.folder, number + 1, verdicts, places))
        desk.phase, desk.fraction = phase, 0.4
        if phase is Phase.LIST:
            current = desk.current
            desk.made(sample_paper(stage.folder, current.key, current.title, 2))
        screen.redraw()

    return go


def _scan_both_ways(stage: Stage) -> None:
    _scan(Phase.PLACE)(stage)
    stage.flow.scan.desk.found(
        [Device("sane:test", DeviceKind.SCANNER, "Epson ES-50", feeder=True, flatbed=True)]
    )
    stage.flow.scan.redraw()


def _scan_turning(stage: Stage) -> None:
    _scan(Phase.LOOK, pages=1)(stage)
    stage.flow.scan.desk.turning = True
    stage.flow.scan.redraw()


def _scan_live(device: Device, preview: Callable[[Path], Preview], pages: int) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        _scan(Phase.PLACE)(stage)
        screen = stage.flow.scan
        screen.desk.found([device])
        screen.primary().do()  # type: ignore[union-attr]
        screen.previewed(preview(stage.folder))
        for number in range(pages):
            screen.page_came(sample_page(stage.folder, number + 1))

    return go


def _camera(folder: Path) -> Preview:
    return Preview(draw_page(folder / "live.png", clean=False), "closer")


def _raw_page(folder: Path) -> Preview:
    return Preview(draw_page(folder / "raw.png", clean=False))


def _phone(folder: Path) -> Preview:
    return Preview(sample_code(folder / "code.png"), "phone_more", "http://192.0.2.1:8000/x", 2)


def _phone_https(folder: Path) -> Preview:
    return Preview(sample_code(folder / "code.png"), "phone_open", "https://192.0.2.1:8000/x")


def _nearly_done(stage: Stage) -> None:
    _scan_live(SCANNER, _raw_page, 0)(stage)
    stage.flow.scan.progressed(0.97)


def _scan_choose(stage: Stage) -> None:
    _scan(Phase.PLACE)(stage)
    thumbnail = draw_page(stage.folder / "offer.png", clean=False)
    screen = stage.flow.scan
    screen.desk.found([USB])
    offers = [Offer(f"k{number}", thumbnail, 1 + number % 2) for number in range(14)]
    screen.offers_came([*offers, *[Offer("", Path(), fault="IMAGE-HEIC")] * 2])
    screen.desk.picked = ["k2", "k0"]
    screen.redraw()


def _scan_then(
    phase: Phase, act: Callable[[ScanDesk], None], *, pages: int = 3, device: Device | None = None
) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        _scan(phase, pages=pages)(stage)
        desk = stage.flow.scan.desk
        if device is not None:
            desk.found([device])
        act(desk)
        stage.flow.scan.redraw()

    return go


def _card(desk: ScanDesk) -> None:
    desk.current.pages[:] = [replace(page, width_mm=85.6, height_mm=54) for page in desk.current.pages]


def _close(desk: ScanDesk) -> None:
    desk.show_close(Side.AFTER)


def _parted(desk: ScanDesk) -> None:
    desk.looking_at = 2
    desk.split("Giấy khác 1")


def _first_goes(desk: ScanDesk) -> None:
    desk.look_at(0)
    desk.drop_page()


def _other_paper_first(desk: ScanDesk) -> None:
    desk.wanted.insert(0, Wanted("x", "Đơn đề nghị", pages=list(desk.current.pages[:1])))
    desk.at = 1
    desk.looking_at = 1


def _removed(desk: ScanDesk) -> None:
    desk.remove(desk.current.key)


def _scan_fault(code: str, *, busy: bool = True) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        _scan(Phase.BUSY if busy else Phase.PLACE)(stage)
        stage.flow.scan.failed(KioskError(code))

    return go


def _too_big(stage: Stage) -> None:
    _scan(Phase.MAKING, pages=2)(stage)
    facts = {"least_size": "7.1 MB", "limit_size": "6 MB"}
    stage.flow.scan.failed(KioskError("PAPER-TOO-BIG", page=2, size=7_100_000, **facts))


def _page_too_big(stage: Stage) -> None:
    _scan(Phase.MAKING, pages=3)(stage)
    facts = {"pages": "1, 3", "least_size": "7.1 MB", "limit_size": "6 MB"}
    stage.flow.scan.failed(KioskError("PAGE-TOO-BIG", page=3, size=7_100_000, **facts))


def _in_parts(stage: Stage) -> None:
    _scan(Phase.LIST, pages=2)(stage)
    desk = stage.flow.scan.desk
    first, *_ = desk.papers
    desk.made(replace(first, rest=(replace(first, paper_id="rest", title=f"{first.title} (phần 2)"),)))
    desk.phase = Phase.LIST
    stage.flow.scan.redraw()


SCAN_SHOTS: dict[str, Callable[[Stage], None]] = {
    "08-scan-place": _scan(Phase.PLACE),
    "08-scan-place-both": _scan_both_ways,
    "09-scan-busy": _scan(Phase.BUSY),
    "09-scan-busy-page": _nearly_done,
    "10-scan-look": _scan(Phase.LOOK, pages=1),
    "11-scan-look-doubt": _scan(Phase.LOOK, pages=1, verdicts=("glare", "faint", "turn")),
    "11-scan-look-framed": _scan(Phase.LOOK, pages=1, verdicts=tuple(FRAMED_AT), places=FRAMED_AT),
    "11-scan-look-turning": _scan_turning,
    "11-scan-look-close": _scan_then(Phase.LOOK, _close, pages=1),
    "12-scan-more": _scan(Phase.MORE, pages=2),
    "13-scan-making": _scan(Phase.MAKING, pages=2),
    "14-scan-list": _scan(Phase.LIST, pages=2),
    "14-scan-list-parts": _in_parts,
    "15-scan-fault-too-big": _too_big,
    "15-scan-fault-page-too-big": _page_too_big,
    "15-scan-fault": _scan_fault("SCAN-COVER"),
    "15-scan-fault-jam": _scan_fault("SCAN-JAM", busy=False),
    "30-scan-camera": _scan_live(CAMERA, _camera, 0),
    "31-scan-phone": _scan_live(PHONE, _phone, 2),
    "31-scan-phone-https": _scan_live(PHONE, _phone_https, 0),
    "32-scan-choose": _scan_choose,
    "33-scan-corners": _scan_then(Phase.CORNERS, lambda desk: None, pages=1),
    "34-scan-place-again": _scan_then(Phase.LOOK, ScanDesk.redo, pages=2, device=CAMERA),
    "35-scan-more-aside": _scan_then(Phase.MORE, _first_goes),
    "36-scan-sort": _scan_then(Phase.SORT, _other_paper_first),
    "36-scan-sort-split": _scan_then(Phase.SORT, _parted),
    "37-scan-card-back": _scan_then(Phase.MORE, _card, pages=1),
    "38-scan-card-both": _scan_then(Phase.MORE, _card, pages=2),
    "39-scan-list-removed": _scan_then(Phase.MORE, _removed, pages=2),
}
