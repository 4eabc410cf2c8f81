"""How long are the sequences, and what does cutting them take away?"""

from collections.abc import Mapping

from rnnbuild.data.examples.lengths import Lengths
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.shares import Share, figures, largest_share, per_split
from rnnbuild.data.kind.finding import Finding, ok, warning

BINS = 16
MUCH = 0.05
"""Share of a split's steps that may be cut off without a warning."""
QUANTILES = (0.5, 0.9, 0.99)


def lengths(found: Mapping[SplitName, Lengths], step: str, what: str = "lengths") -> Finding:
    """The lengths of training, with those of the other splits beside them in figures."""
    train = found["train"]
    return ok(
        what,
        f"Training has {train.shortest:,} to {train.longest:,} {step}s, half of them at most "
        f"{train.quantile(0.5):,} and 99 % at most {train.quantile(0.99):,}.",
        histogram=train.histogram(BINS),
        **{
            name: {
                "shortest": each.shortest,
                **{f"{share:.0%}": each.quantile(share) for share in QUANTILES},
                "longest": each.longest,
            }
            for name, each in found.items()
            if each.rows
        },
    )


def cut(found: Mapping[SplitName, Lengths], max_length: int, step: str, scored: bool) -> Finding:
    """What `max_length` takes away. `scored`: each step has a target, lost where it is cut."""
    over = {name: each.over(max_length) for name, each in found.items()}
    texts = {name: Share(over[name][0], each.rows) for name, each in found.items()}
    steps = {name: Share(over[name][1], each.steps) for name, each in found.items()}
    numbers = {"max_length": max_length, "texts": figures(texts), "steps": figures(steps)}
    if not largest_share(texts):
        return ok("cut", f"No text is longer than {max_length:,} {step}s.", **numbers)
    reason = (
        f"Cut to {max_length:,} {step}s are {per_split(texts)}; of all {step}s {per_split(steps)}"
    )
    if not scored and largest_share(steps) <= MUCH:
        return ok("cut", f"{reason}.", **numbers)
    usual = found["train"].quantile(QUANTILES[-1])
    reach = usual if usual > max_length else max(each.longest for each in found.values())
    return warning(
        "cut",
        f"{reason}, whose tags are not scored." if scored else f"{reason}.",
        f"Raise `data.max_length`, to {reach:,} for instance"
        + ("." if scored else ", or see whether `data.truncate: start` keeps what matters."),
        **numbers,
    )
