"""How long one may rate, how long one may change one's mind, and when numbers are published."""

from datetime import timedelta
from typing import Final

RATE_WITHIN: Final = timedelta(days=30)
"""A request may be rated this long after it was resolved, a leg after it was confirmed."""
CHANGE_WITHIN: Final = timedelta(days=7)
"""One's own rating may be changed this long after it was first given. So a month's ratings are final, and are
published to everybody, this long after the month."""
COMMENT_LIMIT: Final = 2_000
