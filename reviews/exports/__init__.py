"""What the papers of a review say, as plain values: the press turns them into files.

No row and no key of the base leaves this package: equal contents in two bases are equal bytes.
"""

from reviews.exports.blank import NO_OPEN_REVIEW, blank_context, blank_title, open_campaign
from reviews.exports.report import closed_campaign, report_context, report_standing, report_title
from reviews.exports.workbook import report_workbook

__all__ = [
    "NO_OPEN_REVIEW",
    "blank_context",
    "blank_title",
    "closed_campaign",
    "open_campaign",
    "report_context",
    "report_standing",
    "report_title",
    "report_workbook",
]
