"""The way to the portal's page: the browser is made after the first touch and opened on what was chosen."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QObject

from guides.model import Guide
from kioskcore.visit import State, Visit
from ui.adapters.pool import Pool
from ui.page_desk import PageDesk
from ui.practice import PracticePeople
from ui.screens.portal import PortalScreen

PRACTICE_SITE = "practice"

MakeBrowser = Callable[[Mapping[str, int]], Any]
"""(ports of sites known at run time) -> a Browser. Imports WebEngine: called after the first touch."""


class PortalRoad(QObject):
    """One browser a visit, one opening a procedure: who comes back finds the page as it was left."""

    def __init__(
        self,
        visit: Visit,
        screen: PortalScreen,
        desk: PageDesk,
        people: PracticePeople | None,
        *,
        pool: Pool,
        make: MakeBrowser,
        practice_url: Callable[[], str] | None,
        broken: Callable[[Exception], None],
    ) -> None:
        """`practice_url` starts the practice portal and gives its address; `broken`: this ends the visit."""
        super().__init__(pool)
        self._visit, self._screen, self._desk, self._people = visit, screen, desk, people
        self._pool, self._make, self._practice_url, self._broken = pool, make, practice_url, broken
        self._practice_base = self._wanted = ""
        self._guide: Guide | None = None
        self.browser: Any = None

    def prepare(self) -> None:
        """WebEngine takes half a second to load, better after the first touch than at its door."""
        if self.browser is not None or not self._visit.open:
            return
        if self._visit.practice and self._practice_url is not None:
            self._pool.run(self._practice_url, self._practice_ready, self._broken)
        else:
            self._come({})

    def enter(self, guide: Guide) -> None:
        """The portal's screen shows now."""
        self._guide = guide
        if self.browser is None:
            self.prepare()
        self._open()

    def frame(self) -> Any:
        """The page's main frame while the portal shows, for the keyboard to ask about its fields."""
        if self.browser is None or self._visit.state is not State.PORTAL:
            return None
        return self.browser.view().page().mainFrame()

    def most_bytes(self) -> int:
        """What the site's upload boxes take, where its file says so; else 0."""
        site = self.browser.site() if self.browser is not None else None
        return int(site.upload.max_bytes) if site is not None else 0

    def _practice_ready(self, base: str) -> None:
        self._practice_base = base.rstrip("/")
        self._come({PRACTICE_SITE: urlsplit(base).port or 80})

    def _come(self, ports: Mapping[str, int]) -> None:
        if self.browser is not None or not self._visit.open:
            return
        self.browser = self._make(ports)
        self._desk.serve(self.browser)
        self._screen.set_browser(self.browser)
        self._open()

    def _open(self) -> None:
        """Open the procedure's page, once per procedure."""
        guide = self._guide
        if guide is None or self.browser is None or self._visit.state is not State.PORTAL:
            return
        address = guide.portal_url or self._screen.look.config.portal.home
        if self._practice_base:
            page = "" if guide.general else f"thu-tuc-hanh-chinh/{guide.code}"
            address = f"{self._practice_base}/{page}"
            address = self._people.address(address) if self._people is not None else address
        if address != self._wanted:
            self._wanted = address
            self.browser.set_home(address)
            self.browser.open(address)
