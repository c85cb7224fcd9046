"""Einstein sums are computed as TensorFlow does, by products of matrices."""

import pytest

from builder.model.kernels.rewrite import with_right_kernels
from builder.model.setup import tensorflow
from tests.unit.model.kernels.graphs import frozen, operators, run, values

tf = tensorflow()
import numpy as np  # noqa: E402


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ab,bc->ac", [(2, 3), (3, 4)]),
        ("ab,cb->ac", [(2, 3), (4, 3)]),
        ("ba,bc->ac", [(3, 2), (3, 4)]),
        ("abc,cd->abd", [(1, 5, 3), (3, 4)]),
        # Projection, scores, weighting and output of multi-head attention.
        ("abc,cde->abde", [(1, 5, 3), (3, 2, 4)]),
        ("aecd,abcd->acbe", [(1, 6, 2, 4), (1, 5, 2, 4)]),
        ("acbe,aecd->abcd", [(1, 2, 5, 6), (1, 6, 2, 4)]),
        ("abcd,cde->abe", [(1, 5, 2, 4), (2, 4, 3)]),
        ("BTNH,BSNH->BNTS", [(1, 5, 2, 4), (1, 6, 2, 4)]),
        ("bij,bjk->bik", [(2, 3, 4), (2, 4, 5)]),
        ("bij,bkj->bki", [(2, 3, 4), (2, 5, 4)]),
        ("abc,abd->acd", [(1, 5, 3), (1, 5, 4)]),
        ("i,j->ij", [(3,), (4,)]),
        ("i,i->", [(3,), (3,)]),
        ("ij,jk->k", [(2, 3), (3, 4)]),
        ("ijk,jl->l", [(2, 3, 4), (3, 5)]),
        ("ab,ab->ba", [(2, 3), (2, 3)]),
        ("...ij,jk->...ik", [(1, 2, 3, 4), (4, 5)]),
        ("...ij,...jk->...ik", [(1, 2, 3, 4), (1, 2, 4, 5)]),
        (" a b , b c -> c a ", [(2, 3), (3, 4)]),
        ("ab,bc,cd->ad", [(2, 3), (3, 4), (4, 5)]),
        ("abc->cab", [(2, 3, 4)]),
        ("abc->b", [(2, 3, 4)]),
        ("abc->abc", [(2, 3, 4)]),
    ],
)
def test_an_einsum_becomes_products(equation: str, shapes: list[tuple[int, ...]]) -> None:
    inputs = [values(*shape, seed=seed) for seed, shape in enumerate(shapes)]
    graph, names, output = frozen(lambda *parts: tf.einsum(equation, *parts), *inputs)
    rewritten = with_right_kernels(graph)
    assert "Einsum" not in operators(rewritten)
    np.testing.assert_allclose(
        run(rewritten, names, output, *inputs), np.einsum(equation, *inputs), atol=1e-5
    )


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("aa->a", [(3, 3)]),
        ("...a,...a->...", [(1, 3), (2, 3)]),
    ],
)
def test_other_einsums_stay_for_the_list_of_operators_to_name(
    equation: str, shapes: list[tuple[int, ...]]
) -> None:
    inputs = [values(*shape) for shape in shapes]
    einsum = tf.raw_ops.Einsum
    graph, *_ = frozen(lambda *parts: einsum(inputs=parts, equation=equation), *inputs)
    assert "Einsum" in operators(with_right_kernels(graph))


def test_an_operand_whose_axes_lie_right_is_not_moved() -> None:
    left, right = values(1, 2, 5, 4), values(1, 2, 6, 4)
    graph, *_ = frozen(lambda a, b: tf.einsum("bnth,bnsh->bnts", a, b), left, right)
    assert "Transpose" not in operators(with_right_kernels(graph))
