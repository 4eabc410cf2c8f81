"""A score over epochs: every seed of every variant, and the mean of each variant over its seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnbuild.formatting import score_text
from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.curves import Curve
from rnnbuild.reports.plots.marks import colour, field, plot, under_pointer

SHOWN_UNDER_POINTER = 8
FEW = 3
"""With more variants, bands are lighter: they lie on top of each other."""
PICKED = "picked"
"""The parameter that a page sets to the number of the variant whose name is pointed at."""


@dataclass(frozen=True)
class VariantCurves:
    """The curves of a variant, by seed; they may differ in length."""

    label: str
    role: str
    by_seed: Mapping[int, Curve]

    @property
    def means(self) -> list[dict[str, float]]:
        """Mean, lowest and highest where every seed has a value: others would shift the mean."""
        curves = [dict(curve) for curve in self.by_seed.values()]
        shared = sorted(set.intersection(*(set(curve) for curve in curves))) if curves else []
        rows = []
        for x in shared:
            values = [curve[x] for curve in curves]
            mean = sum(values) / len(values)
            rows.append({"x": x, "value": mean, "low": min(values), "high": max(values)})
        return rows


def seed_curves_plot(variants: Sequence[VariantCurves], metric: str, over: str) -> Spec:
    """Thin lines for seeds, bands from the lowest to the highest, thick lines for means.

    Rows name a variant by its number `v`, since there are thousands of them.
    """
    seeds = [
        {"x": x, "y": rounded(value), "v": number, "s": seed}
        for number, variant in enumerate(variants)
        for seed, curve in variant.by_seed.items()
        for x, value in curve
    ]
    labels = [variant.label for variant in variants]
    shown = labels if len(labels) <= SHOWN_UNDER_POINTER else []
    means = [
        {
            **{key: rounded(value) for key, value in row.items()},
            "x": row["x"],
            "v": number,
            **({"variant": variant.label} if shown else {}),
        }
        for number, variant in enumerate(variants)
        for row in variant.means
    ]
    x = field("x", title=over, axis={"tickMinStep": 1}, scale={"nice": False})
    y: dict[str, Any] = {"title": None, "scale": {"zero": False}}
    of_variant = {"x": x, "color": by_number(variants), "detail": {"field": "v"}}
    ends = [
        f"{each.label} {score_text(each.means[-1]['value'])}" for each in variants if each.means
    ]
    return plot(
        f"{metric} over {over}, every seed; means at the last {over} of all: {', '.join(ends)}",
        means,
        height=340,
        params=[{"name": PICKED, "value": None}],
        layer=[
            {
                "mark": {"type": "area"},
                "encoding": {
                    **of_variant,
                    "y": field("low", **y),
                    "y2": {"field": "high"},
                    "opacity": picked(0.12 if len(variants) <= FEW else 0.05, 0),
                },
            },
            {
                "data": {"values": seeds},
                "mark": {"type": "line", "strokeWidth": 1},
                "encoding": {
                    **of_variant,
                    "y": field("y", **y),
                    "detail": [{"field": "v"}, {"field": "s"}],
                    "opacity": picked(0.35, 0.05),
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 2.5},
                "encoding": {**of_variant, "y": field("value", **y), "opacity": picked(1, 0.15)},
            },
            *([under_pointer("x", "variant", "value", shown, over)] if shown and means else []),
        ],
    )


def rounded(value: float) -> float:
    """To five digits, which no eye tells from more."""
    return float(f"{value:.5g}")


def by_number(variants: Sequence[VariantCurves]) -> Spec:
    """The colour of a variant by its number."""
    numbers = list(range(len(variants)))
    scale = {"domain": numbers, "range": [colour(variant.role) for variant in variants]}
    return field("v", "nominal", legend=None, scale=scale)


def picked(opacity: float, otherwise: float) -> Spec:
    """The opacity of the variant that is pointed at, or of all; and that of the others."""
    test = f"{PICKED} === null || datum.v === {PICKED}"
    return {"condition": {"test": test, "value": opacity}, "value": otherwise}
