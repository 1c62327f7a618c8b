"""Whether sound really comes out: pages are read into a sound server of our own, recorded and measured.

Needs PulseAudio (pulseaudio, pulseaudio-utils); with speech-dispatcher and espeak-ng the system's voice is
heard too. Prints what was measured against silence; ends with 1 where something is not heard as it must be.

    .venv/bin/python tests/bench/sound_out.py [--keep out.wav]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from kioskcore.constants import pin_constants

pin_constants()

RATE = 16_000
GUIDE = "2.000635"
TONES = {"title": 440, "can_do_here": 660, "fee": 880}  # the order in which the page is read
SECONDS = 0.8
SILENT, HEARD = -70.0, -45.0  # dB below full scale

Heard = np.ndarray


@contextmanager
def sound_server(folder: Path) -> Iterator[None]:
    """A server that plays to nobody; what it plays can be recorded."""
    socket = folder / "native"
    door = f"module-native-protocol-unix socket={socket} auth-anonymous=1"
    loads = ("module-null-sink sink_name=kiosk", door)
    command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
    alone = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--disable-shm", *(word for load in loads for word in ("-L", load))],
            env=alone,
            stderr=log,
            stdout=log,
        )
        os.environ["PULSE_SERVER"] = f"unix:{socket}"
        try:
            end = time.monotonic() + 10
            while not socket.exists():
                if server.poll() is not None or time.monotonic() > end:
                    raise SystemExit((folder / "server.log").read_text(errors="replace"))
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait()


class Recorder:
    """What came out of the sink since the last look."""

    def __init__(self, file: Path) -> None:
        self._file, self._seen = file, 0
        self._out = file.open("wb")
        wanted = ["--device=kiosk.monitor", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1"]
        self._child = subprocess.Popen(["parec", *wanted, "--latency-msec=40"], stdout=self._out)

    def since(self) -> Heard:
        """Samples of -1 to 1."""
        whole = np.fromfile(self._file, dtype="<i2").astype(float) / 32768
        new, self._seen = whole[self._seen :], len(whole)
        return new

    def keep(self, file: Path) -> None:
        with wave.open(str(file), "wb") as kept:
            kept.setnchannels(1)
            kept.setsampwidth(2)
            kept.setframerate(RATE)
            kept.writeframes(self._file.read_bytes())

    def close(self) -> None:
        self._child.terminate()
        self._child.wait()
        self._out.close()


def level(sound: Heard) -> float:
    """Loudest tenth of a second, in dB below full scale."""
    window = RATE // 10
    parts = [sound[at : at + window] for at in range(0, max(1, len(sound) - window), window)]
    strongest = max((float(np.sqrt(np.mean(part**2))) for part in parts if len(part)), default=0.0)
    return 20 * np.log10(max(strongest, 1e-6))


def tones(sound: Heard) -> list[int]:
    """The pitches in the order in which they were heard."""
    window, found = RATE // 10, []
    for at in range(0, len(sound) - window, window):
        part = sound[at : at + window]
        if level(part) > HEARD:
            spectrum = np.abs(np.fft.rfft(part * np.hanning(window)))
            pitch = int(np.argmax(spectrum)) * RATE / window
            near = min(TONES.values(), key=lambda tone: abs(tone - pitch))
            if abs(near - pitch) < 30 and (not found or found[-1] != near):
                found.append(near)
    return found


def record_clips(folder: Path) -> None:
    """A recording for three sentences of a guide: each a pitch of its own."""
    time_axis = np.arange(int(RATE * SECONDS)) / RATE
    for key, pitch in TONES.items():
        file = folder / GUIDE / "sound" / "vi" / f"{key}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(file), "wb") as clip:
            clip.setnchannels(1)
            clip.setsampwidth(2)
            clip.setframerate(RATE)
            clip.writeframes((np.sin(2 * np.pi * pitch * time_axis) * 9000).astype("<i2").tobytes())


def wait(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    from PySide6.QtWidgets import QApplication

    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        QApplication.processEvents()
        time.sleep(0.01)


def kiosk_at_guide(folder: Path, speech: bool) -> object:
    """A real window at the first page of the guide, with the real voice."""
    from kioskcore.config import Config, Guides, Sound
    from ui.folders import read_library
    from ui.look import Look
    from ui.screens.guide import GuideScreen
    from ui.shell import Shell

    config = Config(guides=Guides(folder="" if speech else str(folder)), sound=Sound(speech=speech))
    look, library = Look(config, 96), read_library(config)
    shell, screen = Shell(look), GuideScreen(look)
    screen.set_guide(lambda language: library.guide(GUIDE, language))
    shell.add(screen)
    shell.show_screen(screen)
    shell.resize(1366, 768)
    shell.show()
    wait(10, shell.sound.offered)
    return shell


def press(shell: object, key: str) -> None:
    from ui.widgets.buttons import ActionButton

    words = shell.look.say(key)  # type: ignore[attr-defined]
    found = [b for b in shell.findChildren(ActionButton) if b.isVisible() and b.text() == words]  # type: ignore[attr-defined]
    if not found:
        raise SystemExit(f"no button {words!r}: nothing can be heard here")
    found[-1].click()


class Verdicts:
    def __init__(self) -> None:
        self.good = True

    def tell(self, what: str, measured: str, holds: bool) -> None:
        self.good = self.good and holds
        sys.stdout.write(f"{'ok  ' if holds else 'FAIL'} {what:42} {measured}\n")


def recordings_are_heard(folder: Path, heard: Recorder, say: Verdicts) -> None:
    shell = kiosk_at_guide(folder, speech=False)
    speaker = shell.sound.speaker  # type: ignore[attr-defined]
    wait(1)
    quiet = level(heard.since())
    say.tell("before: silence", f"{quiet:6.1f} dB", quiet < SILENT)
    press(shell, "ui.sound.listen")
    wait(15, lambda: not speaker.busy)
    wait(0.5)
    sound = heard.since()
    order, first = tones(sound), level(sound)
    right = order == [*TONES.values()]
    say.tell("Nghe: three recordings in the page's order", f"{first:6.1f} dB {order} Hz", right)
    for _ in range(3):
        press(shell, "ui.sound.softer")
    wait(3, lambda: not speaker.busy)
    heard.since()
    press(shell, "ui.sound.listen")
    wait(1.2)
    soft = level(heard.since())
    say.tell("softer by three steps", f"{soft:6.1f} dB, {soft - first:+.1f}", HEARD - 25 < soft < first - 5)
    press(shell, "ui.sound.stop")
    wait(0.5)
    heard.since()
    wait(0.8)
    stopped = level(heard.since())
    say.tell("Dừng: silence", f"{stopped:6.1f} dB", stopped < SILENT)
    shell.hide()  # type: ignore[attr-defined]


def the_voice_is_heard(folder: Path, heard: Recorder, say: Verdicts) -> None:
    shell = kiosk_at_guide(folder, speech=True)
    heard.since()
    press(shell, "ui.sound.listen")
    wait(6)
    sound = heard.since()
    window = RATE // 20
    loud = sum(level(sound[at : at + window]) > HEARD for at in range(0, len(sound) - window, window))
    measured = f"{level(sound):6.1f} dB, {loud / 20:.1f} s of 6"
    say.tell("the system's voice speaks the page", measured, loud > 20)
    shell.sound.silence()  # type: ignore[attr-defined]
    shell.hide()  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="WAV", help="where to leave the recording")
    args = parser.parse_args()
    if not (shutil.which("pulseaudio") and shutil.which("parec")):
        sys.stdout.write("pulseaudio and pulseaudio-utils are not here: nothing was measured\n")
        return 2
    say = Verdicts()
    with tempfile.TemporaryDirectory(prefix="kiosk-sound-") as made:
        folder = Path(made)
        record_clips(folder)
        with sound_server(folder):
            from PySide6.QtWidgets import QApplication

            app = QApplication(["sound_out"])
            heard = Recorder(folder / "heard.raw")
            recordings_are_heard(folder, heard, say)
            if shutil.which("speech-dispatcher"):
                the_voice_is_heard(folder, heard, say)
            else:
                sys.stdout.write("     no speech-dispatcher here: the system's voice was not tried\n")
            heard.close()
            if args.keep:
                heard.keep(args.keep)
            del app
    return 0 if say.good else 1


if __name__ == "__main__":
    sys.exit(main())
