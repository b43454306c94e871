"""Tools over Django that every room uses: quarters, text, fields, doors, mail, page furniture.

Must never know any room: nothing here speaks of a territory, a sheet or a document.
"""
