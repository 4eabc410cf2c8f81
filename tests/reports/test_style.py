"""Colours that can be read and told apart, with any colour vision, in both themes."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.reports.html import resource
from rnnbuild.reports.style import CATEGORIES, LIGHT, NAMED

SIMULATIONS = {
    "normal": np.eye(3),
    # Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    """sRGB's electro-optical transfer function (IEC 61966-2-1)."""
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB under D65."""
    scaled = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(scaled > (6 / 29) ** 3, np.cbrt(scaled), scaled * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    """WCAG 2.1: (L1 + 0.05) / (L2 + 0.05)."""
    light = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def themes() -> dict[str, dict[str, str]]:
    """The variables of the style sheet, by theme; all rules of a theme must agree."""
    rules = re.findall(r"([^{}]+)\{([^{}]*--ink:[^{}]*)\}", resource("templates", "theme.css"))
    found: dict[str, list[dict[str, str]]] = {"light": [], "dark": []}
    for _, rule in rules:
        values = dict(re.findall(r"--([\w-]+):\s*(#\w{6})", rule))
        found["light" if values["paper"] == "#ffffff" else "dark"].append(values)
    assert len(found["light"]) == len(found["dark"]) == 2  # screen and print; asked for and system
    for rules_of in found.values():
        assert rules_of[0] == rules_of[1]
    return {theme: values[0] for theme, values in found.items()}


THEMES = themes()


def categories(theme: str) -> list[str]:
    return [THEMES[theme][f"category-{number}"] for number in range(1, CATEGORIES + 1)]


def test_files_have_the_colours_of_the_light_page() -> None:
    assert {name: LIGHT[name] for name in NAMED} == {name: THEMES["light"][name] for name in NAMED}
    assert list(LIGHT["category"]) == categories("light")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", SIMULATIONS)
def test_categories_are_told_apart(theme: str, vision: str) -> None:
    """A difference of 10 in CIELAB is seen at a glance, also between small marks."""
    seen = [lab(SIMULATIONS[vision] @ linear(colour)) for colour in categories(theme)]
    nearest = min(
        (float(np.linalg.norm(seen[a] - seen[b])), a + 1, b + 1)
        for a, b in combinations(range(len(seen)), 2)
    )
    assert nearest[0] >= 10, nearest


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_marks_stand_out_from_the_paper(theme: str) -> None:
    """WCAG 2.1, 1.4.3 and 1.4.11: 4.5 for text, 3 for marks."""
    colours = THEMES[theme]
    for name in ("ink", "muted", "good", "bad", "second", "accent"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
        assert contrast(colours[name], colours["panel"]) >= 4.5, name
    for number, colour in enumerate(categories(theme), 1):
        assert contrast(colour, colours["paper"]) >= 3, number


def test_no_plot_names_a_colour() -> None:
    folder = Path(resource.__wrapped__.__code__.co_filename).parent / "plots"  # type: ignore[attr-defined]
    for path in folder.glob("*.py"):
        assert re.search(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8")) is None, path
