"""What people keep for themselves, and where they were mentioned, in the registries of the kernel."""

from django.utils.translation import gettext_lazy as _

from neike.desk import demo
from neike.desk.queries import my_day
from neike.desk.registrations.readers import day_source
from neike.kernel.registries import DEMO_PARTS, DemoPart

day_source(
    "desk.mentions",
    44,
    _("You were mentioned"),
    "hash",
    my_day.mentions,
    page="desk:kept",
    query="",
)


day_source(
    "desk.reminders", 46, _("Your reminders"), "bell", my_day.reminders, page="desk:kept", query=""
)


DEMO_PARTS.register(DemoPart(key="desk.own", order=38, load=demo.load_own))
