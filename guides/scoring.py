"""How well one saying, or all sayings of a procedure together, fit a question: numbers of 0..1, no I/O."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from guides.folding import Word
from guides.lexicon import FILLER_WEIGHT, Lexicon, Saying, Token, same

WRONG_MARKS = 0.6
WHOLE = 0.95
TOLD = 0.4
"""How much a saying loses by words that are of the story only."""
PLENTY, LONG = 4.0, 0.3
"""A long story is no worse than a line with so much beside the point: more than that counts little."""
VAGUE = 0.5
TOGETHER = 0.65
"""A saying is an anchor where so much of it is there and stands together."""


@dataclass(frozen=True)
class Fit:
    """`share` of the saying that the question holds; `score` of both together; `places`: the tokens that fit.

    `anchored`: a whole name of two syllables or more stands in the question, whatever stands around it.
    """

    share: float
    score: float
    places: frozenset[int] = frozenset()
    anchored: bool = False


class Question:
    """What was typed, weighed once for all sayings."""

    def __init__(
        self, tokens: Sequence[Token], weight: Callable[[Token], float], factors: Sequence[float]
    ) -> None:
        self.tokens, self.factors = tokens, factors
        self.weights = [weight(token) * factor for token, factor in zip(tokens, factors, strict=True)]
        self.total = sum(self.weights)
        self.places: dict[str, list[int]] = {}
        for number, token in enumerate(tokens):
            self.places.setdefault(token.key, []).append(number)

    @cached_property
    def order(self) -> list[int]:
        """The place of each token among the telling ones; a filler has that of the telling one before it."""
        order: list[int] = []
        for token in self.tokens:
            before = order[-1] if order else -1
            order.append(before if token.filler else before + 1)
        return order

    @cached_property
    def line(self) -> str:
        return " ".join(word.key for token in self.tokens for word in token.words)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(word.key for token in self.tokens for word in token.words)

    def says(self, saying: Saying) -> bool:
        """Whether the telling words of a saying were typed themselves, not others that mean the same."""
        told = (word.key for token in saying.tokens if not token.filler for word in token.words)
        return self.keys.issuperset(told)

    def spot(self, key: str, after: int | None) -> int | None:
        """Where a token stands; the place next after `after` where there are several."""
        spots = self.places.get(key)
        if not spots:
            return None
        return spots[0] if after is None else min(spots, key=lambda one: abs(self.order[one] - after - 1))


def fit(saying: Saying, question: Question, lexicon: Lexicon) -> Fit:
    """The more of the saying is there, together and in order, and the more of the question it explains."""
    mass = got = asked = total = close = 0.0
    last: int | None = None
    first = len(question.tokens)
    telling = syllables = written = 0
    places: set[int] = set()
    for token in saying.tokens:
        weight = FILLER_WEIGHT if token.filler else lexicon.weights[token.key]
        mass += weight
        telling += not token.filler
        spot = question.spot(token.key, last)
        if spot is None:
            last = last if token.filler else None
            continue
        typed = question.tokens[spot]
        credit = typed.credit * marks(typed, token)
        got += weight * credit * (1 - TOLD * (1 - question.factors[spot]))
        asked += (weight if typed.filler else question.weights[spot]) * credit
        total += weight - FILLER_WEIGHT if typed.filler else 0.0
        if token.filler:
            continue
        if last is not None:
            close += {1: 1.0, -1: 0.7}.get(question.order[spot] - last, 0.0)
        places.add(spot)
        if token.key not in lexicon.generic:
            alone = len(typed.words) == 1 and typed.words[0].plain
            syllables += 2 if token.key.startswith("@") and not alone else 1
            written += len(typed.words)
        last = question.order[spot]
        first = min(first, last)
    beside = max(0.0, question.total + total - asked)
    share, answered = got / mass, asked / (asked + min(beside, PLENTY + LONG * beside)) if asked else 0.0
    together = close / (telling - 1) if telling > 1 else 1.0
    sure = 1.0 if syllables > 1 else 0.5 + 0.5 * answered
    score = share**2 * (0.35 + 0.65 * answered) * (0.7 + 0.3 * together) * sure
    score += 0.05 * (saying.folded == question.line)  # said word for word
    score += 0.04 * (1 - first / len(question.tokens))  # what is asked for comes first
    if not syllables and share <= WHOLE and sum(len(question.tokens[one].words) for one in places) < 2:
        score *= VAGUE  # "xe" alone, out of "đăng ký xe"
    anchored = share > WHOLE and written > 1 and together > TOGETHER
    return Fit(share, score, frozenset(places), anchored)


def bag_score(
    bag: Mapping[str, set[Word]], share: float, question: Question, generic: frozenset[str]
) -> tuple[float, frozenset[int]]:
    """A question spread over several sayings of one procedure; `share` is that of the best of them.

    The score, and the places of the tokens that it rests on.
    """
    got = 0.0
    telling = 0
    places: set[int] = set()
    for place, (token, weight) in enumerate(zip(question.tokens, question.weights, strict=True)):
        forms = bag.get(token.key)
        if forms is None or token.filler:
            got += weight * token.filler
            continue
        fits = token.key.startswith("@") or any(same(token.words[0], form) for form in forms)
        got += weight * token.credit * (1.0 if fits else WRONG_MARKS)
        places.add(place)
        telling += 0 if token.key in generic else len(token.words)
    answered = got / question.total
    if telling < 2 or answered < 0.5:
        return 0.0, frozenset()
    return float(0.95 * answered**1.5 * (0.5 + 0.5 * share)), frozenset(places)


def marks(typed: Token, meant: Token) -> float:
    """Wrong tone marks cost something, missing ones nothing."""
    if typed.key.startswith("@") or all(map(same, typed.words, meant.words)):
        return 1.0
    return WRONG_MARKS
