"""Two ways for a sequence to end that Keras lacks, since its own know no mask.

Both take (batch, steps, features) and a mask (batch, steps), true at real steps, and answer
(batch, features). A row needs one real step, as an empty text has: it is one unknown word.
The names in `keras.saving` are `rnnbuild>MaskedMaxPooling` and `rnnbuild>AttentionPooling`; a
process that imports this module can load a model with one of them.
"""

from typing import Any

from rnnbuild.models.framework import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="rnnbuild")
class MaskedMaxPooling(keras.layers.Layer):
    """The greatest value of each feature over the real steps (Collobert et al. 2011)."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is not None:
            inputs = ops.where(mask[..., None], inputs, float("-inf"))
        return ops.max(inputs, axis=1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """None: the sequence has ended."""

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[2])


@keras.saving.register_keras_serializable(package="rnnbuild")
class AttentionPooling(keras.layers.Layer):
    """The steps' mean, weighted by how well each agrees with a context vector that is learned.

    u = tanh(x W + b), a = softmax(u c) over the real steps, y = sum of a x; W is features by
    features. Yang, Yang, Dyer, He, Smola and Hovy 2016, Hierarchical attention networks for
    document classification, equations 5 to 7.
    """

    def __init__(
        self,
        kernel_initializer: Any = "glorot_uniform",
        context_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.context_initializer = keras.initializers.get(context_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        width = input_shape[2]
        self.kernel = self.add_weight(
            shape=(width, width), initializer=self.kernel_initializer, name="kernel"
        )
        self.bias = self.add_weight(shape=(width,), initializer="zeros", name="bias")
        self.context = self.add_weight(
            shape=(width, 1), initializer=self.context_initializer, name="context"
        )

    def call(self, inputs: Any, mask: Any = None) -> Any:
        weights = self.weights_of_steps(inputs, mask)
        return ops.squeeze(ops.matmul(ops.swapaxes(weights, 1, 2), inputs), axis=1)

    def weights_of_steps(self, inputs: Any, mask: Any = None) -> Any:
        """How much each step counts: (batch, steps, 1), 0 at padding, with a sum of 1."""
        agreement = ops.matmul(ops.tanh(ops.matmul(inputs, self.kernel) + self.bias), self.context)
        if mask is not None:
            agreement = ops.where(mask[..., None], agreement, float("-inf"))
        return ops.softmax(agreement, axis=1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """None: the sequence has ended."""

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[2])

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "context_initializer": keras.initializers.serialize(self.context_initializer),
        }
