"""`kiosk.py screens --out DIR`: every screen in every language, size and shape as a picture, to look through.

`SHOTS` lists every state a person can see; tests hold the house rules against the same list.
"""

import argparse
import itertools
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.visit import Event
from portal.webview.asking import DialogKind, DialogRequest, ListRequest, Option, PickRequest, UploadRequest
from ui.gallery_scan import SCAN_SHOTS
from ui.gallery_stage import Shape, Stage, settle
from ui.languages import ask_language
from ui.practice import PracticePeople
from ui.quiet import PaperBrowser
from ui.samples import sample_page, sample_paper
from ui.scan_papers import Wanted
from ui.screens.guide import Part
from ui.screens.list_picker import ListPicker
from ui.screens.page_asks import PageAsks
from ui.screens.pickers import Pickers
from ui.theme import TextSize, load_fonts
from ui.widgets.buttons import ActionButton

SHAPES = (
    Shape(1366, 768, inches=15.6),
    Shape(1080, 1920, inches=21.5),
    Shape(1920, 1080, inches=23.8),
    Shape(3840, 2160, inches=27),
)
"""The screens that kiosks are built with, the narrowest first."""


def _guide(part: Part) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        stage.fire(Event.TOUCH, Event.PICK)
        while stage.flow.guide.page_now().part is not part:
            action = stage.flow.guide.primary()
            assert action is not None
            action.do()

    return go


def _guide_in_the_way(stage: Stage) -> None:
    _guide(Part.READY)(stage)
    guide = stage.flow.guide
    settle(stage)
    no = stage.look.say("ui.no" if guide.guide.questions[0].good else "ui.yes")
    next(made for made in guide.findChildren(ActionButton) if made.text() == no).click()


def _check(stage: Stage) -> None:
    SCAN_SHOTS["14-scan-list"](stage)
    guide = stage.flow.guide
    first, *_ = guide.guide.questions
    guide.tick(guide.guide.papers[0].key)
    guide.answer(first.key, not first.good)
    action = stage.flow.scan.primary()
    assert action is not None
    action.do()


def _portal(stage: Stage) -> None:
    stage.fire(Event.TOUCH, Event.PICK, Event.TO_PORTAL)


def _portal_then(act: Callable[[PaperBrowser], None]) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        _portal(stage)
        act(stage.browser)

    return go


def _paper_late(browser: PaperBrowser) -> None:
    browser.paper_comes.emit(True)
    browser.address_changed.emit("https://dichvucong.gov.vn/")
    browser.paper_comes.emit(False)
    browser.paper_came.emit(Path())  # it is not looked into before the button is tapped


def _portal_find(stage: Stage) -> None:
    _portal(stage)
    stage.flow.portal._find.turn()


def _upload(stage: Stage, multiple: bool = False) -> None:
    _portal(stage)
    desk = stage.flow.scan.desk
    for key, title, pages in (("uy-quyen", "Giấy ủy quyền", 1), ("extra-1", "Giấy khác 1", 3)):
        desk.wanted.append(Wanted(key, title, paper=sample_paper(stage.folder, key, title, pages)))
    stage.flow.desk.chooser.open(UploadRequest((".pdf",), multiple, max_bytes=1_000_000))


def _upload_pages(stage: Stage) -> None:
    _portal(stage)
    wanted = Wanted("khai-sinh", "Giấy khai sinh", pages=[sample_page(stage.folder, n) for n in (1, 2)])
    wanted.paper = sample_paper(stage.folder, wanted.key, wanted.title, len(wanted.pages))
    stage.flow.scan.desk.wanted.append(wanted)
    stage.flow.desk.chooser.open(UploadRequest(("image/*",), False))


def _upload_shrinking(stage: Stage) -> None:
    _portal(stage)
    stage.flow.desk.chooser.open_busy("Giấy chứng nhận đất")


def _upload_too_heavy(stage: Stage) -> None:
    _portal(stage)
    fault = KioskError("PAPER-TOO-BIG", page=2, least_size="3.4 MB", limit_size="2 MB")
    stage.flow.desk.chooser.open_fault(fault)


def _upload_nothing(stage: Stage) -> None:
    _portal(stage)
    stage.flow.desk.chooser.open(UploadRequest((".pdf",), False))


def _page_asks_camera(stage: Stage) -> None:
    _portal(stage)
    PageAsks(stage.look, stage.shell).open(DialogRequest(DialogKind.CAMERA, ""))


