"""Errors of forecasts that follow one another in known ways: (rows, outputs)."""

import numpy as np
from scipy import signal


def autoregressive(draw, rows, strength, lag=1, heavy_tails=False):
    """Errors of variance 1, `strength` of each coming from the one `lag` rows before."""
    start = 100 * lag
    size = rows + start
    if heavy_tails:
        shocks = draw.standard_t(5, size) * np.sqrt(3 / 5)
    else:
        shocks = draw.standard_normal(size)
    filtered = signal.lfilter([1], [1, *[0] * (lag - 1), -strength], shocks)[start:]
    return (filtered * np.sqrt(1 - strength**2))[:, None]


def overlapping_windows(draw, rows, horizon):
    """Errors of persistence, 1 to `horizon` steps ahead, on a random walk: variance by step."""
    walk = np.cumsum(draw.standard_normal(rows + horizon))
    return np.stack([walk[step : step + rows] - walk[:rows] for step in range(1, horizon + 1)], 1)
