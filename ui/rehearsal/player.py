"""Plays a scenario on the real windows, step after step, and tells how it went.

Everything is done from timers, and the hand moves outside the step's own code: a tap may open a dialog with
an event loop of its own, and the steps that answer that dialog must go on inside it.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtCore import QObject, QTimer

from portal.webview.browser import Browser
from ui.rehearsal.acts import Act, Ask, Pause, StepFailedError
from ui.rehearsal.pictures import Camera
from ui.rehearsal.report import PlayReport, StepReport
from ui.rehearsal.scenario import Scenario, Step
from ui.rehearsal.typist import typist_for
from ui.rehearsal.verbs import Verbs

SETTLE_MS = 250
"""From a step's end to its picture: the screen has then drawn what the step caused."""
_MOVING = {"tap", "type", "choose", "tick", "untick", "upload", "press", "wait"}


@dataclass
class _Run:
    """The step in hand."""

    number: int
    step: Step
    report: StepReport
    began: float
    work: Generator[Any, Any, None]


class Player(QObject):
    """One play of one scenario. `finished` is called once, on the GUI thread, whatever happens.

    `browser`: gives the browser on the screen at the moment, or None. Pictures go to `out`.
    """

    def __init__(
        self,
        scenario: Scenario,
        out: Path,
        finished: Callable[[PlayReport], None],
        *,
        browser: Callable[[], Browser | None] = lambda: None,
        chance: Random | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._scenario = scenario
        self._finished = finished
        self._camera = Camera(out)
        self._report = PlayReport(scenario.title)
        self._values = scenario.draw(chance)
        typist = typist_for(scenario.start.typing)
        self._verbs = Verbs(self._values, self._report.variables, browser, self._camera, typist)
        self._began = 0.0
        self._stopped = False

    def start(self) -> None:
        self._began = time.monotonic()
        self._later(0, lambda: self._begin(0))

    def stop(self) -> None:
        """No further step; `finished` is not called any more."""
        self._stopped = True

    def _later(self, milliseconds: int, what: Callable[[], None]) -> None:
        QTimer.singleShot(milliseconds, self, lambda: None if self._stopped else what())

    def _begin(self, number: int) -> None:
        if number == len(self._scenario.steps):
            self._end(ok=True)
            return
        step = self._scenario.steps[number]
        report = StepReport(number + 1, step.verb, step.target)
        self._report.steps.append(report)
        self._go_on(_Run(number, step, report, time.monotonic(), self._verbs.work(step)), None)

    def _go_on(self, run: _Run, answer: Any) -> None:
        """Give the step its answer and do what it asks for next."""
        if self._stopped:
            return
        try:
            wish = run.work.send(answer)
        except StopIteration:
            self._done(run, "")
        except StepFailedError as failed:
            self._done(run, failed.code)
        except Exception as fault:  # noqa: BLE001 - a fault of ours must end the play with a report, not hang it
            self._done(run, f"BUG {type(fault).__name__}: {fault}")
        else:
            self._grant(run, wish)

    def _grant(self, run: _Run, wish: Pause | Act | Ask) -> None:
        if isinstance(wish, Ask):
            wish.ask(lambda answer: self._later(0, lambda: self._go_on(run, answer)))
        elif isinstance(wish, Act) and wish.returns:

            def act_then_wait() -> None:
                wish.act()
                self._grant(run, Pause(wish.milliseconds))

            self._later(0, act_then_wait)
        elif isinstance(wish, Act):
            self._later(wish.milliseconds, lambda: self._go_on(run, None))
            self._later(0, wish.act)  # may not return before a dialog is closed: the step goes on by itself
        else:
            self._later(wish.milliseconds, lambda: self._go_on(run, None))

    def _done(self, run: _Run, error: str) -> None:
        run.report.seconds = round(time.monotonic() - run.began, 2)
        run.report.error = error
        run.report.ok = not error
        run.report.skipped = bool(error) and run.step.optional
        if error and not run.step.optional:
            self._later(SETTLE_MS, lambda: self._end(ok=False))
            return

        def next_step() -> None:
            if run.step.verb in _MOVING:
                self._camera.take(run.step.verb, only_if_changed=True)
            self._begin(run.number + 1)

        self._later(SETTLE_MS if run.step.verb in _MOVING else 0, next_step)

    def _end(self, *, ok: bool) -> None:
        self._camera.take("end" if ok else "failure")
        self._report.ok = ok
        self._report.seconds = round(time.monotonic() - self._began, 2)
        self._report.pictures = self._camera.taken
        self._stopped = True
        self._finished(self._report)
