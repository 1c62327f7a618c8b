"""What every page of the practice portal asks for: this visitor's session, the store, the upload limits."""

from flask import current_app, g

from portal.practice.catalogue import Person, people
from portal.practice.store import Session, Store
from portal.sites import Upload


def session() -> Session:
    found: Session = g.session
    return found


def person() -> Person:
    """Whom this visitor practises as."""
    everybody = people()
    return everybody.get(session().person) or next(iter(everybody.values()))


def store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def upload_limits() -> Upload:
    limits: Upload = current_app.extensions["site"].upload
    return limits


def leave() -> None:
    """Ends the session; the answer carries the new cookie."""
    g.session = store().leave(session())
