"""The quarterly review: every pilot heard in two minutes, what they said frozen for the COPIL.

`docs/architecture.md` says what stands below and above.
"""
