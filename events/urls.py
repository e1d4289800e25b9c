from django.urls import path

from events.views import helping, home, organizations, public

app_name = "events"

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", helping.opened, name="help_opened"),
    path("organizations/<slug:slug>/", organizations.organization, name="organization"),
    path("events/<slug:slug>/", public.event, name="event"),
    path("events/<slug:slug>/register/", public.register, name="register"),
    path("events/<slug:slug>/unregister/", public.unregister, name="unregister"),
]
