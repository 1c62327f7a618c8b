"""The portal in its frame: a slim bar that says which site this is, and the guide's steps beside the page."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QStackedLayout, QVBoxLayout, QWidget

from guides.model import Step
from kioskcore.errors import KioskError
from kioskcore.ports import Measure
from portal.marks import PageMark, best_step
from ui.look import Look
from ui.screens.base import Action, Screen
from ui.widgets.blocks import Pages, column, frame, label, notice, row
from ui.widgets.buttons import ActionButton
from ui.widgets.faults import fault_panel
from ui.widgets.icons import Pictogram

ZOOM_STEP, ZOOM_LEAST, ZOOM_MOST = 1.25, 0.8, 3.0


class PortalScreen(Screen):
    """Holds a browser (`portal.webview.browser.Browser`) that the flow gives it, and never leaves its page
    for a change of language or size.
    """

    submitted = Signal()  # the person says so
    scan_more = Signal()
    counted = Signal(object, str)

    step = 4
    title_key = "ui.portal.title"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.steps: Sequence[Step] = ()
        self.present = 0
        self.code = ""
        self.practice = False
        self._site: Any = None
        self._browser: Any = None
        self._fault: KioskError | None = None
        self._all_steps = False
        self._blank = QWidget()
        self._view = QWidget()
        self._layers = QStackedLayout(self._view)
        self._layers.addWidget(self._blank)
        self._view.setParent(self)

    def set_steps(self, steps: Sequence[Step]) -> None:
        self.steps, self.present = steps, min(self.present, max(0, len(steps) - 1))

    def start_over(self) -> None:
        self.present, self.code, self._fault = 0, "", None

    @property
    def browser(self) -> Any:
        return self._browser

    def set_browser(self, browser: Any) -> None:
        """Take the browser in and listen to it."""
        self._browser = browser
        self._layers.insertWidget(0, browser)
        self._layers.setCurrentWidget(browser)
        browser.site_changed.connect(self._at_site)
        browser.page_text_changed.connect(self._read)
        browser.dossier_found.connect(self._found_code)
        browser.blocked.connect(self._blocked)
        browser.failed.connect(self._failed)
        browser.recovered.connect(self._recovered)
        browser.address_changed.connect(lambda _address: self._clear_fault("PORTAL-BLOCKED"))
        browser.loading.connect(self._loading)

    # ---- what the browser tells ----------------------------------------------------------------

    def _at_site(self, site: Any) -> None:
        self._site = site
        self.redraw()

    def _read(self, address: str, text: str) -> None:
        marks: list[PageMark | None] = []
        owner: list[int] = []
        for number, step in enumerate(self.steps):
            for words in step.texts or ([""] if step.url else []):
                marks.append(PageMark(step.url, (words,) if words else ()))
                owner.append(number)
        best = best_step(marks, address, text)
        if best is not None and owner[best] != self.present:
            self.present = owner[best]
            self.redraw()

    def _found_code(self, code: str) -> None:
        self.code = code
        self.redraw()

    def _blocked(self, category: str) -> None:
        self.counted.emit(Measure.BLOCKED, str(category))
        self._show_fault(KioskError("PORTAL-BLOCKED"))

    def _failed(self, code: str) -> None:
        self.counted.emit(Measure.ERROR, code)
        self._show_fault(KioskError(code))

    def _recovered(self, code: str) -> None:
        self.counted.emit(Measure.ERROR, code)
        self._show_fault(KioskError(code))

    def _show_fault(self, fault: KioskError) -> None:
        self._fault = fault
        self.redraw()

    def _clear_fault(self, *codes: str) -> None:
        if self._fault is not None and (not codes or self._fault.code in codes):
            self._fault = None
            self.redraw()

    def _loading(self, on: bool) -> None:
        self._busy.setVisible(on)

    # ---- what the person does ------------------------------------------------------------------

    def go_back(self) -> bool:
        if self._fault is not None:
            self._clear_fault()
            return True
        return False

    def primary(self) -> Action | None:
        key = "ui.portal.see_code" if self.code else "ui.portal.submitted"
        return Action(self.look.say(key), self.submitted.emit, icon="check")

    def _retry(self) -> None:
        fault, self._fault = self._fault, None
        if self._browser is not None and fault is not None:
            if fault.code in ("PORTAL-OFFLINE", "PORTAL-LOAD"):
                self._browser.reload()
            elif fault.code == "PORTAL-CERTIFICATE":
                self._browser.home()
        self.redraw()

    def _zoom(self, factor: float) -> Callable[[], None]:
        def go() -> None:
            if self._browser is not None:
                wanted = self._browser.zoom() * factor
                self._browser.set_zoom(max(ZOOM_LEAST, min(ZOOM_MOST, wanted)))

        return go

    def _do(self, name: str) -> Callable[[], None]:
        def go() -> None:
            if self._browser is not None:
                getattr(self._browser, name)()

        return go

    # ---- layout --------------------------------------------------------------------------------

    def wrap(self, body: QLayout) -> QWidget:
        whole = QWidget()
        whole.setLayout(body)
        return whole

    def redraw(self) -> None:
        self._view.setParent(self)  # out of the old body before that is deleted
        super().redraw()
        self._view.show()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        old: QSize = event.oldSize()
        if old.isValid() and (old.width() > old.height()) != (self.width() > self.height()):
            self.redraw()

    def build(self) -> QLayout:
        theme = self.look.theme
        page = column(self._site_bar(), self._centre())
        page.setStretch(1, 1)
        if self.width() > self.height():
            whole: QHBoxLayout | QVBoxLayout = QHBoxLayout()
            side = self._side(tall=True)
            side.setFixedWidth(max(round(self.width() * 0.29), theme.mm(80)))
        else:
            whole = QVBoxLayout()
            side = self._side(tall=False)
            side.setFixedHeight(max(round(self.height() * 0.26), theme.mm(78)))
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(side)
        whole.addLayout(page, 1)
        return whole

    def _centre(self) -> QWidget:
        if self._fault is None:
            return self._view
        look = self.look
        body = column(fault_panel(look, self._fault), gap=look.theme.space)
        again = self._fault.code in ("PORTAL-OFFLINE", "PORTAL-LOAD")
        key = "ui.portal.try_again" if again else "ui.portal.to_page"
        body.addLayout(row(ActionButton(look, look.say(key), self._retry, kind="primary", icon="reload"), 1))
        body.addStretch(1)
        return Pages(look, body)

    def _site_bar(self) -> QFrame:
        look, theme = self.look, self.look.theme
        self._busy = label(look.say("ui.portal.loading"), "chrome")
        self._busy.setVisible(False)
        name, icon, colour = self._site_words()
        site = QLabel(name)
        site.setProperty("role", "chrome")
        site.setWordWrap(True)
        bar = row(Pictogram(icon, theme.mm(9), colour), gap=theme.mm(3))
        bar.addWidget(site, 1)
        bar.addWidget(self._busy)
        for icon, key, act in (
            ("back", "ui.portal.back", self._do("back")),
            ("reload", "ui.portal.reload", self._do("reload")),
            ("home", "ui.portal.home", self._do("home")),
            ("minus", "ui.portal.smaller", self._zoom(1 / ZOOM_STEP)),
            ("plus", "ui.portal.bigger", self._zoom(ZOOM_STEP)),
        ):
            button = ActionButton(look, "", act, icon=icon, chrome=True, small=True)
            button.setAccessibleName(look.say(key))
            button.setFixedSize(theme.touch, theme.touch)
            bar.addWidget(button)
        made = frame(look, "footer", bar)
        made.layout().setContentsMargins(theme.mm(3), theme.mm(1), theme.mm(3), theme.mm(1))
        return made

    def _site_words(self) -> tuple[str, str, str]:
        say, c = self.look.say, self.look.theme.colours
        if self.practice:
            return say("ui.portal.practice"), "warning", c.warn
        if self._site is None:
            return say("ui.portal.opening"), "shield", c.muted
        name = getattr(self._site.name, self.look.language, self._site.name.vi)
        return say("ui.portal.genuine", name=name), "shield", c.good

    def _side(self, tall: bool) -> QWidget:
        look, theme = self.look, self.look.theme
        body = column(gap=theme.gap)
        if self.code:
            body.addWidget(notice(look, "good", "check", look.say("ui.portal.code", code=self.code)))
        if self.steps:
            now = self.steps[self.present]
            number = look.say("ui.portal.step", number=self.present + 1, total=len(self.steps))
            texts = [f"{number}: {now.text}", now.hint] if now.hint else [f"{number}: {now.text}"]
            body.addWidget(notice(look, "now", "hand", *texts))
        if not self.code:
            body.addWidget(label(look.say("ui.nothing_sent"), "strong"))
        turn = row(gap=theme.gap)
        for icon, key, way in (("back", "ui.portal.step_before", -1), ("next", "ui.portal.step_after", 1)):
            button = ActionButton(look, "", self._step(way), icon=icon, small=True)
            button.setAccessibleName(look.say(key))
            button.setEnabled(0 <= self.present + way < len(self.steps))
            turn.addWidget(button)
        turn.addWidget(ActionButton(look, look.say("ui.portal.scan_more"), self.scan_more.emit, small=True), 1)
        body.addLayout(turn)
        following = self.steps[self.present + 1 : self.present + (4 if tall else 2)]
        if following:
            body.addWidget(label(look.say("ui.portal.then"), "muted"))
        for number, step in enumerate(following, self.present + 2):
            body.addWidget(label(f"{number}. {step.text}", "muted"))
        body.addStretch(1)
        side = Pages(look, body, margin=theme.mm(3))
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        return side

    def _step(self, way: int) -> Callable[[], None]:
        def go() -> None:
            self.present = max(0, min(len(self.steps) - 1, self.present + way))
            self.redraw()

        return go
