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


@intrinsic(prefer_literal=True)
def tile(
    typing: Any,
    rows: Any,
    vectors: Any,
    a: Any,
    a_row: Any,
    a_k: Any,
    inner: Any,
    outer: Any,
    a_outer: Any,
    b: Any,
    b_k: Any,
    c: Any,
    c_row: Any,
    add: Any,
) -> Any:
    """Multiplies a tile of so many rows and vectors, both written as constants: see `product`."""
    height, breadth = rows.literal_value, vectors.literal_value

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        _generate_tile(builder, height, breadth, *arguments[2:])
        return context.get_dummy_value()

    integers = [types.intp] * 10
    return types.void(rows, vectors, *integers, types.boolean), generate


def number(value: int) -> Any:
    return ir.Constant(_INT, value)


def _generate_tile(
    builder: Any,
    rows: int,
    vectors: int,
    a: Any,
    a_row: Any,
    a_k: Any,
    inner: Any,
    outer: Any,
    a_outer: Any,
    b: Any,
    b_k: Any,
    c: Any,
    c_row: Any,
    add: Any,
) -> None:
    """Two loops over k, `outer` and `inner`, with all sums of the tile in registers."""
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
def tiles(
    vectors: int,
    most: int,
    a: Any,
    a_row: int,
    a_k: int,
    inner_k: int,
    outer_k: int,
    a_outer: int,
    b: Any,
    b_k: int,
    c: Any,
    c_row: int,
    rows: int,
    add: bool,
) -> None:
    """C = A · B for a panel B of so many vectors, in tiles of `most` rows; or C += A · B.

    a, b, c: pointers to the first number of each
    a_row:   floats from a row of A to the next
    a_k:     floats from a number of a row to the next, `inner_k` times; that is repeated `outer_k`
             times at distances of `a_outer`, for an A that is in panels itself
    b_k:     floats from a row of the panel to the next
    c_row:   floats from a row of C to the next
    """
    left = rows
    while left > 0:
        if left >= most:
            tile(most, vectors, a, a_row, a_k, inner_k, outer_k, a_outer, b, b_k, c, c_row, add)
            done = most
        elif left >= 4:
            tile(4, vectors, a, a_row, a_k, inner_k, outer_k, a_outer, b, b_k, c, c_row, add)
            done = 4
        elif left >= 2:
            tile(2, vectors, a, a_row, a_k, inner_k, outer_k, a_outer, b, b_k, c, c_row, add)
            done = 2
        else:
            tile(1, vectors, a, a_row, a_k, inner_k, outer_k, a_outer, b, b_k, c, c_row, add)
            done = 1
        a += BYTES * done * a_row
        c += BYTES * done * c_row
        left -= done


ROWS_2, ROWS_3, ROWS_4 = tile_rows(2), tile_rows(3), tile_rows(4)


def product_2(
    a: Any,
    a_row: int,
    a_k: int,
    inner_k: int,
    outer_k: int,
    a_outer: int,
    b: Any,
    b_k: int,
    c: Any,
    c_row: int,
    rows: int,
    add: bool,
) -> None:
    tiles(2, ROWS_2, a, a_row, a_k, inner_k, outer_k, a_outer, b, b_k, c, c_row, rows, add)


def product_3(
    a: Any,
    a_row: int,
    a_k: int,
    inner_k: int,
    outer_k: int,
    a_outer: int,
    b: Any,
    b_k: int,
    c: Any,
    c_row: int,
    rows: int,
    add: bool,
) -> None:
    tiles(3, ROWS_3, a, a_row, a_k, inner_k, outer_k, a_outer, b, b_k, c, c_row, rows, add)


def product_4(
    a: Any,
    a_row: int,
    a_k: int,
    inner_k: int,
    outer_k: int,
    a_outer: int,
    b: Any,
    b_k: int,
    c: Any,
    c_row: int,
    rows: int,
    add: bool,
) -> None:
    tiles(4, ROWS_4, a, a_row, a_k, inner_k, outer_k, a_outer, b, b_k, c, c_row, rows, add)


@cache
def product_with(vectors: int) -> int:
    """The address of `tiles` for panels of two, three or four vectors.

    Kernels call it by address (`product`): what they called by name would be compiled again as a
    part of each of them, and takes as long as all the rest.
    """
    function = {2: product_2, 3: product_3, 4: product_4}[vectors]
    signature = types.void(*[types.intp] * 11, types.boolean)
    return address_of(function, signature, **OPTIONS)


@intrinsic
def product(typing: Any, function: Any, a: Any, b: Any, c: Any, rows: Any, add: Any) -> Any:
    """Calls what `product_with` returned, with the arguments of `tiles`.

    a: (pointer, a_row, a_k, inner_k, outer_k, a_outer)
    b: (pointer, b_k)
    c: (pointer, c_row)
    """

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        address, *matrices, rows, add = arguments
        kind = ir.FunctionType(ir.VoidType(), [_INT] * 11 + [ir.IntType(8)])
        numbers = [one for matrix in matrices for one in cgutils.unpack_tuple(builder, matrix)]
        add = builder.zext(add, ir.IntType(8))
        builder.call(builder.inttoptr(address, kind.as_pointer()), [*numbers, rows, add])
        return context.get_dummy_value()

    matrices = [UniTuple(types.intp, count) for count in (6, 2, 2)]
    return types.void(types.intp, *matrices, types.intp, types.boolean), generate
