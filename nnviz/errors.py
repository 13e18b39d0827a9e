"""The errors that nnviz raises on purpose. Each message can be shown to a student as it is."""


class NnvizError(ValueError):
    """What was asked cannot be done; the message says what would be accepted."""


class FieldError(NnvizError):
    """One named field has a value that is not accepted.

    `str(error)` reads `eta must be a number from 1e-06 to 100, got -3`.
    """

    def __init__(self, field: str, value: object, accepted: str) -> None:
        self.field, self.value, self.accepted = field, value, accepted
        super().__init__(f"{field} must be {accepted}, got {shortened(value)}")

    def named(self, label: str) -> str:
        """The message with the name that the field has on the screen."""
        return f"{label} must be {self.accepted}, got {shortened(self.value)}"


class NotHereError(FieldError):
    """A value that is fine in itself, but what it names is not on this computer or no longer loaded.

    `str(error)` reads `init file-1f00… is not here: load its file again on the Data page`.
    """

    def __init__(self, field: str, value: object, remedy: str) -> None:
        super().__init__(field, value, "something that is here")
        self.remedy = remedy
        self.args = (f"{field} {shortened(value)} is not here: {remedy}",)

    def named(self, label: str) -> str:
        return f"{label} {shortened(self.value)} is not here: {self.remedy}"


class DatasetError(NnvizError):
    """A data set cannot be read, downloaded or made; the message says what is wrong with which part."""


class StorageError(NnvizError):
    """A file holds no network that nnviz can take; the message says why."""


def shortened(value: object, limit: int = 60) -> str:
    """`value` as text on one line, cut so that a long link cannot flood the page."""
    text = " ".join(str(value).split()) or "nothing"
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be sent to a browser
    return text if len(text) <= limit else text[: limit - 1] + "…"
