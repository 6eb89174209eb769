from django.urls import path, register_converter

from organisations import log_views, mail_views, review_views, rights_views, style_views, views
from organisations.sign_on import settings_views as sign_on_settings
from organisations.sign_on import views as sign_on
from organisations.sign_on.saml import settings_views as saml_settings
from organisations.sign_on.saml import views as saml
from organisations.signing import session_views


class Hexadecimal:
    """A colour as rrggbb, or a SHA-256: what can stand in an address of a house style."""

    regex = "[0-9a-f]{64}|[0-9a-f]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Hexadecimal, "hex")

app_name = "organisations"
urlpatterns = [
    path("leden/", views.members, name="members"),
    path("organisaties/<slug:slug>/", views.organisation, name="organisation"),
    path("organisaties/<slug:slug>/huisstijl/", style_views.house_style, name="house_style"),
    path(
        "organisaties/<slug:slug>/huisstijl/<int:pk>/",
        style_views.house_style_version,
        name="house_style_version",
    ),
    # "1" goes up when organisations.colours makes other shades: what is at an address never changes.
    path("huisstijl/1-<hex:colour>-<hex:accent>.css", style_views.style_sheet, name="sheet"),
    path("huisstijl/<hex:digest>.<slug:kind>", style_views.logo, name="logo"),
    path("leden/<int:pk>/", views.member, name="member"),
    path("leden/<int:pk>/rollen/<slug:role>/", rights_views.right, name="right"),
    path("leden/<int:pk>/rollen/<slug:role>/vervanging/", rights_views.substitute, name="substitute"),
    path("organisaties/<slug:slug>/rechten/", rights_views.rights, name="rights"),
    path("leden/<int:pk>/tweede-stap/", session_views.forget_factor, name="forget_factor"),
    path("organisaties/<slug:slug>/rechten/herziening/", review_views.review, name="review"),
    path(
        "organisaties/<slug:slug>/rechten/herziening/<int:pk>/", review_views.review_done, name="review_done"
    ),
    path("leden/<int:pk>/verwijderen/", views.remove, name="remove"),
    path("leden/uitnodigen/<slug:slug>/", views.invite, name="invite"),
    path("account/opnieuw/", session_views.again, name="again"),
    path("account/apparaten/", session_views.sessions, name="sessions"),
    path("account/apparaten/andere/", session_views.end_other_sessions, name="sessions_end"),
    path("account/apparaten/<int:session>/", session_views.end_session, name="session_end"),
    path("uitnodigingen/<int:pk>/opnieuw/", views.resend, name="resend"),
    path("uitnodigingen/<int:pk>/intrekken/", views.revoke, name="revoke"),
    path("organisaties/<slug:slug>/berichten/", mail_views.outbox, name="outbox"),
    path("organisaties/<slug:slug>/logboek/", log_views.log, name="log"),
    path("organisaties/<slug:slug>/logboek.csv", log_views.log_csv, name="log_csv"),
    path("organisaties/<slug:slug>/inloggen/", sign_on_settings.settings, name="sign_on_settings"),
    path("organisaties/<slug:slug>/inloggen/test/", sign_on_settings.test, name="sign_on_test"),
    path("organisaties/<slug:slug>/inloggen/stand/", sign_on_settings.switch, name="sign_on_switch"),
    path(
        "organisaties/<slug:slug>/inloggen/wachtwoorden/",
        sign_on_settings.passwords,
        name="sign_on_passwords",
    ),
    path(
        "organisaties/<slug:slug>/inloggen/koppelingen/<int:account>/los/",
        sign_on_settings.loosen,
        name="sign_on_loosen",
    ),
    path("organisaties/<slug:slug>/inloggen/saml/", saml_settings.settings, name="saml_settings"),
    path("organisaties/<slug:slug>/inloggen/saml/test/", saml_settings.test, name="saml_test"),
    path("organisaties/<slug:slug>/inloggen/saml/metadata.xml", saml_settings.metadata, name="saml_metadata"),
    path("account/organisatie/", sign_on.which, name="sign_on"),
    path("account/organisatie/<slug:slug>/", sign_on.start, name="sign_on_start"),
    path("account/organisatie/<slug:slug>/terug/", sign_on.back, name="sign_on_back"),
    path("account/organisatie/<slug:slug>/saml/", saml.answer, name="saml_answer"),
    path("account/organisatie/<slug:slug>/saml/klaar/", saml.arrived, name="saml_arrived"),
    path("berichten/<int:pk>/opnieuw/", mail_views.send_again, name="send_again"),
    path("account/berichten/", mail_views.preferences, name="preferences"),
    path("uitnodiging/<str:token>/", views.accept, name="accept"),
]