def _pick(kind: str, value: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        _portal(stage)
        Pickers(stage.look, stage.shell).open(PickRequest(kind, value))

    return go


def _list(count: int, chosen: int, *, multiple: bool = False) -> Callable[[Stage], None]:
    options = tuple(
        Option(number, f"Xã Mẫu {number + 1}", f"Tỉnh Mẫu {number // 20 + 1}", number == chosen)
        for number in range(count)
    )

    def go(stage: Stage) -> None:
        _portal(stage)
        ListPicker(stage.look, stage.shell).open(ListRequest(options, multiple))

    return go


def _print(stage: Stage) -> None:
    _portal(stage)
    stage.flow.desk.sheet.offer(stage.folder / "a.pdf", 3, 2)


def _printing(stage: Stage) -> None:
    _print(stage)
    stage.flow.desk.sheet._send()


def _print_fault(stage: Stage) -> None:
    _print(stage)
    stage.flow.desk.sheet._fault(KioskError("PRINT-PAPER"))


def _page_asks(stage: Stage) -> None:
    _portal(stage)
    PageAsks(stage.look, stage.shell).open(DialogRequest(DialogKind.CONFIRM, "Bạn có chắc chắn nộp hồ sơ?"))


def _finish(code: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        _portal(stage)
        if code:
            stage.browser.dossier_found.emit(code)
        stage.fire(Event.SUBMITTED)

    return go


def _overlay(act: Callable[[Stage], None]) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        stage.fire(Event.TOUCH)
        act(stage)

    return go


def _search(text: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        stage.fire(Event.TOUCH)
        stage.flow.choose.search_for(text)

    return go


def _listening(walk: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """With softer, louder and "read to me", which stay once something was listened to."""

    def go(stage: Stage) -> None:
        walk(stage)
        settle(stage)
        stage.shell.sound.listen()

    return go


def _reading(stage: Stage) -> None:
    stage.shell.sound.set_reading(True)
    stage.fire(Event.TOUCH)
    settle(stage)
    tile = next(b for b in stage.flow.choose.findChildren(ActionButton) if b.kind == "choice")
    stage.shell.sound.touch.read_first(tile)


def _people(stage: Stage) -> None:
    """As in practice mode."""
    stage.fire(Event.TOUCH)
    PracticePeople(stage.shell, stage.look).ask()


def _languages(stage: Stage) -> None:
    """As where there are more than two."""
    stage.fire(Event.TOUCH)
    ask_language(stage.shell, stage.look)


def _ending_leaving(stage: Stage) -> None:
    """As while a site takes its time to log out."""
    stage.browser.leaves = False
    stage.fire(Event.TOUCH, Event.PICK, Event.TO_PORTAL, Event.LEAVE)


SHOTS: dict[str, Callable[[Stage], None]] = {
    "01-waiting": lambda _stage: None,
    "02-choose": lambda stage: stage.fire(Event.TOUCH),
    "03-search": _search("khai sinh"),
    "03-search-nothing": _search("qqqq"),
    "04-guide-about": _guide(Part.ABOUT),
    "05-guide-bring": _guide(Part.BRING),
    "06-guide-ready": _guide(Part.READY),
    "06-guide-in-the-way": _guide_in_the_way,
    "07-guide-steps": _guide(Part.STEPS),
    **SCAN_SHOTS,
    "15-check": _check,
    "16-portal": _portal,
    "16-portal-elsewhere": _portal_then(
        lambda browser: browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Xin chào")
    ),
    "17-portal-code": _portal_then(lambda browser: browser.dossier_found.emit("G22.99.08-261122-000001")),
    "18-portal-blocked": _portal_then(lambda browser: browser.blocked.emit("other")),
    "18-portal-certificate": _portal_then(lambda browser: browser.failed.emit("PORTAL-CERTIFICATE")),
    "19-portal-offline": _portal_then(lambda browser: browser.failed.emit("PORTAL-OFFLINE")),
    "19-portal-no-answer": _portal_then(lambda browser: browser.failed.emit("PORTAL-NO-ANSWER")),
    "19-portal-paper-comes": _portal_then(lambda browser: browser.paper_comes.emit(True)),
    "19-portal-paper-waits": _portal_then(_paper_late),
    "19-portal-find": _portal_find,
    "19-portal-long": _portal_then(lambda browser: browser.moves_changed.emit(False, True)),
    "20-upload": _upload,
    "20-upload-nothing": _upload_nothing,
    "20-upload-shrinking": _upload_shrinking,
    "20-upload-too-heavy": _upload_too_heavy,
    "20-upload-pages": _upload_pages,
    "20-upload-several": lambda stage: _upload(stage, multiple=True),
    "21-page-asks": _page_asks,
    "21-page-asks-camera": _page_asks_camera,
    "21-page-number": _portal_then(lambda browser: browser.number_asked.emit("18001096")),
    "21-pick-date": _pick("date", "1955-09-02"),
    "21-pick-datetime": _pick("datetime-local", ""),
    "21-pick-colour": _pick("color", "#1976d2"),
    "21-list": _list(5, 1),
    "21-list-long": _list(170, 30),
    "21-list-ticks": _list(8, 2, multiple=True),
    "21-print": _print,
    "21-print-sending": _printing,
    "21-print-fault": _print_fault,
    "22-finish": _finish("G22.99.08-261122-000001"),
    "23-finish-no-code": _finish(""),
    "24-ending-leaving": _ending_leaving,
    "24-ending": lambda stage: stage.fire(Event.TOUCH, Event.LEAVE),
    "25-out-of-service": lambda stage: stage.flow.out_of_service(KioskError("CRASH-LOOP")),
    "26-help-waiting": lambda stage: stage.shell.open_help(),
    "26-help": _overlay(lambda stage: stage.shell.open_help()),
    "27-leave": _overlay(lambda stage: stage.shell.ask_leave()),
    "28-idle": _overlay(lambda stage: stage.shell.warn_idle(42)),
    "29-listening": _listening(_guide(Part.BRING)),
    "29-listening-portal": _listening(_portal),
    "29-listening-scan": _listening(SCAN_SHOTS["10-scan-look"]),
    "30-reading": _reading,
    "31-languages": _languages,
    "32-practice-people": _people,
}
"""Name -> how to get there from a fresh waiting screen."""


Dress = tuple[Shape, TextSize, str]


def stages(
    config: Config, looks: Sequence[Dress], folder: Path, *, strong: bool = False, practice: bool = False
) -> Iterator[tuple[str, Dress, Stage]]:
    """Each shot in each look, on one stage a shot."""
    for name, shot in SHOTS.items():
        stage = Stage(config, looks[0][0], folder, practice)
        shot(stage)
        for look in looks:
            stage.dress(*look, strong=strong)
            settle(stage)
            yield name, look, stage
        stage.close()
        settle()


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError("1920x1080")
    return int(found[1]), int(found[2])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="nơi lưu ảnh / where to save")
    parser.add_argument("--text-size", choices=[*TextSize], action="append", help="normal, large, huge")
    parser.add_argument("--contrast", action="store_true", help="màu đậm / high contrast")
    parser.add_argument("--practice", action="store_true", help="chế độ luyện tập / practice mode")
    parser.add_argument("--size", type=_size, action="append", metavar="WxH", help="điểm ảnh / pixels")
    parser.add_argument("--inches", type=float, default=0, help="đường chéo màn hình / diagonal; 0: ?")
    parser.add_argument("--scale", type=float, default=1, help="hệ thống phóng to / scaling: 1 ... 2")


def run(args: argparse.Namespace, config: Config) -> int:
    """Write `<width>x<height>[@scale]-<text size>-<language>/<shot>.png` below --out."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if args.scale != 1:
        os.environ["QT_SCALE_FACTOR"] = str(args.scale)  # before Qt starts, which reads it once
    app = QApplication.instance() or QApplication(["kiosk"])
    load_fonts()
    shapes = [Shape(wide, high, args.inches, args.scale) for wide, high in args.size or ()]
    sizes = [TextSize(size) for size in args.text_size or [TextSize.NORMAL]]
    looks = list(itertools.product(shapes or SHAPES, sizes, config.screen.languages))
    with tempfile.TemporaryDirectory(prefix="kiosk-screens-") as folder:
        strong = args.contrast or config.screen.high_contrast
        walks = stages(config, looks, Path(folder), strong=strong, practice=args.practice)
        for name, look, stage in walks:
            out = args.out / "-".join(map(str, look))
            out.mkdir(parents=True, exist_ok=True)
            stage.shell.grab().save(str(out / f"{name}.png"))
    del app
    return 0
