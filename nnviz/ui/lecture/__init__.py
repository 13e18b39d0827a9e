"""The Lecture page: the lecture that is being made, its beats, and what is said at one of them."""
