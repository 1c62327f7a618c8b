"""The visit process as its keeper sees it: painted, alive, obeying, ended."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from house import button, texts
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from stand_in import PlayedScan, Remembered

from kioskcore import paths
from kioskcore.config import Config, Screen
from kioskcore.visit import State
from ui import app as ui_app
from ui.gallery import settle
from ui.quiet import PaperBrowser


class Wire:
    """The keeper's end: what was sent, and orders to give."""

    kept = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict]] = []
        self.order: Callable[[dict[str, str]], None] = lambda _order: None

    def send(self, event: str, **facts) -> None:
        self.sent.append((event, facts))

    def listen(self, callback) -> None:
        self.order = callback

    def events(self) -> list[str]:
        return [event for event, _ in self.sent if event != "beat"]


def run(tmp_path: Path, wire: Wire | None, play, ends_itself: bool = False) -> tuple[int, Remembered]:
    """`play(window)` runs in the running program; afterwards the program is ended, or must end by itself."""
    count, failed = Remembered(), []

    def go(window) -> None:
        try:
            play(window)
        except AssertionError as fault:
            failed.append(fault)
        finally:
            if not ends_itself:
                QApplication.exit(0)

    code = ui_app.run_visit(
        Config(screen=Screen(full_screen=False)),
        work=tmp_path,
        make_scan=lambda: PlayedScan(tmp_path),
        count=count,
        link=wire,
        rehearsal=lambda window: QTimer.singleShot(50, lambda: go(window)),
    )
    if failed:
        raise failed[0]
    return code, count


@pytest.fixture(autouse=True)
def _quiet_end(qapp, monkeypatch):
    """The hook for faults of ours is the process's; tests give it back, and close the window."""
    # Chromium outlives no second end of the application's loop; the real one has its own tests.
    monkeypatch.setattr(ui_app, "make_browser", lambda config, work, ports: PaperBrowser())
    hook = sys.excepthook
    yield
    sys.excepthook = hook
    for window in QApplication.topLevelWidgets():
        window.hide()
        window.deleteLater()
    settle()
    # An `exit` that came after the loop had ended would end every later loop of other tests at once.
    QTimer.singleShot(0, qapp, lambda: QApplication.exit(0))
    qapp.exec()


def wait(milliseconds: int) -> None:
    """Unlike QTest.qWait this lets other threads of Python run meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def tap(window, text: str) -> None:
    for _ in range(100):
        if text in texts(window):
            break
        wait(50)
    QTest.mouseClick(button(window, text), Qt.MouseButton.LeftButton)
    wait(50)


def test_the_keeper_hears_painted_beats_and_ended(tmp_path) -> None:
    wire = Wire()

    def play(window) -> None:
        wait(1200)
        assert wire.events() == ["painted"]
        assert ("beat", {}) in wire.sent
        tap(window, "Chạm để bắt đầu")
        assert "visit" not in count_names()
        wire.order({"do": "open"})
        wait(50)
        tap(window, "Chạm để bắt đầu")
        tap(window, "Xóa ngay")
        tap(window, "Xóa hết")
        assert "Đang xóa giấy tờ của bác trên máy này…" in texts(window)
        assert [said for said in wire.sent if said[0] != "beat"][-1] == ("ended", {"reason": "leave"})

    seen: list[Remembered] = []

    def count_names() -> list[str]:
        return seen[0].names() if seen else []

    code, count = run(tmp_path, wire, play)
    seen.append(count)
    assert code == 0
    assert count.names()[0] == "visit"


def test_out_of_service_and_quit(tmp_path) -> None:
    wire = Wire()

    def play(window) -> None:
        wire.order({"do": "out_of_service", "code": "CRASH-LOOP"})
        wait(100)
        assert any("CRASH-LOOP" in text for text in texts(window))
        wire.order({"do": "nonsense"})
        wire.order({"do": "quit"})

    run(tmp_path, wire, play, ends_itself=True)


def test_alone_a_visit_opens_by_itself(tmp_path) -> None:
    def play(window) -> None:
        wait(200)
        tap(window, "Chạm để bắt đầu")
        tap(window, "Tôi cần giúp")

    _, count = run(tmp_path, None, play)
    assert count.names() == ["visit", "help"]


def test_a_fault_of_ours_ends_the_visit_and_is_counted(tmp_path) -> None:
    sys.excepthook = lambda *_fault: None  # else pytest-qt takes it for a fault of the test

    def play(window) -> None:
        wait(200)
        tap(window, "Chạm để bắt đầu")
        tap(window, "English")
        tap(window, "Tiếng Việt")
        try:
            raise RuntimeError("made up")
        except RuntimeError as fault:
            sys.excepthook(type(fault), fault, fault.__traceback__)
        assert "Đang xóa giấy tờ của bác trên máy này…" in texts(window)

    _, count = run(tmp_path, None, play)
    assert "error:BUG" in count.names()
    assert "ended_by:fault" in count.names()
    assert f"stopped_at:{State.CHOOSE}" in count.names()


def test_no_display_is_an_error_in_words(tmp_path) -> None:
    code = (
        "from ui.app import make_application\n"
        "from kioskcore.errors import KioskError\n"
        "try:\n    make_application()\n"
        "except KioskError as fault:\n    print(fault.code)\n"
    )
    environment = {"PATH": "/usr/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    assert printed(code, environment) == "DISPLAY-MISSING"


def test_web_engine_is_not_loaded_for_the_waiting_screen(tmp_path) -> None:
    code = (
        "import sys, ui.app\n"
        "heavy = ('PySide6.QtWebEngineCore', 'sqlalchemy', 'cv2', 'PIL')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert printed(code) == "[]"


def printed(code: str, environment: dict[str, str] | None = None) -> str:
    """What a fresh Python prints that runs `code` in the program's folder."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=paths.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_staff_see_that_the_counts_need_a_technician(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(Remembered, "notice", "COUNTS-CORRUPT")
    monkeypatch.setattr("ui.flow._NOTICE_MS", 100)

    def play(window) -> None:
        wait(600)
        assert any("COUNTS-CORRUPT" in text for text in texts(window))

    run(tmp_path, Wire(), play)


def test_a_copied_text_is_gone_when_the_visit_begins_and_when_it_ends(tmp_path: Path) -> None:
    board = QApplication.clipboard()
    board.setText("của lượt trước")
    seen: list[str] = []

    def play(window) -> None:
        seen.append(board.text())
        board.setText("của lượt này")
        wire.order({"do": "open"})
        wait(50)
        for text in ("Chạm để bắt đầu", "Xóa ngay", "Xóa hết"):
            tap(window, text)
        seen.append(board.text())

    wire = Wire()
    run(tmp_path, wire, play)
    assert seen == ["", ""]


def test_qt_is_told_nothing_of_the_command_line(tmp_path: Path) -> None:
    """Else `--remote-debugging-port` or `-platform` given to the kiosk would be obeyed."""
    script = (
        "import sys; sys.argv += ['--remote-debugging-port=9', '-style', 'x', '--no-sandbox'];"
        "from ui.app import make_application; print(len(make_application().arguments()))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script]
    said = subprocess.check_output(command, env=environment, cwd=paths.ROOT, text=True)
    assert said.strip() == "1"
