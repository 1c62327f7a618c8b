"""A browser under a strict policy, a friendly server and a forbidden one."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt

sys.path.insert(0, str(Path(__file__).parent))
from web import OnlyHere, Web

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


@pytest.fixture
def elsewhere() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


@pytest.fixture
def policy(web: Web) -> OnlyHere:
    return OnlyHere(web.url)


@pytest.fixture
def browser(qtbot, web: Web, policy: OnlyHere, tmp_path: Path):
    from portal.webview.browser import Browser

    (tmp_path / "work").mkdir()
    shown = Browser(policy, download_folder=tmp_path / "work")
    shown.resize(1000, 700)
    shown.set_home(web.url + "/home")
    web.pages["/home"] = "<h1>Trang đầu</h1>"
    shown.show()
    yield shown  # not given to qtbot, which would delete it before it is closed
    with qtbot.waitSignal(shown.closed, timeout=10_000):
        shown.close_page()
