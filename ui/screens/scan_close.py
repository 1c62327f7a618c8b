"""A scanned page as wide as the screen and wider: its letters are read before it is called clear."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from kioskcore.findings import marks, raw_marks
from kioskcore.ports import Page
from ui.look import Look
from ui.scan_desk import ScanDesk, Side
from ui.screens.paper_view import ZOOM_LEAST, ZOOM_MOST, ZOOM_STEP, Sheet, within
from ui.widgets.blocks import Slot, column, label, row
from ui.widgets.buttons import ActionButton, load_picture
from ui.widgets.framed import framed
from ui.widgets.pages import Pages

PREVIEW_SIDE = 1200


def page_picture(look: Look, page: Page, side: Side) -> QPixmap:
    """How the page was or is, and a frame around each place that is meant by a doubt."""
    raw = side is Side.BEFORE
    file, meant = (page.raw_preview, raw_marks(page)) if raw else (page.clean_preview, marks(page))
    return framed(load_picture(file, PREVIEW_SIDE) or QPixmap(), meant, look.theme.colours.danger)


class CloseView(Slot):
    """The side of the desk's page that was tapped; the desk keeps how large it is."""

    def __init__(self, look: Look, desk: ScanDesk) -> None:
        super().__init__()
        assert desk.page is not None
        self.look, self._desk = look, desk
        self._image = page_picture(look, desk.page, desk.close_side).toImage()
        self._moving = Pages(look, column())
        self._draw()

    def _draw(self) -> None:
        look, zoom = self.look, self._desk.close_zoom
        name = look.say(f"ui.scan.{self._desk.close_side}")
        sheet = Sheet(self._image.size().toSizeF(), self._drawn)
        sheet.setAccessibleName(name)
        line = row(gap=look.theme.gap)
        line.addWidget(label(name, "strong"), 1)
        for icon, key, factor in (("minus", "smaller", 1 / ZOOM_STEP), ("plus", "bigger", ZOOM_STEP)):
            button = ActionButton(look, "", self._resize(factor), icon=icon, small=True, chrome=True)
            button.setAccessibleName(look.say(f"ui.portal.{key}"))
            button.setEnabled(zoom > ZOOM_LEAST if factor < 1 else zoom < ZOOM_MOST)
            line.addWidget(button)
        self._moving = Pages(look, column(sheet), margin=look.theme.mm(1), wide=zoom)
        body = column(line, self._moving, gap=look.theme.mm(1))
        body.setStretch(1, 1)
        self.put(body)

    def _resize(self, factor: float) -> Callable[[], None]:
        def go() -> None:
            share, self._desk.close_zoom = self._moving.moved, within(self._desk.close_zoom * factor)
            self._draw()
            self._moving.move_to(share)

        return go

    def _drawn(self, size: QSize) -> QImage:
        how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        return self._image.scaled(size, *how)
