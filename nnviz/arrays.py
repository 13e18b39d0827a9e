"""The one name for an array of numbers, so that a signature says what it means."""

import numpy as np

Array = np.ndarray
