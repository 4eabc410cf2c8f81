"""An ONNX graph as it grows: https://onnx.ai/onnx/operators."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from onnx import helper, numpy_helper

OPSET = 18
"""Version of the operators, from December 2022: the first in which all reductions take their axes
alike."""
IR_VERSION = 8
"""Version of the file format that came with it."""
Shape = Sequence[int | str]
"""Sizes; a free one by its name."""


@dataclass
class Writer:
    """Nodes, weights, inputs and outputs. A tensor is named for the layer that it belongs to."""

    layer: str = ""
    nodes: list[Any] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)

    def input(self, name: str, dtype: type, shape: Shape) -> str:
        """The name of an input of the graph, as are the next of a weight and of an output."""
        self.inputs.append(self._described(name, dtype, shape))
        return name

    def weight(self, value: ArrayLike, name: str = "constant") -> str:
        unique = self.unique(name)
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), unique))
        return unique

    def axes(self, *numbers: int) -> str:
        """An operator's axes, which are an input of it."""
        return self.weight(np.array(numbers, np.int64), "axes")

    def output(self, value: str, shape: Shape) -> None:
        """Make a float32 tensor an output of the graph."""
        self.outputs.append(self._described(value, np.float32, shape))

    def answer(self, value: str, shape: Shape) -> None:
        """Make a float32 tensor the first output, named `output`."""
        self.nodes.append(helper.make_node("Identity", [value], ["output"], name="output"))
        self.outputs.insert(0, self._described("output", np.float32, shape))

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """The output of a new node."""
        (output,) = self.add_with_outputs(operator, inputs, (operator,), **attributes)
        return output

    def add_with_outputs(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any
    ) -> list[str]:
        """The outputs of a new node, each as it is named in the operator; empty names are omitted,
        as are those of inputs."""
        unique = [self.unique(name) if name else "" for name in outputs]
        name = self.unique(operator)
        self.nodes.append(helper.make_node(operator, inputs, unique, name=name, **attributes))
        return unique

    def unique(self, name: str) -> str:
        """A name inside the layer that no tensor or node has yet."""
        whole = f"{self.layer}/{name}"
        self.names[whole] += 1
        return f"{whole}_{self.names[whole]}" if self.names[whole] > 1 else whole

    def to_bytes(self) -> bytes:
        """The file."""
        graph = helper.make_graph(self.nodes, "rnnbuild", self.inputs, self.outputs, self.weights)
        model = helper.make_model(
            graph,
            producer_name="rnnbuild",
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
        )
        return bytes(model.SerializeToString())

    def _described(self, name: str, dtype: type, shape: Shape) -> Any:
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        return helper.make_tensor_value_info(name, kind, list(shape))
