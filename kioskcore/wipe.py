"""What a visit owes to the wipe: undone newest first, never stopping half way."""

from collections.abc import Callable


class WipeList:
    """Every lock, file or job registers its undoing when it is made."""

    def __init__(self) -> None:
        self._owed: list[tuple[str, Callable[[], object]]] = []

    def owe(self, name: str, undo: Callable[[], object]) -> None:
        self._owed.append((name, undo))

    def run(self) -> list[tuple[str, Exception]]:
        """Undo everything; returns what failed (name, exception), newest first. Empties the list."""
        failed: list[tuple[str, Exception]] = []
        while self._owed:
            name, undo = self._owed.pop()
            try:
                undo()
            except Exception as fault:  # noqa: BLE001 - one failed undo must not keep the others from running
                failed.append((name, fault))
        return failed
