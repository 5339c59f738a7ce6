from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "文书与表格"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let `manage.py make_keys` make the key of the local seal too, and know every list that can be exported."""
        from core.keys import MAKERS

        MAKERS.append(_make_seal)
        autodiscover_modules("exports")


def _make_seal() -> str:
    from documents.seals.certificates import make_seal

    return make_seal()
