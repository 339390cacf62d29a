"""The five steps people choose from, in words. Expectation, guess and perception share one scale, so they compare."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Steps = dict[int, Promise]

IMPORTANCE: Final[Steps] = {
    1: pgettext_lazy("importance", "hardly"),
    2: pgettext_lazy("importance", "a little"),
    3: pgettext_lazy("importance", "a good deal"),
    4: pgettext_lazy("importance", "much"),
    5: pgettext_lazy("importance", "entirely"),
}
EXPECTED: Final[Steps] = {
    1: pgettext_lazy("expected level", "anything will do"),
    2: pgettext_lazy("expected level", "fair"),
    3: pgettext_lazy("expected level", "good"),
    4: pgettext_lazy("expected level", "very good"),
    5: pgettext_lazy("expected level", "excellent"),
}
PERCEIVED: Final[Steps] = {
    1: pgettext_lazy("perceived level", "poor"),
    2: pgettext_lazy("perceived level", "fair"),
    3: pgettext_lazy("perceived level", "good"),
    4: pgettext_lazy("perceived level", "very good"),
    5: pgettext_lazy("perceived level", "excellent"),
}
FEELINGS: Final[Steps] = {
    1: pgettext_lazy("feeling", "I like it"),
    2: pgettext_lazy("feeling", "I take it for granted"),
    3: pgettext_lazy("feeling", "I do not mind"),
    4: pgettext_lazy("feeling", "I can live with it"),
    5: pgettext_lazy("feeling", "I dislike it"),
}
