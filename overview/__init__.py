"""Screens and papers that show several rooms at once: home, territory page, help.

Nobody imports it; it owns no row.
"""
