"""The network of the book: activations, costs, equations, gradients checked. NumPy only."""
