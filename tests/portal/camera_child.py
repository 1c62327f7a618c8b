"""A browser of its own process with Chromium's made-up camera: prints what a page got, and what was asked.

Arguments: whether the site's file names the camera, whether the person agrees; each "yes" or "no".
"""
# ruff: noqa: E402 - the flags come before Chromium

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--use-fake-device-for-media-stream --disable-gpu"

from kioskcore.constants import pin_constants

pin_constants()

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication
from web import OnlyHere, Site, Web

from portal.webview.asking import DialogAnswer, DialogKind
from portal.webview.browser import Browser

PAGE = """<p>x</p><script>const say=(a,b)=>{document.title=a+' '+b};
const see=what=>
 navigator.mediaDevices.getUserMedia(what).then(s=>s.getTracks().map(t=>t.kind).join(),e=>e.name);
see({video:true}).then(a=>see({audio:true}).then(b=>say(a,b)))</script>"""


@dataclass(frozen=True)
class Seeing(Site):
    camera: bool = sys.argv[1] == "yes"


def main() -> None:
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(["camera"])
    web = Web()
    policy = OnlyHere(web.url)
    policy.site = Seeing()
    web.pages["/"] = PAGE
    asked: list[DialogKind] = []
    with TemporaryDirectory() as folder:
        browser = Browser(policy, download_folder=Path(folder))
        browser.set_dialog_handler(
            lambda request: asked.append(request.kind) or DialogAnswer(sys.argv[2] == "yes")
        )
        browser._page.titleChanged.connect(lambda title: " " in title and browser.close_page())
        titles: list[str] = []
        browser._page.titleChanged.connect(titles.append)
        browser.closed.connect(app.quit)
        browser.show()
        browser.open(web.url + "/")
        QTimer.singleShot(20_000, browser.close_page)
        app.exec()
        sys.stdout.write(f"{titles[-1]} {len(asked)}\n")


main()
