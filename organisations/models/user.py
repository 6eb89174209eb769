"""A person who signs in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new user; the address is kept in lower case, because people type it both ways."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def open_account(self, email: str, name: str, password: str | None) -> User:
        """Somebody new with this password, or the guest of this address, who then has an account too."""
        guest = self.select_for_update().filter(email=email.strip().lower(), is_guest=True).first()
        if guest is None:
            return self.create_user(email, password, name=name)
        guest.is_guest, guest.is_active, guest.name = False, True, name
        guest.set_password(password)
        guest.save()
        return guest

    def guest(self, email: str, name: str) -> User:
        """The guest of this address, a new one of this name if need be; or who has an account, no guest."""
        new = {"name": name, "is_guest": True, "is_active": False, "password": make_password(None)}
        return self.get_or_create(email=email.strip().lower(), defaults=new)[0]

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


def label(name: str, *, is_guest: bool) -> str:
    """A name for a list of people, which says who is from outside."""
    return f"{name} (extern)" if is_guest else name


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; the e-mail address is the name by which they do."""

    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120)
    is_staff = models.BooleanField("mag in het technisch beheer", default=False)
    is_active = models.BooleanField("actief", default=True)
    # Somebody from outside, who has no account: a personal link lets them in (assessments/models/guest.py).
    is_guest = models.BooleanField("gast", default=False)
    date_joined = models.DateTimeField("sinds", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def label(self) -> str:
        """The name for a list of people, which says who is from outside."""
        return label(self.name, is_guest=self.is_guest)

    def rename(self, name: str) -> None:
        self.name = name
        self.save(update_fields=["name"])

    def end_sessions(self) -> None:
        """Ends all sessions of a guest: they hold on to a hash of the password, which nobody knows."""
        self.set_unusable_password()
        self.save(update_fields=["password"])

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]
