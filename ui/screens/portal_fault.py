"""The kiosk's own page where the portal's cannot be shown: what happened, and one thing to do."""

from collections.abc import Callable
from typing import Any

from kioskcore.errors import KioskError
from ui.look import Look
from ui.screens.base import Action
from ui.widgets.blocks import column, label
from ui.widgets.faults import fault_panel
from ui.widgets.pages import Pages

PASSING = frozenset(
    {"PORTAL-BLOCKED", "PORTAL-PROGRAM", "PORTAL-DOWNLOAD", "PORTAL-PAPERS", "PORTAL-FILE-FOLDER"}
)
"""These say nothing any more once the page has gone elsewhere."""
WAITS = "PORTAL-OFFLINE"
"""Meanwhile papers may be scanned."""
MAY_BE_THERE = "PORTAL-NO-ANSWER"
"""What was sent may have arrived: it is not said any more that nothing was."""
_AGAIN = frozenset({WAITS, "PORTAL-LOAD"})
_LOADS = _AGAIN | {"PORTAL-KEPT", MAY_BE_THERE}
"""A page did not come: the one before may be there, with what was typed."""
HOMEWARD = frozenset({"PORTAL-CERTIFICATE", "PORTAL-BROKEN", "PORTAL-NOISY"})
"""The page behind is not one to go back to, so that every way leads to the first page of the procedure."""


def fault_page(look: Look, fault: KioskError) -> Pages:
    body = column(fault_panel(look, fault), gap=look.theme.space)
    body.addWidget(label(look.say("ui.portal.not_you")))
    body.addStretch(1)
    return Pages(look, body)


def way_on(look: Look, fault: KioskError, act: Callable[[], None]) -> Action:
    """`act` is what the sentence says: try again, or back to the page. In the footer no words hide it."""
    again = fault.code in _AGAIN
    words = look.say("ui.portal.try_again" if again else "ui.portal.to_page")
    return Action(words, act, icon="reload" if again else "back", after_reading=True)


def mend(browser: Any, fault: KioskError) -> None:
    """What the browser does when the person has read the fault."""
    if fault.code in _AGAIN:
        browser.try_again()
    else:
        leave(browser, fault)


def leave(browser: Any, fault: KioskError) -> None:
    """What it does when the person turns back from the fault: nothing is tried any more."""
    if fault.code in HOMEWARD:
        browser.home()
    elif fault.code in _LOADS:
        browser.stand_back()
