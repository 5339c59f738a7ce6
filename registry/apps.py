from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "人员与企业"
    default_auto_field = "django.db.models.BigAutoField"
