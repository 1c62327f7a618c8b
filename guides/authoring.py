"""Begin a guide for an officer who is no programmer: files filled from the catalogue, with advice inside."""

import json
from datetime import date
from pathlib import Path

from guides.library import BUILT_IN, Library
from kioskcore.errors import KioskError

TEMPLATE = BUILT_IN / "new" / "template.toml"
_WORDS = {
    "vi": (
        "# Lời cho người dân: ngắn, dễ hiểu, gọi là bác. Mỗi câu không quá 20 chữ.\n",
        "Làm được ở đây, nộp qua mạng.",
        "Chưa rõ; bác xem trên Cổng.",
    ),
    "en": (
        "# Words: short and plain, at most 20 a sentence.\n",
        "Can be done here, filed online.",
        "Look on the portal.",
    ),
}


def begin_guide(code: str, folder: Path, library: Library, today: date) -> Path:
    """Make `folder`/`code` with facts and words to fill in; files that are there already stay as they are.

    Raises KioskError GUIDE-UNKNOWN for a code that the catalogue does not have.
    """
    code = library.successor(code)
    entry = library.entry(code)
    if entry is None:
        raise KioskError("GUIDE-UNKNOWN", code=code)
    place = folder / code
    place.mkdir(parents=True, exist_ok=True)
    as_of = library.catalogue.about().get("as_of", "")
    facts = TEMPLATE.read_text("utf-8").format(
        code=_quoted(code),
        name=_quoted(entry.name),
        uuid=f"portal_uuid = {_quoted(entry.uuid)}\n" if entry.uuid else "",
        today=today.isoformat(),
        as_of=_quoted("/".join(reversed(as_of.split("-")))),
    )
    _write_new(place / "guide.toml", facts)
    title = " ".join(library.name(code).split()[:12])
    for language, (head, here, unknown) in _WORDS.items():
        decides = entry.agency.partition(";")[0] or unknown
        fields = {
            "title": title,
            "can_do_here": here,
            "decides": " ".join(decides.split()[:15]),
            "fee": unknown,
            "time": unknown,
            "receive": unknown,
        }
        text = head + "".join(f"{key} = {_quoted(value)}\n" for key, value in fields.items())
        _write_new(place / f"{language}.toml", f"{text}mistakes = []\n")
    return place


def _write_new(file: Path, text: str) -> None:
    if not file.exists():
        file.write_text(text, "utf-8")


def _quoted(text: str) -> str:
    """A TOML string; JSON's form is one."""
    return json.dumps(text, ensure_ascii=False)
