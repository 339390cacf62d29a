"""Who may use the kit's own pages."""

from django.conf import settings

from neike.kernel.policies import PUBLIC, SIGNED_IN, declare

COUNTS = declare("ui.counts", SIGNED_IN)
PREFERENCES = declare("ui.preferences", PUBLIC)
STYLE = declare("ui.style", PUBLIC if settings.DEBUG or settings.DEMO else SIGNED_IN)
