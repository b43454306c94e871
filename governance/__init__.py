"""With whom: the directory of organisations and people of a territory (bodies come later).

Must never know what they work on: sheets, reviews, contracts stand above.
"""
