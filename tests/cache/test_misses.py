"""Who listens hears of each miss before the work, and only while it listens."""

from rnnbuild.cache.misses import listening, report_miss


def test_the_inner_of_two_listeners_hears_a_miss() -> None:
    outer: list[tuple[str, str]] = []
    inner: list[tuple[str, str]] = []
    report_miss("kernels", "nobody listens")
    with listening(lambda kind, name: outer.append((kind, name))):
        with listening(lambda kind, name: inner.append((kind, name))):
            report_miss("kernels", "first")
        report_miss("kernels", "second")
    report_miss("kernels", "nobody listens")
    assert (inner, outer) == ([("kernels", "first")], [("kernels", "second")])
