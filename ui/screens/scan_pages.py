"""The pages of a paper: is this one clear, is there another, their order, one paper or two."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLayout, QVBoxLayout

from kioskcore.findings import said
from kioskcore.ports import Page
from kioskcore.told import joined
from ui.look import Look
from ui.scan_desk import ScanDesk, Side
from ui.screens.scan_close import page_picture
from ui.theme import TextSize
from ui.widgets.blocks import Grid, PictureBox, column, label, notice, row
from ui.widgets.buttons import ActionButton
from ui.widgets.thumbs import ThumbTile

_PAGE_MM, _LOOK_MM = 48, 54

Then = Callable[[Callable[[], None]], Callable[[], None]]
"""Makes a tap of an act on the desk: do it, then draw the screen again."""


def look_page(
    look: Look,
    desk: ScanDesk,
    then: Then,
    *,
    turn: Callable[[], None],
    corners: Callable[[], None],
    wide: bool,
) -> QVBoxLayout:
    """Before and after, what the machine doubts, and what may be done about it; `wide`: side by side."""
    theme, page = look.theme, desk.page
    assert page is not None
    number = look.say("ui.scan.page", number=desk.looking_at + 1)
    body = column(label(f"{look.say('ui.scan.clear')} {number}", "title"), gap=theme.mm(2))
    if desk.turning:
        body.addWidget(notice(look, "now", "reload", look.say("ui.scan.turning")))
    for doubt in said(look.words, page):  # before the pictures, which may push all else out of sight
        body.addWidget(notice(look, "warn", "warning", doubt))
    pictures = row(gap=theme.space)
    for side in Side:
        pictures.addLayout(_pictured(look, page, side, then(partial(desk.show_close, side))), 1)
    body.addLayout(pictures, 1)
    acts = [
        ActionButton(look, look.say("ui.scan.redo"), then(desk.redo), icon="scanner"),
        ActionButton(look, look.say("ui.scan.turn"), turn, icon="reload"),
        ActionButton(look, look.say("ui.scan.edges"), corners, icon="crop"),
        ActionButton(look, look.say("ui.scan.delete"), then(desk.drop_page), icon="close"),
    ]
    for act in acts:
        act.setEnabled(not desk.turning)
    if wide:
        body.addLayout(row(*acts, 1, gap=theme.gap))
    else:
        body.addWidget(Grid(look, acts, most=2))
    return body


def _pictured(look: Look, page: Page, side: Side, tap: Callable[[], None]) -> QVBoxLayout:
    """A picture below its name; either opens it large, where its letters can be read."""
    name = look.say(f"ui.scan.{side}")
    opens = ActionButton(look, name, tap, icon="search", chrome=True, small=True)
    opens.setAccessibleName(joined(look.say("ui.scan.close"), name, gap=". "))
    box = PictureBox(page_picture(look, page, side), name, look.theme.mm(_LOOK_MM))
    box.tapped.connect(opens.click)
    made = column(opens, box, gap=look.theme.mm(1))
    made.setStretch(1, 1)
    return made


def more_page(look: Look, desk: ScanDesk, then: Then) -> QVBoxLayout:
    """All pages so far, each to be looked at again by a tap."""
    current = desk.current
    ask = "ui.scan.back_side" if desk.wants_back else "ui.scan.more"
    body = column(label(look.say(ask), "title"), gap=look.theme.gap)
    body.addWidget(label(look.say("ui.scan.have", title=current.title, number=len(current.pages))))
    body.addLayout(aside_notice(look, desk, then))
    body.addWidget(_tiles(look, desk, lambda at: then(partial(desk.look_at, at))))
    if current.is_card:
        body.addWidget(_purpose(look, desk, then))
    acts = []
    if not desk.wants_back:
        acts.append(ActionButton(look, look.say("ui.scan.add"), then(desk.place_more), icon="plus"))
    if desk.wants_back:
        acts.append(ActionButton(look, look.say("ui.scan.one_sided"), then(partial(_one_sided, desk))))
    if len(current.pages) > 1 or desk.before is not None:
        acts.append(ActionButton(look, look.say("ui.scan.sort"), then(desk.sort), icon="sort"))
    body.addWidget(Grid(look, acts, most=2))
    body.addStretch(1)
    return body


def _one_sided(desk: ScanDesk) -> None:
    desk.one_sided = True


def _purpose(look: Look, desk: ScanDesk, then: Then) -> ActionButton:
    """The line across the copy of a card: on, unless the person does not want it."""

    def switch() -> None:
        desk.purpose = not desk.purpose

    words = (look.say("ui.scan.purpose"), look.say("ui.scan.purpose_why"))
    tick = ActionButton(look, words[0], then(switch), kind="tick", note=words[1])
    tick.setChecked(desk.purpose)
    return tick


def aside_notice(look: Look, desk: ScanDesk, then: Then) -> QLayout:
    """What went last, and the way back; nothing where nothing went."""
    aside = desk.current.aside
    if not aside:
        return column()
    gone = aside[-1]
    words = look.say(f"ui.scan.{'blank' if gone.blank else 'old' if gone.old else 'page'}_aside")
    back = ActionButton(look, look.say("ui.scan.bring_back"), then(desk.bring_back), icon="undo")
    told = notice(look, "now", "document", words)
    if look.theme.text_size is TextSize.HUGE:  # beside the button a line would hold one word
        return column(told, back, gap=look.theme.gap)
    made = row(told, back, gap=look.theme.gap)
    made.setStretch(0, 1)
    return made


def _tiles(look: Look, desk: ScanDesk, tap: Callable[[int], Callable[[], None]], mark: int = -1) -> Grid:
    tiles: list[ActionButton] = []
    for at, page in enumerate(desk.current.pages):
        name = look.say("ui.scan.page", number=at + 1)
        tile = ThumbTile(look, name, page.clean_preview, tap(at), side_mm=_PAGE_MM)
        if at == mark:
            tile.set_number(at + 1, look.say("ui.scan.this_one"))
        tiles.append(tile)
    return Grid(look, tiles, most=6)


def sort_page(look: Look, desk: ScanDesk, then: Then, extra: Callable[[], str]) -> QVBoxLayout:
    """A page is picked, then moved; from it on another paper; all of it to the paper before."""
    pages, at = desk.current.pages, desk.looking_at

    def pick(number: int) -> None:
        desk.looking_at = number

    body = column(label(look.say("ui.scan.sort_ask"), "title"), gap=look.theme.gap)
    if parted := desk.parted:
        told = look.say("ui.scan.split_done", title=parted.title, number=len(parted.pages))
        body.addWidget(notice(look, "now", "split", told))
    body.addWidget(_tiles(look, desk, lambda number: then(partial(pick, number)), mark=at))
    earlier = ActionButton(look, look.say("ui.scan.earlier"), then(partial(desk.move, -1)), icon="back")
    later = ActionButton(look, look.say("ui.scan.later"), then(partial(desk.move, 1)), icon="next")
    split = ActionButton(
        look,
        look.say("ui.scan.split", number=at + 1),
        then(lambda: desk.split(extra())),
        icon="split",
    )
    earlier.setEnabled(at > 0)
    later.setEnabled(at + 1 < len(pages))
    split.setEnabled(at > 0)
    acts = [earlier, later, split]
    if desk.before is not None:
        words = look.say("ui.scan.merge", title=desk.before.title)
        acts.append(ActionButton(look, words, then(desk.merge), icon="plus"))
    body.addWidget(Grid(look, acts, most=2))
    body.addStretch(1)
    return body
