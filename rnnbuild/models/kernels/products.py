"""Products of matrices with a matrix in panels: what BLAS does inside, for weights packed once.

A matrix of B is in panels where `vectors` vectors of a row's numbers lie together, then those of
the next row. A tile, some rows of A times a panel, stays in registers for as long as it takes to
add up all of its products (Goto and van de Geijn 2008; the micro-kernel of BLIS). Each number of a
result is one sum, in the order of k, so that it depends neither on the tiles nor on how rows and
panels are shared among threads.
"""

from functools import cache
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.types.containers import UniTuple
from numba.extending import intrinsic

from rnnbuild.models.kernels.compiled import address_of
from rnnbuild.models.kernels.functions import OPTIONS, inline
from rnnbuild.models.kernels.vectors import (
    BYTES,
    LANES,
    REGISTERS,
    address,
    load_from,
    splat,
    store_to,
)

_INT = ir.IntType(64)
_VECTOR = ir.VectorType(ir.FloatType(), LANES)
MOST_ROWS = 8
"""Rows of a tile at most: further ones would not be faster, but leave longer remainders."""
K_AT_ONCE = 256
"""Rows of a panel that are added up before the next tile reads them again, from the cache."""


def tile_rows(vectors: int) -> int:
    """The most rows of a tile whose sums, a panel's row and a number of A fit into registers."""
    return min(MOST_ROWS, (REGISTERS - vectors - 1) // vectors)


A = UniTuple(types.intp, 6)
"""A matrix of numbers: (pointer, row, k, inner, outer, next outer).

row:   floats from a row to the next
k:     floats from a number of a row to the next, `inner` times; that is repeated `outer` times at
       distances of `next outer`, for a matrix that is in panels itself
"""
B = C = UniTuple(types.intp, 2)
"""A panel, and a matrix to be filled: (pointer, floats from a row to the next)."""


@intrinsic(prefer_literal=True)
def tile(typing: Any, rows: Any, vectors: Any, a: Any, b: Any, c: Any, add: Any) -> Any:
    """Multiplies a tile of so many rows and vectors, both written as constants: see `tiles`."""
    height, breadth = rows.literal_value, vectors.literal_value

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        a, b, c = (cgutils.unpack_tuple(builder, matrix) for matrix in arguments[2:5])
        _generate_tile(builder, height, breadth, a, b, c, arguments[5])
        return context.get_dummy_value()

    return types.void(rows, vectors, A, B, C, types.boolean), generate


def number(value: int) -> Any:
    return ir.Constant(_INT, value)


def _generate_tile(
    builder: Any, rows: int, vectors: int, a_numbers: Any, b_numbers: Any, c_numbers: Any, add: Any
) -> None:
    """Two loops over k, `outer` and `inner`, with all sums of the tile in registers."""
    a, a_row, a_k, inner, outer, a_outer = a_numbers
    (b, b_k), (c, c_row) = b_numbers, c_numbers
    at = [
        [
            address(builder, c, builder.add(builder.mul(c_row, number(row)), number(v * LANES)))
            for v in range(vectors)
        ]
        for row in range(rows)
    ]
    zero = ir.Constant(_VECTOR, [0.0] * LANES)
    fused = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(_VECTOR, [_VECTOR] * 3), f"llvm.fmuladd.v{LANES}f32"
    )
    start, load_sums, next_outer, next_inner, after_inner, done = (
        builder.append_basic_block(name)
        for name in ("start", "sums", "outer", "inner", "after", "done")
    )
    before = builder.block
    add_bit = builder.trunc(add, ir.IntType(1)) if add.type != ir.IntType(1) else add
    builder.cbranch(add_bit, load_sums, start)
    builder.position_at_end(load_sums)
    given = [[load_from(builder, place) for place in row] for row in at]
    builder.branch(start)

    def phis(block: Any) -> Any:
        builder.position_at_end(block)
        return [[builder.phi(_VECTOR) for _ in range(vectors)] for _ in range(rows)]

    def arrive(sums: Any, values: Any, block: Any) -> None:
        for row in range(rows):
            for v in range(vectors):
                sums[row][v].add_incoming(values[row][v], block)

    first = phis(start)
    arrive(first, [[zero] * vectors] * rows, before)
    arrive(first, given, load_sums)
    builder.branch(next_outer)

    outer_sums = phis(next_outer)
    o, b_outer, a_start = builder.phi(_INT), builder.phi(_INT), builder.phi(_INT)
    arrive(outer_sums, first, start)
    for phi in (o, b_outer, a_start):
        phi.add_incoming(number(0), start)
    builder.branch(next_inner)

    sums = phis(next_inner)
    i, b_at, a_at = builder.phi(_INT), builder.phi(_INT), builder.phi(_INT)
    arrive(sums, outer_sums, next_outer)
    for phi, value in ((i, number(0)), (b_at, b_outer), (a_at, a_start)):
        phi.add_incoming(value, next_outer)
    row_of_b = [
        load_from(builder, address(builder, b, builder.add(b_at, number(v * LANES))))
        for v in range(vectors)
    ]
    totals = []
    for row in range(rows):
        place = address(builder, a, builder.add(builder.mul(a_row, number(row)), a_at))
        value = builder.load(place)
        value.align = BYTES
        spread = splat(builder, value)
        totals.append(
            [builder.call(fused, [spread, row_of_b[v], sums[row][v]]) for v in range(vectors)]
        )
    arrive(sums, totals, next_inner)
    following = builder.add(i, number(1))
    b_next, a_next = builder.add(b_at, b_k), builder.add(a_at, a_k)
    for phi, value in ((i, following), (b_at, b_next), (a_at, a_next)):
        phi.add_incoming(value, next_inner)
    builder.cbranch(builder.icmp_signed("<", following, inner), next_inner, after_inner)

    builder.position_at_end(after_inner)
    following = builder.add(o, number(1))
    arrive(outer_sums, totals, after_inner)
    for phi, value in ((o, following), (b_outer, b_next), (a_start, builder.add(a_start, a_outer))):
        phi.add_incoming(value, after_inner)
    builder.cbranch(builder.icmp_signed("<", following, outer), next_outer, done)

    builder.position_at_end(done)
    for row in range(rows):
        for v in range(vectors):
            store_to(builder, totals[row][v], at[row][v])


