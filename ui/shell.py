"""The one window: header, screen, footer, and whatever lies over them. It decides nothing about the visit."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QWindow
from PySide6.QtWidgets import QLabel, QLayout, QStackedWidget, QWidget
from shiboken6 import isValid

from kioskcore.errors import KioskError
from ui.focus import move_focus, stops
from ui.frame import Footer, Header
from ui.help_card import HELP, help_card
from ui.languages import ask_language
from ui.look import Look
from ui.screens.base import Screen
from ui.sound.desk import SoundDesk
from ui.sound.ear import Said, page_of
from ui.theme import screen_dpi, stylesheet
from ui.veil import Veil
from ui.widgets.blocks import Figures, column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.faults import fault_panel
from ui.widgets.overlay import Card, Overlay

_LOW_MM = 260
"""Lower screens have no room for header, page and keyboard together."""
_MOVES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.Move)


class Shell(QWidget):
    """Signals tell what was tapped in the frame; `show_screen` is the only way a screen appears."""

    back = Signal()
    leave = Signal()  # confirmed
    help_asked = Signal()
    help_changed = Signal()  # its card was drawn anew, or is gone
    staff_helps = Signal(object)  # Mode
    stays = Signal()  # "I am still here"
    painted = Signal()  # once: the first picture is on the screen

    def __init__(self, look: Look, *, practice: bool = False) -> None:
        super().__init__()
        self.look = look
        self.practice = practice
        self.unsent: Callable[[], bool] = lambda: False  # whether nothing was sent yet, in a visit
        self.screen_now: Screen | None = None
        self.setObjectName("shell")
        self.setWindowTitle(look.say("ui.window"))
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.sound = SoundDesk(look, self, self._heard)
        self._header = Header(look, self.sound, self._ask_language)
        self._stack = QStackedWidget()
        self._footer = Footer(look, self._back, self.ask_leave, self.open_help)
        self._frame = column(self._header, self._stack, self._footer)
        self._frame.setStretch(1, 1)
        self._frame.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # the screen says how big
        self.setLayout(self._frame)
        self._warning: Overlay | None = None
        self._seconds = 0
        self._count: QLabel | None = None
        self._keyboard: QWidget | None = None
        self._header.installEventFilter(self)
        self._footer.installEventFilter(self)
        self._veil = Veil(self)
        self._place: object = None  # which page of which screen shows
        self._was_painted = self._slim = self._entering = False
        self._watchers: list[QObject] = []
        self._watched: QWindow | None = None
        look.changed.connect(self._restyle)
        self.sound.changed.connect(self._sound_changed)
        self.painted.connect(self.sound.load_later)
        self.watch_input(self.sound.touch)  # the first one is asked last
        self.setStyleSheet(stylesheet(look.theme))

    # ---- screens -------------------------------------------------------------------------------

    def add(self, screen: Screen) -> None:
        self._stack.addWidget(screen)
        screen.frame_changed.connect(self._draw_frame)

    def add_keyboard(self, keyboard: QWidget) -> None:
        """Between page and footer, whose help stays where it is; on a low screen the bars give it room."""
        self._frame.insertWidget(2, keyboard)
        keyboard.stackUnder(self._footer)  # screen readers go by this order
        self._keyboard = keyboard
        keyboard.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._keyboard and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            low = self.height() < self.look.theme.mm(_LOW_MM)
            self._make_room(low and event.type() == QEvent.Type.Show)
        if event.type() in _MOVES and watched in (self._header, self._footer, self._keyboard):
            self._place_cards()
        return False

    def _make_room(self, on: bool) -> None:
        """Somebody types on a low screen: the page and its field get what the bars can spare."""
        if on != self._slim:
            self._slim = on
            for place in range(self._stack.count()):
                screen = self._stack.widget(place)
                assert isinstance(screen, Screen)
                screen.make_room(on)
            self._draw_frame()
            self._frame.activate()

    def show_screen(self, screen: Screen) -> None:
        old, self.screen_now = self.screen_now, screen
        if old is not None and old is not screen:
            old.left()
        self._stack.setCurrentWidget(screen)
        self._entering = True  # the frame is drawn once, after the page
        screen.entered()
        self._entering = False
        self._draw_frame()

    def _draw_frame(self) -> None:
        screen = self.screen_now
        told_by = self.sender()
        if screen is None or self._entering or (isinstance(told_by, Screen) and told_by is not screen):
            return
        wide = self.width() > self.height()
        new_page = self._guard_page(screen)
        self._header.draw(screen.heading(), self.practice, wide, self._slim)
        self._footer.draw(screen.action(), wide, self.unsent(), self._slim, alone=not screen.at_work)
        if new_page:
            self._frame.activate()  # at once: else what is painted first stands in the old places
        if new_page and not self.overlays():
            self._header.take_focus()

    def hush(self, on: bool) -> None:
        """For a while it is not known whether anything was sent."""
        self._footer.hush(on)

    def _guard_page(self, screen: Screen) -> bool:
        """Whether it is another page. What a double tap began on the last one must not choose on it."""
        place = (screen, screen.page_now())
        if place == self._place:
            return False
        self._place = place
        self.sound.page_changed(screen.heading())
        spared = [QRect(w.mapTo(self, QPoint(0, 0)), w.size()) for w in screen.untouched() if w.isVisible()]
        self._hold_taps(self._stack.geometry() | self._footer.geometry(), spared)
        return True

    def _hold_taps(self, place: QRect, spared: Sequence[QRect] = ()) -> None:
        self._veil.draw_over(place, spared)
        for overlay in self.overlays():
            overlay.raise_()

    def _restyle(self) -> None:
        sheet = stylesheet(self.look.theme)
        if sheet != self.styleSheet():  # another language alone: polishing every widget anew is slow
            self.setStyleSheet(sheet)
        if self.screen_now is not None:
            self.screen_now.redraw()
        self._draw_frame()

    # ---- sound -----------------------------------------------------------------------------------

    def _heard(self) -> list[Said]:
        """What "Nghe" reads: the question that lies over the screen, else the screen."""
        overlays = self.overlays()
        parts: list[QWidget] = [overlays[-1]] if overlays else [self._header, self._stack, self._footer]
        return [said for part in parts for said in page_of(part)]

    def _sound_changed(self) -> None:
        if self.screen_now is not None:
            self._draw_frame()
            if not self.screen_now.at_work:
                self.screen_now.redraw()  # the waiting screen has a button of its own

    def _came_over(self, overlay: Overlay) -> None:
        """A question has come: who cannot read hears it, and everybody hears that time runs out."""
        if not isValid(overlay) or not overlay.isVisible():
            return
        self._cards_changed()
        self.sound.silence()
        if self.sound.touch.on or overlay is self._warning:
            self.sound.tell(*(told for told, _ in page_of(overlay)[:1]))

    def _ask_language(self) -> None:
        ask_language(self, self.look)

    # ---- things over the screen ----------------------------------------------------------------

    def _card_place(self, card: Overlay) -> QRect:
        """What a question covers: not the header, whose buttons are always at hand, and not the keyboard.

        Nor the footer: a visit can always be ended, whatever its page asks. On a screen too low for all of it
        the header gives its room.
        """
        place, keyboard, footer = self.rect(), self._keyboard, self._footer.y()
        place.setTop(self._header.geometry().bottom() + 1)
        if keyboard is not None and not keyboard.isHidden() and keyboard.y() > place.top():
            place.setBottom(keyboard.y() - 1)
        elif not card.whole and card.has_room(footer):
            place.setTop(0 if card.needs_header(footer - place.top()) else place.top())
            place.setBottom(footer - 1)
        return place

    def _place_cards(self) -> None:
        for overlay in self.overlays():
            overlay.setGeometry(self._card_place(overlay))

    def _cards_changed(self) -> None:
        self._footer.below(bool(self.overlays()))
        self._place_cards()

    def _back(self) -> None:
        """A question is answered with what agrees to nothing; else the screen says what it means."""
        overlays = self.overlays()
        if overlays:
            overlays[-1].answer_safely()
        else:
            self.back.emit()

    def overlays(self) -> list[Overlay]:
        found = self.findChildren(Overlay, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [overlay for overlay in found if overlay.isVisible()]

    def escape(self) -> None:
        """The uppermost question gets the answer that agrees to nothing."""
        if self.overlays():
            self.overlays()[-1].answer_safely()

    def close_overlays(self) -> None:
        """The visit is over, or the next screen comes: nothing may lie over it, nothing may wait."""
        for overlay in self.overlays():
            overlay.close_with(None)
        self._warning = None

    def ask_leave(self) -> None:
        look = self.look

        def body() -> QLayout:
            said = label(look.say("ui.leave.ask"), "title")
            return column(said, label(look.say("ui.leave.what")), gap=look.theme.gap)

        self._question(
            body,
            ("ui.leave.yes", self.leave.emit, "danger", "bin"),
            ("ui.leave.no", lambda: None, "primary", "back"),
            whole=True,
        )

    def ask(self, key: str, then: Callable[[], object], likely: bool = False) -> None:
        """A yes/no question of the words `<key>.ask`, `.yes`, `.no`; `then` on yes, bold where `likely`."""
        no, yes = ("secondary", "primary") if likely else ("primary", "secondary")
        self._question(
            lambda: column(label(self.look.say(f"{key}.ask"), "title")),
            (f"{key}.no", lambda: None, no, "back"),
            (f"{key}.yes", then, yes, "check"),
            name=key,
        )

    def asks(self, key: str) -> bool:
        """Whether the question `key` waits for its answer now."""
        return any(overlay.objectName() == key for overlay in self.overlays())

    def tell_fault(self, fault: KioskError) -> None:
        """An error that needs no screen of its own."""
        self._question(
            lambda: column(fault_panel(self.look, fault)), ("ui.understood", lambda: None, "primary", "check")
        )

    def open_help(self) -> None:
        """What to do when stuck; tells that it was opened."""
        at_work = self.screen_now is not None and self.screen_now.at_work
        card = help_card(self.look, self.staff_helps.emit if at_work else None)
        overlay = Overlay(self, self.look, card, whole=True)
        overlay.setObjectName(HELP)
        overlay.changed.connect(self.help_changed)
        overlay.show_over()
        self.help_asked.emit()

    def warn_idle(self, seconds: int) -> None:
        """Shows the countdown; the same card goes on counting."""
        self._seconds = seconds
        if self._warning is None:
            self._warning = Overlay(self, self.look, self._warning_card, whole=True)
            self._warning.show_over()
        elif self._count is not None:
            self._count.setText(self.look.say("ui.idle.left", seconds=seconds))

    def _warning_card(self, _card: Overlay) -> Card:
        look = self.look
        self._count = Figures(look, look.say("ui.idle.left", seconds=self._seconds))
        body = column(label(look.say("ui.idle.ask"), "title", centre=True), self._count)
        body.addWidget(label(look.say("ui.idle.what"), centre=True))
        stay = look.say("ui.idle.stay")
        button = ActionButton(look, stay, self.stay, kind="primary", icon="hand", big=True)
        button.setMinimumHeight(look.theme.mm(34))
        return body, [button]

    def stay(self) -> None:
        """Somebody is there: the warning goes; what lay under it is not reached by the same tap."""
        if self._warning is not None:
            self._warning.close_with(None)
            self._warning = None
            self._hold_taps(self.rect())
        self.stays.emit()

    def _question(
        self,
        body: Callable[[], QLayout],
        *choices: tuple[str, Callable[[], object], str, str],
        name: str = "",
        whole: bool = False,
    ) -> None:
        """`choices`: key of the words, what it does, kind and icon of the button."""
        look = self.look

        def answered(card: Overlay, then: Callable[[], object]) -> Callable[[], None]:
            def go() -> None:
                card.close_with()
                then()

            return go

        def make(card: Overlay) -> Card:
            return body(), [
                ActionButton(look, look.say(key), answered(card, then), kind=kind, icon=icon)
                for key, then, kind, icon in choices
            ]

        card = Overlay(self, look, make, whole=whole)
        card.setObjectName(name)
        card.show_over()

    # ---- the window ----------------------------------------------------------------------------

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab; a web page hands it over when its own last field is left."""
        move_focus([stop for part in self.parts() for stop in stops(part)], forward)
        return True

    def parts(self) -> list[QWidget]:
        """What can be reached now, in reading order: below a question nothing is."""
        screen, overlays = self.screen_now, self.overlays()
        if overlays:
            return [self._header, overlays[-1], *(() if overlays[-1].whole else (self._footer,))]
        return [self._header, *(screen.parts() if screen is not None else []), self._footer]

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()

    def resizeEvent(self, _event: object) -> None:
        self._place_cards()
        self.measure_screen()
        self._draw_frame()

    def measure_screen(self) -> None:
        """Sizes are millimetres: they follow the density of the screen, which may change at any time."""
        if self.screen() is not None:
            self.look.set_dpi(screen_dpi(self.screen(), self.look.config.screen.dots_per_inch))

    def watch_input(self, watcher: QObject) -> None:
        """Let an event filter see every touch and key of the window, the web page's too.

        On the window, not on the application: there PySide would wrap objects that Chromium is just
        making or deleting, and that crashes.
        """
        self._watchers.append(watcher)
        if self._watched is not None:
            self._watched.installEventFilter(watcher)

    def _watch_window(self) -> None:
        window = self.windowHandle()
        if window is not None and window is not self._watched:
            self._watched = window
            for watcher in self._watchers:
                window.installEventFilter(watcher)

    def _come_back(self) -> None:
        """Nobody may put the kiosk away, whatever keys a window manager has for that."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.WinIdChange, QEvent.Type.Show):
            self._watch_window()
        if event.type() == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            child = event.child()
            if isinstance(child, Overlay):
                child.setGeometry(self._card_place(child))
                child.changed.connect(self._cards_changed)
                QTimer.singleShot(0, self, lambda: self._came_over(child))
        if event.type() == QEvent.Type.WindowStateChange and self.isMinimized():
            QTimer.singleShot(0, self, self._come_back)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
        return handled
