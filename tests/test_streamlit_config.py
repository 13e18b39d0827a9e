import tomllib
from pathlib import Path

import pytest
from streamlit import config

FILE = Path(__file__).parents[1] / ".streamlit" / "config.toml"
SETTINGS = tomllib.loads(FILE.read_text())
THEMES = [SETTINGS["theme"][name] for name in ("light", "dark")]
AA_TEXT, AA_CONTROL = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


def option_names(table, prefix=""):
    for name, value in table.items():
        if isinstance(value, dict):
            yield from option_names(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def luminance(color):
    """Relative luminance of #rrggbb, 0..1 (WCAG 2.2)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", list(option_names(SETTINGS)))
def test_streamlit_knows_the_option(name):
    assert name in config.get_config_options()


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
class TestTheme:
    @pytest.mark.parametrize("surface", ["backgroundColor", "secondaryBackgroundColor"])
    def test_text_and_links_can_be_read(self, theme, surface):
        for text in ("textColor", "linkColor", "codeTextColor"):
            assert contrast(theme[text], theme[surface]) >= AA_TEXT

    def test_a_primary_button_can_be_read_and_seen(self, theme):
        assert contrast("#ffffff", theme["primaryColor"]) >= AA_TEXT
        assert contrast(theme["backgroundColor"], theme["primaryColor"]) >= AA_CONTROL

    def test_the_colors_of_curves_can_be_read(self, theme):
        for color in theme["chartCategoricalColors"]:
            assert contrast(color, theme["backgroundColor"]) >= AA_TEXT

    def test_the_scales_have_the_ten_colors_that_streamlit_takes(self, theme):
        assert len(theme["chartDivergingColors"]) == len(theme["chartSequentialColors"]) == 10

    def test_the_diverging_scale_leaves_the_background_evenly_on_both_sides(self, theme):
        distances = [contrast(color, theme["backgroundColor"]) for color in theme["chartDivergingColors"]]
        below, above = distances[4::-1], distances[5:]
        assert below == sorted(below)
        assert above == sorted(above)
        assert below == pytest.approx(above, rel=0.15)

    def test_the_sequential_scale_starts_at_the_background_and_leaves_it(self, theme):
        distances = [contrast(color, theme["backgroundColor"]) for color in theme["chartSequentialColors"]]
        assert distances == sorted(distances)
        assert distances[0] < 1.3
