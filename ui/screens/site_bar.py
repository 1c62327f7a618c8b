"""The bar over the portal's page: which site this is, whether it is genuine, and the buttons of the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui.look import Look
from ui.widgets.blocks import Figures, frame, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram

NAME_MM = 90
"""What the site's name and its shield keep of the bar."""
UNTOLD = {"reload", "home", "search"}


@dataclass(frozen=True)
class Tap:
    """A button of the page. `key`: what it does, for who listens; `short`: what stands on it, with room."""

    icon: str
    key: str
    short: str
    do: Callable[[], None]


def site_bar(
    look: Look,
    site: Any,
    practice: bool,
    busy: QWidget,
    taps: Sequence[Tap],
    *,
    width: int = 0,
    away: bool = False,
) -> QFrame:
    """`site`: the policy's, None while none is open. `width`: of the bar, in pixels.

    `away`: the page is there but hidden.
    """
    theme = look.theme
    name, icon, colour = _words(look, site, practice, away)
    words = QLabel(name)
    words.setProperty("role", "site")
    words.setWordWrap(True)
    bar = row(Pictogram(icon, theme.mm(9), colour), gap=theme.mm(3))
    bar.addWidget(words, 1)
    bar.addWidget(busy)
    for button in _buttons(look, taps, width - theme.mm(NAME_MM)):
        bar.addWidget(button)
    made = frame(look, "footer", bar)
    bar.setContentsMargins(theme.mm(3), theme.mm(1), theme.mm(3), theme.mm(1))
    return made


def _buttons(look: Look, taps: Sequence[Tap], room: int) -> list[ActionButton]:
    """With words as far as all fit into `room` pixels: all of them, those that no picture tells, or none."""
    for worded in ({tap.icon for tap in taps}, UNTOLD, set()):
        made = [_button(look, tap, tap.icon in worded) for tap in taps]
        if sum(button.width() + look.theme.mm(3) for button in made) <= room:
            break
    return made


def _button(look: Look, tap: Tap, worded: bool) -> ActionButton:
    words, side = look.say(tap.short) if worded else "", look.theme.touch
    button = ActionButton(look, words, tap.do, icon=tap.icon, chrome=True, small=True)
    button.setAccessibleName(look.say(tap.key))
    button.setFixedSize(button.sizeHint().width() if worded else side, side)
    return button


def code_band(look: Look, code: str) -> QFrame:
    """The dossier's code across the whole window: of all that shows it is what has to be copied."""
    line = row(label(look.say("ui.portal.code"), "chrome-good"), Figures(look, code), gap=look.theme.space)
    line.setStretch(1, 1)
    return frame(look, "good", line)


def _words(look: Look, site: Any, practice: bool, away: bool) -> tuple[str, str, str]:
    say, colours = look.say, look.theme.colours
    if practice:
        return say("ui.portal.practice"), "warning", colours.warn
    if away:
        return say("ui.portal.away"), "hand", colours.muted
    if site is None:
        return say("ui.portal.opening"), "shield", colours.muted
    return (
        say("ui.portal.genuine", name=getattr(site.name, look.language, site.name.vi)),
        "shield",
        colours.good,
    )
