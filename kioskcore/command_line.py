"""Reads a command line; what is wrong in it is told in Vietnamese and English, with what would be right."""

import argparse
import difflib
import re
from typing import Any, NoReturn

from kioskcore.config_faults import plain

_SAID = (  # by argparse : the sentence `fault.<name>`, whose {wanted} is what stands in brackets
    (r"expected (?:one|at least one) argument()", "no_value"),
    (r"invalid choice: .* \(choose from (.*)\)", "one_of"),
    (r"ambiguous option: .* could match (.*)", "one_of"),
    (r"the following arguments are required: (.*)", "required"),
    (r"unrecognized arguments: (.*)", "not_understood"),
)


class CommandLine(argparse.ArgumentParser):
    """argparse, its refusals in the words of the settings' faults; what it says anew stays English."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._negative_number_matcher = re.compile(r"-\.?\d.*")  # -1MB too is a value, and refused as that

    def error(self, message: str) -> NoReturn:
        """Tells and ends with status 2."""
        for pattern, kind in _SAID:
            if found := re.fullmatch(rf"(argument .*?: )?{pattern}", message):
                wanted = found[2].replace("'", "")
                near = self._nearest(wanted) if kind == "not_understood" else ""
                message = f"{found[1] or ''}{plain(kind, wanted=wanted)}{near}"
                break
        super().error(message.removeprefix("argument "))

    def _nearest(self, words: str) -> str:
        """The option that the first of `words` may mean."""
        known = re.findall(r"--[\w-]+", self.format_usage())
        near = difflib.get_close_matches(re.split("[= ]", words)[0], known, n=1, cutoff=0.5)
        return f"; {plain('nearest', name=near[0])}" if near else ""
