"""Words: complete in every language, short, and an error for every code."""

import re

import pytest

from kioskcore.config import Config
from kioskcore.errors import KIND_OF, KioskError
from kioskcore.ports import DeviceKind
from kioskcore.words import load_words, word_faults
from ui.gallery import settle
from ui.look import WORD_FOLDERS, Look

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
        from house import texts

        assert {say, do} <= set(texts(kiosk.shell))
        kiosk.tap(kiosk.say("ui.understood"))


def test_a_fault_without_its_fact_can_be_told() -> None:
    look = Look(Config(), 96)
    assert "?" in look.error(KioskError("PORT-TAKEN"))[0]
    assert "8080" in look.error(KioskError("PORT-TAKEN", port=8080))[0]
