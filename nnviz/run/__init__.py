"""A run is a value: what determines it, its mini-batches, its evaluation, and training in the background."""
