"""What of the kiosk can be heard on this machine, for the doctor: voices, recordings, a loudspeaker."""

import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from guides.library import BUILT_IN
from kioskcore import paths
from kioskcore.config import Config
from kioskcore.doctor import Check, Level
from kioskcore.told import RECORDINGS
from kioskcore.words import Words
from ui.look import load_languages
from ui.sound.voice import Voice

_PATIENCE_SECONDS = 3.0
"""An engine in a thread of its own needs a moment before it tells its voices."""


def sound_checks(config: Config, words: Words) -> list[Check]:
    """One line for each language of the screens, and one for the loudspeaker."""
    if not config.sound.on:
        return [Check("sound", Level.OK, words.say("doctor.sound_off"))]
    app = QCoreApplication.instance() or QCoreApplication([])
    voice = Voice(config.sound.engine, config.sound.speech)
    known = load_languages(config)
    languages = [code for code in config.screen.languages if code in known] or list(known)
    _wait_for(app, voice)
    checks = [_language(config, words, voice, language) for language in languages]
    if any(check.level is Level.OK for check in checks):
        checks.append(_loudspeaker(words))
    return checks


def recordings(config: Config, language: str) -> int:
    """How many clips there are in this language: of screens and guides, ours and the point's own."""
    clips = (file for place in _places(config) for file in place.glob(f"sound/{language}/*"))
    return sum(file.suffix in RECORDINGS for file in clips)


def _places(config: Config) -> Iterator[Path]:
    yield paths.SCREEN_WORDS
    for folder in (BUILT_IN, Path(config.guides.folder) if config.guides.folder else None):
        if folder is not None and folder.is_dir():
            yield from (place for place in folder.iterdir() if place.is_dir())


def _language(config: Config, words: Words, voice: Voice, language: str) -> Check:
    speaks, clips = voice.speaks(language), recordings(config, language)
    there = words.say("doctor.voice_there" if speaks else "doctor.voice_lacks")
    detail = words.say("doctor.heard_by", voice=there, number=clips)
    if speaks or clips:
        return Check(f"sound.{language}", Level.OK, detail)
    return Check(f"sound.{language}", Level.WARN, detail, words.say("doctor.hint.sound"))


def _loudspeaker(words: Words) -> Check:
    from PySide6.QtMultimedia import QMediaDevices  # looks for sound servers as it is loaded

    output = QMediaDevices.defaultAudioOutput()
    if output.isNull():
        return Check("loudspeaker", Level.WARN, "-", words.say("doctor.hint.loudspeaker"))
    return Check("loudspeaker", Level.OK, output.description())


def _wait_for(app: QCoreApplication, voice: Voice) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not voice.settled and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.05)
