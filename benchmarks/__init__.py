"""One file a claim. All run on a single BLAS thread, which has to be said before NumPy is imported."""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
