"""Every component renders with representative attributes, and refuses words it does not know."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from neike.kernel import ui
from neike.kernel.ui import charts

FOLDER = Path(ui.__file__).parent / "templates" / "cotton"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

# component -> what one writes, and what must be in the page
SAMPLES = {
    "alert": ('<c-alert tone="error" title="T">text</c-alert>', "text"),
    "avatar": ('<c-avatar name="陈思远" label="陈思远" />', 'aria-label="陈思远"'),
    "badge": ('<c-badge tone="success" icon="met">Done</c-badge>', "nk-tone-success"),
    "breadcrumbs": ('<c-breadcrumbs :trail="trail" />', '<span aria-current="page">R-1</span>'),
    "button": ('<c-button tone="primary" icon="send" hx-post="/x">Go</c-button>', 'hx-post="/x"'),
    "card": ('<c-card title="T" subtitle="S">body</c-card>', "<h2"),
    "chart": ('<c-chart id="c" :chart="chart" title="T" />', 'id="c-data"'),
    "copy": ('<c-copy text="R-1" />', 'data-copy="R-1"'),
    "dialog": ('<c-dialog id="d" title="T">b</c-dialog>', 'aria-labelledby="d-title"'),
    "due_chip": ('<c-due-chip state="late" text="1 h" />', "Overdue"),
    "empty": ('<c-empty title="T" art="loop">why</c-empty>', "why"),
    "facts": ("<c-facts><div><dt>a</dt><dd>b</dd></div></c-facts>", "<dl"),
    "field": (
        '<c-field :field="form.name" />',
        'aria-describedby="id_name_helptext id_name_error"',
    ),
    "form_errors": ('<c-form-errors :form="form" />', 'href="#id_name"'),
    "icon": ('<c-icon name="search" label="Find" />', 'aria-label="Find"'),
    "interval_bar": ('<c-interval-bar value="96" low="92" high="98" label="L" />', 'x1="92.0"'),
    "kbd": ("<c-kbd>K</c-kbd>", "<kbd"),
    "link_button": ('<c-link-button href="/x">L</c-link-button>', 'href="/x"'),
    "logo": ("<c-logo />", "<svg"),
    "loop_art": ("<c-loop-art />", "<svg"),
    "loop_ring": ('<c-loop-ring :steps="steps" label="L" />', "1/2"),
    "menu": ('<c-menu label="More">x</c-menu>', "<summary"),
    "menu_item": ('<c-menu-item href="/x" icon="edit">E</c-menu-item>', 'href="/x"'),
    "moment": (
        '<c-moment icon="note" who="A" :at="now">m</c-moment>',
        "Mon 2 Mar 2026 02:00 UTC</time>",
    ),
    "page_header": ('<c-page-header title="T" overline="O" />', "<h1"),
    "pager": ('<c-pager next="?after=1" text="1" />', 'rel="next"'),
    "person_chip": ('<c-person-chip name="王芳" note="IT" />', "芳"),
    "progress": ('<c-progress value="18" total="24" label="L" />', "18 of 24"),
    "sparkline": ('<c-sparkline :values="values" label="L" />', 'aria-label="L"'),
    "stat": ('<c-stat label="L" value="38" n="3" href="/x" />', "n = 3"),
    "steps": ('<c-steps :steps="steps" label="L" />', 'aria-current="step"'),
    "tab": ('<c-tab href="/x" current count="3">T</c-tab>', 'aria-current="page"'),
    "table": ('<c-table caption="C" cards><tr><td>1</td></tr></c-table>', "nk-table-cards"),
    "tabs": ('<c-tabs label="L">x</c-tabs>', "<nav"),
    "timeline": ('<c-timeline label="L">x</c-timeline>', "<ol"),
    "toast": ('<c-toast tone="success">ok</c-toast>', "data-toast-leaves"),
}


class SampleForm(forms.Form):
    name = forms.CharField(help_text="h", error_messages={"required": "r"})


def context():
    return {
        "now": NOW,
        "trail": [("Home", "/"), ("R-1", "")],
        "chart": charts.bar_chart(["a"], [charts.Series("s", [1])], axis="x"),
        "form": SampleForm(data={}),
        "steps": [
            {"state": "done", "label": "A", "figure": "1"},
            {"state": "current", "label": "B", "note": "n"},
        ],
        "values": [1, None, 3],
    }


def render(source):
    with translation.override("en"):
        return engines["django"].from_string(compiled(source)).render(context())


def compiled(source):
    return CottonCompiler().process(source)


def test_every_component_has_a_sample():
    assert {file.stem for file in FOLDER.glob("*.html")} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_component_renders(name):
    source, expected = SAMPLES[name]

    page = render(source)

    assert expected in page
    assert "{{" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('<c-badge tone="pink">x</c-badge>', "unknown tone 'pink'"),
        ('<c-button tone="huge">x</c-button>', "unknown button tone 'huge'"),
        ('<c-button size="xxl">x</c-button>', "unknown size 'xxl'"),
        ('<c-due-chip state="maybe" />', "unknown due state 'maybe'"),
        ('<c-icon name="unicorn" />', "unknown icon 'unicorn'"),
    ],
)
def test_a_word_the_kit_does_not_know_fails_loudly(source, complaint):
    with pytest.raises(ValueError, match=complaint):
        render(source)


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_people_typed_is_never_markup(hostile):
    page = (
        engines["django"]
        .from_string(
            compiled(
                '<c-person-chip :name="name" :note="name" /><c-badge>{{ name }}</c-badge>'
                '<c-due-chip state="ok" :text="name" :title="name" /><c-copy :text="name" />'
                '<c-stat :label="name" :value="name" :note="name" /><c-empty :title="name">{{ name }}</c-empty>'
                '<c-chart id="c" :chart="chart" :title="name" /><c-dialog id="d" :title="name">{{ name }}</c-dialog>'
            )
        )
        .render(
            {
                "name": hostile,
                "chart": charts.bar_chart([hostile], [charts.Series(hostile, [1])], axis=hostile),
            }
        )
    )

    assert "<script>alert" not in page
    assert "<img" not in page
