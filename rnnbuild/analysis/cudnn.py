"""Whether a recurrent layer takes cuDNN's kernels on a GPU, and which key prevents it.

The conditions are Keras' (`cudnn_ok` in keras/src/backend/tensorflow/rnn.py and the layers that
call it). Every batch has its padding on the right and no empty row.
"""

from pathlib import Path

from rnnbuild.analysis.requirements import unmet
from rnnbuild.config.schema.layers import RecurrentArguments, SimpleRNNLayer
from rnnbuild.config.stack import ResolvedConfig

DEVICES = (Path("/dev/nvidia0"), Path("/dev/nvidiactl"))
"""Files of an NVIDIA driver, visible without loading anything."""


CUDNN = {
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "use_bias": True,
    "recurrent_dropout": 0.0,
    "reset_after": True,
}
"""What cuDNN's kernels compute."""


def why_not_cudnn(spec: RecurrentArguments) -> tuple[str, ...]:
    """The keys that keep a layer from cuDNN; none where it takes it."""
    return ("cell",) if isinstance(spec, SimpleRNNLayer) else unmet(CUDNN, vars(spec))


def layers_without_cudnn(resolved: ResolvedConfig) -> dict[str, tuple[str, ...]]:
    """The recurrent layers that run slowly on a GPU, by their names, with the keys at fault."""
    reasons = {
        layer.name: why_not_cudnn(layer.spec)
        for layer in resolved.stack
        if isinstance(layer.spec, RecurrentArguments)
    }
    return {name: keys for name, keys in reasons.items() if keys}


def has_gpu() -> bool:
    """Whether this machine has an NVIDIA GPU, checked without TensorFlow."""
    return any(device.exists() for device in DEVICES)


def notes_on_cudnn(resolved: ResolvedConfig) -> list[str]:
    """A sentence for each layer that cannot use the GPU well; none where there is no GPU."""
    if not has_gpu() or resolved.config.training.device == "cpu":
        return []
    return [
        f"On the GPU `{name}` runs step by step: Keras has no cuDNN kernel for its "
        f"{' and '.join(f'`{key}`' for key in keys)}."
        for name, keys in layers_without_cudnn(resolved).items()
    ]
