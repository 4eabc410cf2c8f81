"""Shares of a whole as they are printed."""


def percent(share: float, digits: int = 1) -> str:
    """`74.5 %`, with a space, as ISO 31-0 writes it."""
    return f"{100 * share:.{digits}f} %"
