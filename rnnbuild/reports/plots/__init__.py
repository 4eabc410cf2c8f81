"""Plots, one a file: from values to a Vega-Lite specification as a plain dict."""
