"""The pictures and PDFs of a stick or folder, as thumbnails to choose from."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from kioskcore.errors import KioskError
from ui.look import Look
from ui.scan_desk import ScanDesk
from ui.widgets.blocks import Grid, column, label, notice, row
from ui.widgets.buttons import ActionButton
from ui.widgets.thumbs import ThumbTile

A_PAGE = 12


def choose_page(
    look: Look, desk: ScanDesk, redraw: Callable[[], None], changed: Callable[[], None]
) -> QVBoxLayout:
    """`changed`: another file was picked or put back; the page stays where it was moved to."""
    first = desk.shelf * A_PAGE
    tiles: dict[str, ThumbTile] = {}

    def number() -> None:
        for key, tile in tiles.items():
            place = desk.picked.index(key) + 1 if key in desk.picked else 0
            tile.set_number(place, look.say("ui.scan.picked", number=place) if place else "")

    def pick(key: str) -> None:
        desk.pick(key)
        number()
        changed()

    for at, offer in enumerate(desk.offers[first : first + A_PAGE], first + 1):
        note = look.say("ui.scan.pages", number=offer.pages) if offer.pages > 1 else ""
        name = look.say("ui.scan.picture", number=at)
        tiles[offer.key] = ThumbTile(look, name, offer.thumbnail, partial(pick, offer.key), note=note)
    number()
    body = column(label(look.say("ui.scan.pick"), "title"), gap=look.theme.gap)
    for code, files in desk.refused.most_common():  # before the pictures: what is missed is looked for
        left_out = look.say("ui.scan.left_out", number=files)
        body.addWidget(notice(look, "warn", "warning", left_out, *look.error(KioskError(code))))
    body.addWidget(Grid(look, list(tiles.values()), most=6))
    if len(desk.offers) > A_PAGE:
        body.addLayout(_turns(look, desk, redraw))
    body.addStretch(1)
    return body


def _turns(look: Look, desk: ScanDesk, redraw: Callable[[], None]) -> QVBoxLayout:
    def turn(by: int) -> None:
        desk.shelf += by
        redraw()

    newer = ActionButton(look, look.say("ui.scan.newer"), partial(turn, -1), icon="back")
    older = ActionButton(look, look.say("ui.scan.older"), partial(turn, 1), icon="next")
    newer.setEnabled(desk.shelf > 0)
    older.setEnabled((desk.shelf + 1) * A_PAGE < len(desk.offers))
    return column(row(newer, older, gap=look.theme.gap))
