from django.urls import path

from organisations import mail_views, views

app_name = "organisations"
urlpatterns = [
    path("leden/", views.members, name="members"),
    path("organisaties/<slug:slug>/", views.organisation, name="organisation"),
    path("leden/<int:pk>/", views.member, name="member"),
    path("leden/<int:pk>/verwijderen/", views.remove, name="remove"),
    path("leden/uitnodigen/<slug:slug>/", views.invite, name="invite"),
    path("uitnodigingen/<int:pk>/opnieuw/", views.resend, name="resend"),
    path("uitnodigingen/<int:pk>/intrekken/", views.revoke, name="revoke"),
    path("organisaties/<slug:slug>/berichten/", mail_views.outbox, name="outbox"),
    path("berichten/<int:pk>/opnieuw/", mail_views.send_again, name="send_again"),
    path("account/berichten/", mail_views.preferences, name="preferences"),
    path("uitnodiging/<str:token>/", views.accept, name="accept"),
]
