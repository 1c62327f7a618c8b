"""The guide beside the portal's page: the present step, what follows, and in their place the buttons.

On a low screen large letters leave no room for a whole step: then one thought of it shows at a time, and
"read on" leads through them and on to the next step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout

from guides.model import Step
from ui.look import Look
from ui.theme import TextSize
from ui.widgets.blocks import Slot, column, frame, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.grown import GrownPages

_LOW_MM = 190
"""Of the room beside the page: lower, only the present step shows."""
_FOLLOWING = 3


@dataclass(frozen=True)
class Beside:
    """What the guide says now. `known`: whether of the page that shows; `told`: whether of a page at all."""

    steps: Sequence[Step]
    present: int
    known: bool
    told: bool
    done: bool
    leads_back: bool


class StepSide(Slot):
    """`turn(step)` when another step is wanted, by number; `turn(None)` to be drawn anew."""

    def __init__(
        self,
        look: Look,
        turn: Callable[[int | None], object],
        go_home: Callable[[], object],
        scan_more: Callable[[], object],
    ) -> None:
        super().__init__()
        self.look, self._turn, self._go_home, self._scan_more = look, turn, go_home, scan_more
        self._thought = self._of = 0  # which thought of which step

    def by_thoughts(self, wide: bool, room: int) -> bool:
        """Whether one thought of a step shows at a time in `room` pixels of height."""
        theme = self.look.theme
        return wide and room <= theme.mm(_LOW_MM) and theme.text_size is not TextSize.NORMAL

    def draw(self, beside: Beside, wide: bool, room: int) -> None:
        """`wide`: it stands at the left of the page, with `room` pixels of height."""
        look, theme = self.look, self.look.theme
        low = wide and room <= theme.mm(_LOW_MM)
        said = bool(beside.steps) and beside.told and not beside.done
        whole = not (said and beside.known and self.by_thoughts(wide, room))
        thoughts = self._thoughts(beside)
        if self._of != beside.present:
            self._of, self._thought = beside.present, 0
        self._thought = min(self._thought, len(thoughts) - 1)
        body = column(gap=theme.gap)
        if said:
            inside: QLayout = self._no_guide(beside)
            if beside.known:
                number = look.say("ui.portal.step", number=beside.present + 1, total=len(beside.steps))
                shown = thoughts if whole else thoughts[self._thought :][:1]
                words = (label(text, role) for text, role in shown)
                inside = column(label(number, "chrome"), *words, gap=theme.mm(1))
            body.addWidget(frame(look, "now", inside))
            if wide and not low and beside.known and theme.text_size is not TextSize.HUGE:
                self._add_following(body, beside)
        body.addStretch(1)
        buttons = self._buttons(beside, [] if whole else thoughts)
        stack = column(GrownPages(look, body, margin=theme.mm(3), narrow=True), buttons)
        stack.setStretch(0, 1)
        self.put(stack)

    def _thoughts(self, beside: Beside) -> list[tuple[str, str]]:
        """Text and role of what the present step says."""
        if not beside.steps:
            return [("", "chrome")]
        now = beside.steps[beside.present]
        made = [(now.text, "chrome-strong")]
        if now.hint:
            made.append((now.hint, "chrome"))
        if now.hands_off:
            made.append((self.look.say("ui.portal.hands_off"), "chrome-good"))
        return made

    def _add_following(self, body: QVBoxLayout, beside: Beside) -> None:
        following = beside.steps[beside.present + 1 :][:_FOLLOWING]
        if following:
            body.addWidget(label(self.look.say("ui.portal.then"), "chrome"))
        for place, step in enumerate(following, beside.present + 2):
            body.addWidget(label(f"{place}. {step.text}", "chrome"))

    def _no_guide(self, beside: Beside) -> QLayout:
        """A page the guide does not know; until the dossier went there is a way back to where it does."""
        look = self.look
        made = column(label(look.say("ui.portal.no_guide"), "chrome-strong"), gap=look.theme.mm(2))
        if beside.leads_back:
            back = look.say("ui.portal.to_procedure")
            made.addWidget(ActionButton(look, back, self._go_home, icon="home", small=True, chrome=True))
        made.addWidget(label(look.say("ui.portal.no_guide_do"), "chrome"))
        return made

    def _buttons(self, beside: Beside, thoughts: Sequence[object]) -> QFrame:
        """`thoughts`: of the present step, where they show one at a time."""
        look, theme = self.look, self.look.theme
        turn = row(gap=theme.gap)
        for sign, key, way in (("back", "ui.portal.step_before", -1), ("next", "ui.portal.step_after", 1)):
            inside = beside.known and beside.told and 0 <= self._thought + way < len(thoughts)
            tap = self._think(way) if inside else self._step(beside, way)
            read_on = inside and way > 0
            words = look.say("ui.portal.read_on") if read_on else ""
            button = ActionButton(look, words, tap, icon=sign, small=True, chrome=True)
            button.setAccessibleName(words or look.say("ui.portal.read_back" if inside else key))
            there = inside or 0 <= beside.present + way < len(beside.steps)
            button.setEnabled(beside.told and there)
            turn.addWidget(button, 1 if read_on else 0)
        scan = ActionButton(look, look.say("ui.portal.scan_more"), self._scan_more, small=True, chrome=True)
        inside_frame = column(turn, gap=theme.gap)
        if thoughts:
            turn.addStretch(0)
            inside_frame.addWidget(scan)
        else:
            turn.addWidget(scan, 1)
        made = frame(look, "plain", inside_frame)
        inside_frame.setContentsMargins(*(theme.mm(3),) * 4)
        return made

    def _think(self, way: int) -> Callable[[], None]:
        def go() -> None:
            self._thought += way
            self._turn(None)

        return go

    def _step(self, beside: Beside, way: int) -> Callable[[], None]:
        def go() -> None:
            self._thought = 0
            self._turn(max(0, min(len(beside.steps) - 1, beside.present + way)))

        return go
