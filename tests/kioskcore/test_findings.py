"""What is wrong with a page is said with its place, in words that may be heard."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.findings import marks, said, where
from kioskcore.paths import ROOT
from kioskcore.ports import Box, Page
from kioskcore.told import Told
from kioskcore.words import load_words

WORDS = load_words([ROOT / "scanner" / "words"])
FILE = Path("x.png")
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


def page(*verdicts: str, **places: tuple[Box, ...]) -> Page:
    return Page("p", FILE, FILE, FILE, FILE, 210, 297, verdicts=verdicts, places=places)


@pytest.mark.parametrize(
    ("boxes", "place"),
    [
        ([(0.1, 0.7, 0.2, 0.2)], "bottom_left"),
        ([(0.6, 0.0, 0.3, 0.3)], "top_right"),
        ([(0.4, 0.4, 0.2, 0.2)], "middle"),
        ([(0.0, 0.8, 1.0, 0.2)], "bottom"),
        ([(0.0, 0.45, 1.0, 0.1)], "middle"),
        ([(0.9, 0.0, 0.1, 1.0)], "right"),
        ([(0.1, 0.1, 0.1, 0.1), (0.15, 0.25, 0.1, 0.1)], "top_left"),
        ([(0.0, 0.0, 0.2, 0.2), (0.8, 0.8, 0.2, 0.2)], ""),
        ([WHOLE], ""),
        ([], ""),
    ],
)
def test_where(boxes: list[Box], place: str) -> None:
    assert where(boxes) == place


@pytest.mark.parametrize(("language", "words"), [("vi", "góc dưới bên phải"), ("en", "the bottom right")])
def test_the_sentence_names_the_place_and_may_be_heard(language: str, words: str) -> None:
    [sentence] = said(WORDS[language], page("blurred", blurred=((0.6, 0.7, 0.3, 0.3),)))
    assert words in sentence and isinstance(sentence, Told)


def test_what_is_all_over_the_page_has_no_place_and_no_frame() -> None:
    found, words = page("dark", "blurred", dark=(WHOLE,), blurred=(WHOLE,)), WORDS["vi"]
    assert said(words, found) == [words.say(f"scan.verdict.{code}") for code in ("dark", "blurred")]
    assert marks(found) == []


def test_a_verdict_without_words_is_still_a_doubt() -> None:
    found, words = page("crumpled", crumpled=((0, 0, 0.1, 0.1),)), WORDS["vi"]
    assert said(words, found) == [words.say("scan.doubt")]


part = st.floats(0, 1)


@given(st.lists(st.tuples(part, part, part, part), max_size=4))
def test_every_place_has_words(boxes: list[Box]) -> None:
    for words in WORDS.values():
        assert where(boxes) == "" or words.has(f"scan.where.{where(boxes)}")
