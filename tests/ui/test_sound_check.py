"""The doctor's lines about sound: what is heard in which language, and what to do where nothing is."""

import pytest
from test_sound import made_up_language, tone

from kioskcore.config import Config, Guides, Sound
from kioskcore.doctor import Level, report
from kioskcore.paths import ROOT
from kioskcore.words import load_words
from ui.sound.check import recordings, sound_checks

WORDS = load_words([ROOT / "kioskcore" / "words"])


def test_a_language_without_voice_and_recordings_is_told_with_what_to_do(qapp) -> None:
    config = Config(sound=Sound(speech=False))
    checks = sound_checks(config, WORDS["vi"])
    assert [(c.name, c.level) for c in checks] == [("sound.vi", Level.WARN), ("sound.en", Level.WARN)]
    text, healthy = report(checks, WORDS["vi"], as_json=False)
    assert healthy and "Nghe bằng tiếng vi: máy chưa có giọng đọc; bản thu: 0" in text
    assert text.count("Nút Nghe không hiện") == 2


@pytest.mark.qt_log_ignore("PulseAudioService", "No audio device", extend=True)
def test_a_voice_or_a_recording_is_enough_and_then_a_loudspeaker_is_looked_for(qapp, tmp_path) -> None:
    tone(tmp_path / "2.000635" / "sound" / "vi" / "title.wav")
    tone(tmp_path / "shared" / "sound" / "vi" / "steps.login.wav")
    (tmp_path / "shared" / "sound" / "vi" / "note.txt").write_text("no recording")
    config = Config(guides=Guides(folder=str(tmp_path)), sound=Sound(engine="mock"))
    assert recordings(config, "vi") == 2 and recordings(config, "en") == 0
    found = {check.name: check for check in sound_checks(config, WORDS["en"])}
    assert found["sound.vi"].level is Level.OK and "recordings: 2" in found["sound.vi"].detail
    assert found["sound.en"].level is Level.OK and "has a voice" in found["sound.en"].detail  # Qt's mock
    assert found["loudspeaker"].level is Level.OK or "Connect" in found["loudspeaker"].hint


def test_a_point_s_own_language_has_its_line(qapp, tmp_path) -> None:
    checks = sound_checks(made_up_language(tmp_path), WORDS["en"])
    own = next(check for check in checks if check.name == "sound.xx")
    assert own.level is Level.OK and "recordings: 3" in own.detail


def test_sound_that_is_off_is_one_quiet_line() -> None:
    (line,) = sound_checks(Config(sound=Sound(on=False)), WORDS["en"])
    assert (line.level, line.hint) == (Level.OK, "") and "no Listen button" in line.detail
