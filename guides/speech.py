"""A written sentence as it is spoken: numbers, dates, money and abbreviations in words.

`spoken("Trả 8.000 đồng trước 22/11/2026", "vi")` gives what a person would say aloud.
"""

import re
from collections.abc import Mapping

_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu", " tỷ")
_NAMES = (
    ("A", "a"), ("B", "bê"), ("C", "xê"), ("D", "đê"), ("Đ", "đê"), ("E", "e"), ("G", "gờ"), ("H", "hát"),
    ("I", "i"), ("K", "ca"), ("L", "lờ"), ("M", "mờ"), ("N", "nờ"), ("O", "o"), ("P", "pê"), ("Q", "quy"),
    ("R", "rờ"), ("S", "ét"), ("T", "tê"), ("U", "u"), ("V", "vê"), ("X", "ích"),
)  # fmt: skip
_LETTERS = dict(_NAMES)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "VNeID": "vi en ai đi",
        "QR": "quy a",
        "passcode": "pát cốt",
        "Passcode": "pát cốt",
        "SIM": "sim",
        "jpg": "giây pếch",
        "MB": "mê ga bai",
        "PDF": "pê đê ép",
        "TTTB": "tê tê tê bê",
        "1414": "một bốn một bốn",
        "UBND": "ủy ban nhân dân",
        "BHYT": "bảo hiểm y tế",
        "BHXH": "bảo hiểm xã hội",
        "CCCD": "căn cước công dân",
        "NĐ-CP": "nghị định chính phủ",
    },
    "en": {"VNeID": "V N E I D", "QR": "Q R", "TTTB": "T T T B", "jpg": "J peg", "MB": "megabytes"},
}
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_CODE = re.compile(r"\b\d\.\d{6}\b|\b\d{7,}\b|(?<![\w.])0\d+\b")
_MONEY = re.compile(r"\b\d{1,3}(?:\.\d{3})+\b")
_DECIMAL = re.compile(r"(\d),(\d)")
_FORM = re.compile(r"\b([A-ZĐ]{1,4})(\d{1,3})\b")
_NUMBER = re.compile(r"\d+")
_TIMES = re.compile(r"(\d)\s*x\s*(\d)")


def spoken(text: str, language: str) -> str:
    """The sentence as spoken. Languages without rules of their own get the text as it is."""
    if language not in _WORDS:
        return text
    for short, said in _WORDS[language].items():
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", said, text)
    text = re.sub(r"[“”\"()]", "", text)
    if language != "vi":
        return " ".join(text.split())
    text = _DATE.sub(lambda day: f"{_number(day[1])} tháng {_number(day[2])} năm {_number(day[3])}", text)
    text = _TIMES.sub(r"\1 nhân \2", text)
    text = _CODE.sub(lambda code: _digits(code[0]), text)
    text = _MONEY.sub(lambda money: _number(money[0].replace(".", "")), text)
    text = _DECIMAL.sub(r"\1 phẩy \2", text)
    text = _FORM.sub(lambda form: f"{_spell(form[1])} {_digits(form[2])}", text)
    text = _NUMBER.sub(lambda number: _number(number[0]), text)
    return " ".join(text.replace("/", " trên ").split())


def number_words(value: int) -> str:
    """A whole number of 0 to below 10^12 in Vietnamese words."""
    if not 0 <= value < 10**12:
        raise ValueError(value)
    if value == 0:
        return _UNITS[0]
    groups = []
    while value:
        value, rest = divmod(value, 1000)
        groups.append(rest)
    parts = [
        _hundreds(rest, full=place < len(groups) - 1) + _GROUPS[place]
        for place, rest in reversed(list(enumerate(groups)))
        if rest
    ]
    return " ".join(parts)


def _hundreds(value: int, full: bool) -> str:
    """0..999; `full`: after a higher group, so the hundreds are always said."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = [f"{_UNITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 0 and ones:
        words.append(f"lẻ {_UNITS[ones]}" if words else _UNITS[ones])
    elif tens:
        words.append("mười" if tens == 1 else f"{_UNITS[tens]} mươi")
        if ones:
            special = {1: "mốt" if tens > 1 else "một", 4: "tư" if tens > 1 else "bốn", 5: "lăm"}
            words.append(special.get(ones, _UNITS[ones]))
    return " ".join(words)


def _number(digits: str) -> str:
    return number_words(int(digits)) if len(digits) <= 12 else _digits(digits)


def _digits(text: str) -> str:
    return " ".join(_UNITS[int(digit)] for digit in text if digit.isdigit())


def _spell(letters: str) -> str:
    return " ".join(_LETTERS.get(letter, letter.lower()) for letter in letters)
