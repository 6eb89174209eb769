"""The technical back room, for whoever runs the installation; answers are not in it."""

from django.contrib import admin

from organisations.models import Membership, MembershipRole, Organisation, Team, User


class MembershipRoleInline(admin.TabularInline[MembershipRole, Membership]):
    model = MembershipRole
    extra = 1


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ["email", "name", "is_active", "last_login"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser"]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    list_display = ["name", "kind", "inhabitants", "staff"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin[Team]):
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ["user", "organisation", "job"]
    list_select_related = ["user", "organisation"]
    autocomplete_fields = ["user"]
    inlines = [MembershipRoleInline]
