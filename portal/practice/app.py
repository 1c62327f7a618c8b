"""The practice portal put together: sessions by cookie, uploads in memory, strict headers, error pages."""

import io
import sys
import traceback
from typing import IO, Any

from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    g,
    render_template,
    request,
    send_from_directory,
)
from werkzeug.exceptions import HTTPException

from kioskcore.paths import FONTS
from portal.practice import filing, here, login, pages
from portal.practice.catalogue import money_words, people, size_words
from portal.practice.store import Session, Store
from portal.sites import DATA, Site, load_sites

COOKIE = "luyen-tap"
MOST_BYTES = 48_000_000
"""The largest request taken: several papers at their limit, all in memory."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class MemoryRequest(Request):
    """Werkzeug would spool uploads above 500 kB into a file; here nothing may reach a disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


class PracticeApp(Flask):
    request_class = MemoryRequest

    def log_exception(self, exc_info: Any) -> None:
        """Tell where it broke, not with what: the message of an exception may hold what was typed."""
        kind, _, trace = exc_info
        last = traceback.extract_tb(trace)[-1]
        sys.stderr.write(f"practice: {kind.__name__} in {last.name}, line {last.lineno}\n")


def create_app(store: Store | None = None) -> PracticeApp:
    """A practice portal with sessions of its own."""
    app = PracticeApp(__name__)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES)
    app.extensions["store"] = Store() if store is None else store
    app.extensions["site"] = _own_site()
    for room in (pages.room, login.room, filing.room):
        app.register_blueprint(room)
    app.before_request(_open_session)
    app.after_request(_close_response)
    app.register_error_handler(HTTPException, _error_page)
    app.add_url_rule("/phong-chu/<name>", "font", lambda name: send_from_directory(FONTS, name))
    app.jinja_env.filters.update(size=size_words, money=money_words)
    app.context_processor(_everywhere)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app


def _everywhere() -> dict[str, object]:
    """For every page; a refused request has no session."""
    return {"session": g.get("session"), "person_name": here.person().name if "session" in g else ""}


def _own_site() -> Site:
    site = load_sites([DATA]).get("practice")
    if site is None:
        raise LookupError("portal/data/practice.toml")
    return site


def _open_session() -> None:
    """Refuses other names of this machine and other sites' forms, then finds or begins the session."""
    if request.host.partition(":")[0] not in ("127.0.0.1", "localhost"):
        abort(400)
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)
    if request.endpoint in ("static", "font"):
        return
    store: Store = current_app.extensions["store"]
    session = store.find(request.cookies.get(COOKIE))
    wished = request.args.get("nguoi", "")
    if wished in people() and (session is None or wished != session.person):
        session = store.begin()  # somebody else begins anew
        session.person = wished
    g.session = session or store.begin()


def _close_response(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.endpoint in ("static", "font"):
        response.headers["Cache-Control"] = "max-age=3600"
    session: Session | None = g.get("session")
    if session and request.cookies.get(COOKIE) != session.token:
        response.set_cookie(COOKIE, session.token, httponly=True, samesite="Lax")
    return response


def _error_page(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    return render_template("error.html", code=code), code
