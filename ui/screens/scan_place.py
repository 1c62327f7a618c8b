"""The page that says how to put the paper in: which paper, three short acts, and by which way it gets in."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from kioskcore.ports import Device, DeviceKind
from ui.look import Look
from ui.scan_desk import ScanDesk
from ui.screens.scan_pages import Then, aside_notice
from ui.theme import TextSize
from ui.widgets.blocks import Grid, column, frame, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram

_DEVICES = 4

_PLAIN = (None, DeviceKind.SCANNER, DeviceKind.SAMPLE)


def icon_of(kind: DeviceKind | None) -> str:
    """The pictogram of a way in."""
    return "scanner" if kind in _PLAIN else str(kind)


def place_page(
    look: Look, desk: ScanDesk, title: str, then: Then, search: Callable[[], None]
) -> QVBoxLayout:
    """The body of the phase PLACE. `title`: which paper of how many; `search`: look for devices again."""
    theme, current = look.theme, desk.current
    words = column(label(title, "title"), gap=theme.mm(3))
    for number in (1, 2, 3):
        words.addWidget(label(f"{number}. " + look.say(f"ui.scan.place.{_way(desk)}.{number}")))
    if desk.again:
        words.addWidget(label(look.say("ui.scan.again_page", number=desk.looking_at + 1), "strong"))
    elif desk.wants_back:
        words.addWidget(label(look.say("ui.scan.back_side"), "strong"))
    elif current.pages:
        words.addWidget(label(look.say("ui.scan.page", number=len(current.pages) + 1), "strong"))
    if current.note:
        words.addWidget(label(current.note, "muted"))
    inside = row(gap=theme.space)
    drawing = Pictogram(icon_of(desk.kind), theme.mm(44), theme.colours.accent)
    inside.addWidget(drawing, 0, Qt.AlignmentFlag.AlignTop)
    inside.addLayout(words, 1)
    body = column(frame(look, "plain", inside), gap=theme.space)
    if not current.pages:
        body.addLayout(aside_notice(look, desk, then))
    if desk.glass_or_feeder:
        body.addLayout(_glass_or_feeder(look, desk, then))
    if len(desk.devices) > 1:
        ask = look.say("ui.scan.device")
        body.addLayout(ways_in(look, ask, desk.devices[:_DEVICES], desk.use, then=then, chosen=desk.device))
    body.addStretch(1)
    acts = []
    if not current.required and not current.pages:
        acts.append(ActionButton(look, look.say("ui.scan.skip"), then(desk.skip)))
    if desk.searched:
        acts.append(ActionButton(look, look.say("ui.scan.search"), search, icon="search"))
    if acts:
        body.addWidget(Grid(look, acts, most=2))
    return body


def _way(desk: ScanDesk) -> str:
    """What the three acts are about: the feeder is no glass."""
    if desk.device is None:
        return "unknown"
    return "feeder" if desk.by_feeder else str(desk.device.kind)


def _glass_or_feeder(look: Look, desk: ScanDesk, then: Then) -> QVBoxLayout:
    huge = look.theme.text_size is TextSize.HUGE
    ways = column(gap=look.theme.gap) if huge else row(gap=look.theme.gap)
    for feeder, key in ((False, "ui.scan.glass"), (True, "ui.scan.feeder")):
        chosen = desk.by_feeder is feeder
        button = ActionButton(
            look,
            look.say(key),
            then(partial(desk.feed, feeder)),
            kind="chosen" if chosen else "secondary",
            icon="check" if chosen else "scanner",
        )
        ways.addWidget(button)
        ways.setStretchFactor(button, 1)
    return column(label(look.say("ui.scan.where"), "strong"), ways, gap=look.theme.gap)


def ways_in(
    look: Look,
    ask: str,
    devices: Sequence[Device],
    use: Callable[[Device], None],
    *,
    then: Then,
    chosen: Device | None = None,
) -> QVBoxLayout:
    """The devices in the citizen's words, in the order of the settings; the one in use has a tick."""
    choice = column(label(ask, "strong"), gap=look.theme.gap)
    for device in devices:
        button = ActionButton(
            look,
            look.say(f"ui.scan.kind.{device.kind}"),
            then(partial(use, device)),
            kind="choice-row",
            icon="check" if device == chosen else icon_of(device.kind),
            note=device.name,
        )
        choice.addWidget(button)
    return choice
