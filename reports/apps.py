from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What is shown: dashboard, figures and the report to the council. Stores nothing of its own."""

    name = "reports"
    verbose_name = "resultaten en verslagen"
