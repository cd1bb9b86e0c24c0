"""Checks ask about words and about the thread between the steps; none of them blocks."""
