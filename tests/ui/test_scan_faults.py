"""Every fault that scanning can end in: one sentence, one drawing, one thing to do, and no page is lost."""

import re

from house import rule_faults, texts
from test_scan_screen import to_place

from kioskcore.errors import KIND_OF, KioskError
from ui.scan_desk import Phase
from ui.widgets.icons import Pictogram

CODES = sorted(
    code
    for code in KIND_OF
    if code.startswith(("SCAN-", "IMAGE-", "PDF-", "PAPER-", "PAGE-", "DISK-")) and code != "SCAN-CANCELLED"
)
FACTS = {"limit": 60, "page": 1, "pages": "1, 3", "least_size": "7.1 MB", "limit_size": "6 MB"}


def test_each_fault_is_shown_with_one_thing_to_do(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_place(kiosk, qtbot)
    screen = kiosk.flow.scan
    screen.page_came(kiosk.scan._page(1))
    seen: dict[str, str] = {}
    for code in CODES:
        screen.desk.phase = Phase.BUSY
        screen.failed(KioskError(code, **FACTS))
        assert screen.desk.phase is Phase.FAULT
        shown = texts(kiosk.shell)
        say, do = kiosk.look.error(KioskError(code, **FACTS))
        assert {say, do} <= set(shown), code
        assert any(code in text for text in shown), code
        assert not re.search(r"[{}]", say + do), code
        assert seen.setdefault(say, code) == code, "two faults in the same words"
        drawn = [each._name for each in kiosk.shell.findChildren(Pictogram) if each.isVisible()]
        assert drawn, code
        assert "warning" not in drawn, code
        assert screen.primary() is not None, code
        assert rule_faults(kiosk.shell) == [], code
        assert len(screen.desk.current.pages) == 1
