"""Reads of organizations, events and registrations: what pages are shown. No page asks the database."""

from events.selectors.accounts import Belongings, belongings
from events.selectors.assigning import members_to_assign, person_to_assign
from events.selectors.called import called
from events.selectors.counts import EventNumbers, numbers
from events.selectors.events import (
    archived_events_run_by,
    event_for,
    event_to_run,
    events_attended_by,
    events_of,
    events_run_by,
    past,
    speakers_of,
    stages_of,
    upcoming,
    with_standing,
)
from events.selectors.invitations import invitation_by_token, open_invitations, token_digest
from events.selectors.organizations import (
    DashboardFrame,
    dashboard_frame,
    member_by_email,
    members_of,
    organization_for,
    organizations_of,
    organizations_of_nobody_but,
    owned_by,
    usual_time_zone,
    with_role,
)
from events.selectors.organizers import Organizer, organizers_of, people_organizing
from events.selectors.people import (
    Row,
    blocked_among,
    blocked_elsewhere,
    organizers_among,
    people_of,
    person_at,
    registration_of,
    registrations_of,
    rows_of,
)
from events.selectors.standings import Standing, standing

__all__ = [
    "Belongings",
    "DashboardFrame",
    "EventNumbers",
    "Organizer",
    "Row",
    "Standing",
    "archived_events_run_by",
    "belongings",
    "blocked_among",
    "blocked_elsewhere",
    "called",
    "dashboard_frame",
    "event_for",
    "event_to_run",
    "events_attended_by",
    "events_of",
    "events_run_by",
    "invitation_by_token",
    "member_by_email",
    "members_of",
    "members_to_assign",
    "numbers",
    "open_invitations",
    "organization_for",
    "organizations_of",
    "organizations_of_nobody_but",
    "organizers_among",
    "organizers_of",
    "owned_by",
    "past",
    "people_of",
    "people_organizing",
    "person_at",
    "person_to_assign",
    "registration_of",
    "registrations_of",
    "rows_of",
    "speakers_of",
    "stages_of",
    "standing",
    "token_digest",
    "upcoming",
    "usual_time_zone",
    "with_role",
    "with_standing",
]
