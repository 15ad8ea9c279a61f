"""Texts of ours in the HTML of tools that show every text as HTML."""

import html
import re
from collections.abc import Mapping

_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f\x7f\ufffe\uffff]")
_NEW_LINE = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def as_html(text: str, *, meant: Mapping[int, str], new_line: str) -> str:
    """A text in which nothing is code.

    Args:
        text: As it was written.
        meant: What stands for characters that mean something to the tool.
        new_line: How it begins a line.
    """
    shown = html.escape(_UNSAYABLE.sub("", _NEW_LINE.sub("\n", text)), quote=False)
    return shown.translate(meant).replace("\n", new_line)
