"""What a screen gets from this room: frozen dataclasses, already in the person's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

PORTAL = "https://dichvucong.gov.vn"


@dataclass(frozen=True)
class LifeEvent:
    """What happened in life ("sinh con"); tiles carry its `key`. `title` by language."""

    key: str
    title: Mapping[str, str]
    picture: Path | None = None


@dataclass(frozen=True)
class Tile:
    """One choice on the first screen. `general`: help about VNeID, paying and the like, no procedure."""

    code: str
    title: Mapping[str, str]
    picture: Path | None
    life_event: str
    general: bool = False


@dataclass(frozen=True)
class PaperNeed:
    """One paper of the checklist, or `details` to be known.

    `held`: the state has it already, so it is only good to have at hand.
    """

    key: str
    title: str
    kind: Literal["original", "copy", "details"]
    scan: bool
    required: bool
    note: str = ""
    held: bool = False
    picture: Path | None = None
    alt: str = ""


@dataclass(frozen=True)
class Step:
    """One action. The page of a step is known by `url` (glob, "" for any) and by any of the `texts` on it.

    `hands_off`: the person does it alone (consent, passcode, submit): nothing is pre-filled or pressed.
    """

    key: str
    text: str
    url: str
    texts: tuple[str, ...]
    hint: str = ""
    hands_off: bool = False
    picture: Path | None = None
    alt: str = ""


@dataclass(frozen=True)
class Question:
    """A yes/no question before the start. The other answer than `good` means: `fetch` this at `where`.

    `stops`: nothing can be done today with that answer; else it only needs care.
    """

    key: str
    text: str
    good: bool
    fetch: str
    where: str
    stops: bool = True
    picture: Path | None = None
    alt: str = ""


@dataclass(frozen=True)
class Guide:
    """One procedure explained. `unverified`: names of these fields to show with "kiểm tra lại trên Cổng"."""

    code: str
    language: str
    title: str
    official_name: str
    can_do_here: str
    online: Literal["full", "part", "none"]
    online_level: str
    decides: str
    fee: str
    time: str
    papers: tuple[PaperNeed, ...]
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]
    receive: str
    mistakes: tuple[str, ...]
    portal_url: str
    search_url: str
    unverified: frozenset[str]
    sources: tuple[str, ...]
    checked_on: date
    life_event: str = ""
    picture: Path | None = None
    general: bool = False
    own: frozenset[str] = frozenset()  # "steps.form": said in this guide's own words, not the shared ones
    complete: bool = True  # every word is in this language; else Vietnamese stands in
    folder: Path = field(default=Path(), compare=False)

    @property
    def address(self) -> str:
        """Its page on the portal, for a QR code; the portal for general help; empty where it has nothing."""
        if self.general:
            return self.portal_url or (PORTAL if self.online != "none" else "")
        return self.portal_url or self.search_url


@dataclass(frozen=True)
class Hit:
    """One answer of the search. `why` says in the person's words what matched."""

    code: str
    name: str
    why: str
