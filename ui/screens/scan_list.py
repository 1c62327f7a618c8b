"""All papers before the portal: what each has, to be scanned, looked through, removed or brought back."""

from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout

from kioskcore.told import joined
from ui.look import Look
from ui.scan_desk import ScanDesk
from ui.scan_papers import Wanted
from ui.screens.scan_pages import Then
from ui.theme import TextSize
from ui.widgets.blocks import column, frame, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram


def list_page(look: Look, desk: ScanDesk, then: Then) -> QVBoxLayout:
    body = column(label(look.say("ui.scan.check"), "title"), gap=look.theme.gap)
    for wanted in desk.wanted:
        body.addWidget(_line(look, desk, wanted, then))

    def extra() -> None:
        desk.add_extra(look.say("ui.scan.extra", number=desk.extras + 1))

    body.addLayout(row(ActionButton(look, look.say("ui.scan.other"), then(extra), icon="plus"), 1))
    body.addStretch(1)
    return body


def _line(look: Look, desk: ScanDesk, wanted: Wanted, then: Then) -> QFrame:
    theme, paper = look.theme, wanted.paper
    about = look.say("ui.scan.not_scanned")
    if paper is not None:
        pages = sum(part.pages for part in paper.parts)
        size = sum(part.size_bytes for part in paper.parts)
        about = look.say("ui.scan.size", pages=pages, size=megabytes(look, size))
        if paper.rest:
            about = joined(about, look.say("ui.scan.parts", number=len(paper.parts)), gap=", ")
    elif wanted.pages:
        about = look.say("ui.scan.begun", number=len(wanted.pages))
    colour = theme.colours.good if paper else theme.colours.muted
    words = row(Pictogram("check" if paper else "minus", theme.icon, colour), gap=theme.gap)
    words.addLayout(column(label(wanted.title, "strong"), label(about, "muted")), 1)
    inside = column(gap=theme.gap) if theme.text_size is TextSize.HUGE else row(gap=theme.gap)
    inside.addLayout(words, 1)
    acts = row(gap=theme.gap)
    for act in _acts(look, desk, wanted, then):
        acts.addWidget(act)
    inside.addLayout(acts)
    return frame(look, "card", inside)


def _acts(look: Look, desk: ScanDesk, wanted: Wanted, then: Then) -> list[ActionButton]:
    see = "ui.scan.see" if wanted.pages else "ui.scan.go"
    acts = [ActionButton(look, look.say(see), then(partial(desk.open, wanted.key)))]
    if wanted.pages:
        remove = then(partial(desk.remove, wanted.key))
        acts.append(ActionButton(look, look.say("ui.scan.remove"), remove, kind="danger", icon="bin"))
    elif wanted.aside and not wanted.aside[-1].blank:
        restore = then(partial(desk.restore, wanted.key))
        acts.append(ActionButton(look, look.say("ui.scan.restore"), restore, icon="undo"))
    return acts


def megabytes(look: Look, size: int) -> str:
    """ "1,2 MB" as the language writes it."""
    number = f"{max(size, 50_000) / 1_000_000:.1f}"
    return look.say("ui.megabytes", number=look.words.amount(number))
