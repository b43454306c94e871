"""Who changed what: every write of a traced row, in gestures that can be read and taken back.

Knows no subject: rows are named by their model, the place they belong to by a word.
"""
