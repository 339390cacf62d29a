"""The tree of units that the reporting lines of posts make."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from neike.org.actions.circles import circle_error, find_circle
from neike.org.importing.errors import RowNote
from neike.org.importing.matching import plain
from neike.org.importing.post_rows import Post
from neike.org.importing.report import Report
from neike.org.importing.wording import _


@dataclass
class Unit:
    """A unit with its posts; `head` is the one nearest to the top, None where only groups are told of.

    `parent` is the key of the unit above; `boss` the key of a post above that only the store knows.
    """

    key: str
    name: str
    posts: list[Post] = field(default_factory=list)
    head: Post | None = None
    parent: str = ""
    boss: str = ""
    depth: int = 0


def bosses(posts: Mapping[str, Post], known: Mapping[str, str], report: Report) -> dict[str, str]:
    """Return post -> post above (keys), for those above that the files or the store (`known`) name.

    Who reports to a post that nobody names, or in a circle, reports to nobody; the row gets a remark.
    """
    above: dict[str, str] = {}
    for key, post in posts.items():
        boss = post.row.boss
        if not boss:
            continue
        if boss in posts or boss in known:
            above[key] = boss
        else:
            words = _("No row names the post “%(boss)s”; this one was put at the top.")
            report.note(_remark(post, words % {"boss": boss}))
    for key in list(above):
        circle = find_circle(above, key)
        if circle:
            why = circle_error([each if each not in posts else posts[each].code for each in circle])
            for each in circle:
                above.pop(each, None)
                if each in posts:
                    words = _("%(why)s The post was taken without the one above.")
                    report.note(_remark(posts[each], words % {"why": why.messages[0]}))
    return above


def depths(posts: Mapping[str, Post], above: Mapping[str, str]) -> dict[str, int]:
    """Return how many posts stand above each; `above` is free of circles."""
    found: dict[str, int] = {}
    for key in posts:
        way = []
        at: str | None = key
        while at is not None and at not in found:
            way.append(at)
            at = above.get(at)
        base = found[at] + 1 if at is not None else 0
        for distance, each in enumerate(reversed(way)):
            found[each] = base + distance
    return found


def units(posts: Mapping[str, Post], above: Mapping[str, str]) -> list[Unit]:
    """Return the units, those nearer to the top first, so that each stands after the one above it.

    The head of a unit is its post nearest to the top, so the post above it stands in another unit that is nearer
    still: the tree has no circle. A unit of groups alone stands below the post that most places report to.
    """
    found: dict[str, Unit] = {}
    for post in posts.values():
        key = plain(post.row.unit)
        found.setdefault(key, Unit(key, post.row.unit)).posts.append(post)
    depth = depths(posts, above)
    for unit in found.values():
        _place(unit, posts, above, depth)
    return sorted(found.values(), key=lambda unit: unit.depth)


def _place(
    unit: Unit, posts: Mapping[str, Post], above: Mapping[str, str], depth: Mapping[str, int]
) -> None:
    seniors = [post for post in unit.posts if post.senior]
    if seniors:
        unit.head = min(seniors, key=lambda post: depth[post.row.key])
        top = unit.head
    else:
        top = max(unit.posts, key=lambda post: post.places)
    unit.depth = depth[top.row.key]
    boss = above.get(top.row.key, "")
    if boss in posts:
        unit.parent = plain(posts[boss].row.unit)
    else:
        unit.boss = boss


def _remark(post: Post, words: str) -> RowNote:
    row = post.row
    return RowNote(row.line, "reports_to_post", row.boss, words, refused=False, file=row.file)
