"""The person shows where the paper lies: four corners on the whole picture."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QVBoxLayout

from kioskcore.ports import Page, Point
from ui.look import Look
from ui.screens.scan_close import PREVIEW_SIDE
from ui.theme import TextSize
from ui.widgets.blocks import Grid, column, label, row
from ui.widgets.buttons import ActionButton, load_picture
from ui.widgets.corners import CornerEditor, Spot

_WHOLE: tuple[Spot, ...] = ((0, 0), (1, 0), (1, 1), (0, 1))
_GUESS: tuple[Spot, ...] = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


def corners_page(
    look: Look,
    page: Page,
    changed: Callable[[], None],
    moved: Sequence[Spot] | None = None,
    *,
    lying: bool,
) -> tuple[QVBoxLayout, CornerEditor]:
    """The body, and the editor that holds the corners; `moved`: where the person had put them.

    `lying`: on a screen that is wider than high the words stand beside the picture, which needs the height.
    """
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
    letters = look.theme.text_size  # with larger letters the picture needs the room
    brief = letters is TextSize.HUGE or (lying and letters is not TextSize.NORMAL)
    asked = "short" if brief else "ask" if page.corners is not None else "lost"
    words = column(label(look.say(f"ui.scan.corners.{asked}"), "title"), gap=look.theme.gap)
    if not brief:
        words.addWidget(label(look.say("ui.scan.corners.how")))
    beside = lying and letters is not TextSize.HUGE
    for act in acts if beside else ():
        words.addWidget(act)
    body = column(gap=look.theme.mm(2))
    if lying:
        words.addStretch(1)
        halves = row(words, editor, gap=look.theme.gap)
        halves.setStretch(0, 2)
        halves.setStretch(1, 3)
        body.addLayout(halves, 1)
    else:
        body.addLayout(words)
        body.addWidget(editor, 1)
    if not beside:
        body.addWidget(Grid(look, acts, most=2))
    return body, editor


def in_pixels(editor: CornerEditor, page: Page) -> tuple[Point, ...]:
    """The corners in pixels of the raw picture."""
    size = _size(page)
    return tuple((x * (size.width() - 1), y * (size.height() - 1)) for x, y in editor.corners)


def _size(page: Page) -> QSize:
    return QImageReader(str(page.raw)).size()
