"""Who signs in, and by which door: users, invitations, signed access links.

Must never know territories: what a person may see there is said by a membership, above.
"""
