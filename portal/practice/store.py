"""What the practice portal remembers: sessions in memory, dropped at log-out, when idle and when too many."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from portal.practice.uploads import Uploaded

IDLE_SECONDS = 30 * 60
MOST_SESSIONS = 64
PASSCODE_TRIES = 5


@dataclass
class Login:
    """`qr` goes into the picture; `confirmed` once the phone said yes; `passcode` is shown on the phone."""

    qr: str = field(default_factory=lambda: secrets.token_hex(8))
    confirmed: bool = False
    consented: bool = False
    passcode: str = field(default_factory=lambda: f"{secrets.randbelow(1_000_000):06d}")
    tries_left: int = PASSCODE_TRIES
    done: bool = False


@dataclass
class Filing:
    """One dossier on its way. `values`: what was typed, by step; `done`: steps that passed their checks."""

    code: str
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, Uploaded] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    paid: int | None = None  # đồng


@dataclass(frozen=True)
class Dossier:
    """A submitted dossier, as the look-up shows it: nothing of the person."""

    number: str
    procedure: str
    agency: str
    day: str


@dataclass
class Session:
    token: str
    used: float
    person: str = ""  # key of the made-up person; "": the first
    login: Login = field(default_factory=Login)
    agencies: dict[str, tuple[str, str]] = field(default_factory=dict)  # code -> province code, commune
    filing: Filing | None = None
    dossiers: list[Dossier] = field(default_factory=list)

    @property
    def logged_in(self) -> bool:
        return self.login.done


class Store:
    """All sessions by their cookie. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._numbers: set[int] = set()

    def find(self, token: str | None) -> Session | None:
        """The session of a cookie, if it is still there."""
        with self._lock:
            now = self._clock()
            self._sessions = {
                key: session for key, session in self._sessions.items() if now - session.used < IDLE_SECONDS
            }
            session = self._sessions.get(token or "")
            if session:
                session.used = now
            return session

    def begin(self) -> Session:
        """A new session; the one unused for longest goes when there are too many."""
        with self._lock:
            session = Session(secrets.token_urlsafe(32), self._clock())
            while len(self._sessions) >= MOST_SESSIONS:
                oldest = min(self._sessions.values(), key=lambda one: one.used)
                del self._sessions[oldest.token]
            self._sessions[session.token] = session
            return session

    def leave(self, session: Session) -> Session:
        """Log-out: everything goes but the numbers of submitted dossiers, so that they can be looked up."""
        with self._lock:
            self._sessions.pop(session.token, None)
        fresh = self.begin()
        fresh.dossiers, fresh.person = session.dossiers, session.person
        return fresh

    def next_number(self) -> int:
        """A serial of six digits that was not given out before."""
        with self._lock:
            while (number := secrets.randbelow(999_999) + 1) in self._numbers:
                pass
            self._numbers.add(number)
            return number

    def __len__(self) -> int:
        return len(self._sessions)
