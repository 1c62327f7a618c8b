"""What `guides check` asks beyond the shape of the files: complete words, short sentences, sound facts.

`check_folders` gives every fault of every folder at once; it raises nothing for what the files say.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from guides.authoring import STUBS
from guides.faults import Fault, GuideError
from guides.folding import fold
from guides.kept import CATALOGUE
from guides.library import Library
from guides.schema import (
    FIELDS,
    Folder,
    GuideFacts,
    GuideWords,
    Shared,
    SharedPicture,
    SharedWords,
    read_folder,
    step_uses,
)
from guides.wording import hidden, text_faults

STEP_LIMIT, STEP_WORDS, SENTENCE_WORDS = 12, 15, 20
STALE_DAYS = 365
COMPLETE = ("vi", "en")
HOSTS = (
    "dichvucong.gov.vn",
    "dancuquocgia.gov.vn",
    "moj.gov.vn",
    "dkkd.gov.vn",
    "baohiemxahoi.gov.vn",
    "bocongan.gov.vn",
)
_TWELVE = re.compile(r"(?<!\d)\d{12}(?!\d)")
_ZERO_FEE = {
    "vi": re.compile(r"(?<![\d.])0 ?(đồng|đ)\b|miễn phí", re.I),
    "en": re.compile(r"\b0 dong|\bfree\b", re.I),
}


def check_folders(
    folders: Sequence[Path], today: date, catalogue: Path = CATALOGUE
) -> tuple[list[Fault], int]:
    """The faults and the number of guides. The first folder is the built-in one; later ones lean on it.

    `catalogue` has the official names that are right today.
    """
    faults = [Fault(folder.name, 0, "", "no_folder") for folder in folders if not folder.is_dir()]
    read = [read_folder(folder) for folder in folders]
    try:
        library = Library(folders, catalogue)
        faults += library.faults
    except GuideError as fault:
        faults += fault.faults
        library = None
    shared = _shared(read)
    for folder in read:
        start = len(folder.faults)
        for code, facts in folder.facts.items():
            _check_facts(folder, code, facts, today)
            if library:
                _check_name(folder, code, facts, library)
            _check_words(folder, code, facts, shared)
            if library and facts.picture and library.picture(facts.picture) is None:
                folder.fault(f"{code}/guide.toml", "picture", "no_picture", name=facts.picture)
        for (name, language), words in folder.words.items():
            if name not in folder.facts:  # its facts cannot be read; the sentences can
                _check_sentences(folder, f"{name}/{language}.toml", words, shared[0].verbs.get(language, ()))
        _check_shared(folder)
        _check_names_of_files(folder)
        if library:
            _check_pictures(folder, library)
        for name, text in folder.texts.items():
            for number, line in enumerate(text.splitlines(), 1):
                if _TWELVE.search(line) and "uuid" not in line:
                    folder.faults.append(Fault(name, number, "", "id_number"))
                if name.endswith("/guide.toml") and hidden(line.replace("\t", " ")):
                    folder.faults.append(Fault(name, number, "", "control"))
        faults += folder.faults[start:]
    return faults, sum(len(folder.facts) for folder in read)


def _shared(read: Sequence[Folder]) -> tuple[Shared, Mapping[str, SharedWords]]:
    """The shared part of the first folder that has one; a province's folder leans on it."""
    first = read[0]
    return first.shared, first.shared_words


def _check_facts(folder: Folder, code: str, facts: GuideFacts, today: date) -> None:
    file = f"{code}/guide.toml"
    if facts.checked_on > today:
        folder.fault(file, "checked_on", "future", date=facts.checked_on.isoformat())
    elif (today - facts.checked_on).days > STALE_DAYS:
        folder.fault(file, "checked_on", "stale", date=facts.checked_on.isoformat(), days=STALE_DAYS)
    if not facts.sources and not facts.general:
        folder.fault(file, "sources", "no_source")
    host = urlsplit(facts.portal_url).hostname or ""
    if facts.portal_url and not any(host == one or host.endswith(f".{one}") for one in HOSTS):
        folder.fault(file, "portal_url", "host", host=host or facts.portal_url)
    for section in ("papers", "steps"):
        keys = [use.key for use in getattr(facts, section)]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            folder.fault(file, section, "twice", name=key)
    for name in facts.unverified:
        if name not in FIELDS:
            folder.fault(file, "unverified", "unknown_name", name=name)


