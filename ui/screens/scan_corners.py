"""The person shows where the paper lies: four corners on the whole picture."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QVBoxLayout

from kioskcore.ports import Page, Point
from ui.look import Look
from ui.screens.scan_close import PREVIEW_SIDE
from ui.theme import TextSize
from ui.widgets.blocks import Grid, column, label
from ui.widgets.buttons import ActionButton, load_picture
from ui.widgets.corners import CornerEditor, Spot

_WHOLE: tuple[Spot, ...] = ((0, 0), (1, 0), (1, 1), (0, 1))
_GUESS: tuple[Spot, ...] = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


def corners_page(
    look: Look, page: Page, changed: Callable[[], None], moved: Sequence[Spot] | None = None
) -> tuple[QVBoxLayout, CornerEditor]:
    """The body, and the editor that holds the corners; `moved`: where the person had put them."""
    size = _size(page)
    spots: tuple[Spot, ...] = _GUESS
    if page.corners is not None and not size.isEmpty():
        spots = tuple((x / size.width(), y / size.height()) for x, y in page.corners)
    editor = CornerEditor(look, load_picture(page.raw_preview, PREVIEW_SIDE) or QPixmap(), moved or spots)
    editor.changed.connect(changed)

    def put(corners: tuple[Spot, ...]) -> Callable[[], None]:
        def go() -> None:
            for number, (x, y) in enumerate(corners):
                editor.move_corner(number, x, y)

        return go

    acts = [
        ActionButton(look, look.say("ui.scan.corners.whole"), put(_WHOLE), icon="document"),
        ActionButton(look, look.say("ui.scan.corners.before"), put(spots), icon="undo"),
    ]
    asked = "ui.scan.corners.ask" if page.corners is not None else "ui.scan.corners.lost"
    body = column(label(look.say(asked), "title"), gap=look.theme.mm(2))
    if look.theme.text_size is not TextSize.HUGE:  # there the picture needs the room
        body.addWidget(label(look.say("ui.scan.corners.how")))
    body.addWidget(editor, 1)
    body.addWidget(Grid(look, acts, most=2))
    return body, editor


def in_pixels(editor: CornerEditor, page: Page) -> tuple[Point, ...]:
    """The corners in pixels of the raw picture."""
    size = _size(page)
    return tuple((x * (size.width() - 1), y * (size.height() - 1)) for x, y in editor.corners)


def _size(page: Page) -> QSize:
    return QImageReader(str(page.raw)).size()
