"""The two ways a sentence is heard: a recording, or the system's voice. Loaded when first needed.

Both are local: a recording is a file, and the voice is the system's own. Neither opens the network.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QTimer, QUrl, Signal
from PySide6.QtTextToSpeech import QTextToSpeech

if TYPE_CHECKING:  # looks for sound servers as it is loaded: only where something is played
    from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer

_LONGEST_MS = 60_000
"""No sentence is longer: whatever has not ended by then has hung."""

_BREATH_MS = 150
"""Between two sentences; also for an engine to tell the end of the last one, before it is given the next."""

_TESTING = "mock"
"""Qt's engine that says nothing; used only where it is named."""


class _Said:
    """One sentence in the system's voice; which one, is all that matters."""


class Voice(QObject):
    """Says one thing at a time. `ended` once for each that came to its end, however; not after `stop`."""

    ended = Signal()
    came = Signal()  # a voice of the system is there, or has gone

    def __init__(self, engine: str, speech: bool, parent: QObject | None = None) -> None:
        """`engine`: Qt's name of a speech engine, "" for the system's; `speech` False: recordings only."""
        super().__init__(parent)
        self._volume = 1.0
        self._saying: object = None
        self._there = False
        self._over: object = None
        self._speech = self._make_speech(engine) if speech else None
        self._player: QMediaPlayer | None = None
        self._output: QAudioOutput | None = None
        self._patience = QTimer(self, singleShot=True, interval=_LONGEST_MS)
        self._patience.timeout.connect(self._end)

    @property
    def settled(self) -> bool:
        """Whether `speaks` may be believed: there is no engine, or it has told its voices."""
        return self._speech is None or bool(self._speech.availableLocales())

    def speaks(self, language: str) -> bool:
        """Whether the system has a voice for it now; an engine of its own thread may need a moment."""
        return self._locale(language) is not None

    def play(self, file: Path) -> None:
        self._begin(file)
        player = self._recorder()
        player.setSource(QUrl.fromLocalFile(str(file)))
        player.play()

    def speak(self, text: str, language: str) -> None:
        """`text` as it is spoken, numbers in words."""
        self._begin(_Said())
        locale = self._locale(language)
        if self._speech is None or locale is None:
            QTimer.singleShot(0, self, self._end)
            return
        self._speech.setLocale(locale)
        self._speech.setVolume(self._volume)
        saying, speech = self._saying, self._speech
        QTimer.singleShot(_BREATH_MS, self, lambda: speech.say(text) if self._saying is saying else None)

    def stop(self) -> None:
        """Silence now."""
        self._saying = None
        self._patience.stop()
        if self._player is not None:
            self._player.stop()
        if self._speech is not None:
            self._speech.stop()

    def set_volume(self, volume: float) -> None:
        """0 to 1, of what the system plays; a sentence under way in the system's voice keeps its own."""
        self._volume = volume
        if self._output is not None:
            self._output.setVolume(volume)
        if self._speech is not None:
            self._speech.setVolume(volume)

    def _begin(self, what: object) -> None:
        self.stop()
        self._saying = what
        self._patience.start()

    def _end(self) -> None:
        if self._saying is not None:
            self.stop()
            self.ended.emit()

    # ---- recordings ------------------------------------------------------------------------------

    def _recorder(self) -> "QMediaPlayer":
        if self._player is None:
            from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer

            self._over = QMediaPlayer.MediaStatus.EndOfMedia
            self._player, self._output = QMediaPlayer(self), QAudioOutput(self)
            self._output.setVolume(self._volume)
            self._player.setAudioOutput(self._output)
            self._player.mediaStatusChanged.connect(self._media)
            self._player.errorOccurred.connect(lambda *_: QTimer.singleShot(0, self, self._end))
        return self._player

    def _media(self, status: object) -> None:
        if status is self._over and isinstance(self._saying, Path):
            QTimer.singleShot(0, self, self._end)  # not inside the player's own call

    # ---- the system's voice ----------------------------------------------------------------------

    def _make_speech(self, engine: str) -> QTextToSpeech | None:
        known = [name for name in QTextToSpeech.availableEngines() if name == engine or not engine]
        usable = [name for name in known if _usable(name) and (engine or name != _TESTING)]
        if not usable:
            return None
        made = QTextToSpeech(usable[0], self)
        made.stateChanged.connect(self._state)
        return made

    def _state(self, state: QTextToSpeech.State) -> None:
        over = state in (QTextToSpeech.State.Ready, QTextToSpeech.State.Error)
        if over and isinstance(self._saying, _Said):
            QTimer.singleShot(0, self, self._end)
        if self._there is not (there := state is not QTextToSpeech.State.Error):
            self._there = there
            self.came.emit()

    def _locale(self, language: str) -> QLocale | None:
        speech = self._speech
        if speech is None or speech.state() is QTextToSpeech.State.Error:
            return None
        wanted = QLocale(language).language()
        if wanted in (QLocale.Language.C, QLocale.Language.AnyLanguage):
            return None
        return next((locale for locale in speech.availableLocales() if locale.language() == wanted), None)


def _usable(engine: str) -> bool:
    """Qt lists an engine whose program is not there, and complains loudly when it is asked for."""
    return engine != "speechd" or shutil.which("speech-dispatcher") is not None
