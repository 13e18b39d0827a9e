"""Training to the end: start, pause, stop, the curves while they grow, and what the network has made of it."""

from nnviz.ui import page, settings
from nnviz.ui.train import review, training

page.begin("Train")
settings.sidebar()
page.navigation()

training.controls()
training.live()
review.show()
