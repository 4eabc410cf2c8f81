"""Vectors of float32, as wide as the processor's registers, for use in compiled kernels.

A `Vector` is a value of LLVM's own vector type, so that an equation written with it becomes vector
instructions whatever the compiler's vectoriser would have made of a loop. Memory is addressed by
pointers (`pointer_of`), since NumPy's indexing costs a check and a reference count a row.
"""

import operator
import os
from typing import Any

from llvmlite import binding, ir
from numba import njit
from numba.core import cgutils, types
from numba.core.datamodel import models, register_default
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin


def _registers() -> tuple[int, int]:
    """Floats of a vector register, and how many there are, of the processor compiled for."""
    stated = os.environ.get("NUMBA_CPU_FEATURES", "")
    if "NUMBA_CPU_NAME" in os.environ or stated:
        return (16, 32) if "+avx512f" in stated else (8, 16)
    return (16, 32) if binding.get_host_cpu_features().get("avx512f") else (8, 16)


LANES, REGISTERS = _registers()
BYTES = 4
"""Bytes of a float32."""


class VectorType(types.Type):
    """LANES numbers of float32."""

    def __init__(self) -> None:
        super().__init__(name=f"Vector{LANES}")


vector = VectorType()
_FLOAT, _INT = ir.FloatType(), ir.IntType(64)
_VECTOR = ir.VectorType(_FLOAT, LANES)
# A product may be fused with a sum; nothing is assumed to be finite.
_FLAGS = ("contract", "nsz")


@register_default(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)


def _binary(function: Any, instruction: str) -> None:
    """Lets two vectors be combined by one of Python's operators."""

    class Template(ConcreteTemplate):
        cases = (signature(vector, vector, vector),)

    infer_global(function)(Template)

    @lower_builtin(function, vector, vector)
    def lower(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return getattr(builder, instruction)(*arguments, flags=_FLAGS)


_binary(operator.add, "fadd")
_binary(operator.sub, "fsub")
_binary(operator.mul, "fmul")
_binary(operator.truediv, "fdiv")


def address(builder: Any, pointer: Any, index: Any) -> Any:
    """The address of the float with an index, from that of the first."""
    first = builder.inttoptr(pointer, _FLOAT.as_pointer())
    return builder.gep(first, [index])


def splat(builder: Any, number: Any) -> Any:
    """A vector of one number."""
    undefined = ir.Constant(_VECTOR, ir.Undefined)
    lane = builder.insert_element(undefined, number, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(lane, undefined, zeros)


def load_from(builder: Any, place: Any) -> Any:
    """The vector at an address, aligned or not."""
    value = builder.load(builder.bitcast(place, _VECTOR.as_pointer()))
    value.align = BYTES
    return value


def store_to(builder: Any, value: Any, place: Any) -> None:
    stored = builder.store(value, builder.bitcast(place, _VECTOR.as_pointer()))
    stored.align = BYTES


@intrinsic
def every(typing: Any, number: Any) -> Any:
    """A vector of one float32."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return splat(builder, arguments[0])

    return vector(types.float32), generate


@intrinsic
def load(typing: Any, pointer: Any, index: Any) -> Any:
    """The vector whose first number has this index behind a pointer."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return load_from(builder, address(builder, *arguments))

    return vector(types.intp, types.intp), generate


@intrinsic
def store(typing: Any, pointer: Any, index: Any, value: Any) -> Any:
    """Writes a vector where `load` would read one."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        pointer, index, value = arguments
        store_to(builder, value, address(builder, pointer, index))
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, vector), generate


@intrinsic
def load_one(typing: Any, pointer: Any, index: Any) -> Any:
    """The number that has this index behind a pointer."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        value = builder.load(address(builder, *arguments))
        value.align = BYTES
        return value

    return types.float32(types.intp, types.intp), generate


@intrinsic
def store_one(typing: Any, pointer: Any, index: Any, value: Any) -> Any:
    """Writes a number where `load_one` would read one."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        pointer, index, value = arguments
        builder.store(value, address(builder, pointer, index)).align = BYTES
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.float32), generate


@intrinsic
def between(typing: Any, value: Any, least: Any, most: Any) -> Any:
    """A vector's numbers, moved to the nearest bound where they are beyond it; NaN stays NaN."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        value, least, most = arguments
        value = builder.select(builder.fcmp_ordered(">", value, most), most, value)
        return builder.select(builder.fcmp_ordered("<", value, least), least, value)

    return vector(vector, vector, vector), generate


@intrinsic
def larger(typing: Any, one: Any, other: Any) -> Any:
    """The larger numbers of two vectors; those of the second where one is NaN."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", *arguments), *arguments)

    return vector(vector, vector), generate


@intrinsic
def power_of_two(typing: Any, exponent: Any) -> Any:
    """2 to the power of whole numbers from -126 to 127."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        whole = ir.VectorType(ir.IntType(32), LANES)
        bias, place = (ir.Constant(whole, [number] * LANES) for number in (127, 23))
        exponents = builder.add(builder.fptosi(arguments[0], whole), bias)
        return builder.bitcast(builder.shl(exponents, place), _VECTOR)

    return vector(vector), generate


@intrinsic
def pointer_of(typing: Any, array: Any) -> Any:
    """The address of an array's first number."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        struct = cgutils.create_struct_proxy(sig.args[0])(context, builder, arguments[0])
        return builder.ptrtoint(struct.data, _INT)

    return types.intp(array), generate


@njit(inline="always")
def copy_vectors(source: Any, first: int, target: Any, to: int, count: int) -> None:
    """Copies `count` numbers from behind one pointer to behind another."""
    done = 0
    while done + LANES <= count:
        store(target, to + done, load(source, first + done))
        done += LANES
    while done < count:
        store_one(target, to + done, load_one(source, first + done))
        done += 1
