"""What is told when the server is about to end, so that streams without an end of their own end in peace."""

from collections.abc import Callable


class Leaving:
    """Who is to be told."""

    def __init__(self) -> None:
        self._told: list[Callable[[], None]] = []

    def tells(self, somebody: Callable[[], None]) -> None:
        """Have somebody told, on the event loop."""
        self._told.append(somebody)

    def no_longer(self, somebody: Callable[[], None]) -> None:
        """Have somebody told no longer."""
        self._told.remove(somebody)

    def now(self) -> None:
        """Tell everybody."""
        for tell in list(self._told):
            tell()