def _check_name(folder: Folder, code: str, facts: GuideFacts, library: Library) -> None:
    """The official name is the portal's; a title in plain words is the author's."""
    entry = library.entry(code)
    if entry and fold(entry.name) != fold(facts.official_name):
        folder.fault(f"{code}/guide.toml", "official_name", "other_name", name=entry.name[:80])


def _check_names_of_files(folder: Folder) -> None:
    """The Windows editor likes to add ".txt", and a folder without its first file is read by nobody."""
    for place in sorted(folder.path.glob("*/")):
        wanted = "shared.toml" if place.name == "shared" else "guide.toml"
        written = [file.name for file in place.iterdir() if file.suffix in (".toml", ".txt")]
        if written and wanted not in written and place.name not in _OTHER_FOLDERS:
            folder.faults.append(Fault(f"{place.name}/{min(written)}", 0, "", "first_file", {"name": wanted}))


_OTHER_FOLDERS = frozenset({"pictures", "search", "new"})


def _check_words(
    folder: Folder, code: str, facts: GuideFacts, shared: tuple[Shared, Mapping[str, SharedWords]]
) -> None:
    uses = step_uses(facts, shared[0])
    if len(uses) > STEP_LIMIT:
        folder.fault(f"{code}/guide.toml", "steps", "many_steps", count=len(uses), limit=STEP_LIMIT)
    wanted = {
        "steps": {use.key for use in uses},
        "papers": {use.key for use in facts.papers},
        "questions": set(facts.questions),
    }
    for language in COMPLETE:
        file = f"{code}/{language}.toml"
        words = folder.words.get((code, language))
        if words is None:
            if file not in folder.texts and language != COMPLETE[0]:
                folder.fault(f"{code}/guide.toml", "", "missing_file", name=file)
            continue
        common = shared[1].get(language, SharedWords())
        for section, keys in wanted.items():
            own, theirs = getattr(words, section), getattr(common, section)
            for key in sorted(keys - set(own) - set(theirs)):
                if language != COMPLETE[0]:  # the library already told it for the first language
                    folder.fault(file, section, "missing_words", name=key)
            for key in sorted(set(own) - keys):
                folder.fault(file, f"{section}.{key}", "extra_words", name=key)
    for (name, language), words in folder.words.items():
        if name == code:
            file = f"{code}/{language}.toml"
            _check_language(folder, file, language, words, facts)
            _check_sentences(folder, file, words, shared[0].verbs.get(language, ()))
    _check_finished(folder, code)


def _check_finished(folder: Folder, code: str) -> None:
    """What `begin_guide` wrote for the author to change is still there."""
    first = folder.words.get((code, COMPLETE[0]))
    for language, stub in STUBS.items():
        words = folder.words.get((code, language))
        if words is None:
            continue
        if words.can_do_here == stub.here:
            folder.fault(f"{code}/{language}.toml", "can_do_here", "unfinished")
        if language != COMPLETE[0] and first and words.title == first.title:
            folder.fault(f"{code}/{language}.toml", "title", "not_translated")


def _check_sentences(folder: Folder, file: str, words: GuideWords, verbs: Sequence[str]) -> None:
    for key, text in _texts(words):
        _check_text(folder, file, key, text, SENTENCE_WORDS)
    _check_steps(folder, file, words.steps, verbs)


