"""The UI kit: shell, components, formatting and the live style page."""
