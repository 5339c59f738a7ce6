from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与岗位"
    default_auto_field = "django.db.models.BigAutoField"
