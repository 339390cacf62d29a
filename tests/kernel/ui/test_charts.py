"""Charts carry the same numbers for the eye and for reading."""

import pytest

from neike.kernel.ui import charts


def test_a_line_chart_reads_as_a_table_with_its_interval():
    chart = charts.line_chart(
        ["W1", "W2"],
        [charts.Series("IT", [90.5, None], low=[80, None], high=[95, None])],
        axis="Week",
        unit="%",
    )

    assert chart.table == charts.Table(["Week", "IT"], [["W1", "90.5% (80–95%)"], ["W2", "–"]])
    assert chart.as_json()["kind"] == "line"
    assert chart.as_json()["series"][0]["values"] == [90.5, None]


def test_a_matrix_leaves_out_what_is_unknown():
    chart = charts.heatmap("n", ["a", "b"], ["x"], [[3, None]], axis="row")

    assert chart.as_json()["cells"] == [[0, 0, 3]]
    assert chart.table.rows == [["x", "3", "–"]]


def test_a_graph_names_both_ends_of_every_arrow():
    nodes = [charts.Node("a", "IT", 0, 0), charts.Node("b", "Sales", 1, 1)]
    chart = charts.graph(nodes, [charts.Edge("a", "b", "12 requests")], head=("from", "to", "what"))

    assert chart.table.rows == [["IT", "Sales", "12 requests"]]


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        charts.bar_chart(["a"], [charts.Series("s", [1, 2])], axis="x")
    with pytest.raises(ValueError, match="matrix"):
        charts.heatmap("n", ["a"], ["x"], [[1, 2]], axis="x")
    with pytest.raises(ValueError, match="unknown end"):
        charts.graph([charts.Node("a", "A", 0, 0)], [charts.Edge("a", "z", "")], head=("", "", ""))
    with pytest.raises(ValueError, match="unknown tone"):
        charts.Series("s", [1], tone="pink")
    with pytest.raises(ValueError, match="every list needs 1"):
        charts.Series("s", [1], hrefs=[])
