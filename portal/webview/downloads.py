"""Takes the papers that a portal hands out (PDF, pictures) into the visit's folder; refuses all else."""

import secrets
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWebEngineCore import QWebEngineDownloadRequest

from portal.webview.asking import Judge
from portal.webview.gate import judge
from portal.webview.watch import Budget

MOST_BYTES = 30_000_000
PAPERS_A_MINUTE = 6
_BEGINS = {  # what a paper begins with, whatever the server calls it
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
}
_PDF, _PDF_WITHIN = b"%PDF-", 1024
"""A PDF's sign, and the first bytes in which readers look for it: an empty line may stand before."""
_MAY_BE_ONE = frozenset(
    {"application/pdf", "application/x-pdf", "image/png", "image/jpeg", "image/jpg", "image/pjpeg"}
    | {"application/octet-stream", "binary/octet-stream", "application/force-download"}
    | {"application/download", "application/x-download", "application/unknown", ""}
    | {"application/save", "application/x-octet-stream", "application/acrobat", "text/pdf"}
    | {"text/html", "text/plain", "multipart/form-data"}
)
"""Many portals name no kind for what they hand out, or a wrong one: it is looked into once it is here."""
_State = QWebEngineDownloadRequest.DownloadState


class Downloads(QObject):
    """`came(file)`: a whole paper lies in `folder` under a name drawn by chance. `refused(code)`: one is not
    taken. `comes`: whether one is on its way.
    """

    comes = Signal(bool)
    came = Signal(object)  # Path
    refused = Signal(str)

    def __init__(self, policy: Judge, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._policy = policy
        self._folder = folder
        self._budget = Budget(PAPERS_A_MINUTE, 60.0)
        self._running: QWebEngineDownloadRequest | None = None

    def take(self, request: QWebEngineDownloadRequest) -> None:
        """For the profile's `downloadRequested`: one at a time, a few a minute."""
        running = self._running
        if running is not None and running.url() == request.url():
            request.cancel()  # tapped once more, as nothing seemed to happen
            return
        perhaps = request.mimeType().partition(";")[0].strip().lower() in _MAY_BE_ONE
        fits = request.totalBytes() <= MOST_BYTES
        if not perhaps or not fits or not self._from_here(request):
            self._refuse(request, "PORTAL-DOWNLOAD")
            return
        if running is not None or not self._budget.take():
            self._refuse(request, "PORTAL-PAPERS")
            return
        name = f"{secrets.token_hex(8)}.part"  # the page's own name may hold a person's
        request.setDownloadDirectory(str(self._folder))
        request.setDownloadFileName(name)
        request.receivedBytesChanged.connect(lambda: self._watch_size(request))
        request.isFinishedChanged.connect(lambda: self._finished(request, self._folder / name))
        self._running = request
        request.accept()
        self.comes.emit(True)

    def _from_here(self, request: QWebEngineDownloadRequest) -> bool:
        """From an allowed address, or made by a page that stands at one."""
        url = request.url()
        if url.scheme() in ("blob", "data"):
            page = request.page()
            url = page.url() if page is not None else QUrl()
        verdict = judge(self._policy, url)
        return verdict.allowed and verdict.site is not None

    def _watch_size(self, request: QWebEngineDownloadRequest) -> None:
        if request.receivedBytes() > MOST_BYTES:
            request.cancel()

    def _finished(self, request: QWebEngineDownloadRequest, file: Path) -> None:
        self._running = None
        self.comes.emit(False)
        ending = _ending(file) if request.state() == _State.DownloadCompleted else ""
        if ending:
            self.came.emit(file.replace(file.with_suffix(ending)))
        else:
            file.unlink(missing_ok=True)
            self.refused.emit("PORTAL-DOWNLOAD")

    def _refuse(self, request: QWebEngineDownloadRequest, code: str) -> None:
        request.cancel()
        self.refused.emit(code)


def _ending(file: Path) -> str:
    """The ending for what the file holds; "" where it is no paper."""
    try:
        with file.open("rb") as stream:
            begins = stream.read(_PDF_WITHIN)
    except OSError:
        return ""
    if _PDF in begins:
        return ".pdf"
    return next((ending for sign, ending in _BEGINS.items() if begins.startswith(sign)), "")
