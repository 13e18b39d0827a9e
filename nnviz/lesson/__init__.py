"""What is said about a run: quantities, the text of a phase, explanations, questions, work by hand."""

from nnviz.lesson import quantities  # noqa: F401 - fills the registry that the rest of the wing reads
