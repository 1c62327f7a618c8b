"""Recognises a page by its address and its words, and finds the dossier code after a submission."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from portal.sites import Site

_LONGEST = 200_000
"""Letters of a page that are looked at: a hostile page must not make the search long."""


_BEFORE = 80
"""Letters before the words of success that are looked at."""
_ONLY_IF = re.compile(r"\b(?:khi|nếu|trường hợp|chưa)\b[^.!?;:\n]*\Z")
"""What, earlier in their sentence, makes a condition of the words of success."""


@dataclass(frozen=True)
class PageMark:
    """`url`: glob over host and path, "dichvucong.gov.vn/thu-tuc-hanh-chinh/*"; "" fits every address.

    "*" stands for anything, slashes too; "?" is an ordinary letter. A glob with "#" is also held against
    the fragment, for sites that keep their place there. `texts`: all must be on the page; `any_of`: at
    least one, for sites that say the same thing in several ways.
    """

    url: str = ""
    texts: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


def matches(mark: PageMark, url: str, page_text: str) -> bool:
    """Case, blanks and the spelling of tone marks do not matter. A mark that asks nothing fits no page."""
    return _weight(mark, url, _folded(page_text)) is not None


def best_step(steps: Sequence[PageMark | None], url: str, text: str) -> int | None:
    """Index of the step whose mark says most about this page; the earlier of two equals; None: no step."""
    page = _folded(text)
    fitting = [
        (weight, -index)
        for index, mark in enumerate(steps)
        if mark is not None and (weight := _weight(mark, url, page)) is not None
    ]
    return -max(fitting)[1] if fitting else None


def says_submitted(site: Site, text: str) -> bool:
    """Whether the page says, in the site's own words, that the dossier was submitted.

    A sentence that only speaks of it ("after you have submitted ...") says nothing.
    """
    page = _composed(text)
    found = (hit for said in site.submitted for hit in _said(said).finditer(page))
    return any(not _ONLY_IF.search(page, max(0, hit.start() - _BEFORE), hit.start()) for hit in found)


def find_dossier_code(site: Site, text: str) -> str | None:
    """The code, if the page also says that the dossier was submitted; None where two codes differ."""
    if not says_submitted(site, text):
        return None
    plain = unicodedata.normalize("NFC", text[:_LONGEST])
    codes = {found[0] for found in re.finditer(rf"(?<![\w.-])(?:{site.dossier_code})(?![\w-])", plain)}
    return codes.pop() if len(codes) == 1 else None


def _weight(mark: PageMark, url: str, page: str) -> tuple[int, int] | None:
    """How much the mark knows of this page: things found, then letters of its address; None: does not fit.

    Things found come first: such sites change pages without changing their address.
    """
    if not (mark.url or mark.texts or mark.any_of):
        return None
    if mark.url and not _glob(mark.url).fullmatch(_place(url, "#" in mark.url)):
        return None
    if not all(_folded(text) in page for text in mark.texts):
        return None
    found = sum(_folded(text) in page for text in mark.any_of)
    if mark.any_of and not found:
        return None
    return len(mark.texts) + found + bool(mark.url), len(mark.url.replace("*", ""))


def _place(url: str, with_fragment: bool) -> str:
    """Host without port, path without a final slash, and the fragment where it is asked for."""
    try:
        parts = urlsplit(url)
        place = (parts.hostname or "") + (unquote(parts.path).rstrip("/") or "/")
    except ValueError:
        return ""
    return _folded(f"{place}#{unquote(parts.fragment)}" if with_fragment else place)


@lru_cache(maxsize=512)
def _glob(pattern: str) -> re.Pattern[str]:
    bare = re.sub(r"(?<=[^/*])/+$", "", pattern) if "/" in pattern.rstrip("/") else pattern
    return re.compile(".*".join(re.escape(piece) for piece in _folded(bare).split("*")), re.DOTALL)


@lru_cache(maxsize=64)
def _said(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in _folded(words).split()))


def _folded(text: str) -> str:
    """One spelling for comparing: composed letters, no case, single blanks."""
    return " ".join(_composed(text).split())


def _composed(text: str) -> str:
    composed = unicodedata.normalize("NFC", text[:_LONGEST]).casefold()
    return unicodedata.normalize("NFC", composed)
