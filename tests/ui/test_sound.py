"""What is heard, and what never is: the listen button, reading by touch, volume, and a language of sounds."""

import math
import struct
import wave
from pathlib import Path

import pytest
from house import button, texts
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from kioskcore.config import Config, load_config
from kioskcore.told import Told, joined
from kioskcore.visit import Event
from kioskcore.words import Words
from ui.gallery import settle
from ui.look import Look
from ui.sound.ear import page_of
from ui.sound.speaker import LOUDEST, QUIETEST, Speaker


class Mouth(QObject):
    """Remembers what it was asked to say; ends a sentence when told to."""

    ended = Signal()

    def __init__(self, *languages: str) -> None:
        super().__init__()
        self.languages, self.said, self.volume = languages, [], 0.0
        self.silent = True

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def play(self, file: Path) -> None:
        self.said.append(file)
        self.silent = False

    def speak(self, text: str, language: str) -> None:
        self.said.append(f"{language}: {text}")
        self.silent = False

    def stop(self) -> None:
        self.silent = True

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def end(self) -> None:
        self.silent = True
        self.ended.emit()

    def end_all(self) -> None:
        while not self.silent:
            self.end()


def hearing(kiosk, *languages: str) -> Mouth:
    mouth = Mouth(*(languages or ("vi", "en")))
    kiosk.shell.sound.speaker.set_voice(mouth)
    kiosk.shell.sound.changed.emit()
    settle()
    return mouth


def touch(kiosk, widget: QWidget) -> None:
    """A finger on the glass: the window sees it first."""
    window = kiosk.shell.windowHandle()
    assert window is not None
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=widget.mapTo(kiosk.shell, widget.rect().center()))
    QTest.qWait(450)  # what a double tap began must not choose
    settle()


def tone(file: Path, seconds: float = 0.3) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    samples = [round(3000 * math.sin(number / 4)) for number in range(int(8000 * seconds))]
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))


# ---- words know where they come from ---------------------------------------------------------------


def test_a_plain_text_makes_the_whole_sentence_silent() -> None:
    words = Words("vi", {"a": "Giấy {name}", "b": "Trang {number}"})
    assert isinstance(words.say("b", number=3), Told)
    assert isinstance(words.say("a", name=Told("khai sinh", language="vi")), Told)
    assert not isinstance(words.say("a", name="Nguyễn Thị Thử"), Told)
    assert not isinstance(joined(words.say("b", number=1), "Nguyễn Thị Thử"), Told)


def test_nothing_of_the_citizen_is_heard(stage_at) -> None:
    """Typed words, the dossier's number and the page's own words show, and are not heard."""
    secret = {
        "03-search-nothing": "qqqq",
        "17-portal-code": "000001",
        "21-page-asks": "chắc chắn nộp",
        "22-finish": "000001",
    }
    for name, words in secret.items():
        stage = stage_at(name)
        heard = " ".join(told for told, _ in page_of(stage.shell))
        shown = " ".join([*texts(stage.shell), *(box.text() for box in stage.shell.findChildren(QLineEdit))])
        assert words in shown
        assert words not in heard


# ---- the listen button -------------------------------------------------------------------------------


def test_without_a_voice_or_recordings_there_is_no_button(make_kiosk) -> None:
    kiosk = make_kiosk()
    hearing(kiosk, "xx")
    assert kiosk.say("ui.sound.listen") not in texts(kiosk.shell)
    assert kiosk.say("ui.sound.reading") not in texts(kiosk.shell)


