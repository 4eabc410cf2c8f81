"""A range of numbers for a key, as `--range` or a config's `search:` states it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rnnbuild.config.places import Places, Source, Span
from rnnbuild.config.problems import shown
from rnnbuild.config.settings import Setting, split_argument
from rnnbuild.config.yaml_tree import core_scalar
from rnnbuild.errors import ConfigError, Place, Problem
from rnnbuild.typed_values import is_finite

FORM = "KEY=LOW..HIGH[:log][:step=N]"
EXAMPLE = "units=16..256:log"
MOST_STEPS = 1_000_000
OPTIONS = "`:log` or `:step=N`"


@dataclass(frozen=True)
class Range:
    """One key and the numbers that it may be, both ends included."""

    key: str
    low: Setting
    high: Setting
    log: bool = False
    step: int | float | None = None
    step_place: Place | None = None
    whole: bool = False
    """Whether the key takes whole numbers alone; known once it was looked up in a config."""

    @property
    def ends(self) -> tuple[Setting, Setting]:
        return self.low, self.high


def parsed_range(argument: str) -> Range:
    """`units=16..256:log` as a Range whose place is the command line. Raises ConfigError."""
    source, key_span, text = split_argument(argument, "--range", FORM, EXAMPLE)
    bounds, *options = text.split(":")
    low, dots, high = bounds.partition("..")
    start = key_span.end_column + 1
    if not dots:
        raise ConfigError(
            Problem(
                f"`{argument}` is not {FORM}",
                _span(source, start, bounds).place(),
                f"write `--range {EXAMPLE}`",
            )
        )
    values: dict[str, Any] = {"low": core_scalar(low.strip()), "high": core_scalar(high.strip())}
    spans = {
        "low": _span(source, start, low),
        "high": _span(source, start + len(low) + len(dots), high),
    }
    column = start + len(bounds) + 1
    for option in options:
        name, equals, value = option.partition("=")
        span = _span(source, column, option)
        column += len(option) + 1
        if (name, equals) not in (("log", ""), ("step", "=")) or name in values:
            what = "is there twice" if name in values else f"is not {OPTIONS}"
            raise ConfigError(Problem(f"`:{option}` {what}", span.place(), f"write `{FORM}`"))
        values[name], spans[name] = core_scalar(value.strip()) if equals else True, span
    key = argument.partition("=")[0].strip()
    return range_of(key, values, Places({(name,): span for name, span in spans.items()}), key_span)


def _span(source: Source, column: int, text: str) -> Span:
    return Span(source, 0, column, 0, column + max(1, len(text)))


def range_of(key: str, values: Mapping[str, Any], places: Places, key_span: Span | None) -> Range:
    """A range from `low`, `high`, and perhaps `log` and `step`, with the places of these.

    Raises ConfigError where one is not a number, or no number is within.
    """
    for name in ("low", "high", "step"):
        if name in values and not _is_number(values[name]):
            message = f"a range of `{key}` has numbers, found {shown(values[name])}"
            raise ConfigError(Problem(message, places.of((name,)), f"such as `{EXAMPLE}`"))
    low, high, step, log = values["low"], values["high"], values.get("step"), "log" in values
    if low >= high:
        message = f"the range of `{key}` is empty: {low} is not less than {high}"
        hint = "the lower number comes first" if low > high else f"to fix it: `--set {key}={low}`"
        raise ConfigError(Problem(message, places.of(("low",)), hint))
    if log and low <= 0:
        message = f"a logarithmic range of `{key}` must start above 0, found `{low}`"
        raise ConfigError(Problem(message, places.of(("low",))))
    if step is not None:
        _refuse_step(key, low, high, step, log, places.of(("step",)))

    def end(name: str) -> Setting:
        return Setting(key, values[name], places.below((name,)), key_span)

    return Range(key, end("low"), end("high"), log, step, places.of(("step",)))


def _refuse_step(
    key: str, low: float, high: float, step: float, log: bool, place: Place | None
) -> None:
    """Raises ConfigError where the step does not lead from one end to the other."""
    if log:
        raise ConfigError(Problem(f"a logarithmic range of `{key}` has no step", place))
    if step <= 0:
        raise ConfigError(Problem(f"the step of `{key}` must be above 0, found `{step}`", place))
    # As they are written: 0.1 is a tenth here.
    first, last, between = (Fraction(str(number)) for number in (low, high, step))
    steps = (last - first) // between
    if steps > MOST_STEPS:
        message = f"there are over {MOST_STEPS:,} steps of {step} from {low} to {high}"
        raise ConfigError(Problem(message, place, "leave the step out: any number is proposed"))
    if first + steps * between != last:
        reached = first + max(1, steps) * between
        number = int(reached) if reached.denominator == 1 else float(reached)
        raise ConfigError(
            Problem(
                f"steps of {step} from {low} do not reach {high}",
                place,
                f"the highest may be {number}: `{key}={low}..{number}:step={step}`",
            )
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)
