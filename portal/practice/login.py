"""The log-in as with VNeID: a QR code, a drawn practice phone that says yes, consent, and a passcode."""

import re

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.practice import here
from portal.practice.catalogue import messages
from portal.practice.store import PASSCODE_TRIES, Login

room = Blueprint("login", __name__)
Answer = str | Response


@room.get("/dang-nhap")
def scan() -> Answer:
    login = here.session().login
    if login.done:
        return redirect(after_login())
    if login.confirmed:
        return redirect(url_for("login.consent"))
    code = segno.make(f"LUYEN TAP {login.qr}", error="m", micro=False)
    drawn = code.svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
    return render_template("login.html", qr=Markup(drawn), person=here.person())  # noqa: S704 - segno's own SVG


@room.post("/dang-nhap/ma-moi")
def new_code() -> Answer:
    here.session().login = Login()
    return redirect(url_for("login.scan"))


@room.post("/dang-nhap/dien-thoai")
def phone() -> Answer:
    """The practice phone says yes; the waiting page notices by itself."""
    here.session().login.confirmed = True
    return redirect(url_for("login.scan"))


@room.get("/dang-nhap/trang-thai")
def state() -> dict[str, bool]:
    return {"confirmed": here.session().login.confirmed}


@room.route("/dang-nhap/dong-y", methods=["GET", "POST"])
def consent() -> Answer:
    login = here.session().login
    if not login.confirmed:
        return redirect(url_for("login.scan"))
    faults: dict[str, str] = {}
    if request.method == "POST":
        if request.form.get("dong_y") == "co":
            login.consented = True
            return redirect(url_for("login.passcode"))
        faults["dong_y"] = messages().say("login.consent")
    return render_template("consent.html", faults=faults, person=here.person())


@room.route("/dang-nhap/passcode", methods=["GET", "POST"])
def passcode() -> Answer:
    login = here.session().login
    if not (login.confirmed and login.consented):
        return redirect(url_for("login.consent"))
    if login.done:
        return redirect(after_login())
    faults: dict[str, str] = {}
    if request.method == "POST":
        given = request.form.get("passcode", "").strip()
        if given == login.passcode:
            login.done = True
            return redirect(after_login())
        if re.fullmatch(r"[0-9]{6}", given):
            login.tries_left -= 1
            faults["passcode"] = messages().say("login.passcode_wrong", left=login.tries_left)
        else:
            faults["passcode"] = messages().say("login.passcode_shape")
        if login.tries_left <= 0:
            here.session().login = Login()
            said = messages().say("login.passcode_out", limit=PASSCODE_TRIES)
            return render_template("locked.html", said=said)
    return render_template("passcode.html", faults=faults, passcode=login.passcode, person=here.person())


@room.route("/dang-xuat", methods=["GET", "POST"])
def leave() -> Answer:
    here.leave()
    return render_template("left.html")


def after_login() -> str:
    """On with the filing that was begun, or home."""
    return url_for("filing.applicant" if here.session().filing else "pages.home")
