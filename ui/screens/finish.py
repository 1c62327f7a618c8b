"""The last page of the road: the dossier code in huge letters, what to take along, and three faces."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout

from ui.look import Look
from ui.screens.base import STEPS, Action, Screen
from ui.widgets.blocks import Figures, Grid, column, frame, label, notice
from ui.widgets.buttons import ActionButton

FACES = (("happy", 3), ("neutral", 2), ("sad", 1))


class FinishScreen(Screen):
    """`done` when the person leaves; `rated(1..3)` once."""

    done = Signal()
    rated = Signal(int)
    print_code = Signal()
    step = 5
    title_key = "ui.finish.title"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._code = ""
        self._rated = 0
        self.practice = self.prints = False
        self.at_home: Callable[[], list[str]] = list  # titles of guides, for who has practised

    def set_code(self, code: str) -> None:
        self._code = code

    def heading(self) -> str:
        if not self.practice:
            return super().heading()
        what = self.look.say("ui.finish.done_it")
        return self.look.say("ui.step", number=self.step, total=STEPS, what=what)

    def primary(self) -> Action | None:
        return Action(self.look.say("ui.finish.done"), self.done.emit, icon="check")

    def build(self) -> QLayout:
        look, theme = self.look, self.look.theme
        body = column(gap=theme.space)
        if self._code:
            code = column(label(look.say("ui.finish.code"), centre=True))
            code.addWidget(Figures(look, self._code))
            code.addWidget(label(look.say("ui.finish.write_down"), centre=True))
            if self.prints:
                words = look.say("ui.finish.print")
                code.addWidget(ActionButton(look, words, self.print_code.emit, icon="printer"))
            body.addWidget(frame(look, "good", code))
        else:
            body.addWidget(notice(look, "good", "check", look.say("ui.finish.no_code")))
        if self.practice:
            self._praise(body)
        take = [look.say("ui.finish.take")]
        if not self.practice:
            take.append(look.say("ui.finish.next"))
        body.addWidget(notice(look, "warn", "document", *take))
        question = look.say("ui.finish.thanks" if self._rated else "ui.finish.how")
        body.addWidget(label(question, "strong", centre=True))
        body.addWidget(Grid(look, [self._face(icon, grade) for icon, grade in FACES]))
        body.addStretch(1)
        return body

    def _praise(self, body: QVBoxLayout) -> None:
        """No marks are given: what was done, and what to try next."""
        look = self.look
        done = [look.say(f"ui.finish.did.{number}") for number in range(1, 5)]
        body.addWidget(notice(look, "good", "check", look.say("ui.finish.practice"), *done))
        if titles := self.at_home():
            body.addWidget(notice(look, "now", "phone", look.say("ui.finish.at_home"), *titles))

    def _face(self, icon: str, grade: int) -> ActionButton:
        words = self.look.say(f"ui.finish.face.{grade}")
        chosen = self._rated == grade
        kind = "chosen" if chosen else "secondary"
        face = ActionButton(self.look, words, self._rate(grade), kind=kind, icon=icon)
        face.setEnabled(not self._rated or chosen)
        return face

    def _rate(self, grade: int) -> Callable[[], None]:
        def go() -> None:
            if not self._rated:
                self._rated = grade
                self.rated.emit(grade)
                self.redraw()

        return go
