"""Loud tests: any warning, any log line nobody expected and any Qt message fails the test."""

import logging
import os
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

from kioskcore.constants import pin_constants

pin_constants()  # pytest-qt imports PySide by itself
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # Chromium's sandbox cannot run as root
os.environ.setdefault("LC_ALL", "C.UTF-8")
hypothesis.settings.load_profile("ci")  # the same examples each time, however long a busy machine takes


@pytest.fixture(autouse=True)
def no_unexpected_log_line(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    loud = [
        record.getMessage()
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING
    ]
    assert not loud, f"unexpected log lines: {loud}"


class PatientBot(QtBot):
    """Waits as long as a busy machine may take; only a test that fails takes longer for it."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        super().waitUntil(callback, timeout=max(timeout, 30_000))


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's own, but for its patience."""
    return PatientBot(request)
