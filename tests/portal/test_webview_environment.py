"""What the visit process inherits from whoever started it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from web import Answer, Web

from portal.webview.environment import FLAGS, clean_environment


def test_remote_debugging_foreign_flags_and_preloads_are_gone() -> None:
    clean = clean_environment(
        {
            "PATH": "/usr/bin",
            "QTWEBENGINE_REMOTE_DEBUGGING": "9222",
            "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-web-security",
            "QTWEBENGINEPROCESS_PATH": "/tmp/evil",
            "LD_PRELOAD": "/tmp/evil.so",
            "LD_LIBRARY_PATH": "/tmp/evil",
            "QT_PLUGIN_PATH": "/tmp/evil",
            "SSLKEYLOGFILE": "/tmp/keys",
        },
        gpu=True,
    )
    assert clean == {
        "PATH": "/usr/bin",
        "QTWEBENGINE_CHROMIUM_FLAGS": FLAGS,
        "LC_ALL": "C.UTF-8",
    }


def test_the_sandbox_switch_for_root_stays_and_the_given_mapping_is_untouched() -> None:
    given = {"QTWEBENGINE_DISABLE_SANDBOX": "1"}
    assert clean_environment(given)["QTWEBENGINE_DISABLE_SANDBOX"] == "1"
    assert given == {"QTWEBENGINE_DISABLE_SANDBOX": "1"}


def test_a_machine_without_graphics_device_does_not_start_a_gpu_process() -> None:
    assert "--disable-gpu" in clean_environment({}, gpu=False)["QTWEBENGINE_CHROMIUM_FLAGS"]
    assert "--disable-gpu" not in clean_environment({}, gpu=True)["QTWEBENGINE_CHROMIUM_FLAGS"]


SHOWN = """
import sys
from pathlib import Path
import portal.webview
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
app = QApplication([])
from portal.webview.browser import Browser
sys.path.insert(0, "tests/portal")
from web import Verdict
class Anything:
    def decide(self, url):
        return Verdict(True, None, "", None)
browser = Browser(Anything(), download_folder=Path(sys.argv[2]))
browser.show()
browser.open(sys.argv[1])
def read(_url, text):
    print("seen", text, flush=True)
    if text == sys.argv[3]:
        end.start(0)
browser.page_text_changed.connect(read)
browser.closed.connect(app.quit)
end = QTimer(singleShot=True, interval=2500)
end.timeout.connect(browser.close_page)
end.start()
app.exec()
"""


def shown(url: str, folder: Path, *, hosts: tuple[str, ...], until: str = "") -> str:
    """What a browser in a process of its own, started as a visit is, reads from the page in 2.5 seconds."""
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, url, str(folder), until],
        env=clean_environment({**os.environ, "PYTHONPATH": "."}, hosts=hosts),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("hosts", "reached"), [(("127.0.0.1", ".gov.vn"), 0), ((), 4)])
def test_with_the_hosts_named_no_other_can_even_be_looked_up(hosts, reached, tmp_path: Path) -> None:
    here, there = Web(), Web()
    here.pages["/a"] = "<p>đây</p>" + "".join(f"<img src=/b{number}>" for number in range(4))
    for number in range(4):
        to = f"http://127.0.0.2:{there.port}/x" if number % 2 else f"http://localhost:{there.port}/x{number}"
        here.pages[f"/b{number}"] = Answer("", 302, {"Location": to})
    said = shown(here.url + "/a", tmp_path, hosts=hosts)
    here.close()
    there.close()
    assert "seen đây" in said
    assert (len(there.asked) > 0) == (reached > 0)


FORGETS = """<p id=p>giữ</p><script>
const gone = new WeakRef(document.createElement("p"));
const look = () => gone.deref() || (p.textContent = "đã dọn");
if (!window.kioskCollect) addEventListener("load", () => setInterval(look, 50));
</script>"""


def test_what_a_page_leaves_behind_is_collected_and_the_page_cannot_ask_for_it(web, tmp_path: Path) -> None:
    """Left alone, this engine collects nothing before its scripts fill the heap."""
    web.pages["/a"] = FORGETS
    said = shown(web.url + "/a", tmp_path, hosts=("127.0.0.1",), until="đã dọn")
    assert "đã dọn" in said
