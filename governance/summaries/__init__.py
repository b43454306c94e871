"""Figures and facts of the room, one file a subject."""
