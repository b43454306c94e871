"""The roadmap of a project: axes, action sheets, operational objectives, quarters, money.

Must never know reviews nor contracts: what they change here, they push down through a service.
"""
