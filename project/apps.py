from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = "引工"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the deployment checks."""
        from project import checks  # noqa: F401
