"""The workshop itself, with no user interface."""
