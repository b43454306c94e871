"""Screens of the roadmap, one subject a file."""
