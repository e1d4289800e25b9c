from django.urls import path

from moderation import dashboard, webhook_pages

app_name = "moderation"
urlpatterns = [
    path("events/<slug:slug>/manage/activity/", dashboard.activity, name="activity"),
    path("events/<slug:slug>/manage/webhooks/", webhook_pages.webhooks, name="webhooks"),
    path("events/<slug:slug>/manage/webhooks/<uuid:webhook_id>/", webhook_pages.change, name="webhook"),
]
