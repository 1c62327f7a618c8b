"""The guide before the work: can it be done here, what to bring, and am I ready. One question a page."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QVBoxLayout

from guides.model import Guide, PaperNeed, Question
from kioskcore.told import joined
from ui.look import Look
from ui.screens.base import Action, Screen
from ui.widgets.blocks import column, frame, label, notice, picture, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram

_BIG_MM = 20.0
_ANSWER_MM = 26.0
_SMALL_MM = 12.0
_SMALL_EMS = 1.3


class Part(StrEnum):
    ABOUT = "about"
    BRING = "bring"
    READY = "ready"
    STEPS = "steps"


class Page(NamedTuple):
    """A page of the guide; of the questions there is one on each."""

    part: Part
    question: str = ""


class GuideScreen(Screen):
    """`to_scan` and `to_portal` when the person goes on; `changed`: a part opened again is done."""

    to_scan = Signal()
    to_portal = Signal()
    changed = Signal()
    step = 2
    text = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._read: Callable[[str], Guide] | None = None
        self._at = Page(Part.ABOUT)
        self._have: set[str] = set()
        self._answers: dict[str, bool] = {}
        self._changing = False
        self._note: QFrame | None = None  # what to fetch first, for the answer that stands in the way

    @property
    def have(self) -> frozenset[str]:
        """Keys of the papers that are ticked."""
        return frozenset(self._have)

    @property
    def answers(self) -> dict[str, bool]:
        """Question key -> yes or no, of those that were answered."""
        return dict(self._answers)

    def tick(self, paper_key: str) -> None:
        self._have.add(paper_key)

    def answer(self, question_key: str, value: bool) -> None:
        self._answers[question_key] = value

    def change_part(self, part: Part) -> None:
        """One part again, and from it straight back: `changed`. Of the questions first what is in the way."""
        pages = [page for page in self._pages() if page.part is part]
        good = {question.key for question in self.guide.questions if self._is_good(question)}
        self._at = next((page for page in pages if page.question not in good), pages[0])
        self._changing = True

    def _is_good(self, question: Question) -> bool:
        return self._answers.get(question.key) == question.good

    def set_guide(self, read: Callable[[str], Guide]) -> None:
        """`read(language)`: the guide of this visit. Starts at the first page with nothing ticked."""
        self._read = read
        self._at, self._have, self._answers = Page(Part.ABOUT), set(), {}
        self._changing = False

    def at_last_part(self) -> None:
        """Where the person comes back to from later screens."""
        self._at = self._pages()[-1]

    @property
    def guide(self) -> Guide:
        if self._read is None:
            raise RuntimeError("no guide was given")
        return self._read(self.look.language)

    def heading(self) -> str:
        what = self.look.say(f"ui.guide.{self._at.part}.title")
        return self.look.say("ui.step", number=2, total=5, what=what)

    def primary(self) -> Action | None:
        ahead = self._beside(1)
        if self._changing and ahead is None:
            return Action(self.look.say("ui.check.again"), self._changed, icon="check")
        if ahead is not None:
            open_yet = self._at.part is Part.READY and self._at.question not in self._answers
            return Action(self.look.say("ui.go_on"), self._next, quiet=open_yet)
        if any(paper.scan for paper in self.guide.papers):
            return Action(self.look.say("ui.guide.scan"), self.to_scan.emit)
        return Action(self.look.say("ui.go_on"), self.to_portal.emit)

    def _changed(self) -> None:
        self._changing = False
        self.at_last_part()
        self.changed.emit()

    def go_back(self) -> bool:
        before = self._beside(-1)
        if self._changing:
            self._changed()
            return True
        if before is not None:
            self._at = before
            self.redraw()
        return before is not None

    def page_now(self) -> Page:
        return self._at

    def _pages(self) -> list[Page]:
        guide = self.guide
        asked = [Page(Part.READY, question.key) for question in guide.questions]
        bring, steps = guide.papers and [Page(Part.BRING)], guide.steps and [Page(Part.STEPS)]
        return [Page(Part.ABOUT), *bring, *asked, *steps]

    def _beside(self, way: int) -> Page | None:
        """The page after (1) or before (-1) this one; of a part that is opened again only its own."""
        pages = [page for page in self._pages() if not self._changing or page.part is self._at.part]
        at = pages.index(self._at) + way
        return pages[at] if 0 <= at < len(pages) else None

    def _next(self) -> None:
        ahead = self._beside(1)
        if ahead is not None:
            self._at = ahead
            self.redraw()

    # ---- the pages ---------------------------------------------------------------------------

    def build(self) -> QLayout:
        guide = self.guide
        body = {
            Part.ABOUT: self._about,
            Part.BRING: self._bring,
            Part.READY: self._ready,
            Part.STEPS: self._steps,
        }[self._at.part](guide)
        body.addStretch(1)
        return body

    def _pictured(self, file: Path | None, alt: str, side_mm: float, words: QLabel) -> QHBoxLayout:
        """The words with their drawing before them, where there is one."""
        theme = self.look.theme
        line = row(gap=theme.gap)
        drawn = picture(file, max(theme.mm(side_mm), round(theme.body * _SMALL_EMS)), alt)
        if drawn is not None:
            line.addWidget(drawn)
        line.addWidget(words, 1)
        return line

    def _about(self, guide: Guide) -> QVBoxLayout:
        look = self.look
        top = self._pictured(guide.picture, "", _BIG_MM, label(guide.title, "title"))
        body = column(top, gap=look.theme.gap)
        if guide.online == "none":
            body.addWidget(notice(look, "warn", "warning", guide.can_do_here, guide.online_level))
        else:
            body.addWidget(notice(look, "good", "check", guide.can_do_here, guide.online_level))
        if "can_do_here" in guide.unverified:
            body.addWidget(self._unverified())
        facts = [
            ("fee", "money", look.say("ui.guide.fee"), guide.fee),
            ("time", "clock", look.say("ui.guide.time"), guide.time),
            ("decides", "person", look.say("ui.guide.decides"), guide.decides),
            ("receive", "document", look.say("ui.guide.receive"), guide.receive),
        ]
        for name, icon, title, text in facts:
            body.addWidget(self._fact(icon, title, text, name in guide.unverified))
        checked = guide.checked_on.strftime("%d/%m/%Y")
        body.addWidget(label(look.say("ui.guide.checked", date=checked), "muted"))
        if "sources" in guide.unverified:
            body.addWidget(self._unverified())
        return body

    def _unverified(self) -> QLabel:
        """The mark of facts that nobody could verify."""
        return label(self.look.say("ui.guide.unverified"), "unverified")

    def _fact(self, icon: str, title: str, text: str, unverified: bool) -> QFrame:
        theme = self.look.theme
        words = column(label(title, "strong"), label(text))
        if unverified:
            words.addWidget(self._unverified())
        inside = row(Pictogram(icon, theme.icon, theme.colours.accent), gap=theme.space)
        inside.addLayout(words, 1)
        return frame(self.look, "card", inside)

    def _bring(self, guide: Guide) -> QVBoxLayout:
        look = self.look
        body = column(label(look.say("ui.guide.bring.ask"), "title"), gap=look.theme.gap)
        for paper in guide.papers:
            body.addWidget(self._paper(paper))
        if "papers" in guide.unverified:
            body.addWidget(self._unverified())
        return body

    def _paper(self, paper: PaperNeed) -> ActionButton:
        look = self.look
        about = [paper.note] if paper.note else []
        if not paper.held:
            about.append(look.say(f"ui.guide.kind.{paper.kind}"))
        if not paper.required:
            about.append(look.say("ui.guide.optional"))
        tick = ActionButton(look, paper.title, kind="tick", note=joined(*about), picture=paper.picture)
        tick.setChecked(paper.key in self._have)
        tick.toggled.connect(lambda on: self.tick(paper.key) if on else self._have.discard(paper.key))
        return tick

    def _ready(self, guide: Guide) -> QVBoxLayout:
        """One question, its two answers, and what to fetch where the answer stands in the way."""
        look, theme = self.look, self.look.theme
        number = [question.key for question in guide.questions].index(self._at.question)
        question = guide.questions[number]
        count = look.say("ui.guide.ready.count", number=number + 1, total=len(guide.questions))
        asked = self._pictured(question.picture, question.alt, _BIG_MM, label(question.text, "title"))
        body = column(label(count, "muted"), asked, gap=theme.gap)
        body.addLayout(row(*self._choices(question), gap=theme.gap))
        answer = self._answers.get(question.key)
        if answer is not None and answer != question.good:
            role, icon = ("danger", "stop") if question.stops else ("warn", "warning")
            self._note = notice(look, role, icon, *filter(None, (question.fetch, question.where)))
            body.addWidget(self._note)
        return body

    def _choices(self, question: Question) -> list[ActionButton]:
        look, answer = self.look, self._answers.get(question.key)
        made = []
        for value, key in ((True, "ui.yes"), (False, "ui.no")):
            chosen = answer is value
            button = ActionButton(
                look,
                look.say(key),
                self._answer(question, value),
                kind="chosen" if chosen else "secondary",
                icon="check" if chosen else "",
            )
            button.setAccessibleName(joined(look.say(key), question.text, gap=". "))
            button.setMinimumHeight(look.theme.mm(_ANSWER_MM))
            made.append(button)
        return made

    def _answer(self, question: Question, value: bool) -> Callable[[], None]:
        """Shows what was chosen and what stands in the way; to the next question the person goes."""

        def set_it() -> None:
            self.answer(question.key, value)
            self.redraw()
            if self.pages is not None and self._note is not None and value != question.good:
                self.pages.reveal(self._note)  # what has just come, from its first line

        return set_it

    def _steps(self, guide: Guide) -> QVBoxLayout:
        look, theme = self.look, self.look.theme
        body = column(label(look.say("ui.guide.steps.ask"), "title"), gap=max(theme.mm(2), theme.body // 3))
        for number, step in enumerate(guide.steps, 1):
            mark = label(f"{number}.", "strong")
            mark.setFixedWidth(round(theme.body * 1.9))
            line = self._pictured(step.picture, step.alt, _SMALL_MM, label(step.text))
            line.insertWidget(0, mark)
            body.addLayout(line)
        if "steps" in guide.unverified:
            body.addWidget(self._unverified())
        if guide.mistakes:
            body.addWidget(
                notice(look, "warn", "warning", look.say("ui.guide.mistakes"), *guide.mistakes)
            )
        if any(paper.scan for paper in guide.papers):
            skip = ActionButton(look, look.say("ui.guide.no_scan"), self.to_portal.emit)
            body.addLayout(row(skip, 1))
        return body
