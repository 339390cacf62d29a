"""Who may see and change relations, needs and agreements.

That departments serve one another is public inside the organisation; why, and what they need, is for the people of
the two ends. A relation between two persons is theirs alone: no role, no superior and no administrator sees it.
An end is spoken for by its lead or deputy (or of a department above), by the holder of the position, by the person.
"""

from collections.abc import Collection

from django.db.models import Q

from neike.kernel.policies import SIGNED_IN, Decision, allow, declare, deny
from neike.org.choices import Role
from neike.relations.choices import RelationLevel, Side
from neike.relations.models import Agreement, Need, RelationNote, ServiceRelation
from neike.relations.standing import Standing, standing

__all__ = [
    "USE",
    "Standing",
    "acting",
    "answering",
    "belonging",
    "inside",
    "may_act",
    "may_act_for",
    "may_answer_for",
    "may_follow_whole_chart",
    "may_guess",
    "may_propose",
    "may_read",
    "may_read_inside",
    "may_read_note",
    "may_revise_need",
    "may_sign",
    "may_state_need",
    "readable_by",
    "standing",
]

USE = declare("relations.use", SIGNED_IN)


def readable_by(who: Standing, prefix: str = "") -> Q:
    """Return the condition for the relations a person may see at all; `prefix` ends in "__".

    Between departments: everybody. Between positions: people of either department and their leads. Between
    persons: the two.
    """
    places = who.belongs
    either_post = Q(**{f"{prefix}provider_position__department__in": places}) | Q(
        **{f"{prefix}customer_position__department__in": places}
    )
    return (
        Q(**{f"{prefix}level": RelationLevel.DEPARTMENT})
        | (Q(**{f"{prefix}level": RelationLevel.POSITION}) & either_post)
        | _own(who, prefix)
    )


def inside(who: Standing, prefix: str = "") -> Q:
    """Return the condition for the relations of whose two ends a person is one: reasons, needs and agreements."""
    return belonging(who, Side.PROVIDER, prefix) | belonging(who, Side.CUSTOMER, prefix)


def belonging(who: Standing, side: str, prefix: str = "") -> Q:
    """Return the condition for the relations at whose `side` the person is; `Standing.is_of` as a query."""
    return _at(who, side, prefix, departments=who.belongs, leads=who.leads)


def acting(who: Standing, side: str, prefix: str = "") -> Q:
    """Return the condition for the relations at whose `side` the person speaks; `Standing.acts_for` as a query."""
    return _at(who, side, prefix, departments=who.leads, leads=who.leads)


def answering(who: Standing, side: str, prefix: str = "") -> Q:
    """Return the condition for the relations whose `side` waits for this person: they speak for it, and nobody nearer.

    Who leads a department above others is not asked what their own heads can say.
    """
    return _at(who, side, prefix, departments=who.answers_for, leads=who.answers_for)


def _at(
    who: Standing, side: str, prefix: str, *, departments: Collection[int], leads: Collection[int]
) -> Q:
    end = f"{prefix}{side}"
    post = Q(**{f"{end}_position__in": who.posts}) | Q(**{f"{end}_position__department__in": leads})
    return (
        Q(**{f"{prefix}level": RelationLevel.DEPARTMENT, f"{end}_department__in": departments})
        | (Q(**{f"{prefix}level": RelationLevel.POSITION}) & post)
        | Q(**{f"{prefix}level": RelationLevel.PERSON, f"{end}_person": who.person_id})
    )


def _own(who: Standing, prefix: str) -> Q:
    return Q(**{f"{prefix}level": RelationLevel.PERSON}) & (
        Q(**{f"{prefix}provider_person": who.person_id})
        | Q(**{f"{prefix}customer_person": who.person_id})
    )


def may_read(who: Standing, relation: ServiceRelation) -> Decision:
    """Whether the relation is among those the person may see."""
    if relation.level == RelationLevel.DEPARTMENT or who.sides_belonged_to(relation):
        return allow()
    if relation.level == RelationLevel.POSITION:
        posts = (relation.provider_position, relation.customer_position)
        if any(post.department_id in who.belongs for post in posts):
            return allow()
    return deny("not_involved")


def may_read_inside(who: Standing, relation: ServiceRelation) -> Decision:
    """Reasons, needs and agreements are for the people of the two ends."""
    return allow() if who.sides_belonged_to(relation) else deny("not_of_the_ends")


def may_act(who: Standing, relation: ServiceRelation) -> Decision:
    """Whether the person speaks for one of the ends."""
    return allow() if who.sides_acted_for(relation) else deny("not_of_the_ends")


def may_act_for(who: Standing, relation: ServiceRelation, side: str) -> Decision:
    """Whether the person speaks for this end."""
    return allow() if who.acts_for(relation, side) else deny("not_of_the_end")


def may_propose(who: Standing, relation: ServiceRelation) -> Decision:
    """Who speaks for an end proposes; between departments also a quality officer of the whole organisation.

    `relation` need not be saved.
    """
    if who.sides_acted_for(relation):
        return allow()
    officer = any(each.everywhere for each in who.held.of(Role.QUALITY_OFFICER))
    if officer and relation.level == RelationLevel.DEPARTMENT:
        return allow()
    return deny("not_of_the_ends")


def may_follow_whole_chart(who: Standing) -> Decision:
    """Everybody has their own relations proposed from the chart; everybody's, a quality officer of all, or an administrator."""
    grants = (*who.held.of(Role.QUALITY_OFFICER), *who.held.of(Role.ADMINISTRATOR))
    return allow() if any(each.everywhere for each in grants) else deny("not_officer")


def may_state_need(who: Standing, relation: ServiceRelation) -> Decision:
    """The served say what they need: anybody of the customer's end."""
    return allow() if who.is_of(relation, Side.CUSTOMER) else deny("not_customer")


def may_revise_need(who: Standing, need: Need) -> Decision:
    """Who stated a need, while they are of the customer's end, or who speaks for that end."""
    if who.acts_for(need.relation, Side.CUSTOMER):
        return allow()
    if need.stated_by_id == who.person_id:
        return may_state_need(who, need.relation)
    return deny("not_stated_by")


def may_answer_for(who: Standing, need: Need) -> Decision:
    """How well a need is met, and how much it matters, is said by people of the customer's end, not the provider's."""
    return may_state_need(who, need.relation)


def may_guess(who: Standing, need: Need) -> Decision:
    """The serving guess: people of the provider's end who are not of the customer's."""
    if who.is_of(need.relation, Side.CUSTOMER):
        return deny("is_customer")
    return allow() if who.is_of(need.relation, Side.PROVIDER) else deny("not_provider")


def may_sign(who: Standing, agreement: Agreement, side: str) -> Decision:
    """Who speaks for an end signs for it."""
    return may_act_for(who, agreement.relation, side)


def may_read_note(who: Standing, note: RelationNote) -> Decision:
    """A private note is read by who wrote it, and by nobody else."""
    return allow() if note.person_id == who.person_id else deny("not_writer")
