"""How plots look: one Vega-Lite config, with the page's own colours or with those of a file.

Specifications name colours by parameters (`{"expr": "accent"}`), so that they are drawn in any
theme. In a page the colours are variables of its style sheet: switching between light and dark,
and printing, draws nothing again.
"""

from collections.abc import Mapping
from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
CATEGORIES = 8
"""Number of colours that can be told apart, with any colour vision (`tests/reports/`)."""
NAMED = ("ink", "muted", "grid", "paper", "accent", "second", "good", "bad")

LIGHT = {
    "ink": "#1c2430",
    "muted": "#626d7c",
    "grid": "#e4e8ee",
    "paper": "#ffffff",
    "accent": "#0a64a4",
    "second": "#b8500a",
    "good": "#157a55",
    "bad": "#b3261e",
    # After Okabe and Ito (2008), moved until the eight can be told apart with any colour vision.
    "category": (
        "#0a64a4",
        "#b8500a",
        "#0f8a68",
        "#c25d9e",
        "#a78239",
        "#3b99d0",
        "#4a349b",
        "#616971",
    ),
}
"""Colours of files and of the light theme; `templates/theme.css` has the same and the dark ones."""

CATEGORY_ROLES = tuple(f"category_{number}" for number in range(1, CATEGORIES + 1))
"""Roles of things of one kind that are told apart, such as variants, in their order."""

THEME_VARIABLES = {
    **{name: f"var(--{name})" for name in NAMED},
    "category": tuple(f"var(--category-{number})" for number in range(1, CATEGORIES + 1)),
}


def config_with(colours: Mapping[str, Any]) -> dict[str, Any]:
    """A Vega-Lite config with these colours."""
    ink, muted, grid = colours["ink"], colours["muted"], colours["grid"]
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 2,
        "view": {"stroke": None},
        "params": [
            *({"name": name, "value": colours[name]} for name in NAMED),
            *(
                {"name": role, "value": value}
                for role, value in zip(CATEGORY_ROLES, colours["category"], strict=True)
            ),
        ],
        "axis": {
            "domain": False,
            "ticks": False,
            "gridColor": grid,
            "labelColor": muted,
            "labelFontSize": 12,
            "labelPadding": 6,
            "titleColor": muted,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "titlePadding": 8,
        },
        "axisX": {"grid": False, "domain": True, "domainColor": grid},
        "axisQuantitative": {"tickCount": 5},
        "legend": {
            "orient": "top",
            "title": None,
            "labelColor": ink,
            "labelFontSize": 12,
            "labelLimit": 260,
            "symbolStrokeWidth": 2,
            "offset": 18,
        },
        "header": {"labelColor": ink, "titleColor": muted},
        "text": {"fill": ink, "fontSize": 12},
        "point": {"filled": True, "size": 50, "opacity": 1},
        "line": {"strokeWidth": 2},
        "bar": {"fill": colours["accent"]},
        "rule": {"stroke": muted},
    }


PAGE_CONFIG = config_with(THEME_VARIABLES)
FILE_CONFIG = {**config_with(LIGHT), "background": LIGHT["paper"], "padding": 12}
"""A file has its own paper, since nobody knows what it is put on."""
