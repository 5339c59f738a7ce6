from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "文书与表格"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let `manage.py make_keys` make the key of the local seal too."""
        from core.keys import MAKERS

        MAKERS.append(_make_seal)


def _make_seal() -> str:
    from documents.seals.certificates import make_seal

    return make_seal()
