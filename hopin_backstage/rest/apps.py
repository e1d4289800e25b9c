from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "hopin_backstage.rest"
    label = "rest"
    verbose_name = "API"

    def ready(self) -> None:
        # Importing connects receivers, and registers the schema with drf-spectacular.
        from hopin_backstage.rest import receivers, schema  # noqa: F401
