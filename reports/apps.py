from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What is shown: the dashboard, the figures behind it and the report to the council."""

    name = "reports"
    verbose_name = "resultaten en verslagen"
