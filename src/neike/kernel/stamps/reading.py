"""Read stamps."""

from neike.kernel.stamps.models import Stamp


def stamp_of(topic: str) -> str | None:
    """Return the token of what the topic's tables hold now, in one query; None: keep nothing.

    Read it before the rows it speaks of. Rows read under the same token are the same rows.
    """
    return Stamp.objects.filter(topic=topic).values_list("token", flat=True).first()


def stamps_of(*topics: str) -> tuple[str, ...] | None:
    """Return the tokens of several topics in their order, in one query; None when one is missing: keep nothing."""
    found = dict(Stamp.objects.filter(topic__in=topics).values_list("topic", "token"))
    return tuple(found[topic] for topic in topics) if len(found) == len(set(topics)) else None
