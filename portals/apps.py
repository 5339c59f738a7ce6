from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "portals"
    verbose_name = "页面"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Know the lists whose words belong to their pages, in workers too."""
        import portals.administration.exports
        import portals.register.exports  # noqa: F401
