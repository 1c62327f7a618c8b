"""The constants outlive the uses that PySide's wheel does not count."""

import subprocess
import sys

LOSING = """
import sys
from kioskcore.constants import pin_constants
if {pin}:
    pin_constants()
    pin_constants()
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rung = Signal(bool)
bell = Bell()
bell.rung.connect(lambda on: None)
for _ in range(20_000):
    bell.rung.emit(True)
print("alive", sys.getrefcount(True) > 0)
"""


def play(pin: bool) -> "subprocess.CompletedProcess[str]":
    program = [sys.executable, "-c", LOSING.format(pin=pin)]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)


def test_twenty_thousand_signals_do_not_end_the_program() -> None:
    done = play(pin=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive True\n", "")
