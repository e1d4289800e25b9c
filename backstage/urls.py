from django.urls import path

from backstage import dashboard, views

app_name = "backstage"
urlpatterns = [
    path("backstage/<str:link_token>/", views.room, name="room"),
    path("events/<slug:slug>/stages/<uuid:stage_id>/", views.stage, name="stage"),
    path("events/<slug:slug>/manage/", dashboard.overview, name="overview"),
    path("events/<slug:slug>/manage/stage/", dashboard.stage_tab, name="stage_tab"),
    path("events/<slug:slug>/manage/stage/<uuid:stage_id>/delay/", dashboard.set_delay, name="set_delay"),
    path("events/<slug:slug>/manage/stage/<uuid:stage_id>/link/", dashboard.reset_link, name="reset_link"),
]
