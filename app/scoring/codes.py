"""Answers as small whole numbers, one byte each, and the arrays that scoring speaks in."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# A code below the number of points of its scale is an answer: answer minus scale minimum.
NOT_APPLICABLE: Final = 253
DONT_KNOW: Final = 254
NOT_ANSWERED: Final = 255
NO_ANSWERS: Final = (NOT_APPLICABLE, DONT_KNOW, NOT_ANSWERED)

Answers = NDArray[np.uint8]  # (items, people)
Groups = NDArray[np.integer[Any]]  # (people,), the number of each person's group
Counts = NDArray[np.int64]
Reals = NDArray[np.float64]
