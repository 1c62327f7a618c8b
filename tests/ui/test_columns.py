"""A text on a wide screen stands in a column, as long as nothing of it goes out of sight by that."""

import pytest
from PySide6.QtCore import QPoint

from ui.gallery import SHAPES, Shape
from ui.widgets.buttons import ActionButton

WHERE = [(SHAPES[2], True), (SHAPES[1], False), (SHAPES[0], False)]


@pytest.mark.parametrize(("shape", "column"), WHERE, ids=str)
def test_a_text_stands_in_a_column_where_all_of_it_still_shows(stage_at, shape: Shape, column: bool) -> None:
    stage = stage_at("05-guide-bring", shape)
    pages = stage.shell.screen_now.pages
    tick = next(made for made in pages.findChildren(ActionButton) if made.kind == "tick")
    left = tick.mapTo(pages, QPoint(0, 0)).x()
    right = left + tick.width()
    if column:
        assert abs(left + right - pages.width()) <= 2 and right - left <= 0.67 * pages.width()
        assert not any(mover.isVisible() for mover in pages.movers)
    else:
        assert right - left > 0.8 * pages.width()
