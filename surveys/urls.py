from django.urls import path

from surveys import answer_views

app_name = "surveys"
urlpatterns = [
    path("peiling/code/", answer_views.code, name="code"),
    path("peiling/bedankt/", answer_views.thanks, name="thanks"),
    path("peiling/code/<slug:key>/", answer_views.code_answer, name="code_answer"),
    path("peiling/code/<slug:key>/<int:step>/", answer_views.code_answer_step, name="code_answer_step"),
    path("peiling/<slug:key>/", answer_views.answer, name="answer"),
    path("peiling/<slug:key>/<int:step>/", answer_views.answer_step, name="answer_step"),
]
