"""Where threads that share a step's units wait for each other.

A step of a few rows takes microseconds, in which no system wakes a thread up. So whoever comes
first looks again and again whether the others are there, and now and then leaves the processor to
them, should there be more threads than processors.
"""

import os
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from rnnbuild.models.kernels.functions import inner
from rnnbuild.models.kernels.vectors import pointer_of

LOOKS = 1 << 10
"""How often a thread looks before it lets another one run: some microseconds."""


@inner
def meet(counter: Any, sharers: int, step: int) -> None:
    """Returns when all sharers have come here in this step; steps count from 0."""
    at, expected, looks = pointer_of(counter), (step + 1) * sharers, 0
    arrive(at)
    while arrived(at) < expected:
        looks += 1
        if looks % LOOKS == 0:
            let_others_run()


@intrinsic
def arrive(typing: Any, counter: Any) -> Any:
    """Counts one more, after all that this thread has written."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        place = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        builder.atomic_rmw("add", place, ir.Constant(ir.IntType(64), 1), "acq_rel")
        return context.get_dummy_value()

    return types.void(types.intp), generate


@intrinsic
def arrived(typing: Any, counter: Any) -> Any:
    """The count, and before all that this thread reads afterwards."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        place = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.load_atomic(place, "acquire", 8)

    return types.intp(types.intp), generate


@intrinsic
def let_others_run(typing: Any) -> Any:
    """Gives the processor to another thread, where the system has a call for it."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        if os.name == "posix":
            kind = ir.FunctionType(ir.IntType(32), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return context.get_dummy_value()

    return types.void(), generate
