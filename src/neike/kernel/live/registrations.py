"""The one topic that everybody has: themselves."""

from neike.kernel.live.topics import TOPICS, TopicKind

TOPICS.register(
    TopicKind(
        key="person",
        order=10,
        allowed=lambda person, ids, _now: ids & {person.pk},
        own=lambda person, _now: (person.pk,),
    )
)
