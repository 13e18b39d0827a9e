"""Where the board is, for tests in a browser."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settled

BOARD = "[data-testid=board]"
WHERE = "[data-testid=where_now]"


def open_step(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server}/{query}")
    page.wait_for_selector(f"{BOARD}[data-step]")
    settled(page)


def at(page: Page, step: int, phase: int) -> None:
    """Wait until the board has painted this position."""
    page.wait_for_selector(f"{BOARD}[data-step='{step}'][data-phase='{phase}']")


def said(page: Page, text: str) -> None:
    """Wait until the board's line says so and nothing is marked as late."""
    expect(page.locator(WHERE)).to_contain_text(text)
    expect(page.locator(".st-key-words[data-stale]")).to_have_count(0)
