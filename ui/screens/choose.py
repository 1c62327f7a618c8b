"""Choosing a procedure: what happened in life as big pictures, or the search page. At most six a page."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QLayout, QLineEdit, QVBoxLayout, QWidget

from guides.model import Hit, LifeEvent, Tile
from ui.look import Look
from ui.practice import PracticePeople
from ui.screens.base import Screen
from ui.theme import TextSize
from ui.widgets.blocks import Grid, column, empty, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram

if TYPE_CHECKING:  # its catalogue and search load after the waiting screen
    from guides.library import Library

A_PAGE = 6
_QUIET_MS = 200

Search = Callable[[str, str, Callable[[list[Hit]], None]], None]
"""(text, language, then): `then(hits)` on the GUI thread, best first."""


def _named(title: Mapping[str, str], language: str) -> str:
    return title.get(language) or title.get("vi") or next(iter(title.values()))


class ChooseScreen(Screen):
    """`picked(code)`. With few guides the procedures are shown at once, with many the life events first."""

    picked = Signal(str)
    step = 1
    title_key = "ui.choose.title"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._tiles: list[Tile] = []
        self._events: list[LifeEvent] = []
        self._search: Search | None = None
        self._event: str | None = None
        self._page = self._events_page = 0
        self._searching = False
        self._typed = ""
        self._results: QVBoxLayout | None = None
        self._ask: QLabel | None = None
        self._low = False
        self._hits: list[Hit] = []
        self.people: PracticePeople | None = None  # in practice mode
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._find)

    def set_library(self, library: "Library", search: Search | None) -> None:
        self._tiles, self._events, self._search = library.tiles(), library.life_events(), search

    def heading(self) -> str:
        if self._searching:
            return self.look.say("ui.step", number=1, total=5, what=self.look.say("ui.search.title"))
        return super().heading()

    def go_back(self) -> bool:
        if self._searching:
            self._searching = False
        elif self._page:
            self._page -= 1
        elif self._event is not None:
            self._event, self._page = None, self._events_page
        else:
            return False
        self.redraw()
        return True

    def page_now(self) -> object:
        return self._searching, self._event, self._page

    def build(self) -> QLayout:
        return self._build_search() if self._searching else self._build_tiles()

    # ---- tiles -------------------------------------------------------------------------------

    def _build_tiles(self) -> QLayout:
        look, theme = self.look, self.look.theme
        choices = self._choices()
        pages = -(-len(choices) // A_PAGE) or 1
        self._page = min(self._page, pages - 1)
        shown = choices[self._page * A_PAGE : (self._page + 1) * A_PAGE]
        body = column(Grid(look, shown), gap=theme.space)
        body.setStretch(0, 1)
        below = row(gap=theme.gap)
        if pages > 1:
            below.addWidget(ActionButton(look, look.say("ui.choose.more"), self._turn(pages), icon="next"))
        if self._search is not None:
            words = look.say("ui.choose.search")
            below.addWidget(ActionButton(look, words, self._open_search, icon="search"))
        if self.people is not None and self._event is None:
            place = body if theme.text_size is TextSize.HUGE else below
            place.addWidget(self.people.button())
        if below.count():
            body.addLayout(below)
        return body

    def _choices(self) -> list[ActionButton]:
        language = self.look.language
        if self._event is None and len(self._tiles) > A_PAGE:
            return [
                self._tile(_named(event.title, language), event.picture, self._open_event(event.key))
                for event in self._events
            ]
        wanted = [tile for tile in self._tiles if self._event in (None, tile.life_event)]
        return [
            self._tile(_named(tile.title, language), tile.picture, self._pick(tile.code)) for tile in wanted
        ]

    def _tile(self, text: str, picture: Path | None, tap: Callable[[], None]) -> ActionButton:
        huge = self.look.theme.text_size is TextSize.HUGE and self.width() > self.height()
        kind = "choice-row" if huge else "choice"  # above the words the drawing would leave no room for them
        return ActionButton(self.look, text, tap, kind=kind, icon="document", picture=picture)

    def _pick(self, code: str) -> Callable[[], None]:
        return lambda: self.picked.emit(code)

    def _open_event(self, key: str) -> Callable[[], None]:
        def go() -> None:
            self._events_page = self._page
            self._event, self._page = key, 0
            self.redraw()

        return go

    def _turn(self, pages: int) -> Callable[[], None]:
        def go() -> None:
            self._page = (self._page + 1) % pages  # after the last comes the first: nothing is ever lost
            self.redraw()

        return go

    # ---- search ------------------------------------------------------------------------------

    def _open_search(self) -> None:
        self.search_for("")

    def search_for(self, text: str) -> None:
        """Open the search page with `text` in its box."""
        self._searching, self._typed, self._results, self._hits = True, text, None, []
        self.redraw()

    def _build_search(self) -> QLayout:
        look, theme = self.look, self.look.theme
        box = QLineEdit(self._typed)
        box.setPlaceholderText(look.say("ui.search.example"))
        box.setAccessibleName(look.say("ui.search.ask"))
        box.setMaxLength(120)
        box.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        box.textChanged.connect(self._type)
        QTimer.singleShot(0, box, box.setFocus)
        line = row(Pictogram("search", theme.mm(12), theme.colours.accent), gap=theme.gap)
        line.addWidget(box, 1)
        self._results = column(gap=theme.gap)
        self._ask = label(look.say("ui.search.ask"), "title")
        body = column(self._ask, gap=theme.space)
        if self._low:
            self._ask.hide()
        body.addLayout(line)
        body.addLayout(self._results)
        body.addStretch(1)
        self._find()
        return body

    def make_room(self, on: bool) -> None:
        """The box says what it is for by its sign and its example; the answers stand two in a row."""
        self._low = on
        if self._searching and self._ask is not None:
            self._ask.setVisible(not on)
            if self._hits:
                self._show_hits()

    def _type(self, text: str) -> None:
        self._typed = text
        self._quiet.start()

    def _find(self) -> None:
        look, results = self.look, self._results
        if results is None or not self._searching or self._search is None:
            return
        if not self._typed.strip():
            self._hits = []
            empty(results)
            results.addWidget(label(look.say("ui.search.hint"), "muted"))
            return
        asked = self._typed
        self._search(asked, look.language, lambda hits: self._found(asked, hits))

    def _found(self, asked: str, hits: list[Hit]) -> None:
        results = self._results
        if results is None or not self._searching or asked != self._typed:
            return  # an answer to older words
        self._hits = hits[:A_PAGE]
        if hits:
            self._show_hits()
        else:
            empty(results)
            self._found_nothing(results)
        if self.pages is not None:
            self.pages.refresh()

    def _show_hits(self) -> None:
        look, results = self.look, self._results
        if results is None:
            return
        empty(results)
        huge = look.theme.text_size is TextSize.HUGE
        wide = self._low and not huge and self.width() > self.height()
        buttons = [
            ActionButton(
                look,
                hit.name,
                self._pick(hit.code),
                kind="choice-row",
                icon="document",
                note="" if self._low and huge else hit.why,  # there two answers are worth more
            )
            for hit in self._hits
        ]
        for shown in [Grid(look, buttons, most=2)] if wide else buttons:
            results.addWidget(shown)

    def _found_nothing(self, results: QVBoxLayout) -> None:
        """The ways on stand high, where no keyboard covers them: what happened in life, the portal."""
        from guides.library import PLAIN  # read long before, with the guides

        look, gap, huge = self.look, self.look.theme.gap, self.look.theme.text_size is TextSize.HUGE
        events, there = look.say("ui.search.events"), look.say("ui.search.portal")
        nothing, instead = (
            label(look.say("ui.search.nothing"), "strong"),
            label(look.say("ui.search.instead")),
        )
        doors = column(ActionButton(look, events, self._open_events, kind="primary"), gap=gap)
        doors.addWidget(ActionButton(look, there, self._pick(PLAIN), icon="home"))
        if huge:
            both: QLayout = column(nothing, doors, instead, gap=gap)
        else:
            words = column(nothing, instead, gap=gap)
            words.addStretch(1)
            line = row(words, doors, gap=gap)
            line.setStretch(0, 1)
            both = line
        holder = QWidget()
        holder.setLayout(both)
        results.addWidget(holder)

    def _open_events(self) -> None:
        """From the search that found nothing to the pictures of what happened in life."""
        self._searching, self._event, self._page = False, None, 0
        self.redraw()
