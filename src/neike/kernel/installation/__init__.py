"""The settings of this installation: name, logo, zone, fiscal start, languages."""

from typing import TYPE_CHECKING

from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.installation.queries import current, remembered

__all__ = ["current", "remembered"]

__getattr__ = late(__name__, current="queries", remembered="queries")
