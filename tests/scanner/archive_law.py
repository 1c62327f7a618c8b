"""The rules of PDF/A-2b (ISO 19005-2) that a file of scanned pages can break, asked of a finished file.

Rules of what such a file never holds (annotations, forms, attachments, layers) are one: it must not be there.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pikepdf

PAINTED = re.compile(r"[qQ]|cm|Do|rg|RG|[gGkK]|BT|ET|T[rfmdDzcwLsjJ*]")
"""Operators that are looked into here; ISO 32000 defines more, which nothing of ours writes."""
FILTERS = frozenset(("/FlateDecode", "/DCTDecode", "/CCITTFaxDecode"))
NOWHERE = frozenset((
    "/AA", "/OpenAction", "/AcroForm", "/Names", "/OCProperties", "/AF", "/Requirements", "/Collection",
    "/AlternatePresentations", "/Perms", "/Annots", "/PresSteps", "/Alternates", "/OPI", "/Ref", "/PS",
    "/TR", "/HTP", "/JS", "/EmbeddedFiles",
))  # fmt: skip
SPACES = {"/DeviceGray", "/DeviceRGB"}
PDFA, TITLE = "{http://www.aiim.org/pdfa/ns/id/}", "{http://purl.org/dc/elements/1.1/}title"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def breaches(file: Path) -> list[str]:
    """What is broken, each with the number of its clause; empty for an archive."""
    raw = file.read_bytes()
    with pikepdf.open(file) as pdf:
        return sorted({*_file(raw, pdf), *_metadata(pdf), *_intent(pdf), *_objects(pdf), *_pages(pdf)})


def _file(raw: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7][\r\n]+%[\x80-\xff]{4}", raw):
        yield "6.1.2 header"
    if not re.search(rb"%%EOF[\r\n]{0,2}\Z", raw):
        yield "6.1.3 something behind the end"
    if "/ID" not in pdf.trailer or not all(bytes(half) for half in pdf.trailer.ID):
        yield "6.1.3 no ID"
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "6.1.3 encrypted"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root or "/Filter" in pdf.Root.Metadata:
        yield "6.6.2 no plain metadata"
        return
    text = pdf.Root.Metadata.read_bytes().decode()
    if not re.match(r"<\?xpacket begin=[^?]*\?>", text) or re.match(r"[^?]*\?[^?]*(bytes|encoding)=", text):
        yield "6.6.2 packet"
    found = ElementTree.fromstring(re.sub(r"<\?xpacket.*?\?>", "", text))
    said = {each.tag: (each.text or "").strip() for each in found.iter()}
    said |= {name: value for each in found.iter(f"{RDF}Description") for name, value in each.attrib.items()}
    if (said.get(f"{PDFA}part"), said.get(f"{PDFA}conformance")) != ("2", "B"):
        yield "6.6.4 not said to be 2B"
    title = found.findtext(f".//{TITLE}/{RDF}Alt/{RDF}li")
    if "/Title" in pdf.docinfo and str(pdf.docinfo.Title) != title:
        yield "6.6.3 two titles"
    if set(pdf.docinfo.keys()) - {"/Title"}:
        yield "6.6.3 said in one place only"


def _intent(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = list(pdf.Root.get("/OutputIntents", []))
    if len(intents) != 1 or intents[0].S != "/GTS_PDFA1":
        yield "6.2.3 no output intent"
        return
    profile = intents[0].DestOutputProfile
    head = profile.read_bytes()[:128]
    kind, space = head[12:16], head[16:20]
    if head[36:40] != b"acsp" or head[8] > 4 or kind not in (b"mntr", b"prtr"):
        yield "6.2.3 profile"
    if (space, int(profile.N)) != (b"RGB ", 3):
        yield "6.2.4 the profile is none for the colours used"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            yield from _stream(thing)
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for name in NOWHERE & set(thing.keys()):
                yield f"6.x {name}"
            if thing.get("/Type") == "/Font":
                yield from _font(thing)
            if thing.get("/Type") == "/ExtGState" or {"/SMask", "/Group"} & set(thing.keys()):
                yield "6.2.10 something may shine through"  # it might, with rules of its own
        if isinstance(thing, pikepdf.String) and len(bytes(thing)) > 32767:
            yield "6.1.13 long string"


def _stream(stream: pikepdf.Stream) -> Iterator[str]:
    if {"/F", "/FFilter", "/FDecodeParms"} & set(stream.keys()):
        yield "6.1.7 outside of the file"
    filters = stream.get("/Filter", pikepdf.Array())
    if not {str(each) for each in (filters if isinstance(filters, pikepdf.Array) else [filters])} <= FILTERS:
        yield "6.1.7 filter"
    if stream.get("/Subtype") != "/Image":
        return
    stencil = bool(stream.get("/ImageMask", False))
    if stream.get("/Interpolate", False):
        yield "6.2.8 interpolated"
    if int(stream.BitsPerComponent) not in ((1,) if stencil else (1, 2, 4, 8, 16)):
        yield "6.2.8 bits"
    if not stencil and str(stream.get("/ColorSpace")) not in SPACES:
        yield "6.2.4 colours without a profile"
    mask = stream.get("/Mask")
    if mask is not None and not (isinstance(mask, pikepdf.Stream) and mask.get("/ImageMask", False)):
        yield "6.2.8 mask"


def _font(font: pikepdf.Object) -> Iterator[str]:
    """Of a composite font; its parts are asked for together."""
    if font.Subtype in ("/CIDFontType2", "/CIDFontType0"):
        return
    inner = list(font.get("/DescendantFonts", []))
    if font.Subtype != "/Type0" or font.Encoding != "/Identity-H" or len(inner) != 1:
        yield "6.2.11 font"
        return
    descriptor = inner[0].get("/FontDescriptor", pikepdf.Dictionary())
    if not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
        yield "6.2.11 font is not in the file"
    elif not next(
        iter(descriptor[name] for name in ("/FontFile2", "/FontFile3") if name in descriptor)
    ).read_bytes():
        yield "6.2.11 font is empty"
    if "/CIDToGIDMap" not in inner[0]:
        yield "6.2.11 no way from letters to shapes"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        if not all(3 <= float(side) <= 14400 for side in page.mediabox[2:]):
            yield "6.1.13 page size"
        there = {name for kind in ("/XObject", "/Font") for name in page.resources.get(kind, {})}
        deep = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            named = str(operator)
            if not PAINTED.fullmatch(named):
                yield f"6.2.2 operator {named}"
            if named in ("k", "K"):
                yield "6.2.4 colours without a profile"
            if named in ("Do", "Tf") and str(operands[0]) not in there:
                yield "6.2.2 resource"
            deep += {"q": 1, "Q": -1}.get(named, 0)
            if not 0 <= deep <= 28:
                yield "6.1.13 depth"
        if deep:
            yield "6.2.2 unbalanced"
