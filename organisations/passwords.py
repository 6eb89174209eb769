"""What a password must be."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """Says it in Dutch: Django 5.2 changed these sentences and has no Dutch translation of them yet."""

    def get_error_message(self) -> str:
        return f"Dit wachtwoord is te kort. Gebruik ten minste {self.min_length} tekens."

    def get_help_text(self) -> str:
        return f"Gebruik ten minste {self.min_length} tekens."