def _check_language(folder: Folder, file: str, language: str, words: GuideWords, facts: GuideFacts) -> None:
    for name in ("decides", "fee", "time", "receive"):
        if not facts.general and not getattr(words, name):
            folder.fault(file, name, "missing")
    if language not in COMPLETE:
        return
    mark = "." if language == "vi" else ","
    for amount in facts.fee.amounts:
        if f"{amount:,}".replace(",", mark) not in words.fee:
            folder.fault(file, "fee", "amount_missing", amount=amount)
    for days in facts.days:
        if not re.search(rf"(?<!\d)0?{days}(?!\d)", words.time):
            folder.fault(file, "time", "days_missing", days=days)
    if facts.fee.kind == "province" and _ZERO_FEE[language].search(words.fee):
        folder.fault(file, "fee", "bare_zero")


def _check_steps(folder: Folder, file: str, steps: Mapping[str, object], verbs: Sequence[str]) -> None:
    for key, step in steps.items():
        text = str(getattr(step, "text", ""))
        _check_text(folder, file, f"steps.{key}.text", text, STEP_WORDS)
        first = text.split(maxsplit=1)[0].rstrip(".,;:") if text.split() else ""
        if _two_actions(text, verbs):
            folder.fault(file, f"steps.{key}.text", "two_actions")
        if verbs and first not in verbs:
            folder.fault(file, f"steps.{key}.text", "verb_first", word=first)


def _two_actions(text: str, verbs: Sequence[str]) -> bool:
    """ "Chọn tỉnh rồi bấm nộp" is two steps, and so is a verb after a comma or an "and"."""
    following = "|".join(re.escape(verb.lower()) for verb in verbs)
    joined = rf"(?:,|;| và| and) (?:{following})\b" if following else r"(?!)"
    return bool(re.search(rf"\b(?:rồi|sau đó|then)\b|{joined}", text))


def _check_shared(folder: Folder) -> None:
    for language, words in folder.shared_words.items():
        file = f"shared/{language}.toml"
        _check_steps(folder, file, words.steps, folder.shared.verbs.get(language, ()))
        for section in ("papers", "questions", "steps"):
            for key, one in getattr(words, section).items():
                for name, text in one.model_dump().items():
                    _check_text(folder, file, f"{section}.{key}.{name}", text, SENTENCE_WORDS)
        if language in COMPLETE:
            for section in ("steps", "questions"):
                for key in sorted(set(getattr(folder.shared, section)) - set(getattr(words, section))):
                    folder.fault(file, section, "missing_words", name=key)


def _check_pictures(folder: Folder, library: Library) -> None:
    """Each picture named in the shared part is there and has its words in the complete languages."""
    named = {f"life_events.{number}": event.picture for number, event in enumerate(folder.shared.life_events)}
    for section in ("steps", "papers", "questions"):
        entries: Mapping[str, SharedPicture] = getattr(folder.shared, section)
        named |= {f"{section}.{key}": one.picture for key, one in entries.items()}
    for key, picture in named.items():
        if picture and library.picture(picture) is None:
            folder.fault("shared/shared.toml", key, "no_picture", name=picture)
        for language in COMPLETE if picture else ():
            if picture not in folder.shared_words.get(language, SharedWords()).pictures:
                folder.fault(f"shared/{language}.toml", "pictures", "missing_words", name=picture)


def _check_text(folder: Folder, file: str, key: str, text: str, limit: int) -> None:
    for code, facts in text_faults(text, Path(file).stem, limit):
        folder.fault(file, key, code, **facts)


def _texts(words: GuideWords) -> Iterator[tuple[str, str]]:
    """Every text of a guide but the steps' own, with its key."""
    for name in ("title", "can_do_here", "decides", "fee", "time", "receive"):
        yield name, getattr(words, name)
    yield from ((f"mistakes.{number}", text) for number, text in enumerate(words.mistakes))
    for section in ("papers", "questions", "steps"):
        entries: Iterable[tuple[str, object]] = getattr(words, section).items()
        for key, one in entries:
            for name in ("title", "note", "hint", "fetch", "where", "text"):
                if section != "steps" or name == "hint":
                    yield f"{section}.{key}.{name}", getattr(one, name, "")
