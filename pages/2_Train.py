"""Training to the end: start, pause, stop, the curves while they grow, and what the network has made of it."""

from nnviz.ui import frame, reviewing, settings, training

frame.open("Train")
settings.sidebar()
frame.navigation()

training.controls()
training.live()
reviewing.show()
