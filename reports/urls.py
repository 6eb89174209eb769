from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("rondes/<int:pk>/resultaat/", views.dashboard, name="dashboard"),
    path("rondes/<int:pk>/resultaat/<slug:link>/", views.link, name="link"),
    path("rondes/<int:pk>/resultaat/<slug:link>/<slug:group>/", views.group, name="figure"),
]
