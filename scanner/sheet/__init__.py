"""Writes clean pages as one small, lasting PDF (PDF/A-2b): `write_pdf(pages, out, title=, budget_bytes=)`."""

from scanner.sheet.codecs import Codec
from scanner.sheet.write import SheetPage, SheetReport, write_pdf

__all__ = ["Codec", "SheetPage", "SheetReport", "write_pdf"]
