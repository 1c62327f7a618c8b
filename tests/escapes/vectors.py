"""What a hostile page and a curious person try, one row each: the table of escapes in executable form.

A page may use {e}: a server no site file names, {w}: the same for web sockets, {u}: its STUN port, {n}: the
row's name, {h}: the hostile server itself. `won('{n}')` tells that something was reached that must not be.
"""
# ruff: noqa: E501, SIM905 - pages and keys are easier to read unbroken

from dataclasses import dataclass

AIM = "<a id=aim style='position:fixed;inset:0;display:block;background:#eef' {}>x</a>"


@dataclass(frozen=True)
class Vector:
    """`page`: HTML, or a Location to redirect to. `hand`: xdotool words done once the page is there."""

    name: str
    how: str
    page: str
    hand: tuple[str, ...] = ()
    redirect: bool = False
    seconds: float = 0.7


TAP = ("mousemove", "X", "Y", "click", "1")
CLOSE = ("sleep", "1.2", "key", "Escape")
"""Gives our own card that lies over the page its safe answer; the next rows need the page."""
SPECIAL = ("mailto:a@b.c", "tel:113", "zalo:x", "intent:x", "ms-settings:x", "shell:x", "ftp:x", "foo:x")
INNER = ("view-source:{h}/", "chrome://gpu", "devtools://devtools/x.html", "qrc:/x", "file:///etc/passwd")


def script(text: str) -> str:
    return f"<script>{text}</script>"


def _loads() -> list[Vector]:
    parts = {
        "image": "<img src={e}/{n}>",
        "frame": "<iframe src={e}/{n}></iframe>",
        "style sheet": "<link rel=stylesheet href={e}/{n}>",
        "script": "<script src={e}/{n}></script>",
        "preconnect": "<link rel=preconnect href={e}>",
        "prefetch": "<link rel=prefetch href={e}/{n}><link rel=prerender href={e}/{n}>",
        "video": "<video autoplay src={e}/{n}></video>",
        "object and embed": "<object data={e}/{n}></object><embed src={e}/{n}>",
        "font": "<style>@font-face{{font-family:q;src:url({e}/{n})}} b{{font:20px q}}</style><b>x</b>",
        "fetch": script("fetch('{e}/{n}',{{mode:'no-cors'}}).catch(e=>0)"),
        "fetch that is redirected": script("fetch('/to?{e}/{n}',{{mode:'no-cors'}}).catch(e=>0)"),
        "image that is redirected": "<img src='/to?{e}/{n}'>",
        "beacon": script("navigator.sendBeacon('{e}/{n}','x')"),
        "form request": script("let x=new XMLHttpRequest;x.open('POST','{e}/{n}');x.send('x')"),
        "web socket": script("new WebSocket('{w}/{n}')"),
        "event stream": script("new EventSource('{e}/{n}')"),
        "worker": script(
            "new Worker(URL.createObjectURL(new Blob([\"fetch('{e}/{n}',{{mode:'no-cors'}})\"])))"
        ),
        "service worker": script("navigator.serviceWorker.register('/worker.js?{e}/{n}')"),
        "module": script("import('{e}/{n}').catch(e=>0)"),
        "WebRTC": script(
            "let p=new RTCPeerConnection({{iceServers:[{{urls:'stun:127.0.0.2:{u}'}}]}});"
            "p.createDataChannel('x');p.createOffer().then(o=>p.setLocalDescription(o))"
        ),
    }
    return [Vector(f"load: {name}", "on its own", "<p>x</p>" + page) for name, page in parts.items()]


