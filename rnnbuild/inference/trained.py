"""A trained run, ready to answer: its model beside what turns input into numbers and back."""

from dataclasses import dataclass
from typing import Any

from rnnbuild.config.schema import Config
from rnnbuild.inference.load import load_model
from rnnbuild.inference.outputs import Forward, forward_of
from rnnbuild.inference.saved import saved_codec
from rnnbuild.models.device import device_of
from rnnbuild.models.framework import tf
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.saved import saved_config


@dataclass(frozen=True, eq=False)
class Trained:
    """A run's model with what encodes its input; `forward` is the model's, compiled."""

    codec: Any
    model: Any
    forward: Forward


def trained(run: RunDirectory) -> Trained:
    """Open a finished run. Raises RunError where it has not finished, or is damaged."""
    codec = saved_codec(run)
    device = device_of(on_any_machine(saved_config(run)))
    with tf.device(device):
        model = load_model(run.model)
    traced = forward_of(model)

    def forward(inputs: Any) -> Any:
        with tf.device(device):
            return traced(inputs)

    return Trained(codec, model, forward)


def on_any_machine(config: Config) -> Config:
    """The config without its wish for a GPU: what was trained on one answers without it too."""
    if config.training.device != "gpu":
        return config
    training = config.training.model_copy(update={"device": "auto"})
    return config.model_copy(update={"training": training})
