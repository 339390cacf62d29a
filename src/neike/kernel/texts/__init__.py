"""Texts that exist in several languages, and people's own words in Markdown."""

from neike.kernel.texts.localized import LocalizedText, LocalizedTextField

__all__ = ["LocalizedText", "LocalizedTextField"]
