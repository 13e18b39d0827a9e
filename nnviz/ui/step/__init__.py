"""The Step page: the board, the lesson beside it, the pinned number, what if."""
