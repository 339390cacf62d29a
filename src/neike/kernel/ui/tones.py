"""The six tones of the product: a class name written out in full, so that Tailwind can see it."""

from typing import Final

TONES: Final[dict[str, str]] = {
    "neutral": "nk-tone-neutral",
    "primary": "nk-tone-primary",
    "info": "nk-tone-info",
    "success": "nk-tone-success",
    "warning": "nk-tone-warning",
    "error": "nk-tone-error",
}

BUTTONS: Final[dict[str, str]] = {
    "primary": "btn btn-primary",
    "neutral": "btn nk-btn-quiet",
    "ghost": "btn btn-ghost",
    "soft": "btn btn-soft btn-primary",
    "danger": "btn btn-error",
    "link": "nk-link cursor-pointer text-sm",
}

SIZES: Final[dict[str, str]] = {"sm": "btn-sm", "md": "", "lg": "btn-lg"}

TONE_ICONS: Final[dict[str, str]] = {
    "neutral": "info",
    "primary": "info",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "error": "error",
}


MESSAGE_TONES: Final[dict[str, str]] = {
    "debug": "neutral",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "error": "error",
}


def pick(choices: dict[str, str], name: str, what: str) -> str:
    """Return the entry called `name`.

    Raises:
        ValueError: there is none; the message lists what there is.
    """
    try:
        return choices[name]
    except (KeyError, TypeError):
        raise ValueError(f"unknown {what} {name!r}, use one of {', '.join(choices)}") from None


def tone_class(name: str) -> str:
    """Return the class of a tone.

    Raises:
        ValueError: there is no such tone.
    """
    return pick(TONES, name, "tone")


def button_class(tone: str, size: str) -> str:
    """Return the classes of a button.

    Raises:
        ValueError: there is no such tone or size.
    """
    return f"{pick(BUTTONS, tone, 'button tone')} {pick(SIZES, size, 'size')}".strip()
