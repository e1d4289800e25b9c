from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "hopin_backstage.rest"
    label = "rest"
    verbose_name = "API"

    def ready(self) -> None:
        from hopin_backstage.rest import schema  # noqa: F401 - importing registers it with drf-spectacular
