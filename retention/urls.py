from django.urls import path

from retention import person_views, views

app_name = "retention"
urlpatterns = [
    path("account/gegevens/", person_views.own, name="own"),
    path("organisaties/<slug:slug>/inzage/", person_views.person, name="person"),
    path("organisaties/<slug:slug>/inzage/intrekken/", person_views.withdraw, name="withdraw"),
    path("inzage/<str:token>/", person_views.asked, name="asked"),
    path("organisaties/<slug:slug>/bewaren/", views.overview, name="overview"),
    path("organisaties/<slug:slug>/bewaren/termijnen/", views.periods, name="periods"),
    path("organisaties/<slug:slug>/bewaren/proef/", views.trial, name="trial"),
    path("organisaties/<slug:slug>/bewaren/procedure/", views.hold, name="hold"),
    path("organisaties/<slug:slug>/bewaren/procedure/<int:pk>/", views.lift, name="lift"),
    path("organisaties/<slug:slug>/bewaren/verklaringen/", views.statements, name="statements"),
    path("organisaties/<slug:slug>/bewaren/verklaringen/<int:number>/", views.statement, name="statement"),
]
