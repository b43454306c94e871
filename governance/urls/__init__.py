"""Addresses of governance, one file a subject."""

from governance.urls import bodies, decisions, directory, engagement, letters, meetings

app_name = "governance"

urlpatterns = [
    *directory.urlpatterns,
    *bodies.urlpatterns,
    *meetings.urlpatterns,
    *decisions.urlpatterns,
    *letters.urlpatterns,
    *engagement.urlpatterns,
]
