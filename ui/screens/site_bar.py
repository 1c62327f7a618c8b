"""The bar over the portal's page: which site this is, whether it is genuine, and the buttons of the page."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui.look import Look
from ui.widgets.blocks import Figures, frame, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram


def site_bar(
    look: Look,
    site: Any,
    practice: bool,
    busy: QWidget,
    taps: Iterable[tuple[str, str, Callable[[], None]]],
    *,
    away: bool = False,
) -> QFrame:
    """`site`: the policy's, None while none is open. `taps`: (icon, key of the words, what it does).

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
    for sign, key, act in taps:
        button = ActionButton(look, "", act, icon=sign, chrome=True, small=True)
        button.setAccessibleName(look.say(key))
        button.setFixedSize(theme.touch, theme.touch)
        bar.addWidget(button)
    made = frame(look, "footer", bar)
    bar.setContentsMargins(theme.mm(3), theme.mm(1), theme.mm(3), theme.mm(1))
    return made


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
