"""Who is asked what: whole themes or questions, at once or in turns, and handing over."""
