"""Keras, for the copy of rnnbuild's own layers."""

import keras

__all__ = ["keras"]
