"""How much one person or network may do in a while: counted in the database, and bodies cut before parsing."""

from typing import TYPE_CHECKING

from neike.kernel.limits.windows import Rate
from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.limits.counting import Verdict, take
    from neike.kernel.limits.decorators import limited

__all__ = ["Rate", "Verdict", "limited", "take"]

__getattr__ = late(__name__, Verdict="counting", take="counting", limited="decorators")
