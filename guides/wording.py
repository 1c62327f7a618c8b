"""What `guides check` asks of one text for citizens: short, no abbreviations, addressed as "bác", clean."""

import re
import unicodedata
from collections.abc import Iterator

LETTERS, LETTERS_OF_A_WORD = 300, 30
KNOWN_SHORT = frozenset({"SIM", "QR", "MB", "TTTB"})
"""What stands so on phones, bills and the screen itself."""
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_CAPITALS = re.compile(r"(?<![\w-])[A-ZĐĂÂÊÔƠƯ]{2,}(?![\w-])")
_ADDRESS = re.compile(r"\b(anh chị(?! em)|anh/chị|ông/bà|quý (?:khách|vị|công dân|ông bà)|bạn)\b", re.I)

Wrong = tuple[str, dict[str, str | int]]
"""A key `fault.<code>` of the words, and its facts."""


def sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def hidden(text: str) -> bool:
    """Whether there are letters that cannot be seen: control signs, and marks that turn the writing round."""
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in text)


def text_faults(text: str, language: str, limit: int) -> Iterator[Wrong]:
    """What is wrong in a text; `limit` words a sentence."""
    for sentence in sentences(text):
        count = len(sentence.split())
        if count > limit:
            yield "long_sentence", {"count": count, "limit": limit, "start": " ".join(sentence.split()[:5])}
    longest = max(text.split(), key=len, default="")
    if len(text) > LETTERS or len(longest) > LETTERS_OF_A_WORD:
        yield "long_text", {"count": len(text), "limit": LETTERS, "start": longest[:20]}
    if hidden(text):
        yield "control", {}
    if language != "vi":
        return
    for short in sorted(set(_CAPITALS.findall(text)) - KNOWN_SHORT):
        yield "abbreviation", {"name": short[:20]}
    if found := _ADDRESS.search(text):
        yield "address", {"name": found[1]}
