"""Files served only through the policy of what they are attached to."""