def _leaving() -> list[Vector]:
    alone = {
        "location": script("location='{e}/{n}'"),
        "meta refresh": "<meta http-equiv=refresh content='0;url={e}/{n}'>",
        "form": "<form id=f method=post action={e}/{n}><input name=a></form>" + script("f.submit()"),
        "form in a frame": "<iframe name=i></iframe><form id=f target=i action={e}/{n}></form>"
        + script("f.submit()"),
        "window.open": script("open('{e}/{n}')"),
        "host with a user name": script("location='{e}/{n}'.replace('//','//127.0.0.1@')"),
        "host with a dot": script("location='{e}/{n}'.replace('127.0.0.2','127.0.0.1.')"),
        "host in another spelling": script("location='{e}/{n}'.replace('127.0.0.2','0x7f.1')"),
        "other name of the same machine": script("location='{e}/{n}'.replace('127.0.0.2','localhost')"),
        "blob page": script(
            "location=URL.createObjectURL(new Blob(['<script>fetch(\"{h}/won?{n}\")<\\/script>'],"
            "{{type:'text/html'}}))"
        ),
        "data page": script("location='data:text/html,<script>fetch(\"{h}/won?{n}\")<\\/script>'"),
        "close": script("close();opener&&won('{n}')"),
        "move and resize": script("moveTo(9,9);resizeTo(99,99);if(innerWidth<200)won('{n}')"),
    }
    made = [Vector(f"leave: {name}", "on its own", page) for name, page in alone.items()]
    made.append(Vector("leave: redirect", "302", "{e}/{n}", redirect=True))
    made.append(Vector("leave: blank page", "on its own", script("location='about:blank'"), seconds=2.0))
    taps = {
        "link": "href={e}/{n}",
        "link to a new window": "target=_blank href={e}/{n}",
        "window.open": "onclick=\"open('{e}/{n}')\"",
        "window without an address": "onclick=\"open('').document.write('x');open('about:blank')\"",
        "ping": "href='#' ping={e}/{n}",
    }
    made += [
        Vector(f"leave: {name}", "tap", AIM.replace("{}", attributes), TAP)
        for name, attributes in taps.items()
    ]
    return made


def _addresses() -> list[Vector]:
    made = []
    for address in (*INNER, *SPECIAL):
        name = address.partition(":")[0]
        made.append(Vector(f"{name}:", "tap", AIM.replace("{}", f"href='{address}'"), (*TAP, *CLOSE)))
        made.append(
            Vector(
                f"{name}:",
                "on its own, frame, new window",
                script(f"open('{address}');location='{address}'") + f"<iframe src='{address}'></iframe>",
            )
        )
        made.append(Vector(f"{name}:", "302", address, redirect=True))
    made.append(
        Vector("file:", "fetch", script("fetch('file:///etc/passwd').then(a=>won('{n}')).catch(e=>0)"))
    )
    return made


def _asking() -> list[Vector]:
    asks = {
        "geolocation": "navigator.geolocation.getCurrentPosition(yes,no)",
        "notifications": "Notification.requestPermission().then(p=>p=='granted'?yes():no())",
        "camera": "navigator.mediaDevices.getUserMedia({{video:true}}).then(yes,no)",
        "microphone": "navigator.mediaDevices.getUserMedia({{audio:true}}).then(yes,no)",
        "screen capture": "navigator.mediaDevices.getDisplayMedia().then(yes,no)",
        "clipboard, reading": "navigator.clipboard.readText().then(yes,no)",
        "paste": "document.execCommand('paste')&&yes()",
        "local fonts": "queryLocalFonts().then(yes,no)",
        "full screen": "document.documentElement.requestFullscreen().then(yes,no)",
        "pointer lock": "document.body.requestPointerLock();onpointerlockchange=yes",
        "window placement": "getScreenDetails().then(yes,no)",
        "MIDI": "navigator.requestMIDIAccess({{sysex:true}}).then(yes,no)",
        "USB": "navigator.usb?navigator.usb.requestDevice({{filters:[]}}).then(yes,no):0",
        "serial port": "navigator.serial?navigator.serial.requestPort().then(yes,no):0",
        "file system": "showOpenFilePicker().then(yes,no)",
        "folder": "showDirectoryPicker().then(yes,no)",
        "save": "showSaveFilePicker().then(yes,no)",
        "protocol handler": "navigator.registerProtocolHandler('mailto','{h}/?%s')",
        "security key": "navigator.credentials.get({{publicKey:{{challenge:new Uint8Array(9)}}}}).then(yes,no)",
    }
    begin = "let no=e=>0,yes=e=>won('{n}');"
    return [
        Vector(
            f"ask: {name}",
            "on its own, tap",
            AIM.replace("{}", "")
            + script(f"{begin}let go=()=>{{{{try{{{{{ask}}}}}catch(e){{{{}}}}}}}};go();aim.onclick=go"),
            TAP,
        )
        for name, ask in asks.items()
    ]


KEYS = (
    "ctrl+p ctrl+s ctrl+o ctrl+u ctrl+n ctrl+t ctrl+q ctrl+f ctrl+l ctrl+j ctrl+h ctrl+r ctrl+w ctrl+shift+i "
    "ctrl+shift+t ctrl+shift+n ctrl+shift+Delete F1 F3 F5 F6 F7 F10 F11 F12 Escape alt+Left alt+Home "
    "alt+F alt+space alt+Tab alt+F4 XF86Back XF86Refresh XF86HomePage XF86Search XF86Mail Print Help Menu "
    "super+e super+r super+d super+l ctrl+alt+t ctrl+alt+Delete super+m ctrl+alt+Right ctrl+shift+Escape ctrl+Escape"
).split()


