from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "拨付"
    default_auto_field = "django.db.models.BigAutoField"
