"""Writes clean pages as one small, lasting PDF (PDF/A-2b): `write_pdf(pages, out, title=, budget_bytes=)`.

`card_sheet(sides, purpose=)` makes the page with both sides of an identity card.
"""

from scanner.sheet.card import card_sheet, is_card_shape
from scanner.sheet.codecs import Codec
from scanner.sheet.write import SheetPage, SheetReport, write_pdf

__all__ = ["Codec", "SheetPage", "SheetReport", "card_sheet", "is_card_shape", "write_pdf"]
