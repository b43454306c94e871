"""What the workbook of a directory is: its two sheets and their columns, declared once.

The export, the template, the help and the import read the same declaration. What somebody lives is
no column of it, and never will be.
"""
