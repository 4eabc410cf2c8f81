"""A model's forward pass, with its recurrent layers through the kernels where these know them."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from rnnbuild.config.layer_classes import INERT
from rnnbuild.models.answering import products_of_words
from rnnbuild.models.descent import LayerOutputs
from rnnbuild.models.framework import keras, tf
from rnnbuild.models.fused import (
    cells_of,
    description_of,
    fused_outputs,
    fused_outputs_of_products,
    is_fused,
    wanted_gradients,
)
from rnnbuild.models.recurrent import why_not_in_kernels

ForwardPass = Callable[..., Any]
"""From a batch's inputs, and whether dropout is at work, to the head's outputs.

Fused, it takes as a third argument the layers, by name, that other functions compute in training.
"""


NONE: Mapping[str, LayerOutputs] = MappingProxyType({})


def forward_pass_of(
    model: Any, fused: bool, layers: Mapping[str, LayerOutputs] = NONE
) -> ForwardPass:
    """The pass through a `keras.Sequential`: Keras' own, or `fused` with the kernels.

    In training, `layers` of these names are computed by other functions, in either.

    Fused, outputs carry no mask, and values at padded steps are not Keras' (zeros instead of
    the last output repeated); neither reaches a loss or a score, which weigh padding with zero.
    Sequences must be padded on the right.
    """
    if not fused and not layers:
        return lambda inputs, training: model(inputs, training=training)

    def through(inputs: Any, training: bool, instead: Mapping[str, LayerOutputs] = NONE) -> Any:
        others = {**layers, **instead} if training else NONE
        return _through(model.layers, inputs, training, others)

    return through


def forward_of(model: Any, fused: bool | None = None) -> Callable[[Any], Any]:
    """The model as one traced function of a batch of any size and length, without dropout.

    `fused` says whether its recurrent layers run in the kernels; by default where that pays.
    """
    signature = tf.TensorSpec((None, *model.inputs[0].shape[1:]), model.inputs[0].dtype)
    through = forward_pass_of(model, fusing_pays() if fused is None else fused)

    def forward(inputs: Any) -> Any:
        with no_masks_drawn(model):
            return through(inputs, False)

    return tf.function(forward, input_signature=[signature], autograph=False)  # type: ignore[no-any-return]


@contextmanager
def no_masks_drawn(model: Any) -> Iterator[None]:
    """Meanwhile the model's recurrent layers have no dropout.

    Out of training SimpleRNN's cell draws masks all the same and leaves them unused (call in
    keras/src/layers/rnn/simple_rnn.py): each evaluation would change what training draws next.
    """
    cells = [cell for layer in model.layers for cell in cells_of(layer)]
    rates = [(cell.dropout, cell.recurrent_dropout) for cell in cells]
    for cell in cells:
        cell.dropout = cell.recurrent_dropout = 0.0
    try:
        yield
    finally:
        for cell, (dropout, recurrent_dropout) in zip(cells, rates, strict=True):
            cell.dropout, cell.recurrent_dropout = dropout, recurrent_dropout


def fusing_pays() -> bool:
    """On a CPU; a GPU has cuDNN's kernels, which Keras takes by itself."""
    return not tf.config.get_visible_devices("GPU")


def layers_left_to_keras(model: Any) -> dict[str, str]:
    """The recurrent layers that the kernels do not know, with the argument that is the reason."""
    described = {layer.name: description_of(layer) for layer in model.layers}
    reasons = {name: why_not_in_kernels(one) for name, one in described.items() if one is not None}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def _through(
    layers: list[Any], inputs: Any, training: bool, instead: Mapping[str, LayerOutputs]
) -> Any:
    values, mask = inputs, None
    wanted = wanted_gradients(layers)
    if not training:
        layers = [layer for layer in layers if type(layer).__name__ not in INERT]
        if isinstance(layers[0], keras.layers.Embedding) and is_fused(layers[1]):
            mask = tf.not_equal(inputs, 0)
            values = outputs_of_words(layers[0], layers[1], inputs, lengths_of(mask, inputs))
            layers = layers[2:]
            mask = mask if len(values.shape) == 3 else None
    for layer in layers:
        computed = instead.get(layer.name)
        if isinstance(layer, keras.layers.Embedding):
            values = computed(inputs, None) if computed else layer(inputs)
            mask = tf.not_equal(inputs, 0)
        elif computed or is_fused(layer):
            lengths = lengths_of(mask, values)
            values = (
                computed(values, lengths)
                if computed
                else fused_outputs(layer, values, lengths, training, wanted[layer.name])
            )
        else:
            values = layer(values, **arguments_of(layer, mask, training))
        if len(values.shape) == 2 or isinstance(layer, keras.layers.RepeatVector):
            mask = None
    return values


def outputs_of_words(embedding: Any, recurrent: Any, words: Any, lengths: Any) -> Any:
    """The outputs of both layers for ids (B, T), outside training."""

    def distinct(ids: Any) -> tuple[Any, Any]:
        chosen, places = tf.unique(tf.reshape(ids, (-1,)))
        return chosen, tf.reshape(places, tf.shape(ids))

    kernels = [cell.kernel.value for cell in cells_of(recurrent)]
    places, products = products_of_words(words, distinct, embedding, kernels)
    return fused_outputs_of_products(recurrent, products, places, lengths)


def lengths_of(mask: Any, values: Any) -> Any:
    """Steps of each row before its padding, int32 (B,); all of them where nothing is masked."""
    if mask is None:
        return tf.fill((tf.shape(values)[0],), tf.shape(values)[1])
    # An empty text is one unknown word, so no row is padding alone.
    return tf.maximum(tf.reduce_sum(tf.cast(mask, tf.int32), axis=1), 1)


def arguments_of(layer: Any, mask: Any, training: bool) -> dict[str, Any]:
    """What a layer's call takes besides its inputs."""
    known = inspect.signature(layer.call).parameters
    given = {"mask": mask, "training": training}
    return {
        name: value
        for name, value in given.items()
        if name in known and not (name == "mask" and mask is None)
    }
