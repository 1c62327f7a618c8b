"""Guides for procedures that nobody wrote one for: the way through the portal, and what its records say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Literal

from guides.cards import Card, words_of
from guides.catalogue import Entry
from guides.model import Guide, PaperNeed
from guides.schema import FIELDS, FIRST_LANGUAGE
from guides.search import sentence_case
from kioskcore.told import Told
from kioskcore.words import Words

FORMS = ("tờ khai", "đơn ", "mẫu số", "phiếu báo", "văn bản đề nghị", "giấy đề nghị", "đề nghị")
"""What the portal has as a form on the screen, most of the time."""


def named(guide: Guide, entry: Entry, address: str, search: str) -> Guide:
    """The plain guide under the name and the address of one procedure."""
    return replace(
        guide,
        code=entry.code,
        title=Told(sentence_case(entry.name), language=FIRST_LANGUAGE),
        official_name=entry.name,
        decides=Told(entry.agency, language=FIRST_LANGUAGE) if entry.agency else guide.decides,
        portal_url=address,
        search_url=search,
        steps=tuple(step for step in guide.steps if step.key != "find" or not entry.uuid),
        unverified=guide.unverified | {"portal_url"},
        general=False,
    )


def only_listed(guide: Guide, as_of: str, say: Words) -> Guide:
    """Nothing is known but the name, the office and the address: no steps or papers are made up."""
    return replace(
        guide,
        can_do_here=say.say("card.only_listed"),
        online_level="",
        papers=(),
        steps=(),
        questions=(),
        mistakes=(),
        sources=(say.say("card.list_source", date=_day(as_of)),),
        checked_on=date.fromisoformat(as_of),
    )


def with_card(
    guide: Guide, card: Card, say: Words, *, as_of: date, level: Callable[[str], str], paper: PaperNeed
) -> Guide:
    """What the portal's record says in place of "see the portal"; all of it to be checked there again.

    `as_of` is the day of the record; `level` says how far it goes online; `paper` is the look of its papers.
    """
    told, scan = words_of(card, say), "ONLINE" in card.ways
    papers = tuple(
        replace(
            paper,
            key=f"giay-{number}",
            title=Told(one.title, language=FIRST_LANGUAGE),
            kind="copy" if one.copied else "original",
            scan=scan,
            note=say.say("card.form") if scan and one.title.lower().startswith(FORMS) else "",
        )
        for number, one in enumerate(card.papers, 1)
    )
    held = tuple(one for one in guide.papers if one.held and scan)
    papers = papers or tuple(one for one in guide.papers if not one.held)
    online: Literal["full", "part", "none"] = "full" if card.full else "part" if scan else "none"
    return replace(
        guide,
        can_do_here=told["can_do_here"],
        online=online,
        online_level=level(online) or guide.online_level,
        fee=told["fee"],
        time=told["time"],
        papers=(*held, *papers),
        sources=(*card.laws, say.say("card.source", date=_day(card.updated))),
        checked_on=as_of,
        unverified=guide.unverified | {"papers"},
    )


def followed(guide: Guide, entry: Entry, address: str, search: str, source: str) -> Guide:
    """A guide under the code that replaced its own: helpful still, and all of it to be checked again."""
    return replace(
        guide,
        code=entry.code,
        official_name=entry.name,
        portal_url=address,
        search_url=search,
        sources=(*guide.sources, source),
        unverified=FIELDS - {"code"},
    )


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))
