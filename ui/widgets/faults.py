"""How every error is shown: one sentence, one thing to do, and the code small for staff."""

from PySide6.QtWidgets import QFrame

from kioskcore.errors import KioskError
from ui.look import Look
from ui.widgets.blocks import column, frame, label, row
from ui.widgets.icons import Pictogram

_PICTURES = {
    "SCAN-COVER": "cover",
    "SCAN-JAM": "jam",
    "SCAN-NO-PAPER": "document",
    "SCAN-NO-CAMERA": "camera",
    "SCAN-NO-STICK": "usb",
    "SCAN-NO-FILES": "usb",
    "SCAN-NOT-SEEN": "camera",
    "SCAN-NO-DEVICE": "search",
    "SCAN-NOT-INSTALLED": "search",
    "SCAN-BUSY": "clock",
    "SCAN-TIMEOUT": "clock",
    "SCAN-PHONE-OFF": "phone",
    "SCAN-PHONE-SILENT": "phone",
    "SCAN-DENIED": "hand",
    "SCAN-UNTRUSTED": "shield",
    "SCAN-CRASH": "reload",
    "SCAN-JOB-INVALID": "reload",
    "SCAN-CANCELLED": "stop",
    "SCAN": "scanner",
    "IMAGE": "document",
    "PDF": "document",
    "PAPER": "document",
    "PAGE": "document",
    "DISK": "folder",
}
"""What the fault is about, by its code or the first word of it, where a drawing tells more than a warning."""


def fault_panel(look: Look, fault: KioskError) -> QFrame:
    """The same panel everywhere; the caller adds the button that does what the sentence says."""
    say, do = look.error(fault)
    drawing = _PICTURES.get(fault.code) or _PICTURES.get(fault.code.partition("-")[0], "warning")
    picture = Pictogram(drawing, look.theme.mm(14), look.theme.colours.danger)
    words = column(label(say, "title"), label(do), gap=look.theme.mm(2))
    words.addWidget(label(look.say("ui.error.code", code=fault.code), "place"))
    inside = row(picture, gap=look.theme.space)
    inside.addLayout(words, 1)
    return frame(look, "danger", inside)
