"""The composer through its edits: what stands in a field after keys, named tones and backspaces."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.keyboard.composer import Composer, Edit
from ui.keyboard.syllable import Tone

GOLDEN = Path(__file__).with_name("telex_golden.tsv")
NAMES = Path(__file__).with_name("names_golden.tsv")
"""Words of names as ethnic minorities spell them, no real persons; "latin": Vietnamese is off."""
NAMED = dict(zip("\u0301\u0300\u0309\u0303\u0323", list(Tone)[1:], strict=True))


class Field:
    """A text field, cursor at its end. Combining marks stand for the named tone keys, < for Backspace."""

    def __init__(self, method: str = "telex", style: str = "old", text: str = "") -> None:
        self.composer = Composer("telex" if method == "latin" else method, style)
        self.key = self.composer.letter if method == "latin" else self.composer.key
        self.text = text

    def apply(self, edit: Edit) -> None:
        assert 0 <= edit.delete <= max(len(self.text), 1)
        assert unicodedata.is_normalized("NFC", edit.insert) or len(edit.insert) == 1
        self.text = self.text[: len(self.text) - edit.delete] + edit.insert
        assert self.text.endswith(self.composer.text)

    def type(self, keys: str) -> str:
        for key in keys:
            if key in NAMED:
                self.apply(self.composer.tone(NAMED[key]))
            else:
                self.apply(self.composer.backspace() if key == "<" else self.key(key))
        return self.text


def typed(keys: str, method: str = "telex", style: str = "old") -> str:
    return Field(method, style).type(keys)


def golden() -> list[tuple[str, str, str, str]]:
    with GOLDEN.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [(row["method"], row["keys"], style, row[style]) for row in rows for style in ("old", "new")]


@pytest.mark.parametrize(("method", "keys", "style", "wanted"), golden())
def test_the_golden_list(method: str, keys: str, style: str, wanted: str) -> None:
    assert typed(keys, method, style) == wanted


def test_the_golden_list_is_there() -> None:
    assert len(golden()) == 260


def names() -> list[tuple[str, str, str]]:
    with NAMES.open(encoding="utf-8") as stream:
        return [(row["way"], row["keys"], row["wanted"]) for row in csv.DictReader(stream, delimiter="\t")]


@pytest.mark.parametrize("style", ["old", "new"])
def test_names_of_ethnic_minorities_can_be_typed(style: str) -> None:
    rows = [row for row in names() if style == "old" or "hòa" not in row]
    wrong = [(*row, typed(row[1], row[0], style)) for row in rows]
    assert [row for row in wrong if row[2] != row[3]] == []


def test_the_list_of_names_is_there() -> None:
    assert len(names()) > 100
    assert {way for way, _keys, _wanted in names()} == {"telex", "vni", "latin"}


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("nguyeenx thij huwowng tieengs", "nguyễn thị hương tiếng"),
        ("Microsoft", "Microsoft"),
        ("VNeID", "VNeID"),
        ("Google Facebook Zalo email web Windows", "Google Facebook Zalo email web Windows"),
        ("Raglai", "Raglai"),
        ("Hree Kroong DDawks Lawks Braau", "Hrê Krông Đắk Lắk Brâu"),
        ("HDDND UBND BHXH", "HĐND UBND BHXH"),
        ("soos 12, toor 5", "số 12, tổ 5"),
        ("tooif", "tồi"),
        ("totf", "totf"),
        ("totfj", "tọt"),
        ("totf\u0323", "tọtf"),
        ("Coor", "Cổ"),
        ("Cooor", "Coor"),
        ("Cooorr", "Coor"),
        ("xooosng", "xoóng"),
        ("nguwowifj", "ngượi"),
        ("tieengss", "tiêngs"),
        ("awa", "â"),
        ("aaw", "ă"),
        ("muoonw", "mươn"),
        ("muwowno", "muôn"),
        ("xuaan khuya nguoong", "xuân khuya nguông"),
        ("hoafn", "hoàn"),
        ("M'Noong K'Bang", "M'Nông K'Bang"),
    ],
)
def test_telex(keys: str, wanted: str) -> None:
    assert typed(keys) == wanted


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("QL1A", "QL1A"),
        ("so61 12", "số 12"),
        ("HD9ND", "HĐND"),
        ("Microsoft 365", "Microsoft 365"),
        ("to61i", "tối"),
        ("D9a81k La81k", "Đắk Lắk"),
    ],
)
def test_vni(keys: str, wanted: str) -> None:
    assert typed(keys, "vni") == wanted


@pytest.mark.parametrize("method", ["telex", "vni"])
@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("nguyê\u0303n", "nguyễn"),
        ("\u0301ba", "ba"),
        ("ba\u0301", "bá"),
        ("ba\u0301\u0300", "bà"),
        ("ba\u0301\u0301", "ba"),
        ("hương", "hương"),
        ("ngươi\u0300", "người"),
        ("đươ\u0300ng", "đường"),
        ("Đă\u0301k", "Đắk"),
        ("tot\u0300", "tòt"),
        ("tot\u0300\u0300", "tot"),
        ("hoa\u0300t\u0323", "hoạt"),
        ("to\u0300t", "tòt"),
        ("to\u0300t\u0323", "tọt"),
        ("12\u0301", "12"),
    ],
)
def test_named_keys_in_either_method(method: str, keys: str, wanted: str) -> None:
    assert typed(keys, method) == wanted


def test_named_keys_mix_with_telex() -> None:
    assert typed("tieeng\u0301") == "tiếng"
    assert typed("tiêngs") == "tiếng"
    assert typed("huơngf") == "hường"


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("tieengs<", "tiến"),
        ("tieengs<<<", "ti"),
        ("tieengs<<g", "tiếg"),
        ("tieengs<<m", "tiếm"),
        ("hoans<", "hóa"),
        ("tien<<een", "tiên"),
        ("ass<s", "á"),
        ("ww<w", "ư"),
        ("dd<d", "d"),
        ("ba nhaf<<<", "ba "),
        ("<", ""),
    ],
)
def test_backspace_takes_one_letter_and_typing_goes_on(keys: str, wanted: str) -> None:
    assert typed(keys) == wanted


@pytest.mark.parametrize(
    ("before", "keys", "wanted"),
    [
        ("ông nguyên", "x", "ông nguyễn"),
        ("hoà", "n", "hoàn"),
        ("hòa", "s", "hóa"),
        ("café", "s", "cafés"),
        ("xyz", "\u0301", "xýz"),
        ("số 12", "s", "số 12s"),
        ("tiế", "<e", "tie"),
        ("", "as", "á"),
        ("b" * 5000, "as", "b" * 5000 + "as"),
    ],
)
def test_a_word_in_the_field_is_taken_up_again(before: str, keys: str, wanted: str) -> None:
    field = Field(text=before)
    field.composer.resume(before)
    assert field.type(keys) == wanted


def test_nothing_is_left_after_a_reset() -> None:
    composer = Composer()
    for key in "tieeng":
        composer.key(key)
    composer.reset()
    assert composer.text == ""
    assert composer.key("s") == Edit(0, "s")


def test_edits_touch_only_what_changes() -> None:
    composer = Composer()
    assert [composer.key(key) for key in "tieengs"] == [
        Edit(0, "t"),
        Edit(0, "i"),
        Edit(0, "e"),
        Edit(1, "ê"),
        Edit(0, "n"),
        Edit(0, "g"),
        Edit(3, "ếng"),
    ]


METHODS = st.sampled_from(["telex", "vni", "latin"])
STYLES = st.sampled_from(["old", "new"])
LETTERS = "abcdefghijklmnopqrstuvwxyzăâđêôơưADEOUWƠĐ"
NEAR = st.text(alphabet=LETTERS + "0123456789 .é" + "".join(NAMED), max_size=40)
ANY = st.text(max_size=40)


@given(NEAR | ANY, METHODS, STYLES)
def test_as_many_backspaces_as_letters_leave_nothing(keys: str, method: str, style: str) -> None:
    field = Field(method, style)
    text = field.type(keys.replace("<", ""))
    for left in reversed(range(len(text))):
        field.type("<")
        assert len(field.text) == left
    assert field.text == ""


@given(st.text(alphabet="aeouwdsfrxjzngtchimpyqk<\u0301\u0300AEDW169780 ", max_size=60), METHODS, STYLES)
def test_any_mix_of_keys_and_backspaces_is_told_by_the_edits(keys: str, method: str, style: str) -> None:
    field = Field(method, style)
    field.type(keys)  # Field checks after every key
    assert unicodedata.is_normalized("NFC", field.text)


@given(ANY | NEAR, NEAR, METHODS, STYLES)
def test_any_text_can_be_taken_up(before: str, keys: str, method: str, style: str) -> None:
    field = Field(method, style, before)
    field.composer.resume(before)
    text = field.type(keys)
    for _ in range(len(text)):
        field.type("<")
    assert field.text == ""


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=20), STYLES)
def test_capitals_compose_as_small_letters_do(keys: str, style: str) -> None:
    assert typed(keys.upper(), "telex", style) == typed(keys, "telex", style).upper()


@given(st.text(alphabet="bcghklmnrstaeiouâêơư", min_size=1, max_size=12), st.sampled_from(list(NAMED)))
def test_a_named_tone_always_shows_and_goes_again(word: str, tone: str) -> None:
    before, toned = typed(word, "latin"), typed(word + tone, "latin")
    vowels = [letter for letter in word if letter in "aeiouâêơư"]
    assert (toned != before) == bool(vowels)
    bare = unicodedata.normalize("NFD", toned)
    assert unicodedata.normalize("NFC", bare.replace(tone, "")) == word
    assert typed(word + 2 * tone, "latin") == word


@given(st.sampled_from(["tieesng", "nguwowif", "dduowngf", "quoocs", "hoaf", "thuyr"]), STYLES)
def test_the_tone_may_be_typed_anywhere_after_the_vowel(keys: str, style: str) -> None:
    tone = next(key for key in reversed(keys) if key in "sfrxj")
    rest = keys.replace(tone, "")
    nucleus_end = max(rest.rindex(vowel) for vowel in "aeiouyw" if vowel in rest)
    wanted = typed(keys, "telex", style)
    for at in range(nucleus_end + 1, len(rest) + 1):
        assert typed(rest[:at] + tone + rest[at:], "telex", style) == wanted


GONE = [("w\u0301w", "w"), ("tw\u0301w", "tw"), ("ww\u0301", "w"), ("uw\u0301w", "úw")]


@pytest.mark.parametrize(("keys", "left"), GONE)
def test_a_tone_goes_with_the_letter_that_was_undone(keys: str, left: str) -> None:
    assert typed(keys) == left
