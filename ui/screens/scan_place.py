"""The page that says how to put the paper in: which paper, three short acts, and by which way it gets in."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from ui.look import Look
from ui.scan_desk import ScanDesk
from ui.theme import TextSize
from ui.widgets.blocks import column, frame, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram

_DEVICES = 4

Then = Callable[[Callable[[], None]], Callable[[], None]]
"""Makes a tap of an act on the desk: do it, then draw the screen again."""


def place_page(look: Look, desk: ScanDesk, title: str, then: Then) -> QVBoxLayout:
    """The body of the phase PLACE. `title`: which paper of how many."""
    theme, current = look.theme, desk.current
    words = column(label(title, "title"), gap=theme.mm(3))
    for number in (1, 2, 3):
        words.addWidget(label(f"{number}. " + look.say(f"ui.scan.place.{_way(desk)}.{number}")))
    if current.pages:
        words.addWidget(label(look.say("ui.scan.page", number=len(current.pages) + 1), "strong"))
    if current.note:
        words.addWidget(label(current.note, "muted"))
    inside = row(gap=theme.space)
    inside.addWidget(Pictogram("scanner", theme.mm(44), theme.colours.accent), 0, Qt.AlignmentFlag.AlignTop)
    inside.addLayout(words, 1)
    body = column(frame(look, "plain", inside), gap=theme.space)
    if desk.glass_or_feeder:
        body.addLayout(_glass_or_feeder(look, desk, then))
    if len(desk.devices) > 1:
        body.addLayout(_device_choice(look, desk, then))
    body.addStretch(1)
    if not current.required and not current.pages:
        body.addLayout(row(ActionButton(look, look.say("ui.scan.skip"), then(desk.skip)), 1))
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


def _device_choice(look: Look, desk: ScanDesk, then: Then) -> QVBoxLayout:
    choice = column(label(look.say("ui.scan.device"), "strong"), gap=look.theme.gap)
    for device in desk.devices[:_DEVICES]:
        chosen = device == desk.device
        button = ActionButton(
            look,
            look.say(f"ui.scan.kind.{device.kind}"),
            then(partial(desk.use, device)),
            kind="choice-row",
            icon="check" if chosen else "scanner",
            note=device.name,
        )
        choice.addWidget(button)
    return choice
