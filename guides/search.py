"""Search as one types: `Finder.search` ranks procedures for a question and says why, or gives nothing.

Three looks at a question are put on one scale of 0..1: known sayings by their telling words, the official
names of the catalogue, and the whole line letter by letter (typing slips, half-typed words).
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from guides.catalogue import Catalogue, Entry
from guides.folding import Word, codes, is_syllable, untyped, words
from guides.lexicon import DECOY, FILLER_WEIGHT, UNKNOWN_WEIGHT, Lexicon, Token, same
from guides.scoring import WHOLE, WRONG_MARKS, Question, bag_score, fit
from guides.wish import stress

LEAST = 0.40
"""A best answer below this is no answer."""
DECOY_MARGIN = 0.05
"""How much better a question must fit a topic that is no procedure than the best procedure."""
OFF_TOPIC = 1.0
"""How well such a topic fits that is said word for word."""
NEAR_BEST = 0.4
LEAST_BESIDE = 0.25
"""Further answers: below this share of the best, or below this, they are left out."""
_CORRECTED = 0.85
_COMMON = 900
"""Words that stand in more names ("cấp", "giấy") find nothing that a rarer word beside them does not."""


@dataclass(frozen=True)
class Match:
    """`reason`: saying, words, name, near or code; `text`: what of it to show.

    `places`: the tokens of the question that it rests on; `anchored`: they are a whole name.
    """

    code: str
    score: float
    reason: str
    text: str
    places: frozenset[int] = frozenset()
    anchored: bool = False


class Finder:
    """Searches one catalogue with one lexicon. `preferred`: codes that have a guide here."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon, preferred: frozenset[str]) -> None:
        self._catalogue, self._lexicon, self._preferred = catalogue, lexicon, preferred

    def search(self, text: str, limit: int) -> list[Match]:
        """Best first; an empty list where nothing fits."""
        by_code = self._by_code(text)
        if by_code:
            return by_code[:limit]
        written, credits_ = self._corrected(words(text[:200]))
        if all(word.key.isdigit() for word in written):
            return []  # numbers alone are no question
        tokens = self._lexicon.tokens(written, credits_)
        best: dict[str, Match] = {}
        anchors: set[frozenset[int]] = set()
        looks = (self._sayings(tokens), self._letters(written), self._names(tokens), self._decoys(tokens))
        for match in chain(*looks):
            if match.anchored and match.code != DECOY:
                anchors.add(match.places)
            if match.code not in best or match.score > best[match.code].score:
                best[match.code] = match
        decoy = best.pop(DECOY, None)
        ranked = sorted(best.values(), key=lambda match: -match.score)
        top = ranked[0].score if ranked else 0.0
        if top < LEAST:
            return []
        if decoy and decoy.score >= top + DECOY_MARGIN and all(decoy.places & places for places in anchors):
            return []
        return [match for match in ranked if match.score >= max(LEAST_BESIDE, NEAR_BEST * top)][:limit]

    def _by_code(self, text: str) -> list[Match]:
        found = [self._catalogue.entry(code) for code in codes(text)]
        return [Match(entry.code, 1.0, "code", entry.code) for entry in found if entry]

    # words

    @cached_property
    def _terms(self) -> Mapping[str, int]:
        return self._catalogue.terms()

    @cached_property
    def _near_terms(self) -> list[str]:
        return sorted(self._lexicon.vocabulary | set(self._terms))

    def _known(self, key: str) -> bool:
        return key in self._lexicon.vocabulary or key in self._terms

    def _corrected(self, written: Sequence[Word]) -> tuple[list[Word], dict[int, float]]:
        """Unknown words undone from Telex, parted or spelled anew; and the credit of each changed place."""
        result: list[Word] = []
        credits_: dict[int, float] = {}
        for word in written:
            if self._known(word.key) or word.key.isdigit():
                result.append(word)
                continue
            for key in self._meant(word.key):
                credits_[len(result)] = _CORRECTED
                result.append(Word(key, key, text=word.text))
        return result, credits_

    def _meant(self, key: str) -> list[str]:
        for candidate in untyped(key):
            if self._known(candidate):
                return [candidate]
        for place in range(2, len(key) - 1):
            parts = [key[:place], key[place:]]
            if all(part in self._lexicon.vocabulary for part in parts):
                return parts
        if len(key) > 3 or (len(key) == 3 and not is_syllable(key)):
            near = process.extractOne(
                key, self._near_terms, scorer=OSA.distance, score_cutoff=1 if len(key) < 7 else 2
            )
            if near and near[0][0] == key[0]:
                return [near[0]]
        return [key]

    def _weight(self, token: Token) -> float:
        if token.filler:
            return FILLER_WEIGHT
        known = self._lexicon.weights.get(token.key)
        if known is not None:
            return known
        count = self._terms.get(token.key)
        return UNKNOWN_WEIGHT if count is None else min(5.0, math.log(6000 / count) * 0.6)

    # the three looks

    def _sayings(self, tokens: Sequence[Token]) -> list[Match]:
        lexicon = self._lexicon
        question = Question(tokens, self._weight, stress(tokens, lexicon))
        wanted = {number for token in tokens for number in lexicon.by_key.get(token.key, ())}
        matches = []
        nearest: dict[str, float] = defaultdict(float)
        for number in wanted:
            saying = lexicon.sayings[number]
            found = fit(saying, question, lexicon)
            nearest[saying.code] = max(nearest[saying.code], found.share)
            if found.score > LEAST_BESIDE:
                said = found.share > WHOLE and question.says(saying)
                reason, text = ("saying", saying.text) if said else ("words", _written(tokens, found.places))
                lifted = found.score + self._lift(saying.code)
                matches.append(Match(saying.code, lifted, reason, text, found.places, found.anchored))
        for code, share in nearest.items():
            score, places = bag_score(lexicon.bags.get(code, {}), share, question, lexicon.generic)
            if score:
                text = _written(tokens, places)
                matches.append(Match(code, score + self._lift(code), "words", text, places))
        return matches

    def _letters(self, written: Sequence[Word]) -> list[Match]:
        line = " ".join(word.key for word in written)
        if len(line) < 4:
            return []
        matches = []
        for _, ratio, number in process.extract(
            line, self._folded, scorer=fuzz.ratio, score_cutoff=84, limit=12
        ):
            saying = self._lexicon.sayings[number]
            score = 0.95 * (ratio / 100) ** 2 + self._lift(saying.code)
            matches.append(Match(saying.code, score, "near", saying.text))
        for number, folded in enumerate(self._folded):
            if folded.startswith(line) and folded != line:
                saying = self._lexicon.sayings[number]
                score = 0.45 + 0.4 * len(line) / len(folded) + self._lift(saying.code)
                matches.append(Match(saying.code, score, "near", saying.text))
        return matches

    def _decoys(self, tokens: Sequence[Token]) -> list[Match]:
        """A topic that is no procedure, said word for word: "gia vang" is gold before it is an old person."""
        of_token = [(word, place) for place, token in enumerate(tokens) for word in token.words]
        written = [word for word, _ in of_token]
        line = f" {' '.join(word.key for word in written)} "
        for key, meant in self._off_topic:
            if key in line:
                start = line[: line.index(key) + 1].count(" ") - 1
                places = frozenset(place for _, place in of_token[start : start + len(meant)])
                whole = sum(len(tokens[place].words) for place in places) == len(meant)
                if whole and all(map(same, written[start : start + len(meant)], meant)):
                    return [Match(DECOY, OFF_TOPIC, "saying", key.strip(), places)]
        return []

    @cached_property
    def _off_topic(self) -> list[tuple[str, list[Word]]]:
        """Decoys of two words or more, and single ones that mean nothing else without their marks."""
        said = [words(saying.text) for saying in self._lexicon.sayings if saying.code == DECOY]
        told = self._lexicon.telling
        kept = [one for one in said if len(one) > 1 or (len(one[0].key) > 2 and one[0].key not in told)]
        kept.sort(key=len, reverse=True)
        return [(f" {' '.join(word.key for word in one)} ", one) for one in kept]

    @cached_property
    def _folded(self) -> list[str]:
        return [saying.folded for saying in self._lexicon.sayings]

    def _names(self, tokens: Sequence[Token]) -> list[Match]:
        """Official names, asked for in the words typed and, for concepts, in the official ones."""
        asked = [self._asked(tokens, official=False)]
        if any(token.key in self._lexicon.official for token in tokens):
            asked.append(self._asked(tokens, official=True))
        telling = {word.key for one in asked for word, weight, _ in one if weight > FILLER_WEIGHT}
        known = sorted(key for key in telling if key in self._terms)
        if not known:
            return []
        rare = [key for key in known if self._terms[key] <= _COMMON]
        expression = " OR ".join(f'"{key}"' for key in rare or known)
        candidates = self._catalogue.candidates(expression, 80)
        found = (self._name(entry, one) for one in asked for entry in candidates)
        return [match for match in found if match]

    def _asked(self, tokens: Sequence[Token], official: bool) -> list[tuple[Word, float, float]]:
        """(word, weight, credit) of what is looked for in a name."""
        asked: list[tuple[Word, float, float]] = []
        for token in tokens:
            spelled = self._lexicon.official.get(token.key, token.words) if official else token.words
            weight = FILLER_WEIGHT if token.filler else max(self._weight(token) / len(spelled), 0.5)
            asked += [(word, weight, token.credit) for word in spelled]
        return asked

    def _name(self, entry: Entry, asked: Sequence[tuple[Word, float, float]]) -> Match | None:
        name, places = _placed(entry.name)
        total = sum(weight for _, weight, _ in asked)
        got = covered = 0.0
        last, pairs, hits = -2, 0, 0
        shown: list[int] = []
        for word, weight, credit in asked:
            spots = places.get(word.key)
            if not spots:
                continue
            spot = last + 1 if last + 1 in spots else spots[0]
            fits = credit * (1.0 if same(word, name[spot]) else WRONG_MARKS)
            got += weight * fits
            covered += 1
            hits += 1
            pairs += spot == last + 1
            last = spot
            shown.append(spot)
        answered = got / total
        if answered < 0.55:
            return None
        share = covered / (covered + 0.12 * max(0, len(name) - covered))
        close = pairs / (hits - 1) if hits > 1 else 0.6
        score = answered**2 * (0.35 + 0.65 * share) * (0.6 + 0.4 * close) * (0.5 + 0.5 * entry.rank)
        snippet = " ".join(entry.name.split()[min(shown) : max(shown) + 1][:9])
        return Match(entry.code, 0.95 * score + self._lift(entry.code), "name", snippet)

    def _lift(self, code: str) -> float:
        return 0.005 if code in self._preferred else 0.0


def _written(tokens: Sequence[Token], places: Collection[int]) -> str:
    """The words of the question that an answer rests on, as they were typed; a gap is shown as one."""
    parts: list[str] = []
    for place in sorted(places):
        if parts and place - 1 not in places:
            parts.append("…")
        parts += [word.text for word in tokens[place].words]
    return " ".join(parts)


@lru_cache(maxsize=6_000)  # the same names are candidates again at the next keystroke
def _placed(name: str) -> tuple[list[Word], Mapping[str, list[int]]]:
    """The words of a name, and where each stands."""
    found = words(name)
    places: dict[str, list[int]] = {}
    for number, word in enumerate(found):
        places.setdefault(word.key, []).append(number)
    return found, places


def sentence_case(name: str) -> str:
    """Names that the portal prints in capitals, as a person writes them."""
    return name.capitalize() if name.isupper() else name
