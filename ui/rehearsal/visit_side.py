"""The half of a rehearsal that runs inside the visit: plays the scenario, keeps its proofs, holds the end.

It stands between the visit and its keeper, so that "ended" is told only after the last step was looked at.
The visit after the played one gets no scenario: it only takes a picture of its waiting screen.
"""

import json
import os
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from kioskcore.keeper_link import KeeperLink
from ui.rehearsal.pictures import Camera
from ui.rehearsal.player import Player
from ui.rehearsal.report import MARKS, PLAYED, PlayReport
from ui.rehearsal.scenario import Made, Scenario, load_scenario

if TYPE_CHECKING:
    from portal.webview.browser import Browser

SAMPLE_LINE_FILE = "KIOSK_SAMPLE_LINE_FILE"
"""Environment variable of the scan child: a file with the line that the made-up papers carry."""

_LOOK_MS = 100
_SETTLE_MS = 400


class VisitSide:
    """A `Link` for the visit. `scenario_file` None: only picture the waiting screen. `out` exists."""

    def __init__(self, scenario_file: Path | None, out: Path, work: Path, link: KeeperLink) -> None:
        self._scenario: Scenario | None = load_scenario(scenario_file) if scenario_file else None
        self._out, self._work, self._link = out, work, link
        self._seed = secrets.randbits(64)
        self._opened = False
        self._finished = self._scenario is None
        self._end_reason = "rehearsal"
        self._papers: set[Path] = set()
        self._player: Player | None = None

    # what the visit sees of its keeper

    @property
    def kept(self) -> bool:
        return self._link.kept

    def send(self, event: str, **facts: str | int | float | bool) -> None:
        if event == "ended" and not self._finished:
            self._end_reason = str(facts.get("reason", ""))
        else:
            self._link.send(event, **facts)

    def listen(self, callback: Callable[[dict[str, str]], None]) -> None:
        def hear(order: dict[str, str]) -> None:
            callback(order)
            self._opened = self._opened or order.get("do") == "open"

        self._link.listen(hear)

    # the play

    @property
    def environment(self) -> dict[str, str]:
        """For the scan child: what was made up for this play is drawn on the sample papers too.

        By a file of the visit, since the keeper looks into the environment of every process it owns.
        """
        line = self._work / "sample-line.txt"
        line.write_text(" · ".join(self._marks()), encoding="utf-8")
        return {**os.environ, SAMPLE_LINE_FILE: str(line)}

    def begin(self, window: QWidget) -> None:
        """Start as soon as the keeper lets people in."""
        watch = QTimer(window)
        watch.setInterval(_LOOK_MS)

        def look() -> None:
            if self._opened:
                watch.stop()
                QTimer.singleShot(_SETTLE_MS, window, lambda: self._start(window))

        watch.timeout.connect(look)
        watch.start()

    def _start(self, window: QWidget) -> None:
        if self._scenario is None:
            Camera(self._out).take("next-visit")
            self._link.send("pictured")
            return
        keep = QTimer(window)
        keep.timeout.connect(self._keep_papers)
        keep.start(_LOOK_MS)
        self._player = Player(
            self._scenario, self._out, self._end, browser=_browser, chance=self._chance(), parent=window
        )
        self._player.start()

    def _end(self, report: PlayReport) -> None:
        self._keep_papers()
        (self._out / MARKS).write_text(json.dumps(self._marks()), encoding="utf-8")
        (self._out / PLAYED).write_text(report.to_json(), encoding="utf-8")
        self._finished = True
        self._link.send("ended", reason=self._end_reason)

    def _marks(self) -> list[str]:
        """What was made up for this play: none of it may be found afterwards."""
        if self._scenario is None:
            return []
        values = self._scenario.draw(self._chance())
        return [values[name] for name, value in self._scenario.variables.items() if isinstance(value, Made)]

    def _chance(self) -> Random:
        """The same luck each time it is asked for: the marks drawn on paper are those that get typed."""
        return Random(self._seed)  # noqa: S311 - made-up people, not secrets

    def _keep_papers(self) -> None:
        """Copy each finished PDF before the wipe takes it."""
        for file in sorted(self._work.rglob("*.pdf")):
            if file not in self._papers:
                self._papers.add(file)
                shutil.copyfile(file, self._out / f"paper-{len(self._papers)}.pdf")


def _browser() -> "Browser | None":
    """The browser on the screen. WebEngine is not imported before the visit itself has done so."""
    if "portal.webview.browser" not in sys.modules:
        return None
    from portal.webview.browser import Browser

    for window in QApplication.topLevelWidgets():
        for browser in window.findChildren(Browser):
            if browser.isVisible():
                return browser
    return None
