"""How a Vietnamese syllable is built: its parts, which parts go together, and where the tone mark stands.

Works on lower-case letters without tone marks ("ươ", not "ườ"). Knows no keys and no Qt, and caches nothing
that a person typed.
"""

import itertools
import unicodedata
from enum import IntEnum
from typing import Literal, NamedTuple

ToneStyle = Literal["old", "new"]
"""Where "oa", "oe", "uy" carry the tone: old "hòa, thủy", new "hoà, thuỷ"."""


class Tone(IntEnum):
    """Named as on the keys."""

    NGANG = 0
    SAC = 1
    HUYEN = 2
    HOI = 3
    NGA = 4
    NANG = 5


_COMBINING = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
VOWELS = frozenset("aăâeêioôơuưy")
ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzăâđêôơư")
_PLAIN = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "đ": "d"}
_STOPS = ("c", "ch", "p", "t", "k")
_PAIRED_ONSETS = frozenset(("ch", "gh", "gi", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr"))

# Every rime of the spelling. "k" closes names of the Central Highlands (Đắk Lắk, Đắk Pék).
_RIMES = """
a ac ach ai ak am an ang anh ao ap at au ay
ăc ăk ăm ăn ăng ăp ăt
âc âk âm ân âng âp ât âu ây
e ec ek em en eng eo ep et
ê êc êch êk êm ên êng ênh êp êt êu
i ia ich ik im in inh ip it iu iêc iêk iêm iên iêng iêp iêt iêu
o oc oi ok om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay
oăc oăm oăn oăng oăt oe oem oen oeng oeo oet ooc oong
ô ôc ôi ôk ôm ôn ông ôp ôt
ơ ơi ơk ơm ơn ơng ơp ơt
u uc ui uk um un ung up ut ua uân uâng uât uây uê uêch uên uênh uêu uơ
uôc uôi uôm uôn uông uôp uôt uy uya uych uyên uyêt uyn uynh uyp uyt uyu
ư ưa ưc ưi ưk ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y ych yêm yên yêng yêt yêu ym yn ynh yp yt
""".split()  # noqa: SIM905 - a table to be read, not a list literal over forty lines


def plain(letter: str) -> str:
    """ă -> a, đ -> d; other letters as they are."""
    return _PLAIN.get(letter, letter)


def _unmarked_forms(rime: str) -> list[str]:
    """The rime with any of its marks still to be typed: "iên" -> iên, ien."""
    choices = [(letter,) if plain(letter) == letter else (letter, plain(letter)) for letter in rime]
    return ["".join(form) for form in itertools.product(*choices)]


_ON_THE_WAY = frozenset(
    form for rime in _RIMES for end in range(len(rime) + 1) for form in _unmarked_forms(rime[:end])
)
"""All that a person may have typed of some rime so far."""


class Parts(NamedTuple):
    """Onset, nucleus and final; the nucleus has every vowel letter of the rime ("uye" of "tuyet")."""

    onset: str
    nucleus: str
    final: str


def split(letters: str) -> Parts:
    """Parts of a word. "gi" and "qu" are onsets where a vowel follows; any run of consonants is taken."""
    start = 0
    while start < len(letters) and letters[start] not in VOWELS:
        start += 1
    if letters[:2] in ("gi", "qu") and letters[2:3] in VOWELS and letters[2:3]:
        start = 2
    end = start
    while end < len(letters) and letters[end] in VOWELS:
        end += 1
    return Parts(letters[:start], letters[start:end], letters[end:])


def may_become(letters: str, tone: Tone = Tone.NGANG) -> bool:
    """Whether the word is a syllable or on the way to one. A stopped final takes only sắc and nặng."""
    onset, nucleus, final = split(letters)
    if any(letter not in ALPHABET for letter in onset) or nucleus + final not in _ON_THE_WAY:
        return False
    return final not in _STOPS or tone in (Tone.NGANG, Tone.SAC, Tone.NANG)


def tone_index(letters: str, style: ToneStyle) -> int:
    """Index of the letter that carries the tone, -1 where there is no vowel."""
    onset, nucleus, final = split(letters)
    if not nucleus:
        return -1
    if "ơ" in nucleus:
        return len(onset) + nucleus.index("ơ")
    marked = [at for at, letter in enumerate(nucleus) if plain(letter) != letter]
    if marked:
        return len(onset) + marked[-1]
    if final:
        return len(onset) + len(nucleus) - 1
    if len(nucleus) == 2:
        return len(onset) + (1 if style == "new" and nucleus in ("oa", "oe", "uy") else 0)
    return len(onset) + (1 if len(nucleus) > 2 else 0)


def foreign_onset(letters: str) -> bool:
    """Whether it begins as no Vietnamese syllable does ("ks", "br"): a name of another language, mostly."""
    onset = split(letters).onset
    return len(onset) > 1 and onset not in _PAIRED_ONSETS


def last_vowel(text: str) -> int:
    """Index of the vowel nearest to the end, with its marks and in either case; -1 where there is none."""
    toneless = [without_tone(letter)[0].lower() for letter in text]
    return max((at for at, letter in enumerate(toneless) if letter in VOWELS), default=-1)


def with_tone(letter: str, tone: Tone) -> str:
    """The letter with its tone mark, as one NFC character."""
    return unicodedata.normalize("NFC", letter + _COMBINING[tone])


def without_tone(letter: str) -> tuple[str, Tone]:
    """ế -> (ê, SAC); a letter without a tone mark comes back as it is."""
    marks = unicodedata.normalize("NFD", letter)
    for tone in Tone:
        if tone and _COMBINING[tone] in marks:
            return unicodedata.normalize("NFC", marks.replace(_COMBINING[tone], "")), tone
    return letter, Tone.NGANG
