"""Whether Keras counts a built model as the analysis does."""

from typing import Any

from rnnbuild.analysis.cost import ModelCost


def disagreements(model: Any, cost: ModelCost) -> list[str]:
    """A sentence for every layer whose name, parameters or output shape Keras sees otherwise."""
    differences = []
    if len(model.layers) != len(cost.layers):
        return [f"it has {len(model.layers)} layers, the analysis {len(cost.layers)}"]
    for built, counted in zip(model.layers, cost.layers, strict=True):
        if built.name != counted.name:
            differences.append(f"layer `{counted.name}` is called `{built.name}`")
        if built.count_params() != counted.parameters:
            differences.append(
                f"`{counted.name}` has {built.count_params():,} parameters, "
                f"the analysis says {counted.parameters:,}"
            )
        shape = tuple(built.output.shape[1:])
        # Keras leaves the number of steps free: None means any.
        fits = len(shape) == len(counted.output_shape) and all(
            size in (None, expected)
            for size, expected in zip(shape, counted.output_shape, strict=True)
        )
        if not fits:
            differences.append(
                f"`{counted.name}` gives the shape {shape}, the analysis says "
                f"{counted.output_shape}"
            )
    return differences


def keras_summary(model: Any) -> str:
    """The text of `model.summary()`, 80 columns wide whatever the terminal."""
    lines: list[str] = []
    # Keras wraps at COLUMNS where no width is given, and raises where that is 16 or less.
    model.summary(line_length=80, print_fn=lambda text, **_: lines.append(text))
    return "\n".join(lines).strip("\n")
