"""How long are the sequences, and how much is lost by cutting them?"""

from collections.abc import Mapping

from rnnbuild.data.examples.lengths import Lengths
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.shares import Share, agree, figures, largest_share, per_split, totals_text
from rnnbuild.data.kind.finding import Finding, ok, unchecked, warning
from rnnbuild.formatting import plural

BINS = 16
MUCH = 0.05
"""Share of a split's steps that may be cut without a warning."""
QUANTILES = (0.5, 0.9, 0.99)


def lengths(by_split: Mapping[SplitName, Lengths], step: str, what: str = "lengths") -> Finding:
    """The lengths in training; the figures have those of every split."""
    train = by_split["train"]
    if train.rows < 2:
        return unchecked(what, f"training has {plural(train.rows, 'row')}")
    return ok(
        what,
        f"Lengths in training run from {train.shortest:,} to {train.longest:,} {step}s: half are "
        f"at most {train.quantile(0.5):,}, 99 % at most {train.quantile(0.99):,}.",
        histogram=train.histogram(BINS),
        **{
            name: {
                "shortest": each.shortest,
                **{f"{share:.0%}": each.quantile(share) for share in QUANTILES},
                "longest": each.longest,
            }
            for name, each in by_split.items()
            if each.rows
        },
    )


def cut(by_split: Mapping[SplitName, Lengths], max_length: int, step: str, scored: bool) -> Finding:
    """What `max_length` cuts off. `scored`: each step has a target, which is lost with it."""
    over = {name: each.over(max_length) for name, each in by_split.items()}
    texts = {name: Share(over[name][0], each.rows) for name, each in by_split.items()}
    steps = {name: Share(over[name][1], each.steps) for name, each in by_split.items()}
    numbers = {"max_length": max_length, "texts": figures(texts), "steps": figures(steps)}
    if not largest_share(texts):
        reason = f"None of {totals_text(texts, 'texts')} is longer than {max_length:,} {step}s."
        return ok("cut", reason, **numbers)
    reason = (
        f"{per_split(texts, 'texts')} {agree(texts, 'is', 'are')} cut to {max_length:,} {step}s, "
        f"which removes {per_split(steps, f'{step}s')}"
    )
    if not scored and largest_share(steps) <= MUCH:
        return ok("cut", f"{reason}.", **numbers)
    usual = by_split["train"].quantile(QUANTILES[-1])
    reach = usual if usual > max_length else max(each.longest for each in by_split.values())
    return warning(
        "cut",
        f"{reason}; their tags are not scored." if scored else f"{reason}.",
        f"Raise `data.max_length`, for example to {reach:,}"
        + ("." if scored else ", or check whether `data.truncate: start` keeps what matters."),
        **numbers,
    )
