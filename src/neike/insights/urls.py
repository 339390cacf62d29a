"""What the numbers show on pages of their own."""

from django.urls import path

from neike.insights import views
from neike.insights.views import backtests, board, maps

app_name = "insights"

urlpatterns = [
    path("loop/list/", views.behind, name="list"),
    path("board/", board.board, name="board"),
    path("map/", maps.graph, name="map"),
    path("map/matrix/", maps.matrix, name="map_matrix"),
    path("map/compare/", maps.compare, name="map_compare"),
    path("map/export.csv", maps.as_csv, name="map_csv"),
    path("map/export.svg", maps.as_svg, name="map_svg"),
    path("map/matrix.svg", maps.matrix_as_svg, name="map_matrix_svg"),
    path("map/relation/", maps.relation, name="map_relation"),
    path("map/propose/", maps.propose, name="map_propose"),
    path("map/recount/", maps.recount, name="map_recount"),
    path("map/fresh/", maps.freshness, name="map_fresh"),
    path("back-test/<uuid:public_id>/", backtests.back_test, name="back_test"),
    path("back-test/<uuid:public_id>/ask/", backtests.ask, name="back_test_ask"),
    path("back-test/<uuid:public_id>/progress/", backtests.progress, name="back_test_progress"),
]
