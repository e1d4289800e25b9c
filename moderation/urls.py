from django.urls import path

from moderation import dashboard

app_name = "moderation"
urlpatterns = [
    path("events/<slug:slug>/manage/activity/", dashboard.activity, name="activity"),
]
