"""All addresses of the portal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from integrity_portal import demo_views, views
from integrity_portal.leaving import views as leaving
from organisations.signing.views import SetPassword

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("gezond/", views.health, name="health"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("demo/postvak/", demo_views.inbox, name="demo_mailbox"),
    path("demo/postvak/<str:mail>/", demo_views.mail, name="demo_mail"),
    path("demo/postvak/<str:mail>/opmaak/", demo_views.mail_as_sent, name="demo_mail_as_sent"),
    path("organisaties/<slug:slug>/vertrek/", leaving.overview, name="leaving"),
    path("organisaties/<slug:slug>/vertrek/archief/", leaving.archive, name="leaving_archive"),
    path("vertrek/<str:code>/", leaving.statement, name="leaving_statement"),
    path("", include("assessments.urls")),
    path("", include("reports.urls")),
    path("", include("surveys.urls")),
    path("", include("organisations.urls")),
    path("", include("retention.urls")),
    # An address says who somebody is, and the invitation proved it: nobody changes it to an unproven one.
    path("account/email/", views.closed, name="closed"),
    re_path(r"^account/confirm-email/", views.closed, name="closed"),
    path("account/password/set/", SetPassword.as_view(), name="account_set_password"),
    path("account/", include("allauth.account.urls")),
    path("account/tweede-stap/", include("organisations.signing.urls")),
    path("techniek/", admin.site.urls),
]
