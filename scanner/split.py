"""A paper over the site's budget as several PDFs, each within the budget and named by its part."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kioskcore.errors import KioskError
from scanner.intake import write_paper
from scanner.protocol import PaperRequest
from scanner.sheet import SheetReport

Titled = Callable[[int, int], str]
"""The title of part `number` (from 1) of `total`."""


def write_parts(
    request: PaperRequest, folder: Path, out: Path, max_megapixels: int, titled: Titled
) -> list[tuple[Path, SheetReport]]:
    """`out` alone where the paper fits, else OUT-1.pdf, OUT-2.pdf ... in as few even parts as fit.

    Raises PAPER-TOO-BIG where even one page alone is too big, and then leaves no part behind.
    """
    try:
        return [(out, write_paper(request, folder, out, max_megapixels))]
    except KioskError as error:
        if error.code != "PAPER-TOO-BIG":
            raise
        too_big, total = error, max(2, math.ceil(int(error.facts["size"]) / request.budget_bytes))
    leaves = request.leaves
    for count in range(total, len(leaves) + 1):
        made: list[tuple[Path, SheetReport]] = []
        files = [out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, count + 1)]
        try:
            for number, file in enumerate(files, 1):
                part = leaves[len(leaves) * (number - 1) // count : len(leaves) * number // count]
                asked = replace(request, title=titled(number, count), leaves=part)
                made.append((file, write_paper(asked, folder, file, max_megapixels)))
            return made
        except KioskError as error:
            for file, _ in made:
                file.unlink(missing_ok=True)
            if error.code != "PAPER-TOO-BIG":
                raise
            too_big = error
    raise too_big
