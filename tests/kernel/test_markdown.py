"""People's own words: formatting works, nothing else does."""

import random
import time
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from neike.kernel.texts import markdown

FILE = "019be0e8-8a6c-7c3e-9f5a-1c2d3e4f5a6b"
TAGS = {
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "s",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "img",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
HTMX = [
    "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-on", "hx-on:click", "hx-on::load", "hx-trigger",
    "hx-vals", "hx-vars", "hx-headers", "hx-include", "hx-target", "hx-select", "hx-select-oob", "hx-swap",
    "hx-swap-oob", "hx-boost", "hx-push-url", "hx-replace-url", "hx-confirm", "hx-disable", "hx-disabled-elt",
    "hx-ignore", "hx-ext", "hx-encoding", "hx-history", "hx-history-elt", "hx-indicator", "hx-inherit",
    "hx-disinherit", "hx-params", "hx-preserve", "hx-prompt", "hx-request", "hx-sync", "hx-validate", "hx-ws",
    "hx-sse", "hx-action", "hx-method", "hx-config", "hx-get:inherited",
]  # fmt: skip


class Seen(HTMLParser):
    """An independent reader of HTML that notes every tag and attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Seen(html).found:
        assert tag in TAGS
        if tag == "a":
            assert set(attributes) <= {"href", "rel"}
            assert attributes["rel"] == "noopener nofollow ugc"
            href = (attributes.get("href") or "").lower()
            assert href.startswith(("http://", "https://", "mailto:", "/files/")) or not href
        elif tag == "img":
            assert set(attributes) <= {"src", "alt"}
            assert (attributes.get("src") or "/files/").startswith("/files/")
        else:
            assert set(attributes) <= ({"start"} if tag == "ol" else set())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**重要** and *soft*", "<p><strong>重要</strong> and <em>soft</em></p>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("# Title", "<h3>Title</h3>\n"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
        (
            "[docs](https://example.com/a?b=1&c=2)",
            '<p><a href="https://example.com/a?b=1&amp;c=2" rel="noopener nofollow ugc">docs</a></p>\n',
        ),
        (
            "见https://example.com/路径。",
            '<p>见<a href="https://example.com/" rel="noopener nofollow ugc">https://example.com/</a>路径。</p>\n',
        ),
        (
            "(see http://a.example/x.)",
            '<p>(see <a href="http://a.example/x" rel="noopener nofollow ugc">http://a.example/x</a>.)</p>\n',
        ),
        ("`http://a.example`", "<p><code>http://a.example</code></p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](/account/logout/)", "<p>[x](/account/logout/)</p>\n"),
        ("[x](//evil.example)", "<p>[x](//evil.example)</p>\n"),
        (f"![p](attachment:{FILE})", f'<p><img src="/files/{FILE}/preview/" alt="p"></p>\n'),
        (
            f"[f](attachment:{FILE})",
            f'<p><a href="/files/{FILE}/" rel="noopener nofollow ugc">f</a></p>\n',
        ),
        (
            "![track](https://evil.example/p.gif)",
            '<p><a href="https://evil.example/p.gif" rel="noopener nofollow ugc">track</a></p>\n',
        ),
        ("![x](data:image/png;base64,AA)", "<p>![x](data:image/png;base64,AA)</p>\n"),
    ],
)
def test_what_is_written_and_what_is_shown(text, html):
    assert markdown.render(text) == html


def test_a_table_is_a_table_without_styles():
    html = markdown.render("|a|b|\n|:-|-:|\n|1|2|\n")

    assert [tag for tag, _attributes in Seen(html).found] == [
        "table",
        "thead",
        "tr",
        "th",
        "th",
        "tbody",
        "tr",
        "td",
        "td",
    ]
    assert_harmless(html)


@pytest.mark.parametrize("attribute", HTMX)
def test_htmx_attributes_are_stripped_in_every_form(attribute):
    for form in (attribute, f"data-{attribute}", attribute.upper()):
        assert markdown.clean(f'<p {form}="/x">y</p>') == "<p>y</p>"
        assert_harmless(
            markdown.render(f'<p {form}="/x">y</p>\n\n[a](https://e.example "{form}=1")')
        )


@pytest.mark.parametrize(
    "attribute",
    [
        "id",
        "class",
        "style",
        "name",
        "title",
        "onclick",
        "x-data",
        "@click",
        ":class",
        "data-x",
        "target",
        "srcset",
    ],
)
def test_no_other_attribute_survives(attribute):
    assert markdown.clean(f'<p {attribute}="x">y</p>') == "<p>y</p>"


@pytest.mark.parametrize(
    "tag",
    [
        "script",
        "style",
        "iframe",
        "object",
        "form",
        "input",
        "svg",
        "math",
        "template",
        "base",
        "meta",
        "link",
        "video",
    ],
)
def test_no_other_element_survives(tag):
    assert f"<{tag}" not in markdown.clean(f"<{tag} src=x>y</{tag}>")


PIECES = [
    "<", ">", "</", "/>", '"', "'", "`", "```", "\n", "\n\n", " ", "\t", "*", "**", "_", "~~", "#", "- ", "1. ", "> ", "|", "---",
    "[", "]", "(", ")", "![", "](", "](javascript:", "](data:text/html,", "](http://", f"](attachment:{FILE})", "attachment:",
    "<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href=javascript:alert(1)>", "<svg/onload=alert(1)>",
    "<p hx-get=/x>", "<div data-hx-get=/x>", "<style>", "<math><mtext>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#x6a;",
    "&Tab;", "&colon;", "javascript:", "JaVaScRiPt:", "vbscript:", "http://", "https://e.example/", "mailto:a@b.example",
    "//e.example", "\\", "\x00", "\u202e", "\u200b", "\u3000", "报销", "。", "x", "onload=", "style=", "id=", "<noscript>", "<template>",
]  # fmt: skip


def test_two_thousand_strings_from_a_grammar_of_attacks_are_harmless_and_stay_as_they_are():
    chance = random.Random(2026)  # noqa: S311 - a fixed seed
    for _ in range(2000):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 25)))
        for html in (markdown.render(text), markdown.clean(text)):
            assert_harmless(html)
            assert markdown.clean(html) == html, text


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_harmless_and_cleaning_twice_changes_nothing(text):
    html = markdown.render(text)

    assert_harmless(html)
    assert markdown.clean(html) == html


@pytest.mark.parametrize(
    "unit", ["[", "![", "*", "**a", "> ", "`", "<", "- ", "|a", "https://a.example/ ", "(", "_a"]
)
def test_long_hostile_texts_take_time_in_proportion(unit):
    def seconds(count: int) -> float:
        begun = time.process_time()
        markdown.render(unit * count)
        return time.process_time() - begun

    seconds(100)
    few, many = (min(seconds(count) for _each in range(3)) for count in (1_000, 10_000))
    # Ten times the text may cost ten times as much, and some; a hundred times is what this guards against.
    assert many < 40 * few + 0.5


def test_the_template_tag_keeps_scripts_from_looking_inside():
    html = Template("{% load texts %}{% usertext body %}").render(Context({"body": "**x** <b>"}))

    assert (
        html
        == '<div class="nk-prose" hx-ignore x-ignore><p><strong>x</strong> &lt;b&gt;</p>\n</div>'
    )


def test_an_excerpt_has_the_words_without_the_marks():
    text = "Try this:\n\n1. **Look** at `ping`\n2. [Ask](https://example.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

    assert markdown.plain(text) == "Try this: Look at ping Ask a b 1 2"
