"""The picture of the floors in rnnbuild/README.md, against the imports there are."""

import re
from itertools import pairwise
from pathlib import Path

import grimp
import pytest

PAGE = Path(__file__).parents[1] / "rnnbuild" / "README.md"
LINE = re.compile(r"^(?P<indent> +)(?P<names>[\w.]+/?(?:, [\w.]+/?)*)  +(?P<floor>\d+)  ")
Floors = dict[str, dict[str, int]]


def floors_of(page: str) -> Floors:
    """The floor of every module that is drawn, by the package that it is in."""
    drawn = page.split("```", 2)[1]
    floors: Floors = {"rnnbuild": {}}
    inside = "rnnbuild"
    for line in drawn.splitlines():
        if (match := LINE.match(line)) is None:
            continue
        names = [name.removesuffix("/").removesuffix(".py") for name in match["names"].split(", ")]
        if len(match["indent"]) == 2:
            floors["rnnbuild"].update(dict.fromkeys(names, int(match["floor"])))
            inside = f"rnnbuild.{names[0]}"
        else:
            floors.setdefault(inside, {}).update(dict.fromkeys(names, int(match["floor"])))
    return floors


FLOORS = floors_of(PAGE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("rnnbuild")


@pytest.mark.parametrize("package", FLOORS)
def test_every_module_is_drawn(package: str, graph: grimp.ImportGraph) -> None:
    there = {child.rpartition(".")[2] for child in graph.find_children(package)} - {"__main__"}
    assert set(FLOORS[package]) == there


@pytest.mark.parametrize("package", FLOORS)
def test_every_import_leads_to_a_lower_floor(package: str, graph: grimp.ImportGraph) -> None:
    floors = FLOORS[package]
    depth = package.count(".") + 1
    upward = []
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            inside = [name.split(".") for name in (importer, imported)]
            if any(".".join(parts[:depth]) != package for parts in inside):
                continue
            if any(len(parts) == depth or parts[depth] not in floors for parts in inside):
                continue
            one, other = (parts[depth] for parts in inside)
            if one != other and floors[one] <= floors[other]:
                upward.append(f"{importer} -> {imported}")
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("package", FLOORS)
def test_floors_are_drawn_from_the_ground_up(package: str) -> None:
    drawn = list(FLOORS[package].values())
    assert all(lower <= upper for lower, upper in pairwise(drawn))
