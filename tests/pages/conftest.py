"""Pages without a browser, each test with empty caches."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.ui.safe_text import WORD_JOINER

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Open a page, `open_page("app.py", step="12")`, and check that it shows no exception."""

    def opened(file: str, **params: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        if file != "app.py":
            at.switch_page(file)
        for name, value in params.items():
            at.query_params[name] = value
        return ran(at.run())

    return opened


def ran(at: AppTest) -> AppTest:
    assert not at.exception, [error.stack_trace for error in at.exception]
    return at


def read(markdown: str) -> str:
    """Markdown as a reader sees it: without the escapes that keep text from outside harmless."""
    return re.sub(r"\\(.)", r"\1", markdown).replace(WORD_JOINER, "")
