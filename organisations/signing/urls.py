"""The addresses of the second factor, under the names by which django-allauth knows them."""

from allauth.mfa.recovery_codes.views import view_recovery_codes
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from organisations.signing import views

urlpatterns = [
    path("", views.overview, name="mfa_index"),
    path("code/", views.Authenticate.as_view(), name="mfa_authenticate"),
    path("opnieuw/code/", views.ProveByCode.as_view(), name="mfa_reauthenticate"),
    path("opnieuw/passkey/", views.ProveByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("app/", views.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("app/verwijderen/", views.DeactivateApp.as_view(), name="mfa_deactivate_totp"),
    path("herstelcodes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path("herstelcodes/nieuw/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("passkeys/nieuw/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "passkeys/inloggen/", login_not_required(views.SignInByPasskey.as_view()), name="mfa_login_webauthn"
    ),
    path("passkeys/<int:pk>/naam/", views.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/verwijderen/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
