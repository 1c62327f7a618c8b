"""Begin a guide for an officer who is no programmer: files filled from the catalogue, with advice inside."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

from guides.library import BUILT_IN, Library
from kioskcore.errors import KioskError

TEMPLATE = BUILT_IN / "new" / "template.toml"


class Stub(NamedTuple):
    """What a new guide says until its author does; `guides check` tells where it is still there."""

    head: str
    here: str
    unknown: str


STUBS = {
    "vi": Stub(
        "# Lời cho người dân: ngắn, dễ hiểu, gọi là bác. Mỗi câu không quá 20 chữ.\n",
        "Hướng dẫn chưa soạn xong; bác hỏi người hỗ trợ.",
        "Chưa rõ; bác xem trên Cổng.",
    ),
    "en": Stub(
        "# Words: short and plain, at most 20 a sentence.\n",
        "This guide is not finished; ask the helper.",
        "Look on the portal.",
    ),
}


def begin_guide(code: str, folder: Path, library: Library, today: date) -> tuple[Path, str]:
    """The place `folder`/`code`, and what was done: "begun", "copied" from a good guide, or "there" already.

    A new one has facts and words to fill in. Nothing that is there is changed. Raises KioskError
    GUIDE-UNKNOWN for a code that neither the catalogue nor a guide has.
    """
    code = library.successor(code)
    place = folder / code
    if place.exists():
        return place, "there"
    if code in library.codes():
        shutil.copytree(library.guide(code).folder, place)
        return place, "copied"
    entry = library.entry(code)
    if entry is None:
        raise KioskError("GUIDE-UNKNOWN", code=code)
    place.mkdir(parents=True)
    as_of = library.catalogue.as_of(code)
    facts = TEMPLATE.read_text("utf-8").format(
        code=_quoted(code),
        name=_quoted(entry.name),
        uuid=f"portal_uuid = {_quoted(entry.uuid)}\n" if entry.uuid else "",
        today=today.isoformat(),
        as_of=_quoted("/".join(reversed(as_of.split("-")))),
    )
    (place / "guide.toml").write_text(facts, "utf-8")
    title = " ".join(library.name(code).split()[:12])
    for language, stub in STUBS.items():
        decides = entry.agency.partition(";")[0] or stub.unknown
        fields = {
            "title": title,
            "can_do_here": stub.here,
            "decides": " ".join(decides.split()[:15]),
            "fee": stub.unknown,
            "time": stub.unknown,
            "receive": stub.unknown,
        }
        text = stub.head + "".join(f"{key} = {_quoted(value)}\n" for key, value in fields.items())
        (place / f"{language}.toml").write_text(f"{text}mistakes = []\n", "utf-8")
    return place, "begun"


def _quoted(text: str) -> str:
    """A TOML string; JSON's form is one."""
    return json.dumps(text, ensure_ascii=False)
