"""A graph of very many arrows travels as columns."""

import pytest

from neike.kernel.ui.dense import DenseEdges, DenseNodes, dense_graph

NODES = DenseNodes(["IT", "HR"], ["a", "b"], [0.0, 1.0], [0.5, 0.5], [14.0, 20.0])
LOOKS = [{"tone": "primary", "style": "solid"}]


def drawn(edges, looks=LOOKS):
    return dense_graph(NODES, edges, looks=looks, words=["few"], node_href="/{key}", edge_href="")


def test_every_arrow_is_an_entry_of_every_column():
    found = drawn(DenseEdges([0, 1], [1, 0], [0, 0], [0, 0], [10, 25], {1: "/r/"})).as_json()

    assert found["kind"] == "dense"
    assert found["nodes"]["name"] == ["IT", "HR"]
    assert found["edges"] == {
        "source": [0, 1],
        "target": [1, 0],
        "look": [0, 0],
        "words": [0, 0],
        "width": [10, 25],
    }
    assert found["hrefs"] == {"/r/": [1]}


@pytest.mark.parametrize(
    ("edges", "looks", "said"),
    [
        (DenseEdges([0], [2], [0], [0], [1]), LOOKS, "unknown end"),
        (DenseEdges([0], [1], [0], [0], []), LOOKS, "every column"),
        (DenseEdges([0], [1], [0], [0], [1]), [{"tone": "pink", "style": "solid"}], "pink"),
    ],
    ids=["unknown end", "short column", "unknown tone"],
)
def test_what_does_not_fit_is_refused(edges, looks, said):
    with pytest.raises(ValueError, match=said):
        drawn(edges, looks)
