"""Every syllable of Debian's Vietnamese word list can be typed: both methods, both styles, several orders."""

from pathlib import Path

import pytest

from ui.keyboard.composer import Composer
from ui.keyboard.marks import MARK_KEYS, TONE_KEYS
from ui.keyboard.syllable import Tone, may_become, plain, split, tone_index, with_tone, without_tone

WORD_LIST = Path("/usr/share/hunspell/vi_VN.dic")
FOREIGN = {"ABC", "ASCII", "GIF", "HTML", "JPEG", "LHQ", "PDF", "PNG", "RAM", "TCVN", "Telex", "URL"}
FOREIGN |= {"Unicode", "VIQR", "VISCII", "web", "HK", "TV", "tout", "palăng"}
"""The list's words that are foreign or two syllables in one; typed with Vietnamese off or named keys."""
ABBREVIATION = "HĐND"
NO_SYLLABLES = {"UBND", "basoi", "email", "internet", "intranet", "ping", "tivi"}
"""Typed as they are all the same."""

pytestmark = pytest.mark.skipif(
    not WORD_LIST.exists(), reason="the Debian package hunspell-vi, the list of syllables, is not installed"
)


def syllables() -> list[str]:
    words = WORD_LIST.read_text(encoding="utf-8").splitlines()[1:]
    return sorted({word.split("/")[0] for word in words} - FOREIGN)


def taken_apart(syllable: str) -> tuple[str, Tone]:
    """Letters without the tone, and the tone."""
    pairs = [without_tone(letter) for letter in syllable]
    return "".join(letter for letter, _ in pairs), Tone(max(tone for _, tone in pairs))


def in_style(letters: str, tone: Tone, style: str) -> str:
    at = tone_index(letters.lower(), style) if tone else -1
    return "".join(with_tone(letter, tone) if i == at else letter for i, letter in enumerate(letters))


def tone_key(tone: Tone, method: str) -> str:
    return next((key for key, value in TONE_KEYS[method].items() if tone and value == tone), "")


def mark_key(letter: str, method: str) -> str:
    """The key that makes this letter of its plain one."""
    if method == "telex":
        return {"ă": "w", "ơ": "w", "ư": "w", "đ": "d"}.get(letter.lower(), plain(letter.lower()))
    return {"đ": "9", "ă": "8", "ơ": "7", "ư": "7"}.get(letter.lower(), "6")


def base(letter: str) -> str:
    lower = plain(letter.lower())
    return lower.upper() if letter.isupper() else lower


def inline(letters: str, tone: Tone, method: str) -> str:
    """Each mark at once after its letter, the tone last: tieengs."""
    keys = ""
    for letter in letters:
        keys += base(letter) + (mark_key(letter, method) if base(letter) != letter else "")
    return double_o(keys, letters, method) + tone_key(tone, method)


def double_o(keys: str, letters: str, method: str) -> str:
    """-oong and -ooc are typed with three o in Telex, where two make ô: xooong."""
    return keys.replace("oo", "ooo") if "oo" in letters and method == "telex" else keys


def marks_last(letters: str, tone: Tone, method: str) -> str:
    """Plain letters first, then the tone, then the marks, one w for ươ: duongfwd."""
    plain_word = "".join(base(letter) for letter in letters)
    marks = [mark_key(letter, method) for letter in letters if base(letter) != letter]
    plain_word = double_o(plain_word, letters, method)
    return plain_word + tone_key(tone, method) + "".join(dict.fromkeys(marks))


def tone_first(letters: str, tone: Tone, method: str) -> str:
    """The tone straight after the nucleus with its marks: tieesng."""
    onset, nucleus, _final = split(letters.lower())
    cut = len(onset) + len(nucleus)
    return inline(letters[:cut], tone, method) + letters[cut:]


def named(letters: str, tone: Tone, method: str) -> str:
    """The keys of the on-screen keyboard: direct letters, named tone."""
    return double_o(letters, letters, method) + with_tone("", tone)


def typed(keys: str, method: str, style: str) -> str:
    composer, field = Composer(method, style), ""
    tones = {with_tone("", tone): tone for tone in Tone if tone}
    for key in keys:
        edit = composer.tone(tones[key]) if key in tones else composer.key(key)
        field = field[: len(field) - edit.delete] + edit.insert
    return field


@pytest.mark.parametrize("order", [inline, marks_last, tone_first, named])
@pytest.mark.parametrize("style", ["old", "new"])
@pytest.mark.parametrize("method", ["telex", "vni"])
def test_every_syllable_can_be_typed(method: str, style: str, order) -> None:
    wrong = []
    for syllable in syllables():
        letters, tone = taken_apart(syllable)
        wanted = in_style(letters, tone, style)
        keys = order(letters, tone, method)
        if order is marks_last and syllable == ABBREVIATION:
            continue  # without a vowel the đ is made at once, not at the end
        if typed(keys, method, style) != wanted:
            wrong.append((syllable, keys, typed(keys, method, style)))
    assert not wrong, f"{len(wrong)}: {wrong[:20]}"


@pytest.mark.parametrize("spelling", ["old", "new"])
@pytest.mark.parametrize("style", ["old", "new"])
@pytest.mark.parametrize("method", ["telex", "vni"])
def test_ready_letters_of_an_input_method_pass_unchanged(method: str, style: str, spelling: str) -> None:
    """So an input method of the machine, or a program that types, may go through the composer too."""
    for syllable in syllables():
        letters, tone = taken_apart(syllable)
        ready = in_style(letters, tone, spelling)
        if spelling == "new" and ready == in_style(letters, tone, "old"):
            continue  # it was typed in that spelling
        if "oo" not in letters or method == "vni":
            assert typed(ready, method, style) == ready


def test_every_syllable_is_known_as_one() -> None:
    wrong = [word for word in syllables() if not may_become(*_lowered(word))]
    assert set(wrong) == NO_SYLLABLES


def _lowered(word: str) -> tuple[str, Tone]:
    letters, tone = taken_apart(word)
    return letters.lower(), tone


def test_the_list_is_not_empty_and_every_mark_key_is_used() -> None:
    words = syllables()
    assert len(words) > 6000
    letters = {letter for word in words for letter in taken_apart(word)[0]}
    keys = {mark_key(letter, method) for method in MARK_KEYS for letter in letters}
    assert keys >= {"w", "d", "a", "e", "o", "9", "8", "7", "6"}
