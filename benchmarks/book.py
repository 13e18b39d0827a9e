"""The book's per-example loop, as network.py and network2.py compute it: what nnviz is measured against.

Lists of column vectors, one example at a time, layer by layer. The tests hold `Network` against it number by
number, the benchmark holds it against the clock. Plain NumPy; nothing of nnviz is used here.
Source: M. Nielsen, *Neural Networks and Deep Learning* (2015), chapters 1 to 3.
"""

import numpy as np


class BookNetwork:
    """network.py: sigmoid neurons and the quadratic cost."""

    def __init__(self, weights, biases):
        self.weights, self.biases = list(weights), list(biases)
        self.num_layers = len(self.weights) + 1

    def update_mini_batch(self, mini_batch, eta):
        """One step of gradient descent on a list of pairs (x, y) of column vectors."""
        nabla_b, nabla_w = self.summed_gradients(mini_batch)
        self.weights = [w - (eta / len(mini_batch)) * nw for w, nw in zip(self.weights, nabla_w, strict=True)]
        self.biases = [b - (eta / len(mini_batch)) * nb for b, nb in zip(self.biases, nabla_b, strict=True)]

    def summed_gradients(self, mini_batch):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in mini_batch:
            delta_nabla_b, delta_nabla_w = self.backprop(x, y)
            nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b, strict=True)]
            nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w, strict=True)]
        return nabla_b, nabla_w

    def backprop(self, x, y):
        """(nabla_b, nabla_w) for one example."""
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        activation = x
        activations = [x]
        zs = []
        for b, w in zip(self.biases, self.weights, strict=True):
            z = np.dot(w, activation) + b
            zs.append(z)
            activation = sigmoid(z)
            activations.append(activation)
        delta = self.output_delta(zs[-1], activations[-1], y)
        nabla_b[-1] = delta
        nabla_w[-1] = np.dot(delta, activations[-2].transpose())
        for l in range(2, self.num_layers):
            z = zs[-l]
            sp = sigmoid_prime(z)
            delta = np.dot(self.weights[-l + 1].transpose(), delta) * sp
            nabla_b[-l] = delta
            nabla_w[-l] = np.dot(delta, activations[-l - 1].transpose())
        return nabla_b, nabla_w

    def output_delta(self, z, a, y):
        return self.cost_derivative(a, y) * sigmoid_prime(z)

    def cost_derivative(self, output_activations, y):
        return output_activations - y


class BookNetwork2(BookNetwork):
    """network2.py: the cross-entropy cost and L2 regularization."""

    def update_mini_batch(self, mini_batch, eta, lmbda, n):
        nabla_b, nabla_w = self.summed_gradients(mini_batch)
        self.weights = [
            (1 - eta * (lmbda / n)) * w - (eta / len(mini_batch)) * nw
            for w, nw in zip(self.weights, nabla_w, strict=True)
        ]
        self.biases = [b - (eta / len(mini_batch)) * nb for b, nb in zip(self.biases, nabla_b, strict=True)]

    def output_delta(self, z, a, y):
        return a - y


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))
