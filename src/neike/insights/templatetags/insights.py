"""Working time and shares in words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neike.engines.quantiles import Quantile
from neike.engines.shares import SMALL_SAMPLE, Share
from neike.kernel.ui import formatting

register = template.Library()
_HOUR = 3600


@register.filter
def working(seconds: float | None, day: int) -> str:
    """Write working time: below a working day of `day` seconds in hours and minutes, else in working days."""
    if seconds is None or seconds < day:
        return formatting.duration(seconds)
    days, left = divmod(int(seconds), day)
    words = ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}
    if left < _HOUR:
        return words
    return _("%(days)s %(rest)s") % {
        "days": words,
        "rest": formatting.duration(left // _HOUR * _HOUR),
    }


@register.filter
def share_in_words(share: Share | None) -> str:
    """Write a share with its interval and sample, and say so when the sample is small."""
    if share is None:
        return _("no promise came to its end")
    words = _("%(share)s (%(low)s–%(high)s, n = %(n)s)") % {
        "share": formatting.percent(share.value),
        "low": formatting.percent(share.low),
        "high": formatting.percent(share.high),
        "n": formatting.number(share.n),
    }
    return _("%(share)s, small sample") % {"share": words} if share.is_small else words


@register.filter
def hundredths(share: float) -> float:
    """Return a share of 0-1 as 0-100, for drawings."""
    return round(share * 100, 2)


@register.filter
def bounds(found: Quantile | None, day: int) -> str:
    """Write the interval of a quantile in working time; an end that the sample does not bound says so."""
    if found is None or (found.low is None and found.high is None):
        return _("too few to bound")
    low, high = working(found.low, day), working(found.high, day)
    if found.high is None:
        return _("at least %(low)s") % {"low": low}
    if found.low is None:
        return _("at most %(high)s") % {"high": high}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


@register.simple_tag
def small_sample_limit() -> int:
    """Return from which sample size on a sample is no longer called small."""
    return SMALL_SAMPLE


@register.simple_tag
def missed_of(share: Share) -> str:
    """Write how many of a share's observations were missed."""
    return formatting.number(share.n - share.hits)
