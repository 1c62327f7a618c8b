"""Pages that need no log-in: home, search, a procedure, choosing the agency, looking a dossier up."""

import re

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.practice import here
from portal.practice.catalogue import Procedure, catalogue, messages, provinces
from portal.sites import DOSSIER_CODE

room = Blueprint("pages", __name__)
Answer = str | Response


@room.get("/")
def home() -> Answer:
    return render_template("home.html", events=catalogue().event, common=catalogue().procedure)


@room.get("/tim-kiem-thu-tuc-hanh-chinh")
def search() -> Answer:
    words = request.args.get("keyword", "")[:200]
    return render_template("search.html", words=words, found=catalogue().search(words), title=None)


@room.get("/thu-tuc-hanh-chinh")
def everything() -> Answer:
    return render_template("search.html", words="", found=catalogue().listed(), title=None)


@room.get("/su-kien/<key>")
def event(key: str) -> Answer:
    named = next((one for one in catalogue().event if one.key == key), None)
    if named is None:
        abort(404)
    found = [one for one in catalogue().listed() if one.event == key]
    return render_template("search.html", words="", found=found, title=named.name)


@room.get("/thu-tuc-hanh-chinh/<key>")
def procedure(key: str) -> Answer:
    known = procedure_or_404(key)
    return render_template("procedure.html", procedure=known, agency=agency_words(known))


@room.route("/thu-tuc-hanh-chinh/<key>/co-quan", methods=["GET", "POST"])
def agency(key: str) -> Answer:
    known = procedure_or_404(key)
    province_code, commune = here.session().agencies.get(known.code, ("", ""))
    faults: dict[str, str] = {}
    if request.method == "POST":
        province_code, commune = request.form.get("tinh", ""), request.form.get("xa", "")
        province = provinces().get(province_code)
        if province is None:
            faults["tinh"] = messages().say("agency.province")
        if province is None or commune not in province.choices:
            faults["xa"] = messages().say("agency.commune")
        if not faults:
            here.session().agencies[known.code] = (province_code, commune)
            return redirect(url_for("pages.procedure", key=known.code))
    return render_template(
        "agency.html",
        procedure=known,
        provinces=provinces().values(),
        province_code=province_code,
        commune=commune,
        faults=faults,
    )


@room.get("/tra-cuu-ho-so")
def look_up() -> Answer:
    number = request.args.get("ma", "").strip().upper()[:60]
    faults: dict[str, str] = {}
    dossier = None
    if "ma" in request.args:
        dossier = next((one for one in here.session().dossiers if one.number == number), None)
        if not re.fullmatch(DOSSIER_CODE, number):
            faults["ma"] = messages().say("lookup.shape")
        elif dossier is None:
            faults["ma"] = messages().say("lookup.unknown")
    return render_template("look_up.html", number=number, dossier=dossier, faults=faults)


@room.get("/ho-tro")
def support() -> Answer:
    return render_template("support.html")


def procedure_or_404(key: str) -> Procedure:
    known = catalogue().find(key)
    if known is None:
        abort(404)
    return known


def agency_words(procedure: Procedure) -> str:
    """The chosen agency in words, "" where none is chosen."""
    province_code, commune = here.session().agencies.get(procedure.code, ("", ""))
    if not commune:
        return ""
    unit = commune[0].lower() + commune[1:]
    return f"{procedure.agency} {unit}, {provinces()[province_code].name}"
