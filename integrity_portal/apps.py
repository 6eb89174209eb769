from django.apps import AppConfig


class IntegrityPortalConfig(AppConfig):
    name = "integrity_portal"
    verbose_name = "Integriteitsportaal"

    def ready(self) -> None:
        from integrity_portal import checks  # noqa: F401  # registers itself, once the apps are there
