"""Hard settings of one visit's off-the-record profile, and the gate before every single request."""

from PySide6.QtCore import QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from portal.webview.asking import Judge, Verdict

_Attribute = QWebEngineSettings.WebAttribute
_OFF = (
    _Attribute.LocalContentCanAccessFileUrls,
    _Attribute.LocalContentCanAccessRemoteUrls,
    _Attribute.JavascriptCanOpenWindows,  # windows without a tap; a tapped link comes as newWindowRequested
    _Attribute.JavascriptCanAccessClipboard,
    _Attribute.JavascriptCanPaste,
    _Attribute.NavigateOnDropEnabled,
    _Attribute.ErrorPageEnabled,  # the kiosk shows its own
    _Attribute.PluginsEnabled,
    _Attribute.PdfViewerEnabled,
    _Attribute.FullScreenSupportEnabled,
    _Attribute.ScreenCaptureEnabled,
    _Attribute.AllowRunningInsecureContent,
    _Attribute.AllowGeolocationOnInsecureOrigins,
    _Attribute.AllowWindowActivationFromJavaScript,
    _Attribute.HyperlinkAuditingEnabled,
    _Attribute.DnsPrefetchEnabled,
    _Attribute.BackForwardCacheEnabled,
)
_ON = (_Attribute.PlaybackRequiresUserGesture, _Attribute.WebRTCPublicInterfacesOnly)

_HTTP_PORT = 80
_INSIDE_PAGE = {"data", "blob"}  # held by the page itself; nothing leaves the machine for these
_WEB_OF_SOCKET = {"ws": "http", "wss": "https"}


def judge(policy: Judge, url: QUrl) -> Verdict:
    """The policy's word on an address; a web socket is judged like the page of the same host and port."""
    scheme = _WEB_OF_SOCKET.get(url.scheme())
    if scheme is None:
        return policy.decide(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
    port = url.port()
    web = QUrl(url)
    web.setScheme(scheme)
    web.setPort(port)
    return policy.decide(web.toString(QUrl.ComponentFormattingOption.FullyEncoded))


def secure(policy: Judge, url: QUrl) -> QUrl:
    """The address itself; where only its https twin is let in, that one. Old pages still link to http."""
    twin = QUrl(url)
    twin.setScheme("https")
    if url.port() == _HTTP_PORT:
        twin.setPort(-1)
    old = url.scheme() == "http" and not judge(policy, url).allowed
    return twin if old and judge(policy, twin).allowed else url


class Gate(QWebEngineUrlRequestInterceptor):
    """Sees every request: frames, pictures, fetch, beacons, sockets, workers; stops all but the policy's."""

    def __init__(self, policy: Judge, parent: QObject) -> None:
        super().__init__(parent)
        self._policy = policy
        self.stopped = 0
        self.wanted = QUrl()  # the page asked for last, redirects followed
        self.sends = False  # asking for it sends something, as forms do
        self.arrived = False  # what was sent has been answered, by being led on from there

    def begin(self) -> None:
        """A page starts to load. Chromium says so after its first request, before any it is led on to."""
        self.arrived = False

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        asked = info.requestUrl()
        url = secure(self._policy, asked)
        if info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeMainFrame:
            self.arrived = self.arrived or self.sends
            self.wanted, self.sends = QUrl(url), info.requestMethod() != b"GET"
        if url.scheme() in _INSIDE_PAGE or url.toString() == "about:blank":
            return
        if not judge(self._policy, url).allowed:
            self.stopped += 1
            info.block(True)
        elif url != asked:
            info.redirect(url)


def harden(profile: QWebEngineProfile) -> None:
    """Shut what Chromium leaves open by default. Raises nothing; call before the first page is made."""
    settings = profile.settings()
    for attribute in _OFF:
        settings.setAttribute(attribute, False)
    for attribute in _ON:
        settings.setAttribute(attribute, True)
    settings.setUnknownUrlSchemePolicy(
        QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
    )
    profile.setPersistentPermissionsPolicy(
        QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime
    )
    profile.setPersistentCookiesPolicy(
        QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
    )
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setPushServiceEnabled(False)
    profile.setSpellCheckEnabled(False)
    profile.setHttpAcceptLanguage("vi-VN,vi,en")
