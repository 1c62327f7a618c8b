"""Everything a page asks of the person: a paper to upload, an answer, printing."""

import secrets
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kioskcore.ports import Measure, Prints
from ui.adapters.pool import Pool
from ui.look import Look
from ui.screens.chooser import Stock, UploadChooser
from ui.screens.code_slip import draw_slip
from ui.screens.list_picker import ListPicker
from ui.screens.page_asks import PageAsks
from ui.screens.pickers import Pickers
from ui.screens.print_sheet import PrintSheet
from ui.widgets.blocks import Figures, column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Card, Overlay


class PageDesk(QObject):
    """`serve(browser)` makes this the one that answers its page. `printer` None: nothing is printed here."""

    counted = Signal(object, str)
    scan_asked = Signal()  # there is no paper that could be sent

    def __init__(
        self,
        look: Look,
        window: QWidget,
        stock: Stock,
        printer: Prints | None,
        pool: Pool,
    ) -> None:
        super().__init__(window)
        self.look, self._window, self._printer = look, window, printer
        self.chooser = UploadChooser(look, window, stock, self.scan_asked.emit, self._failed)
        self.sheet = PrintSheet(look, window, printer, pool)
        self.sheet.failed.connect(self._failed)

    @property
    def can_print(self) -> bool:
        return self._printer is not None

    def serve(self, browser: Any) -> None:
        browser.set_chooser(self._choose_file)
        browser.loading.connect(self._page_went)
        browser.set_dialog_handler(PageAsks(self.look, self._window).answer)
        browser.set_picker(Pickers(self.look, self._window).pick)
        browser.set_lister(ListPicker(self.look, self._window).choose)
        browser.number_asked.connect(self.tell_number)

    def tell_number(self, number: str) -> None:
        """This machine calls nobody: the person may, with their own telephone."""
        look = self.look

        def make(card: Overlay) -> Card:
            said = label(look.say("ui.number.title"), "title")
            body = column(said, Figures(look, number), gap=look.theme.gap)
            body.addWidget(label(look.say("ui.number.do")))
            understood = look.say("ui.understood")
            return body, [ActionButton(look, understood, card.close_with, kind="primary", icon="check")]

        Overlay(self._window, look, make).show_over()

    def print_slip(self, code: str, what: str) -> None:
        """The dossier code on paper."""
        if self._printer is not None:
            file = self._printer.folder / f"{secrets.token_hex(8)}.pdf"
            self.sheet.offer(draw_slip(self.look, file, code, what), 1)

    def _page_went(self, on: bool) -> None:
        """The box that asked is gone with its page: nothing is chosen for it any more."""
        if on:
            self.chooser.close()

    def _failed(self, code: str) -> None:
        self.counted.emit(Measure.ERROR, code)

    def _choose_file(self, request: Any) -> list[Path]:
        files = self.chooser.choose(request)
        if files:
            self.counted.emit(Measure.FILE_UPLOADED, "")
        return files
