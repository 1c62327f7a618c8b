"""A clean page as a picture file, for a file box that takes no PDF: JPEG or PNG, legible, within a budget."""

from kioskcore.ports import FileKind
from scanner.clean.arrays import bgr_of
from scanner.sheet.codecs import Codec, with_dpi
from scanner.sheet.ladder import MM_PER_INCH, pictures
from scanner.sheet.write import SheetPage, too_big


def picture_bytes(page: SheetPage, kind: FileKind, *, budget_bytes: int) -> bytes:
    """The file's content, three channels, with its dots per inch in the head and no other metadata.

    Raises KioskError PAGE-TOO-BIG where no legible picture of the page fits.
    """
    codec = Codec.PNG if kind is FileKind.PNG else Codec.JPEG
    content = b""
    for version in pictures(bgr_of(page.image), page.width_mm, codec):
        (layer,) = version.layers
        content = with_dpi(layer.data, layer.width / page.width_mm * MM_PER_INCH)
        if len(content) <= budget_bytes:
            return content
    raise too_big(len(content), budget_bytes, [len(content)])
