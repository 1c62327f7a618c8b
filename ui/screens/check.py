"""Check before the portal: what is chosen, brought, answered and scanned, each with a way to change it."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QLayout

from guides.model import Guide
from kioskcore.visit import Event, State, Visit
from ui.look import Look
from ui.screens.base import Action, Screen
from ui.screens.guide import GuideScreen, Part
from ui.screens.scan import ScanScreen
from ui.shell import Shell
from ui.widgets.blocks import column, frame, label, notice, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram


class Topic(StrEnum):
    """What may be changed; the words are `ui.check.<topic>`."""

    PROCEDURE = "procedure"
    BRING = "bring"
    READY = "ready"
    SCANS = "scans"


_ICONS = {Topic.PROCEDURE: "document", Topic.BRING: "hand", Topic.READY: "person", Topic.SCANS: "scanner"}


class CheckScreen(Screen):
    """Reads what the guide and the scan screen hold; signals tell what was tapped, `change` with a Topic."""

    change = Signal(object)
    go_on = Signal()
    turned_back = Signal()
    text = True
    step = 3
    title_key = "ui.check.title"

    def __init__(self, look: Look, guide: GuideScreen, scan: ScanScreen) -> None:
        super().__init__(look)
        self._guide, self._scan = guide, scan

    def primary(self) -> Action | None:
        return Action(self.look.say("ui.check.portal"), self.go_on.emit, after_reading=True)

    def go_back(self) -> bool:
        self.turned_back.emit()
        return True

    def build(self) -> QLayout:
        look, guide = self.look, self._guide.guide
        body = column(label(look.say("ui.check.ask"), "title"), gap=look.theme.gap)
        body.addWidget(self._card(Topic.PROCEDURE, [guide.title]))
        if guide.papers:
            body.addWidget(self._card(Topic.BRING, self._brought(guide)))
        if guide.questions:
            body.addWidget(self._card(Topic.READY, self._answers(guide), self._in_the_way(guide)))
        if self._scan.papers or any(paper.scan for paper in guide.papers):
            body.addWidget(self._card(Topic.SCANS, self._scanned()))
        body.addWidget(notice(look, "good", "shield", look.say("ui.check.own_hand")))
        body.addStretch(1)
        return body

    def _card(self, topic: Topic, lines: Sequence[str], problems: Sequence[str] = ()) -> QFrame:
        look, theme = self.look, self.look.theme
        title = look.say(f"ui.check.{topic}")
        words = column(label(title, "strong"), *(label(line) for line in lines), gap=theme.mm(1))
        button = ActionButton(look, look.say("ui.check.change"), lambda: self.change.emit(topic))
        button.setAccessibleName(f"{look.say('ui.check.change')}. {title}")
        line = row(gap=theme.space)
        icon = Pictogram(_ICONS[topic], theme.icon, theme.colours.accent)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        inside = column(line, gap=theme.gap)
        if problems:
            inside.addWidget(notice(look, "warn", "warning", *problems))
        return frame(look, "card", inside)

    def _brought(self, guide: Guide) -> list[str]:
        have = [paper.title for paper in guide.papers if paper.key in self._guide.have]
        lines = [self.look.say("ui.check.have", papers=", ".join(have))] if have else []
        wanted = [paper for paper in guide.papers if paper.required and not paper.held]
        lacking = [paper.title for paper in wanted if paper.key not in self._guide.have]
        if lacking:
            lines.append(self.look.say("ui.check.lacking", papers=", ".join(lacking)))
        return lines or [self.look.say("ui.check.none_ticked")]

    def _answers(self, guide: Guide) -> list[str]:
        say, given = self.look.say, self._guide.answers
        answered = [question for question in guide.questions if question.key in given]
        lines = [f"{q.text} {say('ui.yes' if given[q.key] else 'ui.no')}." for q in answered]
        left = len(guide.questions) - len(answered)
        return [*lines, say("ui.check.open", number=left)] if left else lines

    def _in_the_way(self, guide: Guide) -> list[str]:
        """What has to be fetched first, for the answers that are not the good ones."""
        given = self._guide.answers
        bad = [q.fetch for q in guide.questions if given.get(q.key, q.good) != q.good and q.fetch]
        return [self.look.say("ui.check.needed", what=what) for what in bad]

    def _scanned(self) -> list[str]:
        say, papers = self.look.say, self._scan.papers
        made = [say("ui.check.paper", title=paper.title, pages=paper.pages) for paper in papers]
        return made or [say("ui.check.none_scanned")]


class CheckStop(QObject):
    """Shows the check before the portal, on the way there and back; a page of the state the visit is in."""

    def __init__(self, visit: Visit, shell: Shell, check: CheckScreen, guide: GuideScreen) -> None:
        super().__init__(shell)
        self._visit, self._shell, self._check, self._guide = visit, shell, check, guide
        self._before: Screen = guide
        self._fetches = False  # one paper more, from within the portal
        check.go_on.connect(lambda: self._fire(Event.TO_PORTAL))
        check.turned_back.connect(self._turned_back)
        check.change.connect(self._change)
        guide.changed.connect(lambda: shell.show_screen(check))
        visit.listeners.append(self._moved)

    def on_the_way(self) -> None:
        """Done with the guide or the papers. Who came from the portal for a paper goes straight back."""
        if self._fetches:
            self._fire(Event.TO_PORTAL)
        elif self._shell.screen_now is not None:
            self._before = self._shell.screen_now
            self._shell.show_screen(self._check)

    def instead(self, old: State, new: State) -> Screen | None:
        """What shows in `new` after `old`: the way back from the portal leads by the check too."""
        return self._check if (old, new) == (State.PORTAL, State.GUIDE) else None

    def _moved(self, old: State, new: State) -> None:
        self._fetches = (old, new) == (State.PORTAL, State.SCAN)

    def _turned_back(self) -> None:
        if self._before is not self._guide and self._visit.state is State.GUIDE:
            self._fire(Event.TO_SCAN)  # where the check was come to, before the portal
        else:
            self._shell.show_screen(self._before)

    def _change(self, topic: Topic) -> None:
        if topic is Topic.SCANS:
            if self._visit.state is State.SCAN:
                self._shell.show_screen(self._before)
            self._fire(Event.TO_SCAN)
            return
        self._back_to(State.CHOOSE if topic is Topic.PROCEDURE else State.GUIDE)
        if topic is not Topic.PROCEDURE:
            self._before = self._guide
            self._guide.change_part(Part.BRING if topic is Topic.BRING else Part.READY)
            self._shell.show_screen(self._guide)

    def _back_to(self, state: State) -> None:
        while self._visit.state is not state and self._visit.can(Event.BACK):
            self._visit.fire(Event.BACK)

    def _fire(self, event: Event) -> None:
        if self._visit.can(event):
            self._visit.fire(event)
