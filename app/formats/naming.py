"""Short names that are safe in every survey tool and stay when other questions come or go."""

import re
import zlib
from collections.abc import Iterable

LONGEST = 20
_UNSAFE = re.compile("[^a-z0-9]")
_SAFE = re.compile(r"[a-z][a-z0-9]{0,11}")


class Names:
    """The names of one form, each given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def own(self, code: str, *, copies: int = 0) -> str:
        """The code without what is unsafe in it; with letters before it where that is taken.

        Args:
            copies: How many numbered copies of the name are kept free as well, for tools that
                write the entries of a repeated section one after the other.
        """
        safe = _UNSAFE.sub("", code.lower())
        for more in range(LONGEST):
            name = f"{'q' * more}{safe}"[: LONGEST - len(str(copies or ""))]
            wanted = {name, *(f"{name}{number}" for number in range(1, copies + 1))}
            if not wanted & self._taken:
                self._taken |= wanted
                return name
        raise ValueError("every name is taken")

    def of(self, prefix: str, code: str) -> str:
        """A name for one of several things that have codes, whatever their order.

        It ends in the code where that is short and safe, else in a checksum of it.
        """
        return self.own(prefix + short(code))


def short(code: str) -> str:
    """The code where it is short and safe, else eight digits of its checksum."""
    return code if _SAFE.fullmatch(code) else f"{zlib.crc32(code.encode()):08x}"
