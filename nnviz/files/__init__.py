"""Networks to and from files, and a run as a script."""
