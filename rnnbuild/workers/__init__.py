"""Runs trained by other processes, on this machine or on several."""
