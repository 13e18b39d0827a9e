"""nnviz: see a neural network learn, one mini-batch at a time.

The core (everything but `figures`, `board` and `ui`) imports NumPy only.
"""

from nnviz.model.network import Network, Trace

__all__ = ["Network", "Trace"]
