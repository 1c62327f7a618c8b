"""The steps' marks against the practice portal's own pages: the panel must stand on the right step."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from guides.library import BUILT_IN, Library
from portal.marks import PageMark, best_step
from portal.practice.app import create_app
from portal.sites import load_sites
from tests.portal.walk import PROCEDURE, Walker, pdf, text_of

STEPS = Library([BUILT_IN]).guide(PROCEDURE).steps


@pytest.fixture
def walker() -> Walker:
    app = create_app()
    app.testing = True
    client: FlaskClient = app.test_client()
    return Walker(client)


def step_of(response: TestResponse, any_of: bool) -> str:
    """The key of the step that is shown, with each text a mark of its own or all texts as one mark."""
    url, text = f"http://127.0.0.1{response.request.path}", text_of(response)
    marks, owner = [], []
    for step in STEPS:
        single = [PageMark(step.url, (words,)) for words in step.texts]
        alike = [PageMark(step.url, any_of=step.texts)] if any_of else single
        marks += alike
        owner += [step.key] * len(alike)
    best = best_step(marks, url, text)
    return owner[best] if best is not None else ""


@pytest.mark.parametrize("any_of", [False, True])
def test_the_panel_follows_the_practice_portal(walker: Walker, any_of: bool) -> None:
    shown = [step_of(walker.get(f"/thu-tuc-hanh-chinh/{PROCEDURE}"), any_of)]
    shown.append(step_of(walker.choose_agency(), any_of))
    shown.append(step_of(walker.log_in(), any_of))
    shown.append(step_of(walker.applicant(), any_of))
    shown.append(step_of(walker.form(), any_of))
    shown.append(step_of(walker.papers(pdf(2)), any_of))
    shown.append(step_of(walker.receive(), any_of))
    shown.append(step_of(walker.pay(), any_of))
    shown.append(step_of(walker.submit(), any_of))
    assert shown == [
        "choose_police",
        "submit_online",
        "applicant",
        "form",
        "upload",
        "fee",
        "fee",
        "review",
        "done",
    ]


def test_a_page_to_look_a_dossier_up_is_not_the_page_of_success(walker: Walker) -> None:
    assert "Mã hồ sơ" in text_of(walker.get("/tra-cuu-ho-so"))
    assert step_of(walker.get("/tra-cuu-ho-so"), True) == ""


def test_the_last_step_is_known_by_the_words_of_success_of_every_site() -> None:
    said = {words for site in load_sites() for words in site.submitted}
    assert {words for step in STEPS if step.key == "done" for words in step.texts} == said
