"""The wizard: applicant, form, papers, result and fee, review. Going back keeps what was typed."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.practice import here
from portal.practice.catalogue import FormField, Paper, Procedure, catalogue, messages, size_words
from portal.practice.forms import faults_of, typed
from portal.practice.pages import agency_words, procedure_or_404
from portal.practice.store import Dossier, Filing
from portal.practice.uploads import UploadError, inspect

room = Blueprint("filing", __name__, url_prefix="/nop-ho-so")
Answer = str | Response

STEPS = ("applicant", "form", "papers", "receive", "review")

Step = Callable[[Filing, Procedure], Answer]


def step(name: str) -> Callable[[Step], Callable[[], Answer]]:
    """Lets a page be seen only after log-in and after the steps before it are in order."""

    def around(page: Step) -> Callable[[], Answer]:
        @wraps(page)
        def guarded() -> Answer:
            session = here.session()
            if session.filing is None:
                return redirect(url_for("pages.home"))
            if not session.logged_in:
                return redirect(url_for("login.scan"))
            before = STEPS[: STEPS.index(name)]
            missing = next((one for one in before if one not in session.filing.done), None)
            if missing:
                return redirect(url_for(f"filing.{missing}"))
            procedure = catalogue().find(session.filing.code)
            if procedure is None:
                return redirect(url_for("pages.home"))
            return page(session.filing, procedure)

        return guarded

    return around


@room.get("")
def begin() -> Answer:
    """The address behind "Nộp trực tuyến": agency first, then log-in, then the wizard."""
    procedure = procedure_or_404(request.args.get("formalityId", ""))
    session = here.session()
    if procedure.code not in session.agencies:
        return redirect(url_for("pages.agency", key=procedure.code))
    if session.filing is None or session.filing.code != procedure.code:
        session.filing = Filing(procedure.code)
    return redirect(url_for("filing.applicant" if session.logged_in else "login.scan"))


@room.route("/nguoi-nop", methods=["GET", "POST"])
@step("applicant")
def applicant(filing: Filing, procedure: Procedure) -> Answer:
    fields = catalogue().applicant
    faults = _take(filing, "applicant", fields) if request.method == "POST" else {}
    if _going(faults):
        return _go(filing, "applicant", procedure)
    who = here.person()
    return _page("applicant.html", filing, procedure, "applicant", faults, person=who, fields=fields)


@room.route("/bieu-mau", methods=["GET", "POST"])
@step("form")
def form(filing: Filing, procedure: Procedure) -> Answer:
    faults = _take(filing, "form", procedure.fields) if request.method == "POST" else {}
    if _going(faults):
        return _go(filing, "form", procedure)
    return _page("form.html", filing, procedure, "form", faults)


@room.route("/giay-to", methods=["GET", "POST"])
@step("papers")
def papers(filing: Filing, procedure: Procedure) -> Answer:
    faults: dict[str, str] = {}
    if request.method == "POST":
        act = request.form.get("act")
        filing.files.pop(request.form.get("remove", ""), None)
        faults = _take_files(filing, procedure)
        missing = _missing_papers(filing, procedure)
        if act == "next":
            faults = {**missing, **faults}
        (filing.done.discard if missing or faults else filing.done.add)("papers")
        if act == "back" or (act == "next" and not faults):
            return _go(filing, "papers", procedure)
        if not faults:
            return redirect(url_for("filing.papers"))
    return _page("papers.html", filing, procedure, "papers", faults, limits=here.upload_limits())


@room.route("/nhan-ket-qua", methods=["GET", "POST"])
@step("receive")
def receive(filing: Filing, procedure: Procedure) -> Answer:
    amount = procedure.amount(filing.values["form"])
    fields = (*catalogue().receive, catalogue().pay) if amount else catalogue().receive
    faults = _take(filing, "receive", fields) if request.method == "POST" else {}
    if _going(faults):
        return _go(filing, "receive", procedure)
    return _page("receive.html", filing, procedure, "receive", faults, fields=fields, amount=amount)


@room.route("/thanh-toan", methods=["GET", "POST"])
@step("review")
def pay(filing: Filing, procedure: Procedure) -> Answer:
    amount = procedure.amount(filing.values["form"])
    if request.method == "POST":
        filing.paid = amount
    if filing.paid == amount or not _pays_online(filing, amount):
        return redirect(url_for("filing.review"))
    return _page("pay.html", filing, procedure, "receive", {}, amount=amount)


@room.route("/xem-lai", methods=["GET", "POST"])
@step("review")
def review(filing: Filing, procedure: Procedure) -> Answer:
    amount = procedure.amount(filing.values["form"])
    if _pays_online(filing, amount) and filing.paid != amount:
        return redirect(url_for("filing.pay"))
    faults: dict[str, str] = {}
    if request.method == "POST":
        if request.form.get("act") == "back":
            return redirect(url_for("filing.receive"))
        if request.form.get("cam_doan") == "co":
            return _submit(procedure)
        faults["cam_doan"] = messages().say("filing.pledge")
    return _page(
        "review.html",
        filing,
        procedure,
        "review",
        faults,
        person=here.person(),
        applicant=catalogue().applicant,
        receive=(*catalogue().receive, catalogue().pay),
        amount=amount,
    )


@room.get("/hoan-thanh")
def done() -> Answer:
    dossiers = here.session().dossiers
    if not dossiers:
        return redirect(url_for("pages.home"))
    return render_template("done.html", dossier=dossiers[-1])


def _submit(procedure: Procedure) -> Answer:
    session = here.session()
    today = date.today()
    number = f"G22.99.08-{today:%y%m%d}-{here.store().next_number():06d}"
    session.dossiers.append(Dossier(number, procedure.name, agency_words(procedure), f"{today:%d/%m/%Y}"))
    session.filing = None
    return redirect(url_for("filing.done"))


def _take(filing: Filing, name: str, fields: tuple[FormField, ...]) -> dict[str, str]:
    """Keep what was typed, also when it is wrong; remember whether the step is in order."""
    values = typed(fields, request.form)
    filing.values[name] = values
    faults = faults_of(fields, values)
    (filing.done.discard if faults else filing.done.add)(name)
    return faults


def _take_files(filing: Filing, procedure: Procedure) -> dict[str, str]:
    faults = {}
    for paper in procedure.paper:
        given = request.files.get(paper.key)
        if given is None or not given.filename:
            continue
        try:
            filing.files[paper.key] = inspect(given.filename, given.stream, here.upload_limits().max_bytes)
        except UploadError as fault:
            faults[paper.key] = _upload_sentence(paper, given, fault.code)
    return faults


def _missing_papers(filing: Filing, procedure: Procedure) -> dict[str, str]:
    return {
        paper.key: messages().say("paper.missing", title=paper.title)
        for paper in procedure.paper
        if paper.required and paper.key not in filing.files
    }


def _upload_sentence(paper: Paper, given: FileStorage, code: str) -> str:
    given.stream.seek(0, 2)
    facts = {
        "title": paper.title,
        "size": size_words(given.stream.tell()),
        "limit": size_words(here.upload_limits().max_bytes),
    }
    return messages().say(f"paper.{code}", **facts)


def _pays_online(filing: Filing, amount: int) -> bool:
    way = catalogue().pay
    return amount > 0 and filing.values["receive"].get(way.key) == way.options[0]


def _going(faults: Mapping[str, str]) -> bool:
    """Whether this press leads to another page: back always does, on only without faults."""
    return request.method == "POST" and (request.form.get("act") == "back" or not faults)


def _go(filing: Filing, name: str, procedure: Procedure) -> Answer:
    place = STEPS.index(name)
    if request.form.get("act") != "back":
        return redirect(url_for(f"filing.{STEPS[place + 1]}"))
    if place == 0:
        return redirect(url_for("pages.procedure", key=procedure.code))
    return redirect(url_for(f"filing.{STEPS[place - 1]}"))


def _page(
    template: str,
    filing: Filing,
    procedure: Procedure,
    name: str,
    faults: Mapping[str, str],
    **more: object,
) -> str:
    return render_template(
        template,
        filing=filing,
        procedure=procedure,
        agency=agency_words(procedure),
        step=STEPS.index(name),
        values=filing.values.get(name, {}),
        faults=faults,
        **more,
    )
