from django.urls import path

from chat import dashboard

app_name = "chat"
urlpatterns = [
    path("events/<slug:slug>/manage/people/<int:user_id>/unmute/", dashboard.unmute, name="unmute"),
]
