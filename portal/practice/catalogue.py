"""The practice portal's data: procedures with their forms and papers, provinces and communes, the people."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kioskcore.words import Words, flatten

HERE = Path(__file__).parent
_CODE = re.compile(r"\d\.\d{6}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Kind = Literal["text", "name", "date", "select", "radio", "copies", "address", "phone", "email"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormField(_Table):
    key: str
    label: str
    kind: Kind
    hint: str = ""
    options: tuple[str, ...] = ()
    required: bool = True
    required_if: tuple[str, str] | None = None  # key and value of another field of the same form


class Group(_Table):
    title: str
    field: tuple[FormField, ...]


class Paper(_Table):
    key: str
    title: str
    note: str = ""
    required: bool = True


class Fee(_Table):
    """`each` in đồng for one `unit`; `by_field`: the form field that says how many."""

    each: int
    unit: str
    by_field: str = ""
    note: str = ""


class Procedure(_Table):
    code: str
    uuid: str = ""
    name: str
    event: str
    ministry: str
    field: str
    agency: str
    decides: str
    time: str
    order: tuple[str, ...]
    legal: tuple[str, ...]
    fee: Fee
    group: tuple[Group, ...]
    paper: tuple[Paper, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        return tuple(field for group in self.group for field in group.field)

    def amount(self, values: dict[str, str]) -> int:
        """What is to be paid, in đồng."""
        number = values.get(self.fee.by_field, "1") if self.fee.by_field else "1"
        return self.fee.each * (int(number) if number.isdecimal() else 1)


class Event(_Table):
    key: str
    name: str
    audience: Literal["citizen", "business"]


class Known(_Table):
    """A procedure shown under its own name, with the general form."""

    code: str
    name: str
    event: str


class Catalogue(_Table):
    event: tuple[Event, ...]
    applicant: tuple[FormField, ...]
    receive: tuple[FormField, ...]
    pay: FormField
    procedure: tuple[Procedure, ...]
    generic: Procedure
    other: tuple[Known, ...] = ()

    def find(self, key: str) -> Procedure | None:
        """By code or portal UUID; a code nobody knows gets the general page; None: no such address."""
        for procedure in self.procedure:
            if key in (procedure.code, procedure.uuid):
                return procedure
        for known in self.other:
            if key == known.code:
                return self.generic.model_copy(update=known.model_dump())
        if _CODE.fullmatch(key) or _UUID.fullmatch(key):
            return self.generic.model_copy(update={"code": key})
        return None

    def listed(self) -> list[Known]:
        own = [Known(code=one.code, name=one.name, event=one.event) for one in self.procedure]
        return [*own, *self.other]

    def search(self, words: str) -> list[Known]:
        """Procedures whose code or name holds every word; marks and case do not matter."""
        wanted = unmarked(words).split()
        return [one for one in self.listed() if all(w in unmarked(f"{one.code} {one.name}") for w in wanted)]


class Province(_Table):
    code: str
    name: str
    communes: tuple[str, ...]
    made_up: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        return (*self.communes, *self.made_up)


class Person(_Table):
    """A made-up person whom the log-in brings."""

    key: str = Field(pattern=r"^[a-z-]+$")
    name: str
    number: str = Field(pattern=r"^000\d{9}$")
    birth: str
    sex: str
    address: str


def unmarked(text: str) -> str:
    """Lower case without tone marks and other signs: "Khai sinh" and "khai sính" are one."""
    split = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@cache
def catalogue() -> Catalogue:
    return Catalogue.model_validate(_read("procedures.toml"))


@cache
def provinces() -> dict[str, Province]:
    return {row["code"]: Province.model_validate(row) for row in _read("places.toml")["province"]}


@cache
def people() -> dict[str, Person]:
    """By key; the first is the one who practises where nobody was chosen."""
    return {row["key"]: Person.model_validate(row) for row in _read("people.toml")["person"]}


def face(key: str) -> Path:
    """The drawn face of a person."""
    return HERE / "static" / f"mat-{key}.svg"


@cache
def messages() -> Words:
    return Words("vi", flatten(_read("messages.toml")))


def size_words(size: int) -> str:
    """Bytes as people read them: "820 KB", "2,4 MB"."""
    if size < 1_000_000:
        return messages().say("words.small", number=max(1, round(size / 1000)))
    number = f"{size / 1_000_000:.1f}".removesuffix(".0").replace(".", ",")
    return messages().say("words.large", number=number)


def money_words(amount: int) -> str:
    """8000 -> "8.000 đồng"."""
    return messages().say("words.money", amount=f"{amount:,}".replace(",", "."))