def test_the_page_is_read_in_order_and_numbers_in_words(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    kiosk.flow.choose.picked.emit("2.000635")
    settle()
    QTest.qWait(450)
    kiosk.tap(kiosk.say("ui.sound.listen"))
    mouth.end_all()
    said = [str(one) for one in mouth.said]
    guide = kiosk.flow.guide.guide
    assert said[0].startswith("vi: Bước hai trong năm")
    assert said[1] == f"vi: {guide.title}"
    assert said[-1] == f"vi: {kiosk.say('ui.go_on')}"
    assert not any(letter.isdigit() for one in said for letter in one)
    assert kiosk.shell.sound.speaker.busy is False


def test_a_second_tap_stops_and_another_page_stops(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    QTest.qWait(450)
    kiosk.tap(kiosk.say("ui.sound.listen"))
    assert not mouth.silent
    kiosk.tap(kiosk.say("ui.sound.stop"))
    assert mouth.silent and kiosk.say("ui.sound.listen") in texts(kiosk.shell)
    kiosk.tap(kiosk.say("ui.sound.listen"))
    assert not mouth.silent
    kiosk.flow.choose.picked.emit("2.000635")
    assert mouth.silent and not kiosk.shell.sound.speaker.busy


def test_the_button_stays_at_its_place_over_a_question(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    QTest.qWait(450)
    under = button(kiosk.shell, kiosk.say("ui.sound.listen"))
    place = under.mapTo(kiosk.shell, QPoint(0, 0))
    kiosk.shell.ask_leave()
    settle()
    over = button(kiosk.shell, kiosk.say("ui.sound.listen"))
    assert over.mapTo(kiosk.shell, QPoint(0, 0)) == place
    kiosk.tap(kiosk.say("ui.sound.listen"))
    assert mouth.said == [f"vi: {kiosk.say('ui.leave.ask')}"]
    mouth.end()
    assert mouth.said[1] == f"vi: {kiosk.say('ui.leave.what')}"


def test_the_spoken_language_is_the_shown_one(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.tap("English")
    kiosk.tap("Listen")
    assert mouth.said[0].startswith("en: ")
    kiosk.tap("Tiếng Việt")
    assert mouth.silent
    kiosk.tap("Nghe")
    assert mouth.said[-1].startswith("vi: ")


def test_volume_has_steps_and_ends_and_each_visit_begins_with_the_setting(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    assert mouth.volume == pytest.approx(0.7)
    kiosk.tap(kiosk.say("ui.sound.listen"))
    for _ in range(2):
        kiosk.tap(kiosk.say("ui.sound.louder"))
    assert mouth.volume == pytest.approx(1.0)
    assert not button(kiosk.shell, kiosk.say("ui.sound.louder")).isEnabled()
    for _ in range(6):
        kiosk.tap(kiosk.say("ui.sound.softer"))
    assert mouth.volume == pytest.approx(QUIETEST / 100)
    assert not button(kiosk.shell, kiosk.say("ui.sound.softer")).isEnabled()
    again = make_kiosk()
    assert again.shell.sound.speaker.volume == Config().sound.volume <= LOUDEST


def test_the_idle_question_is_spoken(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    kiosk.shell.warn_idle(42)
    settle()
    assert mouth.said == [f"vi: {kiosk.say('ui.idle.ask')}"]


# ---- reading what is touched -------------------------------------------------------------------------


def test_the_first_touch_reads_and_rings_and_the_second_acts(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    touch(kiosk, button(kiosk.shell, kiosk.say("ui.sound.reading")))
    assert mouth.said == [f"vi: {kiosk.say('ui.sound.reading_on')}"]
    begin = button(kiosk.shell, kiosk.say("ui.waiting.begin"))
    touch(kiosk, begin)
    assert kiosk.visit.state.name == "ATTRACT"
    assert mouth.said[-1] == f"vi: {kiosk.say('ui.waiting.begin')}"
    ring = kiosk.shell.sound._ring
    assert ring.isVisible() and ring.geometry().contains(begin.mapTo(kiosk.shell, begin.rect().center()))
    touch(kiosk, begin)
    assert kiosk.visit.state.name == "CHOOSE"
    assert mouth.said[-1].startswith("vi: Bước một trong năm")  # who cannot read hears where they are
    one, other = [b for b in kiosk.flow.choose.findChildren(type(begin)) if b.kind == "choice"][:2]
    touch(kiosk, one)
    touch(kiosk, other)  # another thing is touched for the first time again
    assert kiosk.flow.choose.page_now() == (False, None, 0)
    assert mouth.said[-1] == f"vi: {other.text()}"
    touch(kiosk, other)
    assert kiosk.flow.choose.page_now() != (False, None, 0)


def test_reading_works_with_the_keyboard_and_ends_where_it_began(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.shell.sound.set_reading(True)
    window = kiosk.shell.windowHandle()
    kiosk.visit.fire(Event.TOUCH)
    settle()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    settle()
    focus = kiosk.shell.focusWidget()
    assert mouth.said[-1] == f"vi: {focus.told[0]}"
    tile = [b for b in kiosk.flow.choose.findChildren(type(focus)) if b.kind == "choice"][2]
    tile.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert mouth.said[-1] == f"vi: {tile.text()}" and kiosk.flow.choose.page_now() == (False, None, 0)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert kiosk.flow.choose.page_now() != (False, None, 0)
    kiosk.shell.sound.set_reading(False)
    assert not make_kiosk().shell.sound.touch.on


def test_a_field_and_its_keys_are_touched_as_ever_and_not_read(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.visit.fire(Event.TOUCH)
    kiosk.flow.choose.search_for("Nguyễn Thị Thử")
    settle()
    QTest.qWait(450)
    kiosk.shell.sound.set_reading(True)
    box = kiosk.flow.choose.findChild(QLineEdit)
    before = len(mouth.said)
    touch(kiosk, box)
    assert box.hasFocus() and len(mouth.said) == before
    QTest.keyClick(kiosk.shell.windowHandle(), Qt.Key.Key_A)
    assert len(mouth.said) == before and box.text().endswith("a")


# ---- recordings, and a language without a script -------------------------------------------------------


def made_up_language(folder: Path) -> Config:
    """ "xx": a name, one word of its own, two recordings; the rest is Vietnamese on the screen."""
    own = folder / "own"
    (own / "screens").mkdir(parents=True)
    name = '[ui.language]\nshort = "Xex"\nname = "Xex xex"\n'
    (own / "screens" / "xx.toml").write_text(name, encoding="utf-8")
    tone(own / "screens" / "sound" / "xx" / "ui.go_on.wav")
    tone(own / "shared" / "sound" / "xx" / "life_events.sinh-con.wav")
    tone(own / "2.000635" / "sound" / "xx" / "title.wav")
    tone(own / "screens" / "sound" / "vi" / "ui.back.wav")
    settings = folder / "settings.toml"
    settings.write_text(
        '[screen]\nlanguages = ["vi", "en", "xx"]\n[guides]\nfolder = "own"\n', encoding="utf-8"
    )
    return load_config(settings)


def test_a_language_comes_by_data_alone_and_is_marked_partial(qapp, tmp_path) -> None:
    look = Look(made_up_language(tmp_path), 96)
    assert look.languages == ["vi", "en", "xx"]
    assert look.partial("xx") and not look.partial("en") and not look.partial("vi")
    look.speak("xx")
    assert look.say("ui.language.name") == "Xex xex"
    assert look.say("ui.go_on") == "Đi tiếp"


def test_a_strange_language_is_refused_with_its_line(tmp_path) -> None:
    from kioskcore.config import ConfigError

    made_up_language(tmp_path)
    file = tmp_path / "settings.toml"
    file.write_text('[screen]\nlanguages = ["vi", "yy"]\n[guides]\nfolder = "own"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    (fault,) = caught.value.faults
    assert (fault.line, fault.key) == (2, "screen.languages")
    assert "yy" in fault.problem and "xx" in fault.problem


def test_its_recordings_come_first_then_vietnamese_ones_then_the_vietnamese_voice(qapp, tmp_path) -> None:
    from ui.folders import read_library

    config = made_up_language(tmp_path)
    look, library, mouth = Look(config, 96), read_library(config), Mouth("vi")
    speaker = Speaker(lambda: look.language, 70)
    speaker.set_voice(mouth)
    look.speak("xx")
    guide = library.guide("2.000635", "xx")
    event = next(event for event in library.life_events() if event.key == "sinh-con")
    words = [guide.title, look.say("ui.go_on"), event.title["vi"], look.say("ui.back"), guide.steps[0].text]
    assert speaker.say([(word, None) for word in words if isinstance(word, Told)])
    mouth.end_all()
    own = tmp_path / "own"
    assert mouth.said[:4] == [
        own / "2.000635" / "sound" / "xx" / "title.wav",
        own / "screens" / "sound" / "xx" / "ui.go_on.wav",
        own / "shared" / "sound" / "xx" / "life_events.sinh-con.wav",
        own / "screens" / "sound" / "vi" / "ui.back.wav",
    ]
    assert str(mouth.said[4]).startswith("vi: ")
    speaker.say([(Told("Bước 1: Đi tiếp", language="vi", parts=[look.say("ui.go_on")]), None)])
    assert mouth.said[-1] == own / "screens" / "sound" / "xx" / "ui.go_on.wav"


@pytest.mark.qt_log_ignore("PulseAudioService", "No audio device", extend=True)  # it plays to nobody, too
def test_a_real_recording_is_played_to_its_end_and_a_broken_one_does_not_stop_the_rest(
    qapp, qtbot, tmp_path
) -> None:
    from ui.sound.voice import Voice

    voice = Voice("mock", speech=True)
    tone(tmp_path / "good.wav")
    (tmp_path / "bad.wav").write_bytes(b"no sound at all")
    for file in ("good.wav", "bad.wav", "good.wav"):
        with qtbot.waitSignal(voice.ended, timeout=5000):
            voice.play(tmp_path / file)
    assert voice.speaks("en") and not voice.speaks("vi") and not voice.speaks("xx")
    with qtbot.waitSignal(voice.ended, timeout=5000):
        voice.speak("two short words", "en")
    voice.speak("many more words that take a while to say", "en")
    with qtbot.assertNotEmitted(voice.ended, wait=800):
        voice.stop()
