from django.apps import AppConfig


class HopinBackstageConfig(AppConfig):
    name = "hopin_backstage"