def _hands() -> list[Vector]:
    here = AIM.replace("{}", "") + script("onpagehide=e=>won('{n}')")
    made = [Vector(f"key {key}", "real key", here, (*TAP, "key", key), seconds=0.35) for key in KEYS]
    width = "let w=innerWidth;onresize=e=>innerWidth!=w&&won('{n}')"
    tall = "<p style='height:4000px'>x</p>"
    gestures = {
        "right click": (here, ("mousemove", "X", "Y", "click", "3")),
        "long press": (here, ("mousemove", "X", "Y", "mousedown", "1", "sleep", "1.2", "mouseup", "1")),
        "Shift+F10": (here, ("key", "shift+F10")),
        "mouse back button": (here, ("mousemove", "X", "Y", "click", "8", "click", "9")),
        "Ctrl and wheel": (
            script(width) + tall,
            ("mousemove", "X", "Y", "keydown", "ctrl", "click", "4", "click", "4", "keyup", "ctrl"),
        ),
        "Ctrl and plus": (script(width) + tall, ("key", "ctrl+plus", "key", "ctrl+equal", "key", "ctrl+0")),
        "Shift five times": (here, ("key", "shift", "key", "shift", "key", "shift", "key", "shift", "key", "shift")),
        "drag of a link out of the page": (
            AIM.replace("{}", "draggable=true href={e}/{n}"),
            ("mousemove", "X", "Y", "mousedown", "1", "mousemove", "700", "20", "mouseup", "1"),
        ),
        "swipe from the edge": (
            here,
            ("mousemove", "1364", "400", "mousedown", "1", "mousemove", "900", "400", "mouseup", "1"),
        ),
    }  # fmt: skip
    made += [
        Vector(f"hand: {name}", "real pointer and keys", page, hand)
        for name, (page, hand) in gestures.items()
    ]
    return made


def _files() -> list[Vector]:
    return [
        Vector("download: attachment", "302", "/program", redirect=True),
        Vector("download: data", "tap", AIM.replace("{}", "download=../../evil.sh href='data:text/x-sh,x'"), TAP),
        Vector(
            "download: blob",
            "on its own",
            "<a id=d download=evil.desktop>x</a>"
            + script("d.href=URL.createObjectURL(new Blob(['[Desktop Entry]']));d.click()"),
        ),
        Vector("print", "on its own, tap", AIM.replace("{}", "onclick=print()") + script("print()"), TAP),
        Vector("password box of the server", "on its own", "/password", redirect=True, seconds=2.0),
        Vector("leave question", "on its own", script("onbeforeunload=e=>{{e.preventDefault();return 'x'}}"), TAP),
        Vector("alert", "tap", AIM.replace("{}", "onclick=alert(1)"), TAP),
        Vector("file box", "tap", AIM.replace("{}", "onclick=f.click()") + "<input type=file id=f hidden "
               "onchange=\"won('{n}')\">", TAP),
    ]  # fmt: skip


def _pickers() -> list[Vector]:
    """Fields whose own picker would be a window of its own, or of Qt's."""
    stolen = (
        "let f=document.createElement('iframe');document.body.append(f);"
        "aim.onclick=()=>f.contentWindow[p.constructor.name].prototype.showPicker.call(p)"
    )
    made = []
    for kind in ("color", "date", "time", "month", "week", "datetime-local", "list"):
        field = "<select id=p><option>a<option>b</select>" if kind == "list" else f"<input type={kind} id=p>"
        by_script = AIM.replace("{}", "onclick=p.showPicker()")
        made += [
            Vector(f"picker: {kind}, opened by script", "tap", field + by_script, (*TAP, *CLOSE)),
            Vector(
                f"picker: {kind}, with a function of another frame",
                "tap",
                field + AIM.replace("{}", "") + script(stolen),
                (*TAP, *CLOSE),
            ),
        ]
    return made


CONTROLS = [  # these must reach something, or the table would be empty for a wrong reason
    Vector("control: a page can tell", "on its own", script("won('{n}')")),
    Vector("control: a tap arrives", "tap", AIM.replace("{}", "onclick=\"won('{n}')\""), TAP),
    Vector(
        "control: a key arrives",
        "real key",
        script("onkeydown=e=>won('{n}')"),
        (*TAP, "sleep", "0.3", "key", "Right"),
    ),
]

VECTORS = [*CONTROLS, *_loads(), *_leaving(), *_addresses(), *_asking(), *_hands(), *_pickers(), *_files()]
