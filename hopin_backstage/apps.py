from django.apps import AppConfig


class HopinBackstageConfig(AppConfig):
    name = "hopin_backstage"

    def ready(self) -> None:
        from hopin_backstage import checks  # noqa: F401  importing registers them
