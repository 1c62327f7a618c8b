import pytest

from kioskcore.errors import KIND_OF, KioskError
from kioskcore.paths import ROOT
from kioskcore.words import load_words, word_faults

WORDS = load_words([ROOT / "kioskcore" / "words"])


def test_every_code_has_a_sentence_and_an_action_in_every_language() -> None:
    assert set(WORDS) == {"vi", "en"}
    assert word_faults(WORDS) == []
    for words in WORDS.values():
        errors = {key for key in words.keys() if key.startswith("error.")}  # noqa: SIM118
        assert errors == {f"error.{code}.{part}" for code in KIND_OF for part in ("say", "do")}


def test_an_unnamed_error_cannot_exist() -> None:
    with pytest.raises(KeyError):
        KioskError("NO-SUCH-CODE")


def test_facts_fill_the_sentence() -> None:
    error = KioskError("PDF-TOO-LONG", limit=100)
    say, do = WORDS["en"].error(error.code, error.facts)
    assert "100" in say and do
