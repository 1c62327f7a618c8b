"""One page under the policy: what it may open, ask, choose and pop up. Everything else is refused."""

import json
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import QAuthenticator
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineDesktopMediaRequest,
    QWebEngineFileSystemAccessRequest,
    QWebEngineFullScreenRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineRegisterProtocolHandlerRequest,
    QWebEngineWebAuthUxRequest,
)

from portal.webview.asking import (
    Chooser,
    DialogAnswer,
    DialogHandler,
    DialogKind,
    DialogRequest,
    Judge,
    LinkWish,
    Lister,
    ListRequest,
    Picker,
    PickRequest,
    UploadRequest,
    files_inside,
    no_files,
    no_list,
    no_pick,
    refuse,
)
from portal.webview.gate import judge, secure
from portal.webview.helper import Helper, read_wish
from portal.webview.windows import Windows

DIALOGS_IN_A_ROW = 8
"""More dialogs than this within `DIALOG_WINDOW` are answered with "no" unseen."""
DIALOG_WINDOW = 30.0  # seconds
MAX_DIALOG_TEXT = 4000
"""What a page says beyond these letters is not shown, and then nothing is agreed to."""

_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that turn the direction of writing: with them a question reads otherwise than it is."""
_Mode = QWebEnginePage.FileSelectionMode


class Page(QWebEnginePage):
    """A QWebEnginePage that says no. Signals tell the browser what was stopped."""

    blocked = Signal(str)  # category of the address
    refused = Signal(str)  # error code
    number_asked = Signal(str)  # a link that would call this telephone number
    noisy = Signal()  # more dialogs than a person can be asked

    def __init__(
        self, profile: QWebEngineProfile, policy: Judge, files: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(profile, parent)
        self._helper = Helper(profile)
        self.windows = Windows(self, policy)
        self.windows.blocked.connect(self.blocked)
        self._policy = policy
        self._files = files
        self._choosing = False
        self._dialogs: list[float] = []
        self._told_noisy = False
        self.chooser: Chooser = no_files
        self.dialog_handler: DialogHandler = refuse
        self.picker: Picker = no_pick
        self.lister: Lister = no_list
        self.max_bytes = 0
        self.accept: tuple[str, ...] = ()  # of a box that names nothing itself
        self.waiting = 0  # nested calls into the screens: the page may rightly be silent meanwhile
        self._refuse_what_asks()

    def _refuse_what_asks(self) -> None:
        self.permissionRequested.connect(self._permit)
        self.certificateError.connect(self._reject_certificate)
        self.authenticationRequired.connect(self._login_box)
        self.proxyAuthenticationRequired.connect(self._proxy_login_box)
        self.registerProtocolHandlerRequested.connect(_reject_handler)
        self.fileSystemAccessRequested.connect(_reject_files)
        self.desktopMediaRequested.connect(_cancel_capture)
        self.selectClientCertificate.connect(_no_client_certificate)
        self.webAuthUxRequested.connect(_cancel_security_key)
        self.fullScreenRequested.connect(_reject_full_screen)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        wanted = secure(self._policy, QUrl(url))  # the gate leads there
        verdict = judge(self._policy, wanted)
        if not verdict.allowed and is_main_frame and not self.windows.hand_out(wanted):
            self.blocked.emit(verdict.category)
        return verdict.allowed

    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, old: object, accepted: object
    ) -> list[str]:
        if mode == _Mode.FileSelectUploadFolder:
            QTimer.singleShot(0, self, lambda: self.refused.emit("PORTAL-FILE-FOLDER"))
        if mode not in (_Mode.FileSelectOpen, _Mode.FileSelectOpenMultiple) or self._choosing:
            return []
        multiple = mode == _Mode.FileSelectOpenMultiple
        wanted = tuple(str(kind) for kind in accepted if kind) if isinstance(accepted, list | tuple) else ()
        self._choosing = True
        self.waiting += 1
        try:
            chosen = list(self.chooser(UploadRequest(wanted or self.accept, multiple, self.max_bytes)))
        finally:
            self._choosing = False
            self.waiting -= 1
        allowed = files_inside(chosen, self._files)
        return allowed if multiple else allowed[:1]

    def _ask(self, request: DialogRequest) -> DialogAnswer:
        now = time.monotonic()
        self._dialogs = [when for when in self._dialogs if now - when < DIALOG_WINDOW]
        if len(self._dialogs) >= DIALOGS_IN_A_ROW:
            if not self._told_noisy:
                self._told_noisy = True
                self.noisy.emit()
            return refuse(request)
        if self._choosing:
            return refuse(request)
        self._told_noisy = False
        self.waiting += 1
        try:
            return self.dialog_handler(request)
        finally:
            self.waiting -= 1
            self._dialogs.append(time.monotonic())

    def javaScriptAlert(self, origin: QUrl | str, text: str) -> None:
        self._ask(_asked(DialogKind.ALERT, text))

    def javaScriptConfirm(self, origin: QUrl | str, text: str) -> bool:
        if text == _leave_question():
            return True  # a page may not keep the person, nor the kiosk, from leaving it
        return self._ask(_asked(DialogKind.CONFIRM, text)).accepted

    def javaScriptPrompt(self, origin: QUrl | str, text: str, default: str) -> tuple[bool, str]:
        if self._helper.wishes(text):
            return self._wish(default)
        answer = self._ask(_asked(DialogKind.PROMPT, text, default))
        return answer.accepted, answer.text

    def _wish(self, told: str) -> tuple[bool, str]:
        """What our own script in the page asks for; only taps of the person lead here."""
        wish = read_wish(told)
        if isinstance(wish, PickRequest | ListRequest) and not self._choosing:
            self._choosing = True
            self.waiting += 1
            try:
                chosen = self.picker(wish) if isinstance(wish, PickRequest) else self._list(wish)
            finally:
                self._choosing = False
                self.waiting -= 1
            return chosen is not None, chosen or ""
        if isinstance(wish, LinkWish):
            self._tell_link(wish)
        return False, ""

    def _list(self, wish: ListRequest) -> str | None:
        chosen = self.lister(wish)
        return None if chosen is None else json.dumps(list(chosen))

    def _tell_link(self, wish: LinkWish) -> None:
        if wish.number:
            self.number_asked.emit(wish.number)
        else:
            self.refused.emit("PORTAL-PROGRAM")

    def _permit(self, permission: QWebEnginePermission) -> None:
        """Everything is denied at once: unanswered, the page would wait for ever. A camera is asked for."""
        site = judge(self._policy, permission.origin()).site
        camera = permission.permissionType() == QWebEnginePermission.PermissionType.MediaVideoCapture
        if not camera or not getattr(site, "camera", False):
            permission.deny()
            return
        asked = DialogRequest(DialogKind.CAMERA, "")
        QTimer.singleShot(0, self, lambda: _answer(permission, self._ask(asked)))

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, text: str, line: int, source: str
    ) -> None:
        """Dropped: a page writes what people typed to its console, and nothing of theirs may be kept."""

    def _reject_certificate(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if error.isMainFrame():
            self.refused.emit("PORTAL-CERTIFICATE")

    def _login_box(self, _url: QUrl, _authenticator: QAuthenticator) -> None:
        """Qt cannot cancel here; it sends empty credentials again and again until the load is stopped."""
        QTimer.singleShot(0, self, lambda: self.triggerAction(QWebEnginePage.WebAction.Stop))
        self.refused.emit("PORTAL-LOGIN-BOX")

    def _proxy_login_box(self, url: QUrl, authenticator: QAuthenticator, _host: str) -> None:
        self._login_box(url, authenticator)


def _leave_question() -> str:
    """The text by which Qt asks for `beforeunload`, in the language Qt speaks at present."""
    return QCoreApplication.translate(
        "QWebEnginePage",
        "Are you sure you want to leave this page? Changes that you made may not be saved.",
    )


def _asked(kind: DialogKind, text: str, default: str = "") -> DialogRequest:
    most = MAX_DIALOG_TEXT
    cut = max(len(text), len(default)) > most
    return DialogRequest(kind, text[:most].translate(_TURNING), default[:most], cut)


def _answer(permission: QWebEnginePermission, answer: DialogAnswer) -> None:
    if answer.accepted:
        permission.grant()
    else:
        permission.deny()


def _reject_handler(request: QWebEngineRegisterProtocolHandlerRequest) -> None:
    request.reject()


def _reject_files(request: QWebEngineFileSystemAccessRequest) -> None:
    request.reject()


def _cancel_capture(request: QWebEngineDesktopMediaRequest) -> None:
    request.cancel()


def _no_client_certificate(selection: QWebEngineClientCertificateSelection) -> None:
    selection.selectNone()


def _cancel_security_key(request: QWebEngineWebAuthUxRequest) -> None:
    request.cancel()


def _reject_full_screen(request: QWebEngineFullScreenRequest) -> None:
    request.reject()
