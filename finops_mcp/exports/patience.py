"""How long a store that stumbles is borne with: how often, and with what pauses, it is asked again."""

import random
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """The bounds of trying again. Seconds throughout."""

    tries: int = 6
    silence: float = 30
    """A connection that says nothing for so long is given up, and the request made again."""
    first_pause: float = 0.5
    longest_pause: float = 20
    all_pauses: float = 300
    """Pauses of one refresh together: a store that stays busy is not waited for all day."""


class Pauses:
    """The pauses made while one storage is read, by any number of threads."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._paused = 0.0

    def before_another_try(self, failures: int) -> bool:
        """Pause after so many failures in a row; false where patience is at its end.

        Each pause is up to twice the one before and never the same: callers that were refused together
        are not to come back together.
        """
        p = self._patience
        if failures >= p.tries:
            return False
        longest = min(p.first_pause * 2 ** (failures - 1), p.longest_pause)
        pause = random.uniform(longest / 2, longest)  # noqa: S311 - no secret
        with self._lock:
            if self._paused + pause > p.all_pauses:
                return False
            self._paused += pause
        time.sleep(pause)
        return True
