"""The screens behind the waiting screen, made together once that is painted, so that it is painted soon."""

from kioskcore.ports import ScanService
from kioskcore.visit import State, Visit
from ui.adapters.scan_events import ScanEvents
from ui.look import Look
from ui.paper_stock import PaperStock
from ui.practice import PracticePeople
from ui.screens.base import Screen
from ui.screens.check import CheckScreen, CheckStop
from ui.screens.choose import ChooseScreen
from ui.screens.finish import FinishScreen
from ui.screens.guide import GuideScreen
from ui.screens.last import EndingScreen, OutOfServiceScreen
from ui.screens.portal import PortalScreen
from ui.screens.scan import ScanScreen
from ui.shell import Shell


class ScreensBehind:
    """One of each, added to the shell and fed by the scan service."""

    def __init__(self, look: Look, shell: Shell, scanning: ScanService, visit: Visit) -> None:
        self.scanning = scanning
        self.choose = ChooseScreen(look)
        self.guide = GuideScreen(look)
        self.scan = ScanScreen(look, scanning)
        self.portal = PortalScreen(look)
        self.finish = FinishScreen(look)
        self.ending = EndingScreen(look)
        self.out = OutOfServiceScreen(look)
        self.portal.practice = self.finish.practice = visit.practice
        self.people = self.choose.people = PracticePeople(shell, look) if visit.practice else None
        if self.people is not None:
            self.people.changed.connect(self.choose.redraw)
        self.by_state: dict[State, Screen] = {
            State.CHOOSE: self.choose,
            State.GUIDE: self.guide,
            State.SCAN: self.scan,
            State.PORTAL: self.portal,
            State.FINISH: self.finish,
            State.ENDING: self.ending,
            State.OUT_OF_SERVICE: self.out,
        }
        self.check = CheckScreen(look, self.guide, self.scan)
        self.check_stop = CheckStop(visit, shell, self.check, self.guide)
        for screen in (*self.by_state.values(), self.check):
            shell.add(screen)
        shell.unsent = lambda: visit.nothing_sent and not (self.portal.sent or self.portal.perhaps)
        self.portal.unread.connect(shell.hush)
        self.events = ScanEvents(shell)
        self.events.feed(self.scan)
        most_bytes = round(look.config.scan.budget_mb * 1_000_000)
        self.stock = PaperStock(self.scan.desk, scanning, self.events, most_bytes)
