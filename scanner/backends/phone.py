"""The person's own phone: photographs come over the local network to a page that lives for one scan.

Source: "phone:". Off until the technician names the network (`scan.phone_network`).
"""

import io
import ipaddress
import queue
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import segno

from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from kioskcore.ports import Device, DeviceKind, Preview, Probe, ScanJob
from kioskcore.words import load_words
from scanner.backends.phone_door import Door, own_address
from scanner.files import write_whole
from scanner.pictures import is_whole

SILENT_SECONDS = 600.0
"""So long a phone may send nothing; then its turn is over."""

TICK_SECONDS = 1.0
"""How often the waiting scan shows that it lives."""

_WAITING = 3
_ROOM_SECONDS = 5.0
_CODE_SCALE, _CODE_BORDER = 12, 4  # pixels of one square; squares of white that readers need round the code


class PhoneBackend:
    name = "phone"

    def __init__(self, config: Config) -> None:
        self._network = config.scan.phone_network
        self._port = config.scan.phone_port
        self._https = config.scan.phone_https
        self._max_megapixels = config.scan.max_megapixels
        self._language = config.screen.languages[0] if config.screen.languages else "vi"
        self._tell: Callable[[Preview], None] = _nobody
        self._cancelled = threading.Event()
        self._done = threading.Event()

    def probe(self) -> Probe:
        if not self._network:
            return Probe(self.name, False, "SCAN-PHONE-OFF", "phone_network")
        try:
            address = own_address(ipaddress.ip_network(self._network))
        except KioskError as error:
            return Probe(self.name, False, error.code, f"phone_network = {self._network}")
        scheme = "https" if self._https else "http"
        return Probe(self.name, True, None, f"{scheme}://{address}:{self._port or '*'}/ ({self._network})")

    def devices(self) -> list[Device]:
        return [Device(f"{self.name}:", DeviceKind.PHONE, "")] if self.probe().ok else []

    def watch(self, tell: Callable[[Preview], None]) -> None:
        self._tell = tell

    def press(self) -> None:
        self._done.set()

    def cancel(self) -> None:
        self._cancelled.set()

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Until "done" is pressed here or there. Raises SCAN-PHONE-OFF, SCAN-PHONE-SILENT, SCAN-CANCELLED."""
        self._cancelled.clear()
        self._done.clear()
        if not self._network:
            raise KioskError("SCAN-PHONE-OFF")
        came: queue.Queue[bytes] = queue.Queue(_WAITING)
        network = ipaddress.ip_network(self._network)
        words = self._page_words(job.language)
        door = Door(
            network, self._port, words, _into(came), self._done.set, is_picture=self._can_be_read
        )
        address = door.open(self._sealer(folder))
        code = _draw_code(folder, address)
        taken = 0
        quiet_since = time.monotonic()
        try:
            while not self._cancelled.is_set() and time.monotonic() - quiet_since < SILENT_SECONDS:
                self._tell(Preview(code, "phone_more" if taken else "phone_open", address, taken))
                try:
                    picture = came.get(timeout=0.01 if self._done.is_set() else TICK_SECONDS)
                except queue.Empty:
                    if self._done.is_set():
                        break
                    continue
                self._tell(Preview(code, "phone_sending", address, taken))
                file = write_whole(folder / f"phone-{secrets.token_hex(6)}.img", picture)
                on_page(file)
                taken += 1
                quiet_since = time.monotonic()
        finally:
            door.close()
            code.unlink(missing_ok=True)
        if self._cancelled.is_set():
            raise KioskError("SCAN-CANCELLED")
        if not taken:
            raise KioskError("SCAN-PHONE-SILENT")
        on_progress(1.0)

    def _can_be_read(self, picture: bytes) -> bool:
        return is_whole(picture, self._max_megapixels)

    def _sealer(self, folder: Path) -> Callable[[str], ssl.SSLContext] | None:
        if not self._https:
            return None
        from scanner.backends.phone_seal import seal  # most kiosks never need it

        return lambda address: seal(address, folder)

    def _page_words(self, language: str) -> dict[str, str]:
        """In the language of the person, else of the kiosk."""
        languages = load_words([ROOT / "scanner" / "words"])
        words = languages.get(language) or languages.get(self._language, languages["vi"])
        keys = [key for key in words.keys() if key.startswith("phone.page.")]  # noqa: SIM118 - no mapping
        said = {key.rpartition(".")[2]: words.say(key) for key in keys}
        hidden = words.say("phone.https" if self._https else "phone.http")
        return {"language": words.language, **said, "hidden": hidden}


def _draw_code(folder: Path, address: str) -> Path:
    """The QR code of the address as a picture, large enough to be shown at any size."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="png", scale=_CODE_SCALE, border=_CODE_BORDER)
    return write_whole(folder / "live-code.png", drawn.getvalue())


def _into(came: "queue.Queue[bytes]") -> Callable[[bytes], bool]:
    def put(picture: bytes) -> bool:
        try:
            came.put(picture, timeout=_ROOM_SECONDS)
        except queue.Full:
            return False
        return True

    return put


def _nobody(preview: Preview) -> None:
    """Nobody looks."""
