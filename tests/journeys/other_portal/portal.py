"""A portal that the kiosk has never seen: other words, other flow, an iframe, a question in a dialog box.

Run: portal.py PORT-FILE. Serves on loopback, writes the port into the file, keeps the last dossier in memory
and tells at /dossier what it received.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = """<!doctype html><meta charset=utf-8><title>Một cửa xã Bình Thử</title>
<style>body{font:18px sans-serif;margin:2em} .at{height:1500px}</style><h1>Một cửa xã Bình Thử</h1>"""
START = (
    PAGE
    + """<p>Nơi tiếp nhận đơn của bà con.</p><a href=/don target=_blank>Gửi đơn mới</a>
<p><a href="http://localhost:9/">Trang ngoài</a></p>"""
)
FORM = (
    PAGE
    + """<form method=post action=/gui enctype=multipart/form-data>
<p>Người gửi <input name=who></p>
<table><tr><td>Thôn<td><select name=village><option>Thôn Thượng<option>Thôn Hạ</select></table>
<p><label><input type=radio name=how value=nha>Nhận tại nhà</label>
<label><input type=radio name=how value=xa>Nhận tại xã</label></p>
<iframe src=/ghi-chu height=120></iframe>
<div class=at></div>
<p><label for=scan>Bản quét của đơn</label> <input id=scan type=file name=scan accept=application/pdf></p>
<p><label for=face>Ảnh chụp của đơn</label> <input id=face type=file name=face accept=image/*></p>
<p><label><input type=checkbox name=true>Điều tôi khai là đúng</label></p>
<button type=submit onclick="return confirm('Gửi đơn này chứ?')">Gửi đơn</button></form>"""
)
NOTE = """<!doctype html><meta charset=utf-8><label>Ghi chú <textarea
oninput="fetch('/luu?'+encodeURIComponent(this.value))"></textarea></label>"""
SENT = PAGE + "<h2>Xã đã nhận đơn</h2><p>Số đơn: <b>BT/00417</b></p>"


class Portal(BaseHTTPRequestHandler):
    got: dict[str, object] = {}  # noqa: RUF012 - one dossier, as long as the process lives

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        pages = {"/": START, "/don": FORM, "/ghi-chu": NOTE, "/luu": "", "/dossier": json.dumps(self.got)}
        self._answer(pages.get(path, "?"), 200 if path in pages else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        names = ("who", "village", "how", "true")
        for name in names:
            found = re.search(rf'name="{name}"\r\n\r\n([^\r]*)'.encode(), body)
            self.got[name] = found[1].decode() if found else ""
        files = {}
        for name in (b"scan", b"face"):
            head = re.search(rb'name="' + name + rb'"; filename="[^"]*"\r\n.*?\r\n\r\n', body)
            files[name] = body[head.end() :].split(b"\r\n------", 1)[0] if head else b""
        self.got["pdf"] = files[b"scan"].startswith(b"%PDF") and b"%%EOF" in files[b"scan"]
        self.got["jpeg"] = files[b"face"].startswith(b"\xff\xd8") and files[b"face"].endswith(b"\xff\xd9")
        self._answer(SENT)

    def _answer(self, text: str, code: int = 200) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """A test is loud enough."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    Path(sys.argv[1]).write_text(str(server.server_port), encoding="utf-8")
    server.serve_forever()
