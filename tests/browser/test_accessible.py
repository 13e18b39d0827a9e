"""Every page, viewer and remote held against axe's rules: nothing serious, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Server, settled

OWN = ["/", "/Draw", "/Data", "/Train", "/Compare", "/By_hand", "/Gradient_check", "/Lecture"]
BESIDE = ["view?hidden=8", "view", "view?lecture=one-mini-batch&beat=4", "remote"]
# What Streamlit and its charts draw by themselves: the marks of a chart that has a name, a closed sidebar, a select box
# that is switched off.
NOT_OURS = ("role-mark", "stSidebarContent", "stSelectbox")
SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("path", [*OWN, *(f"/nnviz/v1/{path}" for path in BESIDE)])
def test_nothing_serious_keeps_anybody_out(path: str, mode: str, browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=mode, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{server}{path}")
    if path in OWN:
        settled(page)
    else:
        page.wait_for_selector("[data-testid=board][data-step], .join, .clock")
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    nodes = [(one["id"], f"{node['target']} {node['html']}") for one in found for node in one["nodes"]]
    serious = [f"{name}: {node}" for name, node in nodes if not any(part in node for part in NOT_OURS)]
    context.close()
    assert serious == []
