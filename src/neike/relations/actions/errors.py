"""What can go wrong by what people do; `str(error)` is a sentence for them."""

from datetime import date

from django.utils.translation import gettext as _

from neike.relations.models import Agreement, Need, ServiceRelation


class RelationError(Exception):
    """Base of all of them."""

    def __str__(self) -> str:
        return _("This is not possible.")


class RelationChangedError(RelationError):
    """Somebody changed the relation after it was read; `relation` is how it is now."""

    def __init__(self, relation: ServiceRelation) -> None:
        self.relation = relation
        super().__init__(relation.pk)

    def __str__(self) -> str:
        return _("Somebody was faster: the relation has changed. Nothing was saved.")


class NotPossibleError(RelationError):
    """The present state does not allow it; `problem` says why, for logs."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)

    def __str__(self) -> str:
        return _("This is not possible in the present state.")


class ReasonNeededError(RelationError):
    """The other side is owed a reason; `limit` is the greatest number of characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(limit)

    def __str__(self) -> str:
        return _("Please give a reason the other side can read, at most %(limit)d characters.") % {
            "limit": self.limit
        }


class SameEndError(RelationError):
    """Nobody is their own customer."""

    def __str__(self) -> str:
        return _("Provider and customer are the same. Choose somebody else as customer.")


class LevelsDifferError(RelationError):
    """A relation joins two departments, two positions or two persons."""

    def __str__(self) -> str:
        return _("Both ends must be of one kind: two departments, two positions or two persons.")


class EndNotThereError(RelationError):
    """An end is closed, has left or does not exist yet on the day; `label` names it."""

    def __init__(self, label: str, on: date) -> None:
        self.label, self.on = label, on
        super().__init__(label, on)

    def __str__(self) -> str:
        return _("%(name)s is not part of the organisation on %(day)s.") % {
            "name": self.label,
            "day": self.on.isoformat(),
        }


class DuplicateRelationError(RelationError):
    """There is an open relation of this kind between the two; `relation` is it."""

    def __init__(self, relation: ServiceRelation) -> None:
        self.relation = relation
        super().__init__(relation.pk)

    def __str__(self) -> str:
        return _("This relation exists already. Open it to confirm or change it.")


class RejectedLatelyError(RelationError):
    """The proposal was turned down within the last two quarters; `relation` is the one turned down."""

    def __init__(self, relation: ServiceRelation) -> None:
        self.relation = relation
        super().__init__(relation.pk)

    def __str__(self) -> str:
        return _("This was proposed and turned down within the last two quarters.")


class DayError(RelationError):
    """A day is out of order; `code` says how: "future" start, "before_start", "review_past", "review_late"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    def __str__(self) -> str:
        return {
            "future": _("A relation begins today or earlier."),
            "before_start": _("It cannot end before it began."),
            "review_past": _("Please choose a review date in the future."),
            "review_late": _("Please choose a review date within the next two years."),
        }.get(self.code, _("This day is not possible."))


class CycleError(RelationError):
    """Somebody would, by bosses and teams, be their own boss."""

    def __str__(self) -> str:
        return _("That would make somebody their own boss, directly or through others.")


class SideNeededError(RelationError):
    """Who speaks for both ends must say for which."""

    def __str__(self) -> str:
        return _("You speak for both sides. Please say for which side you act.")


class BadValueError(RelationError):
    """A value is missing or out of range; `field` names it, `message` is for the person."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(field, message)

    def __str__(self) -> str:
        return self.message


class NeedChangedError(RelationError):
    """Somebody changed the need after it was read; `need` is how it is now."""

    def __init__(self, need: Need) -> None:
        self.need = need
        super().__init__(need.pk)

    def __str__(self) -> str:
        return _("Somebody was faster: the need has changed. Nothing was saved.")


class AgreementChangedError(RelationError):
    """Somebody changed the agreement after it was read; `agreement` is how it is now."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        super().__init__(agreement.pk)

    def __str__(self) -> str:
        return _("Somebody was faster: the agreement has changed. Nothing was saved.")


class DuplicateNeedError(RelationError):
    """The same is stated, in the same words, already; `need` is it."""

    def __init__(self, need: Need) -> None:
        self.need = need
        super().__init__(need.pk)

    def __str__(self) -> str:
        return _("This need is stated already. Open it to say it anew.")


class StandardUnfitError(RelationError):
    """The standard cannot be agreed on here; `code`: "not_in_force", "retired" or "other_department"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    def __str__(self) -> str:
        return {
            "not_in_force": _("Only the version of a standard that is in force can be signed."),
            "retired": _("This service is not offered any more."),
            "other_department": _("The service belongs to another department than the provider."),
        }.get(self.code, _("This standard cannot be signed here."))


class DuplicateAgreementError(RelationError):
    """This version is agreed on, or waits for signatures, already; `agreement` is it."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        super().__init__(agreement.pk)

    def __str__(self) -> str:
        return _("There is such an agreement already. Open it to sign or review it.")
