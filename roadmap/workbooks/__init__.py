"""What the workbook of a roadmap is: its sheets and their columns, declared once.

The export, the blank template, the help and the import all read the same declaration
(`docs/decisions/0011-workbooks-drawer.md`).
"""
