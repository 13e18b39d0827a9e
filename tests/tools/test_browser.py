import sys

import pytest

from tools import browser
from tools.browser import BrowserError, ensure_browser, find_browser

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


@pytest.fixture
def empty_machine(tmp_path, monkeypatch):
    """A machine without any browser, whose PATH is one empty folder."""
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for places in ("_usual_places", "_playwright_download"):
        monkeypatch.setattr(browser, places, lambda: iter(()))
    monkeypatch.setattr(browser, "_download", lambda: None)
    return tmp_path


def program(folder, name, exit_code=0):
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return str(path)


def test_a_machine_without_a_browser_is_told_what_helps(empty_machine):
    with pytest.raises(BrowserError, match="playwright install chromium"):
        find_browser()


@posix
def test_a_stub_that_does_not_start_is_passed_over(empty_machine):
    program(empty_machine, "chromium-browser", exit_code=1)
    chrome = program(empty_machine, "google-chrome")
    assert find_browser() == chrome


@posix
def test_the_browser_the_user_names_comes_first(empty_machine, monkeypatch):
    program(empty_machine, "chromium")
    named = program(empty_machine, "my-chrome")
    monkeypatch.setenv(browser.VARIABLE, named)
    assert find_browser() == named


@posix
def test_a_named_browser_that_does_not_start_is_an_error_and_nothing_is_installed(empty_machine, monkeypatch):
    program(empty_machine, "chromium")
    monkeypatch.setenv(browser.VARIABLE, "no-such-chrome")
    monkeypatch.setattr(browser, "_download", lambda: pytest.fail("downloaded"))
    with pytest.raises(BrowserError, match=r"NNVIZ_CHROMIUM must name .*, got 'no-such-chrome'"):
        ensure_browser()


@posix
def test_what_playwright_downloads_is_found(empty_machine, monkeypatch):
    monkeypatch.setattr(browser, "_download", lambda: program(empty_machine, "chromium"))
    assert ensure_browser() == str(empty_machine / "chromium")


@posix
def test_where_the_download_fails_the_package_is_installed(empty_machine, monkeypatch):
    monkeypatch.setattr(browser.apt, "install", lambda package: program(empty_machine, package))
    assert ensure_browser() == str(empty_machine / "chromium")
