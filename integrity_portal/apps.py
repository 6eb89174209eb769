from django.apps import AppConfig


class IntegrityPortalConfig(AppConfig):
    name = "integrity_portal"
    verbose_name = "Integriteitsportaal"
