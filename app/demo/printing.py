"""What the demonstration says, and how it shows that it is at work."""

import sys
import textwrap
import time
from collections.abc import Iterable, Sequence

WIDTH = 80
_REDRAW_EVERY_SECONDS = 0.1
# Where lines cannot be redrawn, this share of the work is worth a line of its own.
_SPARSE = 4


def title(text: str) -> None:
    """Print the name of it all."""
    print(f"{text}\n{'=' * len(text)}")


def heading(text: str) -> None:
    """Begin a section."""
    print(f"\n{text}\n{'-' * len(text)}")


def say(text: str, *, under: str = "") -> None:
    """Print a paragraph within the width; `under` stands before it and is hung out."""
    hanging = " " * len(under)
    print(textwrap.fill(under + text, WIDTH, subsequent_indent=hanging, break_on_hyphens=False))


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()
) -> None:
    """Print a table whose columns are as wide as they need; those in `right` are set right."""
    every = [list(header), *map(list, rows)]
    widths = [max(len(row[at]) for row in every) for at in range(len(header))]
    for number, row in enumerate(every):
        cells = [
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print(f"  {'  '.join(cells)}".rstrip())
        if number == 0:
            print(f"  {'  '.join('-' * width for width in widths)}")


class Progress:
    """A line that says how far a longer step has come."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._done = label, total, 0
        self._redraws = sys.stdout.isatty()
        self._drawn_at = 0.0

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        last = self._done == self._total
        if self._redraws:
            if last or time.monotonic() - self._drawn_at > _REDRAW_EVERY_SECONDS:
                self._drawn_at = time.monotonic()
                print(f"\r  {self._text()}", end="\n" if last else "", flush=True)
        elif last or self._done % -(-self._total // _SPARSE) == 0:
            print(f"  {self._text()}", flush=True)

    def _text(self) -> str:
        return f"{self._label}: {self._done:,} of {self._total:,}"
