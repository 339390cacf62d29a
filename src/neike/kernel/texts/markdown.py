"""People's own words: Markdown to HTML that can do nothing.

Raw HTML is text. Addresses become links on the parse tree, never in finished HTML, and the sanitiser runs last.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_LONGEST = 100_000
_ATTACHMENT = re.compile(r"attachment:([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})", re.IGNORECASE)
_OUTSIDE = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)", re.IGNORECASE)
# A bare address ends before blanks, brackets, quotes and Chinese punctuation; closing marks belong to the sentence.
_BARE = re.compile(
    r"https?://[^\s<>\"'\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\u4e00-\u9fff]+", re.IGNORECASE
)
_TRAILING = ".,;:!?*_~)]}"
_REFERENCE = re.compile(r"@\{([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}")

_TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}


def _files(name: str) -> re.Pattern[str]:
    """Return a pattern for the addresses of one of the attachment routes."""
    nil = UUID(int=0)
    before, after = reverse(f"attachments:{name}", args=[nil]).split(str(nil))
    return re.compile(rf"{re.escape(before)}[0-9a-f-]{{36}}{re.escape(after)}")


class Link(NamedTuple):
    """What a reference `@{id}` in a text is shown as; with an empty `path` the words alone."""

    words: str
    path: str


def render(text: str, links: Mapping[str, Link] | None = None) -> SafeString:
    """Return a person's Markdown as HTML: CommonMark, tables, strike-through, bare addresses as links.

    `links` says what each reference `@{id}` stands for; any other stays as it is written.

    Headings begin at level three, below the page's own, and leave no level out. Pictures come from attachments only
    (`![what it shows](attachment:ID)`); any other becomes a link. At most 100,000 characters.
    """
    links = links or {}
    html = _MARKDOWN.render(text[:_LONGEST], {"links": links})
    return mark_safe(clean(html, paths={each.path for each in links.values()}))  # noqa: S308 - the sanitiser just ran


def plain(text: str) -> str:
    """Return the words of a person's Markdown in one line, without its marks: for excerpts.

    At most 100,000 characters are read.
    """
    tokens = _MARKDOWN.parse(text[:_LONGEST])
    parts = [part for token in tokens for part in token.children or [token]]
    return " ".join("".join(part.content or " " for part in parts).split())


def clean(html: str, paths: Collection[str] = ()) -> str:
    """Return HTML with nothing in it but plain text formatting, safe links, our own pictures and links to `paths`."""
    download, preview = _files("download"), _files("preview")

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            safe = _OUTSIDE.match(value) or download.fullmatch(value) or value in paths
            return value if safe else None
        if attribute == "src":
            return value if preview.fullmatch(value) else None
        if attribute == "start":
            return value if value.isdecimal() and len(value) < 10 else None  # noqa: PLR2004 - CommonMark's own limit
        return value if (tag, attribute) in {("img", "alt"), ("a", "rel")} else None

    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        link_rel="noopener nofollow ugc",
        url_schemes={"http", "https", "mailto"},
    )


def _is_allowed_link(url: str) -> bool:
    return bool(_OUTSIDE.match(url) or _ATTACHMENT.fullmatch(url))


def _point_to_files(state: StateCore) -> None:
    """Turn attachment references into our addresses, and pictures from elsewhere into links."""
    for token in state.tokens:
        if token.children:
            token.children = [made for child in token.children for made in _pointed(child)]


def _pointed(token: Token) -> list[Token]:
    if token.type == "link_open":
        found = _ATTACHMENT.fullmatch(str(token.attrs.get("href", "")))
        if found:
            token.attrs["href"] = reverse("attachments:download", args=[UUID(found.group(1))])
    if token.type != "image":
        return [token]
    source = str(token.attrs.get("src", ""))
    found = _ATTACHMENT.fullmatch(source)
    if found:
        token.attrs["src"] = reverse("attachments:preview", args=[UUID(found.group(1))])
        return [token]
    return _link(source, token.content or source)


def _link(url: str, text: str) -> list[Token]:
    opened = Token("link_open", "a", 1, attrs={"href": url})
    return [opened, Token("text", "", 0, content=text), Token("link_close", "a", -1)]


def _lower_headings(state: StateCore) -> None:
    """Begin at level three and leave no level out, whichever ones were used."""
    headings = [each for each in state.tokens if each.type in {"heading_open", "heading_close"}]
    used = sorted({each.tag for each in headings})
    for token in headings:
        token.tag = f"h{min(6, used.index(token.tag) + 3)}"


def _link_bare_addresses(state: StateCore) -> None:
    """Make links of addresses written out in running text, outside of links and code."""
    for token in state.tokens:
        inside, made = 0, []
        for child in token.children or ():
            inside += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            made += _linked(child) if child.type == "text" and not inside else [child]
        if token.children:
            token.children = made


def _linked(token: Token) -> list[Token]:
    made: list[Token] = []
    at, text = 0, token.content
    for found in _BARE.finditer(text):
        url = found.group().rstrip(_TRAILING)
        if not _OUTSIDE.match(url):
            continue
        made += [Token("text", "", 0, content=text[at : found.start()]), *_link(url, url)]
        at = found.start() + len(url)
    return [*made, Token("text", "", 0, content=text[at:])]


def _name_references(state: StateCore) -> None:
    """Put words and links in the place of references, in running text outside of links and code."""
    links: Mapping[str, Link] = state.env.get("links", {})
    for token in state.tokens if links else ():
        inside, made = 0, []
        for child in token.children or ():
            inside += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            found = child.type == "text" and not inside
            made += _named(child, links) if found else [child]
        if token.children:
            token.children = made


def _named(token: Token, links: Mapping[str, Link]) -> list[Token]:
    made: list[Token] = []
    at, text = 0, token.content
    for found in _REFERENCE.finditer(text):
        link = links.get(found.group(1))
        if link is None:
            continue
        words = Token("text", "", 0, content=link.words)
        made.append(Token("text", "", 0, content=text[at : found.start()]))
        made += _link(link.path, link.words) if link.path else [words]
        at = found.end()
    return [*made, Token("text", "", 0, content=text[at:])]


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    made.enable(["strikethrough", "table"])
    made.disable(["html_block", "html_inline"])
    made.validateLink = _is_allowed_link  # type: ignore[method-assign]  # the library's own hook
    made.core.ruler.push("bare_addresses", _link_bare_addresses)
    made.core.ruler.push("files", _point_to_files)
    made.core.ruler.push("references", _name_references)
    made.core.ruler.push("headings", _lower_headings)
    return made


_MARKDOWN = _parser()
