"""Units for which a model comes as near as it can to a budget of parameters.

Cells are compared fairly at equal numbers of parameters, not of units (Chung, Gulcehre, Cho and
Bengio 2014, section 4.2). A stack keeps its proportions: one factor for all recurrent layers.
"""

from collections.abc import Callable
from dataclasses import replace

from rnnbuild.analysis.cost import parameters_of
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.config.stack import ResolvedConfig, StackLayer


def fitted(resolved: ResolvedConfig, budget: int) -> ResolvedConfig:
    """The model with the units that bring its parameters, all of them, nearest to a budget.

    Its widest recurrent layer gets any whole number of units from 1, and the others follow in
    proportion, rounded. Of two that are equally near, the smaller model.
    """
    units = units_of(resolved)

    def parameters(widest: int) -> int:
        return parameters_of(resolved, stack_with(resolved, scaled(units, widest)))

    return with_units(resolved, scaled(units, nearest(parameters, budget)))


def units_of(resolved: ResolvedConfig) -> tuple[int, ...]:
    """Units of each recurrent layer, in order."""
    return tuple(
        layer.spec.units for layer in resolved.stack if isinstance(layer.spec, RecurrentArguments)
    )


def scaled(units: tuple[int, ...], widest: int) -> tuple[int, ...]:
    """In proportion, so that the greatest becomes `widest`; rounded, and at least 1 each."""
    greatest = max(units)
    return tuple(max(1, (2 * own * widest + greatest) // (2 * greatest)) for own in units)


def nearest(count: Callable[[int], int], target: int) -> int:
    """The whole number from 1 whose count is nearest to a target, for a count that only grows."""
    low, high = 1, 2
    if count(low) >= target:
        return low
    while count(high) < target:
        low, high = high, 2 * high
    # Here count(low) < target <= count(high), and so it stays.
    while high - low > 1:
        middle = (low + high) // 2
        if count(middle) < target:
            low = middle
        else:
            high = middle
    return low if target - count(low) <= count(high) - target else high


def stack_with(resolved: ResolvedConfig, units: tuple[int, ...]) -> tuple[StackLayer, ...]:
    """The stack of `with_units`, without a config around it: this is tried many times."""
    rest = iter(units)
    return tuple(
        replace(layer, spec=layer.spec.model_copy(update={"units": next(rest)}))
        if isinstance(layer.spec, RecurrentArguments)
        else layer
        for layer in resolved.stack
    )


def with_units(resolved: ResolvedConfig, units: tuple[int, ...]) -> ResolvedConfig:
    """The same model with other units in its recurrent layers."""
    rest = iter(units)
    model = resolved.config.model
    layers = tuple(
        layer.model_copy(update={"units": next(rest)})
        if isinstance(layer, RecurrentArguments)
        else layer
        for layer in model.layers
    )
    model = model.model_copy(update={"layers": layers})
    config = resolved.config.model_copy(update={"model": model})
    return replace(resolved, config=config)
