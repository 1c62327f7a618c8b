"""Writes clean pages as one small, lasting PDF (PDF/A-2b): `write_pdf(pages, out, title=, budget_bytes=)`.

`card_sheet(sides, purpose=)` makes the page with both sides of an identity card, `card_face` one side alone;
`picture_bytes(page, kind, budget_bytes=)` a picture file of one page.
"""

from scanner.sheet.card import card_face, card_sheet, is_card_shape
from scanner.sheet.codecs import Codec
from scanner.sheet.picture import picture_bytes
from scanner.sheet.write import SheetPage, SheetReport, write_pdf

__all__ = [
    "Codec",
    "SheetPage",
    "SheetReport",
    "card_face",
    "card_sheet",
    "is_card_shape",
    "picture_bytes",
    "write_pdf",
]
