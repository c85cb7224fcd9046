"""Einstein sums as products of matrices, which every backend of TensorFlow.js computes.

Attention layers and EinsumDense are made of them; the WebAssembly backend has no Einsum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from string import ascii_uppercase
from typing import Any

from builder.model.kernels.nodes import Chain
from builder.model.kernels.shapes import Shapes


@dataclass(frozen=True)
class _Term:
    """One operand: its tensor, and a letter for each of its axes."""

    tensor: str
    axes: str


def as_products(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of an Einsum of one or two tensors; the last has its name.

    Another Einsum (of three tensors and more, or along a diagonal) stays as it is.
    """
    operands = [shapes.of(reference, node.name) for reference in node.input]
    terms = _lettered(node.attr["equation"].s.decode(), [len(shape) for shape in operands])
    if terms is None:
        return [node]
    *taken, result = terms
    sizes: dict[str, int] = {}
    for axes, shape in zip(taken, operands, strict=True):
        for axis, side in zip(axes, shape, strict=True):
            if sizes.setdefault(axis, side) != side:
                return [node]  # broadcast
    chain = Chain(node)
    parts = [_Term(*pair) for pair in zip(node.input, taken, strict=True)]
    lonely = [
        _summed(chain, part, "".join(other.axes for other in parts if other is not part) + result)
        for part in parts
    ]
    made = lonely[0] if len(lonely) == 1 else _product(chain, lonely[0], lonely[1], result, sizes)
    order = [made.axes.index(axis) for axis in result]
    return chain.ended(chain.transposed(made.tensor, order))


def _lettered(equation: str, ranks: Sequence[int]) -> list[str] | None:
    """Return the letters of each operand and of the result, those for "..." made up.

    None for an equation that is not split here.
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if not arrow or len(terms) != len(ranks) or len(terms) > 2:
        return None
    extra = [rank - len(term.replace("...", "")) for term, rank in zip(terms, ranks, strict=True)]
    letters = "".join(letter for letter in ascii_uppercase if letter not in equation)
    longest = max(extra)
    if min(extra) < 0 or longest > len(letters):
        return None
    lettered = [
        term.replace("...", letters[longest - more : longest])
        for term, more in zip([*terms, right], [*extra, longest], strict=True)
    ]
    whole = all(len(axes) == rank for axes, rank in zip(lettered, ranks, strict=False))
    distinct = all(len(set(axes)) == len(axes) for axes in lettered)
    known = set(lettered[-1]) <= set("".join(lettered[:-1]))
    return lettered if whole and distinct and known else None


def _summed(chain: Chain, term: _Term, needed: str) -> _Term:
    """Sum over the axes that nothing else has."""
    gone = [place for place, axis in enumerate(term.axes) if axis not in needed]
    kept = "".join(axis for axis in term.axes if axis in needed)
    return _Term(chain.summed(term.tensor, gone), kept)


def _product(chain: Chain, left: _Term, right: _Term, result: str, sizes: dict[str, int]) -> _Term:
    """Return the product of two tensors as one of matrices, or of a batch of matrices."""
    both = [axis for axis in left.axes if axis in right.axes]
    batch = "".join(axis for axis in both if axis in result)
    inner = "".join(axis for axis in both if axis not in result)
    rows = "".join(axis for axis in left.axes if axis not in both)
    columns = "".join(axis for axis in right.axes if axis not in both)
    first, flip_first = _matrices(chain, left, batch, (rows, inner), sizes)
    second, flip_second = _matrices(chain, right, batch, (inner, columns), sizes)
    product = chain.add("BatchMatMulV2" if batch else "MatMul", [first, second])
    names = ("adj_x", "adj_y") if batch else ("transpose_a", "transpose_b")
    for name, flip in zip(names, (flip_first, flip_second), strict=True):
        product.attr[name].b = flip
    flat = [prod(sizes[a] for a in axes) for axes in ([batch] if batch else []) + [rows, columns]]
    axes = batch + rows + columns
    shaped = chain.reshaped(product.name, flat, [sizes[axis] for axis in axes])
    return _Term(shaped, axes)


def _matrices(
    chain: Chain, term: _Term, batch: str, sides: tuple[str, str], sizes: dict[str, int]
) -> tuple[str, bool]:
    """Return a tensor as matrices, and whether each is flipped to spare moving its axes."""
    is_flipped = term.axes == batch + sides[1] + sides[0] != batch + sides[0] + sides[1]
    ordered = sides[::-1] if is_flipped else sides
    axes = batch + "".join(ordered)
    moved = chain.transposed(term.tensor, [term.axes.index(axis) for axis in axes])
    groups = [*([batch] if batch else []), *ordered]
    flat = [prod(sizes[axis] for axis in group) for group in groups]
    return chain.reshaped(moved, [sizes[axis] for axis in axes], flat), is_flipped
