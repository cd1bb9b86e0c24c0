"""The five things that a room can be asked: write, vote, rate, split, pulse."""
