"""How much one person or network may do in a while: counted in the database, and bodies cut before parsing."""

from neike.kernel.limits.counting import Verdict, take
from neike.kernel.limits.decorators import limited
from neike.kernel.limits.windows import Rate

__all__ = ["Rate", "Verdict", "limited", "take"]
