"""The one press: orders for papers, the jobs that print them, the files they give.

Must never know any subject: a room hands over its papers by registering a kind (`kinds.py`).
"""
