"""What is said about a run: quantities, the text of a phase, explanations, questions, work by hand."""
