"""The last page of the road: the dossier code in huge letters, what to take along, and three faces."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout

from ui.look import Look
from ui.screens.base import Action, Screen
from ui.widgets.blocks import column, frame, label, notice, row
from ui.widgets.buttons import ActionButton

FACES = (("happy", 3), ("neutral", 2), ("sad", 1))


class FinishScreen(Screen):
    """`done` when the person leaves; `rated(1..3)` once."""

    done = Signal()
    rated = Signal(int)
    step = 5
    title_key = "ui.finish.title"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._code = ""
        self._rated = 0
        self.practice = False

    def set_code(self, code: str) -> None:
        self._code = code

    def primary(self) -> Action | None:
        return Action(self.look.say("ui.finish.done"), self.done.emit, icon="check")

    def build(self) -> QLayout:
        look, theme = self.look, self.look.theme
        body = column(gap=theme.space)
        if self._code:
            code = column(label(look.say("ui.finish.code"), centre=True))
            code.addWidget(label(self._code, "code", centre=True))
            code.addWidget(label(look.say("ui.finish.write_down"), centre=True))
            body.addWidget(frame(look, "good", code))
        else:
            body.addWidget(notice(look, "good", "check", look.say("ui.finish.no_code")))
        if self.practice:
            body.addWidget(notice(look, "warn", "warning", look.say("ui.finish.practice")))
        take = (look.say("ui.finish.take"), look.say("ui.finish.next"))
        body.addWidget(notice(look, "warn", "document", *take))
        question = look.say("ui.finish.thanks" if self._rated else "ui.finish.how")
        body.addWidget(label(question, "strong", centre=True))
        faces = row(1, gap=theme.gap)
        for icon, grade in FACES:
            chosen = self._rated == grade
            face = ActionButton(
                look,
                look.say(f"ui.finish.face.{grade}"),
                self._rate(grade),
                kind="primary" if chosen else "secondary",
                icon=icon,
            )
            face.setEnabled(not self._rated or chosen)
            faces.addWidget(face)
        faces.addStretch(1)
        body.addLayout(faces)
        body.addStretch(1)
        body.setAlignment(Qt.AlignmentFlag.AlignTop)
        return body

    def _rate(self, grade: int) -> Callable[[], None]:
        def go() -> None:
            if not self._rated:
                self._rated = grade
                self.rated.emit(grade)
                self.redraw()

        return go
