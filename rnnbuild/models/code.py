"""A resolved config -> the Keras script that a person would write for it.

It constructs the very objects that the builder does (`rnnbuild.models.seeds`), so the script's
model starts from the same weights. Arguments with Keras' own default are omitted. No Keras
is imported here.
"""

import json
from typing import Any

from rnnbuild.analysis.cost import cost_of
from rnnbuild.config.freezing import thawing
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.formatting import plural
from rnnbuild.models.arguments import KerasObject
from rnnbuild.models.own_layers import MODULE, own_class
from rnnbuild.models.seeds import seeded_objects
from rnnbuild.tasks.table import TASKS
from rnnbuild.visible import visible

WIDTH = 88
"""Longer calls are broken, one argument a line."""
INDENT = 4


def script_of(resolved: ResolvedConfig) -> str:
    """A Python script that leaves the model in `model`; run by itself, it prints its summary."""
    objects = seeded_objects(resolved)
    layers = "".join(f"        {call(layer, 8, 8)},\n" for layer in objects)
    parameters = f"{cost_of(resolved).parameters:,}"
    imports = "\n".join(["import keras", *modules_line(objects)])
    comments = "".join(
        lines(resolved) for lines in (start_line, vectors_line, state_lines, thawing_lines)
    )
    return f'''\
"""{resolved.config.name}: {parameters} parameters.

{made_of(objects)}, written by `rnnbuild code`.
"""

{imports}

# The seeds make every weight start as in rnnbuild; without them it starts elsewhere.
{comments}model = keras.Sequential(
    [
{layers}    ],
    name={literal(resolved.config.name)},
)

if __name__ == "__main__":
    model.summary()
'''


def made_of(objects: tuple[KerasObject, ...]) -> str:
    """What the script needs installed."""
    own = any(own_class(layer.path) for layer in objects)
    return "Keras and a layer of rnnbuild's" if own else "Plain Keras"


def start_line(resolved: ResolvedConfig) -> str:
    """What the script lacks where training starts from another run."""
    run = resolved.config.training.from_run
    if run is None:
        return ""
    return (
        f"# Training begins with the weights of the run {literal(run)}, which are not read\n"
        "# here: `rnnbuild.build` gives the model with them.\n"
    )


def vectors_line(resolved: ResolvedConfig) -> str:
    """What the script lacks where the embedding is to start from vectors in a file."""
    embedding = resolved.config.model.embedding
    if embedding is None or embedding.pretrained is None:
        return ""
    # Quoted, so that no name of a file can end the comment.
    return (
        f"# Training begins with the vectors of {literal(embedding.pretrained)}, which are not\n"
        "# read here: `rnnbuild.build` gives the model with them.\n"
    )


def state_lines(resolved: ResolvedConfig) -> str:
    """How a state is carried on, which the script's model does not do by itself."""
    if TASKS[resolved.task].target != "next token":
        return ""
    number = "" if resolved.input_length is None else f"{resolved.input_length} "
    return (
        f"# The model begins each row with a state of zeros. rnnbuild trains it on windows of\n"
        f"# {number}steps that follow one another: each recurrent layer is called "
        "with the state\n# in which it ended the window before (`initial_state`, which Keras gives "
        "with\n# `return_state=True`), and no gradient goes back through it.\n"
    )


def thawing_lines(resolved: ResolvedConfig) -> str:
    """How a frozen layer is trained later, which `fit` does not do by itself."""
    return "".join(
        f"# After {plural(epochs, 'epoch')} rnnbuild trains `{name}` too:\n"
        f'# `model.get_layer("{name}").trainable = True`, and `model.compile` again.\n'
        for name, epochs in thawing(resolved.stack)
    )


def modules_line(objects: tuple[KerasObject, ...]) -> list[str]:
    """`from keras import initializers, layers`, and rnnbuild's own: what the printed calls name."""
    paths = {path for path in printed_paths(objects) if "." in path}
    own = {path for path in paths if own_class(path)}
    modules = sorted({path.partition(".")[0] for path in paths - own})
    lines = [f"from keras import {', '.join(modules)}"] if modules else []
    if own:
        package, _, module = MODULE.rpartition(".")
        lines.append(f"from {package} import {module}")
    return lines


def printed_paths(objects: tuple[KerasObject, ...]) -> set[str]:
    """Paths of the objects and of all within them that are not a default."""
    paths: set[str] = set()
    for keras_object in objects:
        inner = (value for _, value in printed_arguments(keras_object))
        paths.add(keras_object.path)
        paths |= printed_paths(tuple(value for value in inner if isinstance(value, KerasObject)))
    return paths


def printed_arguments(keras_object: KerasObject) -> list[tuple[str, Any]]:
    """Those that differ from what Keras takes by itself."""
    return [
        (name, value)
        for name, value in keras_object.arguments.items()
        if name not in keras_object.defaults or value != keras_object.defaults[name]
    ]


def call(keras_object: KerasObject, indent: int, start: int) -> str:
    """`layers.GRU(32, name="gru")`, on one line where it fits.

    `indent` is that of the line it begins in, `start` the column there.
    """
    path = keras_object.path
    function = path if "." in path else f"keras.{path}"
    arguments = printed_arguments(keras_object)
    line = f"{function}({', '.join(argument(*pair, indent) for pair in arguments)})"
    # One more for the comma behind it.
    if "\n" not in line and start + len(line) + 1 <= WIDTH:
        return line
    inner = indent + INDENT
    lines = [f"{' ' * inner}{argument(*pair, inner)},\n" for pair in arguments]
    return f"{function}(\n{''.join(lines)}{' ' * indent})"


def argument(name: str, value: Any, indent: int) -> str:
    """`units=5`: by keyword, since the order of Keras' parameters differs between classes."""
    prefix = f"{name}="
    if isinstance(value, KerasObject):
        return prefix + call(value, indent, indent + len(prefix))
    return prefix + literal(value)


def literal(value: Any) -> str:
    """A plain value as Python source."""
    if isinstance(value, str):
        return visible(json.dumps(value, ensure_ascii=False))
    return repr(value)
