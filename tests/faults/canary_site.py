"""A site that plants a mark in every place a page can write to, and tells when each is planted."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import SystemRandom

PLACES = (
    "cookie", "localStorage", "sessionStorage", "indexedDB", "cacheAPI", "serviceWorker", "body", "header",
    "url", "typed", "post", "title", "blob", "opfs", "windowName", "clipboard", "download",
)  # fmt: skip
TOLD_BY_PAGE = set(PLACES) - {"typed", "post", "clipboard", "download"}

PAGE = """<!doctype html><meta charset=utf-8><title>TITLE</title>
<style>body{font:22px sans-serif;margin:1em} input,button,a{font:22px sans-serif;display:block;margin:.5em 0;
padding:.5em}</style><h1>Trang thử thách</h1>
<form id=f><label>Ghi chú <input name=note></label><button type=button id=b>Gửi đi</button></form>
<a id=d download="giay.pdf" href="/download">Tải giấy</a><p id=said>đang gieo</p>
<script>
const tell = name => fetch('/planted?' + name);
async function plant(marks) {
  document.cookie = 'k=' + marks.cookie + '; max-age=99999'; tell('cookie');
  localStorage.k = marks.localStorage; tell('localStorage');
  sessionStorage.k = marks.sessionStorage; tell('sessionStorage');
  window.name = marks.windowName; tell('windowName');
  document.title = marks.title; tell('title');
  history.replaceState(null, '', '/?' + marks.url); tell('url');
  window.kept = new Blob([marks.blob]); window.keptAddress = URL.createObjectURL(window.kept); tell('blob');
  await new Promise((done, failed) => { const ask = indexedDB.open('k', 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore('k');
    ask.onsuccess = () => { const put = ask.result.transaction('k', 'readwrite');
      put.objectStore('k').put(marks.indexedDB, 'k'); put.oncomplete = done; }; ask.onerror = failed; });
  tell('indexedDB');
  const cache = await caches.open('k'); await cache.put('/k', new Response(marks.cacheAPI)); tell('cacheAPI');
  await navigator.serviceWorker.register('/worker.js'); await navigator.serviceWorker.ready;
  tell('serviceWorker');
  const root = await navigator.storage.getDirectory();
  const file = await root.getFileHandle('k', {create: true}); const stream = await file.createWritable();
  await stream.write(marks.opfs); await stream.close(); tell('opfs');
  const answer = await fetch('/body'); window.keptBody = await answer.text(); tell('body');
  window.keptHeader = (await fetch('/header')).headers.get('X-Mark'); tell('header');
}
fetch('/marks').then(a => a.json()).then(plant).then(() => { said.textContent = 'Gieo xong' })
  .catch(e => { said.textContent = 'Hỏng: ' + e });
b.onclick = async () => {
  const box = document.createElement('textarea');
  box.value = await (await fetch('/clip')).text(); document.body.append(box); box.select();
  if (document.execCommand('copy')) tell('clipboard');
  box.remove();
  await fetch('/post', {method: 'POST', body: 'note=' + f.note.value + '&mark=' + window.postMark});
  tell('post'); tell('typed'); said.textContent = 'Đã nhận'; };
fetch('/postmark').then(a => a.text()).then(t => { window.postMark = t });
</script>"""


class CanarySite:
    """`marks[place]` is what is planted there; `planted` the places of which the page has told so far."""

    def __init__(self) -> None:
        draw = SystemRandom()
        digits = ["".join(draw.choice("0123456789") for _ in range(16)) for _ in PLACES]
        self.marks = {place: f"zqkn{number}" for place, number in zip(PLACES, digits, strict=True)}
        self.planted: set[str] = set()
        self.received = b""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site, marks = self, self.marks

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                if path == "/planted":
                    site.planted.add(query)
                shown = ("title", "cookie", "localStorage", "sessionStorage", "windowName", "url", "blob")
                stored = ("indexedDB", "cacheAPI", "opfs")
                answers = {
                    "/": PAGE,
                    "/marks": json.dumps({name: marks[name] for name in (*shown, *stored)}),
                    "/worker.js": f"const kept='{marks['serviceWorker']}';onfetch=()=>kept",
                    "/body": marks["body"],
                    "/clip": marks["clipboard"],
                    "/postmark": marks["post"],
                    "/download": f"%PDF-1.4 {marks['download']}",
                }
                kinds = {"/worker.js": "text/javascript", "/download": "application/pdf"}
                if path == "/download":
                    site.planted.add("download")
                self.send_response(200)
                self.send_header("Content-Type", kinds.get(path, "text/html; charset=utf-8"))
                if path == "/header":
                    self.send_header("X-Mark", marks["header"])
                if path == "/download":
                    self.send_header("Content-Disposition", "attachment; filename=giay.pdf")
                self.end_headers()
                self.wfile.write(answers.get(path, "").encode())

            def do_POST(self) -> None:
                site.received = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """A test is loud enough."""

        return Handler
