"""The bell in the bar, the way to one's preferences, and mail as a channel."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neike.kernel import mail
from neike.kernel.mail.footers import set_footer
from neike.kernel.notices import mailing
from neike.kernel.notices.kinds import CHANNELS, MAIL, NoticeChannel
from neike.kernel.notices.queries import unread_count
from neike.kernel.registries import NAVIGATION, NavigationEntry

NAVIGATION.register(
    NavigationEntry(
        key="notices",
        order=10,
        label=_("Notices"),
        icon="bell",
        url_name="notices:list",
        group="bar",
        count=unread_count,
    )
)

NAVIGATION.register(
    NavigationEntry(
        key="notices.preferences",
        order=15,
        label=_("My notices and mails"),
        icon="bell",
        url_name="notices:preferences",
        group="person",
    )
)

CHANNELS.register(
    NoticeChannel(key=MAIL, order=10, label=pgettext_lazy("channel", "E-mail"), send=mailing.send)
)
mail.prepares(mailing.TEMPLATE)(mailing.prepare)
set_footer(mailing.footer)
