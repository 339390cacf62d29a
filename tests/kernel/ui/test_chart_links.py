"""A matrix whose cells open lists."""

import pytest

from neike.kernel.ui.charts import heatmap


def test_cells_of_a_matrix_open_their_list():
    chart = heatmap("m", ["a", "b"], ["c"], [[1, None]], axis="x", hrefs=[["/one", ""]])

    assert chart.as_json()["cells"] == [[0, 0, 1, "/one"]]


def test_links_must_fit_the_matrix():
    with pytest.raises(ValueError, match="must be 1 rows of 2"):
        heatmap("m", ["a", "b"], ["c"], [[1, None]], axis="x", hrefs=[["/one"]])
