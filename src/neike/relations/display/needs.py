"""Needs as pages show them: levels and gaps in words, the drawing of a gap, what the advice means."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from neike.engines.gaps import HIGHEST, LOWEST, Advice
from neike.engines.kano import MIN_N, KanoClass, KanoSummary
from neike.kernel.ui.formatting import MISSING, number, percent
from neike.relations.choices import Dimension
from neike.relations.display import scales
from neike.relations.models import NeedVersion
from neike.relations.queries.need_pages import DimensionGaps, NeedOnPage, Said

FIELDS: Final[dict[str, Promise]] = {
    "statement": gettext_lazy("Wording of the need"),
    "importance": gettext_lazy("Importance"),
    "expected": gettext_lazy("Expected level"),
    "measure": gettext_lazy("Measured by"),
}
ADVICE: Final[dict[Advice, tuple[str, str, Promise, Promise]]] = {
    Advice.KEEP: (
        "success",
        "check",
        pgettext_lazy("advice", "Keep it up"),
        gettext_lazy("What is expected is known and given."),
    ),
    Advice.TALK: (
        "warning",
        "message",
        pgettext_lazy("advice", "Talk to one another"),
        gettext_lazy(
            "The provider sees the expectation otherwise than the customer. A conversation costs less than any effort."
        ),
    ),
    Advice.CAPACITY: (
        "warning",
        "tools",
        pgettext_lazy("advice", "Look at time and means"),
        gettext_lazy(
            "The provider knows what is expected and falls short of it: time, people, tools or know-how are missing."
        ),
    ),
    Advice.TALK_FIRST: (
        "error",
        "message",
        pgettext_lazy("advice", "Talk first"),
        gettext_lazy(
            "The service falls short, and the provider sees the expectation otherwise. Talk before effort goes to the wrong place."
        ),
    ),
    Advice.UNKNOWN: (
        "neutral",
        "question",
        pgettext_lazy("advice", "Not known yet"),
        gettext_lazy("It needs a guess from the provider and a review from the customer."),
    ),
}
KANO: Final[dict[KanoClass, tuple[Promise, Promise]]] = {
    KanoClass.MUST_BE: (
        pgettext_lazy("kano", "taken for granted"),
        gettext_lazy(
            "Its absence annoys, its presence goes unnoticed: it belongs into the standard."
        ),
    ),
    KanoClass.ONE_DIMENSIONAL: (
        pgettext_lazy("kano", "the better, the happier"),
        gettext_lazy("Satisfaction grows and falls with it: measure it and improve it."),
    ),
    KanoClass.ATTRACTIVE: (
        pgettext_lazy("kano", "a delight"),
        gettext_lazy("Nobody misses it, everybody is glad of it: an idea for improvement."),
    ),
    KanoClass.INDIFFERENT: (
        pgettext_lazy("kano", "makes no difference"),
        gettext_lazy("People do not mind either way: spend the effort elsewhere."),
    ),
    KanoClass.REVERSE: (
        pgettext_lazy("kano", "rather without it"),
        gettext_lazy("People would rather not have it: ask again what is needed."),
    ),
    KanoClass.QUESTIONABLE: (
        pgettext_lazy("kano", "answers contradict"),
        gettext_lazy("The two answers do not fit each other: the wording may be unclear."),
    ),
}
_AXIS: Final = (12, 208)
"""Where 1 and 5 stand in the drawing, whose width is 220."""


@dataclass(frozen=True, slots=True)
class Track:
    """Where expected, perceived and guessed stand on the drawn scale from 1 to 5; None where nobody has said."""

    expected: float | None
    perceived: float | None
    guessed: float | None
    label: str


def track(
    expected: float | None, perceived: float | None, guessed: float | None, *, about: object
) -> Track:
    """Return the drawing of one need or dimension with the sentence that says the same."""
    label = _(
        "%(about)s, from 1 to 5: expected %(expected)s, perceived %(perceived)s, guessed %(guessed)s"
    ) % {
        "about": about,
        "expected": level(expected),
        "perceived": level(perceived),
        "guessed": level(guessed),
    }
    return Track(_at(expected), _at(perceived), _at(guessed), label)


def _at(value: float | None) -> float | None:
    low, high = _AXIS
    if value is None:
        return None
    return round(low + (value - LOWEST) / (HIGHEST - LOWEST) * (high - low), 1)


def level(value: float | None) -> str:
    """Write a mean level: "4" where it is whole, else "3.7"."""
    if value is None:
        return MISSING
    return number(value, 0 if value == int(value) else 1)


def signed(value: float | None) -> str:
    """Write a gap with its sign, one place; None is a dash."""
    if value is None:
        return MISSING
    rounded = round(value, 1)
    if rounded == 0:
        return number(0, 1)
    return ("+" if rounded > 0 else "−") + number(abs(rounded), 1)


def advice(found: Advice) -> dict[str, Any]:
    """Return tone, icon, headline and meaning of an advice."""
    tone, icon, title, meaning = ADVICE[found]
    return {"tone": tone, "icon": icon, "title": title, "meaning": meaning}


def dimension(gaps: DimensionGaps) -> dict[str, Any]:
    """Return one dimension as the table of gaps shows it."""
    found: dict[str, Any] = {"label": gaps.dimension.label, "gaps": gaps, "hidden": gaps.hidden}
    if gaps.gaps is None:
        return found
    return found | {
        "track": track(gaps.expected, gaps.perceived, gaps.guessed, about=gaps.dimension.label),
        "service": signed(gaps.gaps.service),
        "understanding": signed(gaps.gaps.understanding),
        "advice": advice(gaps.gaps.advice),
    }


def need(each: NeedOnPage) -> dict[str, Any]:
    """Return one need as its card shows it; what its reader may not know yet is not in it."""
    found: dict[str, Any] = {
        "page": each,
        "dimension": Dimension(each.need.dimension).label,
        "url": f"/relations/needs/{each.need.public_id}/",
        "kano": kano(each.kano),
    }
    if each.gaps is None:
        return found
    said = each.said
    return found | {
        "importance": step(scales.IMPORTANCE, said.importance),
        "expected": step(scales.EXPECTED, said.expected),
        "measure": measured(said),
        "own_guess": each.shown.own_guess,
        "track": track(
            said.expected,
            mean(each.perceptions),
            mean(each.guesses),
            about=Dimension(each.need.dimension).label,
        ),
        "perceived": level(mean(each.perceptions)),
        "guessed": level(mean(each.guesses)),
        "service": signed(each.gaps.service),
        "understanding": signed(each.gaps.understanding),
        "advice": advice(each.gaps.advice),
    }


def mean(scores: tuple[int, ...]) -> float | None:
    """Return the mean; None of nothing."""
    return sum(scores) / len(scores) if scores else None


def step(steps: scales.Steps, value: int) -> str:
    """Write a step with its number: "4 · very good"."""
    return pgettext("level of a need", "%(score)s · %(word)s") % {
        "score": value,
        "word": steps[value],
    }


def measured(said: NeedVersion) -> str:
    """Write the measurable form: "time to the answer: 4 hours"; "" without one."""
    if said.amount is None:
        return ""
    amount = f"{said.amount.normalize():f}"
    return _("%(measure)s: %(amount)s %(unit)s") % {
        "measure": said.measure,
        "amount": amount,
        "unit": said.get_unit_display(),
    }


def kano(found: KanoSummary) -> dict[str, Any]:
    """Return what a need is to people; with fewer than ten answers only how many there are."""
    shown: dict[str, Any] = {"n": found.n, "least": MIN_N, "is_small": found.is_small}
    if found.is_small:
        shown["words"] = ngettext(
            "%(n)d of %(least)d answers", "%(n)d of %(least)d answers", found.n
        ) % {"n": found.n, "least": MIN_N}
        return shown
    shown["words"] = " / ".join(str(KANO[each][0]) for each in found.classes)
    shown["meaning"] = (
        _("Several answers are equally frequent; no one class describes this need.")
        if found.is_mixed
        else KANO[found.classes[0]][1]
    )
    if found.better is not None and found.worse is not None:
        shown["better"] = percent(found.better)
        shown["worse"] = "−" + percent(-found.worse) if found.worse else percent(0)
    return shown


def version(said: Said) -> dict[str, Any]:
    """Return one version of the history with each change in words."""
    return {
        "version": said.version,
        "changes": [
            (FIELDS[field], _words(field, before), _words(field, after))
            for field, before, after in said.changes
        ],
    }


def _words(field: str, value: object) -> str:
    if field == "importance" and isinstance(value, int):
        return step(scales.IMPORTANCE, value)
    if field == "expected" and isinstance(value, int):
        return step(scales.EXPECTED, value)
    if isinstance(value, NeedVersion):
        return measured(value)
    return str(value)
