"""The technical back room, for whoever runs the installation; answers are not in it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from organisations.log.acts import Act
from organisations.models import Membership, MembershipRole, Organisation, Team, User
from organisations.models.log import write

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin


class Logged(Admin):
    """Whoever has this room can give any right, so what happens here is in the log of whose it is."""

    act = Act.SETTINGS

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._write(obj, "toegevoegd")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._write(obj, "veranderd")
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for one in queryset:
            self._write(one, "verwijderd")
        return super().log_deletions(request, queryset)

    def _write(self, obj: Model, done: str) -> None:
        organisation = obj.pk if isinstance(obj, Organisation) else getattr(obj, "organisation_id", None)
        # An organisation that goes takes its number along; the portal's own log keeps that it went.
        gone = isinstance(obj, Organisation) and done == "verwijderd"
        what = f"{obj._meta.verbose_name} {obj}, {done} in de technische beheerruimte"
        write(self.act, what, organisation=None if gone else organisation)


class MembershipRoleInline(admin.TabularInline[MembershipRole, Membership]):
    model = MembershipRole
    fk_name = "membership"
    extra = 1


@admin.register(User)
class UserAdmin(Logged):
    act = Act.RIGHTS
    list_display = ["email", "name", "is_active", "last_login"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser"]


@admin.register(Organisation)
class OrganisationAdmin(Logged):
    list_display = ["name", "kind", "inhabitants", "staff"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Team)
class TeamAdmin(Logged):
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]


@admin.register(Membership)
class MembershipAdmin(Logged):
    act = Act.RIGHTS
    list_display = ["user", "organisation", "job"]
    list_select_related = ["user", "organisation"]
    autocomplete_fields = ["user"]
    inlines = [MembershipRoleInline]
