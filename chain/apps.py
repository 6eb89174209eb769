from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "chain"
    verbose_name = "Integriteitsketen"
    default_auto_field = "django.db.models.BigAutoField"
