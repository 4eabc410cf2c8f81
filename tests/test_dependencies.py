"""A package that is missing or broken is a sentence that says what to do."""

import pytest

from rnnbuild.dependencies import starting, why_not_importable
from rnnbuild.errors import DataError, RequestError


@pytest.mark.parametrize(
    "error", [ImportError("no libgomp"), ValueError("another NumPy\nand more"), KeyError("name")]
)
def test_a_needed_package_that_is_broken_is_named_with_the_way_to_fix_it(error: Exception) -> None:
    with pytest.raises(RequestError) as caught, starting("Numba"):
        raise error
    (problem,) = caught.value.problems
    assert problem.message.startswith(f"Numba cannot be imported: {type(error).__name__}: ")
    assert "\n" not in problem.message
    assert problem.hint == "install it again: pip install --force-reinstall numba"


def test_an_environment_variable_that_it_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", "0")
    with pytest.raises(RequestError) as caught, starting("Numba", "NUMBA_"):
        raise ValueError("Number of threads specified must be > 0.")
    assert "unset the environment variable NUMBA_NUM_THREADS (it is `0`)" in str(caught.value)


def test_errors_of_our_own_pass_through() -> None:
    with pytest.raises(DataError, match="as it is"), starting("Numba"):
        raise DataError("as it is")


def test_why_an_optional_module_cannot_be_imported() -> None:
    assert why_not_importable("json", "email.message") is None
    assert why_not_importable("json", "no_such_module_at_all") == (
        "ModuleNotFoundError: No module named 'no_such_module_at_all'"
    )
