"""`/api/v1/`: what events has to offer there. Translates only: rules are the services'.

asking.py  who asks, below which address; organizations.py  they, their members and invitations;
events.py  events; registrations.py  who comes;
organizers.py  who runs an event; speakers.py  whom an event's page names
"""
