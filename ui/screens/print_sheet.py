"""Our own print sheet: which pages, how many copies, what it costs and where the paper comes out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLayout, QWidget

from kioskcore.errors import KioskError
from kioskcore.ports import Prints, PrintWish
from ui.adapters.pool import Pool
from ui.look import Look
from ui.widgets.blocks import column, label, notice, row
from ui.widgets.buttons import ActionButton
from ui.widgets.faults import fault_panel
from ui.widgets.overlay import Card, Overlay

ASK_MS = 1500
"""How often the print server is asked whether the paper is out."""


class PrintSheet(QObject):
    """`offer(pdf, pages, page)` asks and prints, one paper at a time; without a printer it says so."""

    failed = Signal(str)  # code, to be counted

    def __init__(self, look: Look, window: QWidget, printer: Prints | None, pool: Pool) -> None:
        super().__init__(window)
        self.look, self._window, self._printer, self._pool = look, window, printer, pool
        self._overlay: Overlay | None = None
        self._wish = PrintWish(Path())
        self._pages, self._page = 1, 1
        self._number: int | None = None
        self._told = ""  # code of the fault on the card
        self._timer = QTimer(self, interval=ASK_MS)
        self._timer.timeout.connect(self._ask)

    def offer(self, pdf: Path, pages: int, page: int = 1) -> None:
        """`page`: the one that the person looks at, counted from 1."""
        self._pages, self._page, self._number = pages, page, None
        most = self.look.config.print.pages_most
        if self._printer is None:
            self._fault(KioskError("PRINT-OFF"))
            return
        if pages > most and pages > 1:  # only the one page that shows is left to choose
            self._wish = PrintWish(pdf, pages=(page, page))
        else:
            self._wish = PrintWish(pdf)
        self._put(self._choice)

    def close(self) -> None:
        self._timer.stop()
        overlay, self._overlay = self._overlay, None
        if overlay is not None:
            overlay.close_with(None)

    # ---- the choice ------------------------------------------------------------------------------

    def _choice(self, _card: Overlay) -> Card:
        look, theme = self.look, self.look.theme
        body = column(label(look.say("ui.print.title"), "title"), gap=theme.gap)
        if self._pages > 1:
            body.addLayout(self._page_choice())
        if self._pages > look.config.print.pages_most:
            body.addWidget(fault_panel(look, self._too_long()))
        body.addLayout(self._copies_choice())
        body.addWidget(label(self._price(), "strong"))
        body.addWidget(notice(look, "now", "document", self._place()))
        return body, [
            ActionButton(look, look.say("ui.print.no"), self.close, icon="close"),
            ActionButton(look, look.say("ui.print.yes"), self._send, kind="primary", icon="printer"),
        ]

    def _page_choice(self) -> QLayout:
        look, whole = self.look, self._wish.pages is None
        every = ActionButton(
            look,
            look.say("ui.print.all", number=self._pages),
            self._change(pages=None),
            kind="chosen" if whole else "secondary",
        )
        every.setEnabled(self._pages <= look.config.print.pages_most)
        one = ActionButton(
            look,
            look.say("ui.print.one", number=self._page),
            self._change(pages=(self._page, self._page)),
            kind="secondary" if whole else "chosen",
        )
        return row(every, one, gap=look.theme.gap)

    def _copies_choice(self) -> QLayout:
        look, copies = self.look, self._wish.copies
        less = ActionButton(look, "", self._change(copies=copies - 1), icon="minus", small=True)
        more = ActionButton(look, "", self._change(copies=copies + 1), icon="plus", small=True)
        less.setAccessibleName(look.say("ui.print.fewer"))
        more.setAccessibleName(look.say("ui.print.more"))
        less.setEnabled(copies > 1)
        more.setEnabled(copies < look.config.print.copies_most)
        said = label(look.say("ui.print.copies", number=copies), "strong", centre=True)
        made = row(less, gap=look.theme.gap)
        made.addWidget(said, 1)
        made.addWidget(more)
        return made

    def _change(self, **what: object) -> Callable[[], None]:
        def go() -> None:
            old = self._wish
            copies, pages = what.get("copies", old.copies), what.get("pages", old.pages)
            assert isinstance(copies, int) and (pages is None or isinstance(pages, tuple))
            self._wish = PrintWish(old.pdf, copies, pages)
            if self._overlay is not None:
                self._overlay.redraw()

        return go

    def _price(self) -> str:
        sheets = self._wish.copies * (self._pages if self._wish.pages is None else 1)
        price = self.look.config.print.price * sheets
        if not price:
            return self.look.say("ui.print.free")
        return self.look.say("ui.print.price", number=sheets, price=f"{price:,}".replace(",", "."))

    def _place(self) -> str:
        return self.look.config.print.place or self.look.say("ui.print.ask_where")

    def _too_long(self) -> KioskError:
        return KioskError("PRINT-TOO-LONG", limit=self.look.config.print.pages_most)

    # ---- the printing ----------------------------------------------------------------------------

    def _send(self) -> None:
        printer, wish = self._printer, self._wish
        assert printer is not None
        self._show_progress("ui.print.sending")
        self._pool.run(lambda: printer.send(wish), self._sent, self._wrong)

    def _sent(self, number: int) -> None:
        self._number = number
        self._timer.start()

    def _ask(self) -> None:
        printer, number = self._printer, self._number
        if self._overlay is None or printer is None or number is None:
            self._timer.stop()
            return
        self._pool.run(lambda: printer.done(number), self._answered, self._wrong)

    def _answered(self, done: bool) -> None:
        if self._overlay is None:
            return
        if done:
            self._timer.stop()
            self._show_progress("ui.print.done")
        elif self._told:  # somebody has mended it
            self._show_progress("ui.print.sending")

    def _wrong(self, fault: Exception) -> None:
        if not isinstance(fault, KioskError):
            raise fault
        if fault.code == "PRINT-FAILED" or self._number is None:
            self._timer.stop()
        if self._overlay is not None and fault.code != self._told:
            self._fault(fault)

    def _show_progress(self, key: str) -> None:
        look = self.look
        self._told = ""

        def make(_card: Overlay) -> Card:
            body = column(label(look.say(key), "title"), gap=look.theme.gap)
            body.addWidget(notice(look, "now", "document", self._place()))
            body.addWidget(label(look.say("ui.print.wait")))
            return body, [self._closing()]

        self._put(make)

    def _fault(self, fault: KioskError) -> None:
        self._told = fault.code
        self.failed.emit(fault.code)
        self._put(lambda _card: (column(fault_panel(self.look, fault)), [self._closing()]))

    def _closing(self) -> ActionButton:
        return ActionButton(
            self.look, self.look.say("ui.print.close"), self.close, kind="primary", icon="check"
        )

    def _put(self, make: Callable[[Overlay], Card]) -> None:
        old, self._overlay = self._overlay, Overlay(self._window, self.look, make)
        self._overlay.destroyed.connect(self._gone)
        self._overlay.show_over()
        if old is not None:
            old.destroyed.disconnect(self._gone)
            old.close_with(None)

    def _gone(self) -> None:
        """Closed from outside, by the next screen or the end of the visit."""
        self._overlay = None
        self._timer.stop()
