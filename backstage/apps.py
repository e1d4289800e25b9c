from django.apps import AppConfig


class BackstageConfig(AppConfig):
    name = "backstage"

    def ready(self) -> None:
        from backstage import receivers  # noqa: F401 - importing connects them
