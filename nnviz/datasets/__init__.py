"""The data sets that an experiment can name.

To add one, write a function that returns a `Dataset` and register it here under its name. Besides the registered names
there are the sets that a name describes in full (`moons-c3-n400`, see generated.py, and `typed:0,1>1`, see typed.py)
and the ones that visitors bring (`own-1f00…`, see uploads.py).
"""

from collections.abc import Callable
from functools import lru_cache, partial

from nnviz.datasets import generated, mnist, uploads
from nnviz.datasets.dataset import Dataset
from nnviz.datasets.digits import digits
from nnviz.datasets.typed import PREFIX, typed
from nnviz.datasets.typed import canonical as typed_name
from nnviz.datasets.xor import xor
from nnviz.errors import FieldError, NotHereError

LARGE_KEPT = 2  # data sets of tens of megabytes that stay in memory once loaded
GENERATED_KEPT = 64

DATASETS: dict[str, Callable[[], Dataset]] = {}


def register(name: str, load: Callable[[], Dataset]) -> None:
    """Make a data set known by `name`. It is loaded when it is first asked for, then kept."""
    DATASETS[name] = lru_cache(maxsize=1)(load)


@lru_cache(maxsize=LARGE_KEPT)
def load_large(name: str) -> Dataset:
    return mnist.load(mnist.FAMILIES[name])


@lru_cache(maxsize=GENERATED_KEPT)
def load_generated(name: str) -> Dataset:
    recipe = generated.recipe(name)
    if recipe is None:
        raise KeyError(name)
    return generated.generate(recipe)


load_typed = lru_cache(maxsize=GENERATED_KEPT)(typed)


def get(name: str) -> Dataset:
    """The data set of this name. Raises NotHereError where its files or its upload are not here."""
    if name in DATASETS:
        return DATASETS[name]()
    if name.startswith(PREFIX):
        return load_typed(name)
    if generated.recipe(name):
        return load_generated(name)
    if data := uploads.UPLOADS.find(name):
        return data
    if uploads.is_upload_name(name):
        raise NotHereError("dataset", name, uploads.REMEDY)
    raise FieldError("dataset", name, accepted())


def is_gone(name: str) -> bool:
    """Whether it names an upload whose session has ended."""
    return uploads.is_upload_name(name) and name not in uploads.UPLOADS


def canonical(text: str) -> str:
    """The one name of the data set that `text` means: `moons-c2` is `moons`. Raises FieldError for typed nonsense."""
    if text.startswith(PREFIX):
        return typed_name(text)
    recipe = generated.recipe(text)
    return recipe.name if recipe else text


def title(name: str) -> str:
    """What a data set is called, without loading one that is large."""
    return mnist.FAMILIES[name].title if name in mnist.FAMILIES else get(name).title


def accepted() -> str:
    return f"one of {', '.join(DATASETS)}, or {generated.FORM}"


register("digits", digits)
register("xor", xor)
for family in mnist.FAMILIES:
    DATASETS[family] = partial(load_large, family)
