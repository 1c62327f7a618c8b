"""Which part of a line is the wish and which only tells why, for whom or where: one factor of 0..1 a token.

"Chồng tôi bỏ đi, tôi muốn làm khai sinh": what stands before "muốn" is the story. "Làm hộ chiếu để đi chùa":
what stands after "để" is the reason. A story is not left out, as it may hold the only telling word.
"""

from collections.abc import Sequence

from guides.lexicon import Lexicon, Token

STORY = 0.5
"""How much a word of the story counts beside one of the wish."""


def stress(tokens: Sequence[Token], lexicon: Lexicon) -> list[float]:
    """The factor of each token."""
    telling = [not token.filler and token.key not in lexicon.generic for token in tokens]
    opens = [_opens(tokens, place, lexicon) for place in range(len(tokens))]
    start = max(
        (
            place
            for place, kind in enumerate(opens)
            if kind > 0 and any(telling[:place]) and any(telling[place:])
        ),
        default=0,
    )
    factors = [STORY] * start + [1.0] * (len(tokens) - start)
    aside = False
    for place in range(start, len(tokens)):
        aside = aside or (opens[place] < 0 and any(telling[start:place]))
        if aside:
            factors[place] = STORY
    return factors


def _opens(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> int:
    """1: a wish begins here, -1: a reason; "để làm" is a reason."""
    token = tokens[place]
    if not token.filler:
        return 0
    keys = {word.key for word in token.words}
    if keys & lexicon.asides:
        return -1
    before = tokens[place - 1] if place else None
    reason = before and before.filler and {word.key for word in before.words} & lexicon.asides
    return 1 if keys & lexicon.wants and not reason else 0
