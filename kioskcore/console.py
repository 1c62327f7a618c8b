"""What a command says on its terminal: the reader's language, refusals with code and faults."""

import sys
from collections.abc import Sequence

from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.exit_code import ExitCode
from kioskcore.words import Words, core_words

_FIRST = "vi"


def console_words(config: Config | None = None) -> Words:
    """Words in the first language of the settings that there are words for; Vietnamese without settings."""
    wanted = config.screen.languages if config else ()
    return next((core_words()[name] for name in wanted if name in core_words()), core_words()[_FIRST])


def sentence(error: KioskError, words: Words) -> str:
    """`CODE: what happened. What to do.`"""
    return f"{error.code}: {' '.join(words.error(error.code, error.facts))}"


def refuse(errors: Sequence[KioskError], words: Words) -> int:
    """Tell every error with all its faults on the terminal; the exit code of the first, 0 for none."""
    for error in errors:
        sys.stderr.write(f"{sentence(error, words)}\n")
        for fault in getattr(error, "faults", ()):
            sys.stderr.write(f"  {fault}\n")
    return ExitCode.of(errors[0]) if errors else ExitCode.OK
