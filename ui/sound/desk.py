"""The sound of one window: the "Nghe" button, louder and softer, and reading what is touched."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from kioskcore.told import Told
from ui.look import Look
from ui.sound.ear import Said
from ui.sound.ring import Ring
from ui.sound.speaker import LOUDEST, QUIETEST, Speaker
from ui.sound.touch import TouchReader
from ui.widgets.buttons import ActionButton

_LOAD_MS = 300


class SoundDesk(QObject):
    """Made with the window, silent until `load`. Volume and reading begin anew with each visit's process."""

    changed = Signal()  # what the buttons show is another
    spoke = Signal()  # somebody is listening: a sign of life

    def __init__(self, look: Look, window: QWidget, page: Callable[[], Sequence[Said]]) -> None:
        """`page()`: what the "Nghe" button reads now, see `ui.sound.ear.page_of`."""
        super().__init__(window)
        self._look, self._page = look, page
        self.speaker = Speaker(lambda: look.language, look.config.sound.volume, self)
        self.speaker.changed.connect(self._speaker_changed)
        self.speaker.at.connect(self._at)
        self._ring = Ring(window, look)
        self.touch = TouchReader(window, self._read, lambda widget: widget in self._spared)
        self.opened = False  # once something was listened to, its buttons stay
        self._listens: list[ActionButton] = []
        self._volumes: list[ActionButton] = []
        self._spared: list[QWidget] = []
        look.changed.connect(self.silence)

    def load_later(self) -> None:
        """After the first picture is on the screen."""
        if self._look.config.sound.on and not self.speaker.ready:
            QTimer.singleShot(_LOAD_MS, self, self._load)

    def _load(self) -> None:
        from ui.sound.voice import Voice

        wish = self._look.config.sound
        voice = Voice(wish.engine, wish.speech, self)
        voice.came.connect(self.changed)
        self.speaker.set_voice(voice)
        self.changed.emit()

    # ---- what can be done ------------------------------------------------------------------------

    def offered(self) -> bool:
        """Whether anything of this page can be heard: else there is no button."""
        return self.speaker.hears(told for told, _ in self._page())

    def listen(self) -> None:
        """Read the page; while it is read, stop."""
        if self.speaker.busy:
            self.silence()
            return
        self.opened = True
        self.speaker.say(self._page())
        self.changed.emit()

    def tell(self, *words: str) -> None:
        """Say something of ours that the person did not ask to hear."""
        self.speaker.say([(word, None) for word in words if isinstance(word, Told)])

    def silence(self) -> None:
        self.speaker.stop()
        self.touch.forget()
        self._ring.hide()

    def page_changed(self, heading: str) -> None:
        """Another page is here: what was read is over. Who cannot read hears where they are."""
        self.silence()
        if self.touch.on:
            self.tell(heading)

    def set_reading(self, on: bool) -> None:
        """First touch reads, second acts."""
        self.touch.on = on
        self.opened = self.opened or on
        self.silence()
        self.tell(self._look.say("ui.sound.reading_on" if on else "ui.sound.reading_off"))
        self.changed.emit()

    # ---- the buttons -----------------------------------------------------------------------------

    def listen_button(self) -> ActionButton:
        """The same place on every screen; says "Dừng" while something is read."""
        made = self._button("", self.listen)
        self._listens = [button for button in self._listens if isValid(button)] + [made]
        self._name(made)
        return made

    def more_buttons(self) -> list[ActionButton]:
        """Softer, louder, and reading what is touched."""
        say = self._look.say
        self._volumes = [
            self._button(say("ui.sound.softer"), lambda: self._change(-1), icon="minus"),
            self._button(say("ui.sound.louder"), lambda: self._change(1), icon="plus"),
        ]
        self._limit()
        return [*self._volumes, self.reading_button()]

    def reading_button(self, *, small: bool = True) -> ActionButton:
        on = self.touch.on
        made = ActionButton(
            self._look,
            self._look.say("ui.sound.reading"),
            lambda: self.set_reading(not self.touch.on),
            kind="chosen" if on else "secondary",
            icon="check" if on else "ear",
            chrome=small,
            small=small,
        )
        self._spare(made)
        return made

    def _button(self, words: str, tap: Callable[[], object], icon: str = "ear") -> ActionButton:
        made = ActionButton(self._look, words, tap, icon=icon, chrome=True, small=True)
        self._spare(made)
        return made

    def _spare(self, button: QWidget) -> None:
        self._spared = [widget for widget in self._spared if isValid(widget)] + [button]

    def _name(self, button: ActionButton) -> None:
        """In place: a button that is thrown away under the finger loses the keyboard's focus."""
        busy = self.speaker.busy
        words = self._look.say("ui.sound.stop" if busy else "ui.sound.listen")
        button.kind, button.icon_name = ("chosen", "stop") if busy else ("secondary", "ear")
        button.setText(words)
        button.setAccessibleName(words)
        width = max(button.width(), button.text_needs())
        button.resize(width, max(button.height(), button.heightForWidth(width)))  # over a card no layout does
        button.update()

    def _change(self, steps: int) -> None:
        self.speaker.change_volume(steps)
        self._limit()
        if not self.speaker.busy:
            self.tell(self._look.say("ui.sound.try"))

    def _limit(self) -> None:
        """In place, as the listen button."""
        for button, free in zip(
            self._volumes, (self.speaker.volume > QUIETEST, self.speaker.volume < LOUDEST), strict=False
        ):
            if isValid(button):
                button.setEnabled(free)

    # ---- what is heard ---------------------------------------------------------------------------

    def _read(self, widget: QWidget, words: Sequence[Told]) -> None:
        self.speaker.say([(word, widget) for word in words])
        self._ring.show_round(widget)  # also where no sound is

    def _at(self, widget: object) -> None:
        self.spoke.emit()
        self._ring.show_round(widget if isinstance(widget, QWidget) else None)

    def _speaker_changed(self) -> None:
        if not self.speaker.busy and not self.touch.on:
            self._ring.hide()
        for button in self._listens:
            if isValid(button):
                self._name(button)
