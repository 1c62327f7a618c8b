"""Words: complete in every language, short, and an error for every code."""

import re

import pytest
from house import texts

from kioskcore.config import Config
from kioskcore.errors import KIND_OF, KioskError
from kioskcore.ports import DeviceKind
from kioskcore.told import Told
from kioskcore.visit import Event
from kioskcore.words import load_words, word_faults
from scanner.clean.judge.judge import Verdict
from ui.gallery_stage import GUIDE_WITH_SCAN, settle
from ui.look import WORD_FOLDERS, Look
from ui.samples import sample_page
from ui.scan_desk import Phase

ALL = load_words(WORD_FOLDERS)


def test_every_word_in_every_language() -> None:
    assert word_faults(ALL) == []


@pytest.mark.parametrize("language", sorted(ALL))
def test_sentences_are_short(language: str) -> None:
    words = ALL[language]
    for key in sorted(words.keys()):
        if not key.startswith(("ui.", "scan.")):
            continue
        facts = dict.fromkeys(words.placeholders(key), "1")
        for sentence in re.split(r"[.!?:;]\s", words.say(key, **facts)):
            assert len(sentence.split()) <= 20, key


def test_every_kind_of_device_has_words() -> None:
    for words in ALL.values():
        for kind in DeviceKind:
            assert words.has(f"ui.scan.kind.{kind}")
            assert all(words.has(f"ui.scan.place.{kind}.{number}") for number in (1, 2, 3))


@pytest.mark.parametrize("code", sorted(KIND_OF))
def test_every_error_can_be_shown(make_kiosk, code: str) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    for language in kiosk.look.languages:
        kiosk.look.speak(language)
        kiosk.shell.tell_fault(KioskError(code))
        settle()
        say, do = kiosk.look.error(KioskError(code))
        assert {say, do} <= set(texts(kiosk.shell))
        kiosk.tap(kiosk.say("ui.understood"))


def test_a_fault_without_its_fact_can_be_told() -> None:
    look = Look(Config(), 96)
    assert "?" in look.error(KioskError("PORT-TAKEN"))[0]
    assert "8080" in look.error(KioskError("PORT-TAKEN", port=8080))[0]


@pytest.mark.parametrize(
    ("fact", "heard"),
    [
        ("3.4", True),
        ("3.4 MB", True),
        ("0.005 KB", True),
        ("2", True),
        ("1, 12, 3, …", True),
        ("012, 345, 678, 901, 2, 3, 4, 5", False),
        ("012345678901", False),
        ("?", False),
    ],
)
def test_an_amount_can_be_heard_and_nothing_longer(fact: str, heard: bool) -> None:
    error = KioskError("PAPER-TOO-BIG", page=1, least_size=fact, limit_size="2 MB")
    said, _ = Look(Config(), 96).error(error)
    assert isinstance(said, Told) is heard
    assert not heard or fact.replace(".", ",") in said


@pytest.mark.parametrize("verdict", list(Verdict))
def test_what_the_clean_up_finds_is_told_on_the_screen(make_kiosk, tmp_path, verdict: Verdict) -> None:
    """The scanner's codes and the words of the screens are one list, in every language."""
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit(GUIDE_WITH_SCAN)
    kiosk.visit.fire(Event.TO_SCAN)
    kiosk.flow.scan.desk.came(sample_page(tmp_path, 1, (str(verdict),)))
    kiosk.flow.scan.desk.phase = Phase.LOOK
    for language in ("en", "vi"):
        kiosk.look.speak(language)
        settle()
        assert kiosk.say(f"scan.verdict.{verdict}") in texts(kiosk.shell)
        assert kiosk.say("scan.doubt") not in texts(kiosk.shell)


def test_no_word_is_told_of_a_finding_that_is_never_made() -> None:
    for words in ALL.values():
        told = {key.rpartition(".")[2] for key in sorted(words.keys()) if key.startswith("scan.verdict.")}
        assert told == {str(verdict) for verdict in Verdict}
