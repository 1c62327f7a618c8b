"""Recorded clips beside the words: where each lies, which are missing, the sheet to record, their import.

A clip is `<guide>/sound/<language>/<key>.wav|ogg`, or under `shared/` where a sentence is shared; keys are
those of `lines`. A language may live by sound alone: its clips go with the Vietnamese text on the screen.
"""

import array
import csv
import math
import sys
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guides.faults import Fault
from guides.model import Guide
from guides.speech import spoken
from kioskcore.told import recording

LOUDNESS = -20.0
"""Of a clip's speech, in dB below full scale (root mean square)."""
_PEAK = 0.891  # -1 dB: no clip may be louder at any moment


@dataclass(frozen=True)
class Line:
    """One sentence to record. `key` names the clip; `text` is on the screen, `speech` is what is said."""

    code: str
    key: str
    text: str
    speech: str


def lines(guide: Guide, language: str = "") -> list[Line]:
    """What can be heard of a guide, in the order of the screen."""
    spoken_in = language or guide.language
    said: list[tuple[str, str]] = [("title", guide.title), ("can_do_here", guide.can_do_here)]
    said += [("fee", guide.fee), ("time", guide.time), ("receive", guide.receive)]
    said += [(f"papers.{paper.key}", f"{paper.title}. {paper.note}") for paper in guide.papers]
    said += [(f"questions.{question.key}", question.text) for question in guide.questions]
    said += [(f"steps.{step.key}", f"{step.text} {step.hint}") for step in guide.steps]
    return [
        Line(guide.code, key, text.strip(), spoken(text.strip(), spoken_in))
        for key, text in said
        if text.strip(" .")
    ]


def clip(guide: Guide, language: str, key: str, folders: Sequence[Path] = ()) -> Path | None:
    """The recording of a line: the guide's own before the shared one, later `folders` before earlier ones."""
    places = [folder / guide.code for folder in reversed(folders)] + [guide.folder]
    if key not in guide.own:  # a shared recording says the shared sentence only
        places += [folder / "shared" for folder in reversed(folders)] + [guide.folder.parent / "shared"]
    return recording(places, language, key)


def missing(guides: Sequence[Guide], language: str, folders: Sequence[Path] = ()) -> Iterator[Line]:
    """The lines without a recording; a shared sentence comes once."""
    seen: set[tuple[str, str]] = set()
    for guide in guides:
        for line in lines(guide, language):
            if (line.key, line.text) not in seen and clip(guide, language, line.key, folders) is None:
                seen.add((line.key, line.text))
                yield line


def write_sheet(found: Sequence[Line], file: Path) -> None:
    """The sheet to record from (CSV that spreadsheets open): file name to give, text, how to say it."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "text", "speech"])
        writer.writerows([f"{line.code}__{line.key}.wav", line.text, line.speech] for line in found)


def import_clips(
    source: Path, target: Path, language: str, known: Sequence[Guide]
) -> tuple[int, list[Fault]]:
    """Take `<code>__<key>.wav` files (16 bit) into `target`, equally loud; how many, and what was wrong."""
    files = sorted(source.glob("*.wav"))
    if not files:
        return 0, [Fault(source.name, 0, "", "no_clips" if source.is_dir() else "no_folder")]
    codes = {guide.code: {line.key for line in lines(guide, language)} for guide in known}
    faults: list[Fault] = []
    count = 0
    for file in files:
        code, _, key = file.stem.partition("__")
        if key not in codes.get(code, set()) and code != "shared":
            faults.append(Fault(file.name, 0, "", "clip_name"))
            continue
        try:
            frames, form = _levelled(file)
        except (wave.Error, EOFError):
            faults.append(Fault(file.name, 0, "", "clip_wav"))
            continue
        except _UnfitError as fault:
            faults.append(Fault(file.name, 0, "", str(fault)))
            continue
        place = target / code / "sound" / language
        place.mkdir(parents=True, exist_ok=True)
        with wave.open(str(place / f"{key}.wav"), "wb") as clip_file:
            clip_file.setnchannels(form.nchannels)
            clip_file.setsampwidth(2)
            clip_file.setframerate(form.framerate)
            clip_file.writeframes(frames)
        count += 1
    return count, faults


class _UnfitError(Exception):
    """A recording that cannot be used; its text is a key `fault.<code>` of the words."""


def _levelled(file: Path) -> tuple[bytes, wave._wave_params]:
    """The sound at LOUDNESS without a peak over -1 dB. Raises _UnfitError for silence or another width."""
    with wave.open(str(file), "rb") as recording:
        form = recording.getparams()
        if form.sampwidth != 2:
            raise _UnfitError("clip_width")
        samples = array.array("h", recording.readframes(form.nframes))
    if sys.byteorder == "big":
        samples.byteswap()
    peak = max((abs(sample) for sample in samples), default=0)
    if peak < 50:
        raise _UnfitError("clip_silent")
    loud = [sample for sample in samples if abs(sample) > peak // 50]  # pauses do not count as quiet speech
    level = math.sqrt(sum(sample * sample for sample in loud) / len(loud)) / 32768
    gain = min(10 ** (LOUDNESS / 20) / level, _PEAK * 32767 / peak)
    levelled = array.array("h", (round(sample * gain) for sample in samples))
    if sys.byteorder == "big":
        levelled.byteswap()
    return levelled.tobytes(), form
