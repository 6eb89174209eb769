"""What is shown: the dashboard, the figures behind it, and the report to the council."""
