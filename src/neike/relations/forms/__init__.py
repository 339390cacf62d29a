"""The forms of relations. They are kind to people; the actions hold the rules."""
