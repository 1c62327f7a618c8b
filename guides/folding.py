"""Vietnamese words made comparable: no tone marks, Telex left-overs undone, typed marks kept beside.

`words("Đăng kí khai sinhf")` gives `Word`s; `key` is what is compared (no marks, ky = ki), `marked` tells the
marks that were really typed, with the tone moved to the end so that hòa and hoà are one.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
CODE = re.compile(r"(?<!\d)(\d)[.\s]?(\d{6})(?!\d)")
NUMBERS = {
    name: str(number)
    for number, name in enumerate(["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"], 1)
}
_TENS = frozenset({"mươi", "mười", "muoi", "chục", "chuc"})
_YEARS = frozenset({"tuổi", "tuoi"})
_DIGITS = {name: int(number) for name, number in NUMBERS.items() if number != "10"}
_DIGITS |= {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7}
_DIGITS |= {"mot": 1, "bon": 4, "tu": 4, "lam": 5, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}
_COUNTED = frozenset({"lớp", "cấp", "số", "mức", "độ", "lop", "cap", "muc"})
MARKED_LINE = 0.5
"""In a line with marks on so many of its words, a word without marks has none: "cho con" is no "chó con"."""
_WORD = re.compile(r"\w+")
_SYLLABLE = re.compile(
    r"^(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?$"
)
_I_OR_Y = re.compile(r"^(qu|[bcdghklmnprstvx]+)y$")


@dataclass(frozen=True)
class Word:
    """One written syllable. `sure`: the line around it has its marks, so that none here means none.

    `text`: as it was written, to be shown again.
    """

    key: str
    marked: str
    sure: bool = False
    text: str = field(default="", compare=False)

    @property
    def plain(self) -> bool:
        """No mark was typed on it, though one may be meant."""
        return self.key == self.marked and not self.sure


@lru_cache(maxsize=20_000)
def word(written: str) -> Word:
    """`written` is one syllable in lower case."""
    decomposed = unicodedata.normalize("NFD", written).replace("đ", "d\u0335")
    tone = "".join(letter for letter in decomposed if letter in TONES)
    marked = _one_i("".join(letter for letter in decomposed if letter not in TONES)) + tone
    key = _one_i("".join(letter for letter in decomposed if not _is_mark(letter)))
    return Word(key, marked, text=written)


def words(text: str) -> list[Word]:
    """The syllables of a text in order; punctuation parts them."""
    found = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    found = _ages(found)
    for place in range(1, len(found)):
        counted = found[place - 1] in _COUNTED or found[place + 1 : place + 2] == ["tuổi"]
        if counted and found[place] in NUMBERS:
            found[place] = NUMBERS[found[place]]
    read = [word(one) for one in found]
    if sum(not one.plain for one in read) < max(2, MARKED_LINE * len(read)):
        return read
    return [replace(one, sure=True) for one in read]


def _ages(found: list[str]) -> list[str]:
    """ "bảy mươi lăm tuổi" is "75 tuổi": numbers said in words, only where an age is told."""
    read: list[str] = []
    for one in found:
        if one in _YEARS and len(read) > 0 and (years := _spoken(read)):
            count, number = years
            read[-count:] = [str(number)]
        read.append(one)
    return read


def _spoken(read: list[str]) -> tuple[int, int] | None:
    """How many of the last words are one number of 10..99, and that number."""
    last, before = read[-1], read[-2] if len(read) > 1 else ""
    if last in _TENS:
        return (2, 10 * _DIGITS[before]) if before in _DIGITS else (1, 10)
    if last in _DIGITS and before in _TENS:
        tens = read[-3] if len(read) > 2 else ""
        if tens in _DIGITS:
            return 3, 10 * _DIGITS[tens] + _DIGITS[last]
        return 2, 10 + _DIGITS[last]
    return None


def fold(text: str) -> str:
    """The keys of a text, joined by blanks: what the index of names holds."""
    return " ".join(found.key for found in words(text))


def codes(text: str) -> list[str]:
    """Procedure codes in a text, written 1.004222, 1004222 or 1 004222."""
    return [f"{first}.{rest}" for first, rest in CODE.findall(text)]


def untyped(key: str) -> list[str]:
    """What somebody may have meant who left Telex or VNI keys in a word: "sinhf" -> "sinh"."""
    found: list[str] = []
    digitless = re.sub(r"(?<=[a-z])\d+", "", key)
    bare = re.sub(r"dd|aa|ee|oo", lambda pair: pair[0][0], digitless)
    bare = re.sub(r"(?<=[auo])w|^w(?=[^aeiouy])", "", bare)
    for candidate in (digitless, bare):
        for shape in (candidate, re.sub(r"(?<=[aeiouy])[sfrxj]|(?<=[aeiouy]n)[sfrxj]$", "", candidate)):
            for last in (shape, re.sub(r"(?<=[a-z]{2})[sfrxjwz]$", "", shape)):
                one = _one_i(last.replace("dd", "d").rstrip("w") or last)
                if one and one != key and one not in found:
                    found.append(one)
    return found


def is_syllable(key: str) -> bool:
    """Whether a word without marks could be Vietnamese: a slip of the finger mostly could not."""
    return bool(_SYLLABLE.match(key))


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) == "Mn"


def _one_i(key: str) -> str:
    return _I_OR_Y.sub(r"\1i", key)