@inline
def tiles(vectors: int, most: int, a: Any, b: Any, c: Any, rows: int, add: bool) -> None:
    """C = A · B for a panel B of so many vectors, in tiles of `most` rows; or C += A · B.

    a, b, c: as `A`, `B` and `C` say
    """
    at_a, at_c, left = a[0], c[0], rows
    while left > 0:
        own, to = (at_a, a[1], a[2], a[3], a[4], a[5]), (at_c, c[1])
        if left >= most:
            tile(most, vectors, own, b, to, add)
            done = most
        elif left >= 4:
            tile(4, vectors, own, b, to, add)
            done = 4
        elif left >= 2:
            tile(2, vectors, own, b, to, add)
            done = 2
        else:
            tile(1, vectors, own, b, to, add)
            done = 1
        at_a += BYTES * done * a[1]
        at_c += BYTES * done * c[1]
        left -= done


@cache
def product_with(vectors: int) -> int:
    """The address of `tiles` for panels of two, three or four vectors.

    Kernels call it by address (`product`): what they called by name would be compiled again as a
    part of each of them, and takes as long as all the rest.
    """
    most = tile_rows(vectors)

    # Plain numbers, in the order of `A`, `B` and `C`, which C's convention knows.
    def product(
        a: Any,
        a_row: int,
        a_k: int,
        inner: int,
        outer: int,
        a_outer: int,
        b: Any,
        b_k: int,
        c: Any,
        c_row: int,
        rows: int,
        add: bool,
    ) -> None:
        matrix = (a, a_row, a_k, inner, outer, a_outer)
        tiles(vectors, most, matrix, (b, b_k), (c, c_row), rows, add)

    # The code is cached by the name.
    product.__name__ = f"product_{vectors}"
    return address_of(product, types.void(*[types.intp] * 11, types.boolean), **OPTIONS)


@intrinsic
def product(typing: Any, function: Any, a: Any, b: Any, c: Any, rows: Any, add: Any) -> Any:
    """Calls what `product_with` returned, with the arguments of `tiles`."""

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        address, *matrices, rows, add = arguments
        kind = ir.FunctionType(ir.VoidType(), [_INT] * 11 + [ir.IntType(8)])
        numbers = [one for matrix in matrices for one in cgutils.unpack_tuple(builder, matrix)]
        add = builder.zext(add, ir.IntType(8))
        builder.call(builder.inttoptr(address, kind.as_pointer()), [*numbers, rows, add])
        return context.get_dummy_value()

    return types.void(types.intp, A, B, C, types.intp, types.boolean), generate
