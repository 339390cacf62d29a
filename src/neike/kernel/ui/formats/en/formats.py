"""English dates, in the one way that `kernel.ui.formatting` writes moments: 4 Oct 2026."""

DATE_FORMAT = "j M Y"
