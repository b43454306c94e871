"""Where: regions, départements, territories, their projects (generations), who belongs to them.

Must never know any subject: what a project holds stands in the rooms above.
"""
