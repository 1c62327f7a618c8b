"""Puts our scripts into every frame and reads their wishes: a picker or list of ours, a link to no page."""

import json
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

from kioskcore.words import core_words
from portal.webview.asking import LinkWish, ListRequest, Option, PickRequest
from portal.webview.environment import COLLECT

_SCRIPT = Path(__file__).with_name("helper.js")
_IN_PAGE = Path(__file__).with_name("in_page.js")
_LONGEST = 2_000_000  # a list of all communes is long
_KINDS = {"date", "time", "month", "week", "datetime-local", "color"}
_NUMBER = {"tel", "sms", "callto"}


class Helper:
    """One for each profile, whose pages all share the secret."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        self._secret = secrets.token_hex(16)
        worlds = QWebEngineScript.ScriptWorldId
        code = _SCRIPT.read_text(encoding="utf-8").replace("%SECRET%", self._secret)
        code = code.replace("%OPEN%", _open_words())
        in_page = _IN_PAGE.read_text(encoding="utf-8").replace("%COLLECT%", COLLECT)
        for name, source, world in (
            ("helper", code, worlds.ApplicationWorld),
            ("in-page", in_page, worlds.MainWorld),
        ):
            script = QWebEngineScript()
            script.setName(name)
            script.setSourceCode(source)
            script.setWorldId(world)
            script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
            script.setRunsOnSubFrames(True)
            profile.scripts().insert(script)

    def wishes(self, message: str) -> bool:
        """Whether a prompt is one of ours. A page cannot know the secret."""
        return secrets.compare_digest(message.encode(), self._secret.encode())


def _open_words() -> str:
    """In both languages: the button stands in the page, which does not change with the kiosk's language."""
    return " / ".join(core_words()[language].say("page.open_paper") for language in ("vi", "en"))


def read_wish(text: str) -> PickRequest | ListRequest | LinkWish | None:
    """None: not to be understood. What a field or link holds is the page's own and may be anything."""
    try:
        told = json.loads(text[:_LONGEST])
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    said = {name: str(told.get(name) or "")[:200] for name in ("kind", "type", "value", "min", "max")}
    if said["kind"] == "pick" and said["type"] in _KINDS:
        return PickRequest(said["type"], said["value"], said["min"], said["max"])
    if said["kind"] == "list":
        return _read_list(told)
    if said["kind"] == "link":
        scheme, _, rest = said["value"].partition(":")
        number = re.sub(r"[^0-9+*#]", "", unquote(rest.split("?")[0]))
        return LinkWish(number[:20] if scheme.lower() in _NUMBER else "")
    return None


def _read_list(told: dict[str, Any]) -> ListRequest | None:
    try:
        options = tuple(
            Option(int(number), str(text), str(group), chosen is True)
            for number, text, group, chosen in told["options"]
        )
    except (KeyError, TypeError, ValueError):
        return None
    return ListRequest(options, told.get("multiple") is True)
