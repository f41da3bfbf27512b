"""The one Django application: what Kuulo remembers, and the desk over it."""

from django.apps import AppConfig


class KuuloConfig(AppConfig):
    """Kuulo as Django sees it."""

    name = "kuulo"
    label = "kuulo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks that stop a start that could not go well."""
        from kuulo import checks  # noqa: F401, PLC0415
