"""Checks what was typed: every fault of a form at once, as key of the field -> sentence."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from portal.practice.catalogue import FormField, messages

MOST_COPIES = 20
_LONGEST = 200


def typed(fields: Iterable[FormField], form: Mapping[str, str]) -> dict[str, str]:
    """What the form holds for these fields, blanks trimmed, cut to a sane length."""
    return {field.key: " ".join(form.get(field.key, "").split())[: _LONGEST + 1] for field in fields}


def faults_of(
    fields: Iterable[FormField], values: Mapping[str, str], today: date | None = None
) -> dict[str, str]:
    """Sentences by field key; empty: all is well."""
    today = today or date.today()
    found = {}
    for field in fields:
        key, value = field.required_if or ("", "")
        needed = field.required or (key != "" and values.get(key) == value)
        found[field.key] = _fault(field, values.get(field.key, ""), today, needed)
    return {key: fault for key, fault in found.items() if fault}


def _fault(field: FormField, value: str, today: date, needed: bool) -> str:
    chosen = field.kind in ("select", "radio")
    if not value:
        code = "missing_choice" if chosen else "missing"
        return _say(field, code) if needed else ""
    if chosen:
        return "" if value in field.options else _say(field, "missing_choice")
    if len(value) > _LONGEST:
        return _say(field, "too_long", limit=_LONGEST)
    match field.kind:
        case "name":
            return "" if re.fullmatch(r"(?:[^\W\d_]|[ .'’-])+", value) else _say(field, "name")
        case "date":
            return _date_fault(field, value, today)
        case "copies":
            number = int(value) if re.fullmatch(r"[0-9]{1,2}", value) else 0
            return "" if 1 <= number <= MOST_COPIES else _say(field, "number", limit=MOST_COPIES)
        case "phone":
            return "" if re.fullmatch(r"0[0-9]{9}", re.sub(r"[ .-]", "", value)) else _say(field, "phone")
        case "email":
            good = re.fullmatch(r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", value, re.ASCII)
            return "" if good else _say(field, "email")
        case "address":
            old = re.search(r"\b(huyện|quận|thị xã)\b", value.lower())
            return _say(field, "district") if old else ""
    return ""


def _date_fault(field: FormField, value: str, today: date) -> str:
    parts = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", value.replace(" ", ""))
    if not parts:
        return _say(field, "date")
    try:
        day = date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        return _say(field, "date_wrong")
    if day > today:
        return _say(field, "date_future")
    return _say(field, "date_old") if day.year < 1900 else ""


def _say(field: FormField, code: str, **facts: str | int) -> str:
    return messages().say(f"field.{code}", label=field.label, **facts)
