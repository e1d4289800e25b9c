from django.urls import path

from backstage import dashboard, stage_acts, views

app_name = "backstage"

STAGES = "events/<slug:slug>/manage/stage/"
STAGE = f"{STAGES}<uuid:stage_id>/"

urlpatterns = [
    path("backstage/<str:link_token>/", views.room, name="room"),
    path("events/<slug:slug>/stages/<uuid:stage_id>/", views.stage, name="stage"),
    path("events/<slug:slug>/manage/", dashboard.overview, name="overview"),
    path(STAGES, dashboard.stage_tab, name="stage_tab"),
    path(f"{STAGES}add/", stage_acts.add, name="add_stage"),
    path(f"{STAGE}delay/", dashboard.set_delay, name="set_delay"),
    path(f"{STAGE}link/", dashboard.reset_link, name="reset_link"),
    path(f"{STAGE}name/", stage_acts.rename, name="rename_stage"),
    path(f"{STAGE}move/", stage_acts.move, name="move_stage"),
    path(f"{STAGE}archive/", stage_acts.archive, name="archive_stage"),
    path(f"{STAGE}restore/", stage_acts.restore, name="restore_stage"),
    path(f"{STAGE}provider/", stage_acts.set_provider, name="set_provider"),
]
