"""Words that may be said aloud: text that knows where it comes from, so that its recording can be found.

What a person typed, scanned or reads on a web page is plain `str` and is never heard. A sentence into which
such a text was put is plain `str` again: silence is the safe side.
"""

from collections.abc import Iterable
from pathlib import Path

RECORDINGS = (".ogg", ".wav")


class Told(str):
    """Text of the words files or the guides. `places`: folders whose `sound/<language>/` may hold `key`.

    `key` is "" where no recording can say it, such as a sentence with numbers. `parts`: what it is made of.
    """

    key: str
    language: str
    places: tuple[Path, ...]
    parts: tuple["Told", ...]

    def __new__(
        cls,
        text: str,
        *,
        key: str = "",
        language: str = "",
        places: Iterable[Path] = (),
        parts: Iterable["Told"] = (),
    ) -> "Told":
        made = super().__new__(cls, text)
        made.key, made.language = key, language
        made.places, made.parts = tuple(places), tuple(parts)
        return made

    def recording(self, language: str) -> Path | None:
        """Its recording in the language of the visit, else in the language it is written in."""
        for spoken in dict.fromkeys((language, self.language)):
            found = recording(self.places, spoken, self.key)
            if found is not None:
                return found
        return None


def recording(places: Iterable[Path], language: str, key: str) -> Path | None:
    """The first file `<place>/sound/<language>/<key>.ogg|wav`; None where there is none."""
    if not key or not language:
        return None
    files = (place / "sound" / language / f"{key}{ending}" for place in places for ending in RECORDINGS)
    return next((file for file in files if file.is_file()), None)


def joined(*parts: str, gap: str = " ") -> str:
    """One text of several, heard part by part; plain if any part is plain."""
    text = gap.join(part for part in parts if part)
    told = [part for part in parts if isinstance(part, Told) and part]
    if not told or len(told) < len([part for part in parts if part]):
        return text
    return Told(text, language=told[0].language, parts=told)
