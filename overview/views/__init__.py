"""Screens that show several rooms, one subject a file."""
