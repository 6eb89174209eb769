from django.urls import path

from surveys import answer_views, group_views, invite_views, lead_views, poster_views, remark_views

ROUND = "rondes/<int:pk>/peilingen/"
SURVEY = f"{ROUND}<slug:audience>/"

app_name = "surveys"
urlpatterns = [
    path(ROUND, lead_views.surveys, name="list"),
    path(SURVEY, lead_views.detail, name="detail"),
    path(f"{SURVEY}voorbereiden/", lead_views.prepare, name="prepare"),
    path(f"{SURVEY}groepen/", group_views.groups, name="groups"),
    path(f"{SURVEY}groepen/inlezen/", group_views.groups_import, name="groups_import"),
    path(f"{SURVEY}afstemming/", lead_views.clearances, name="clearances"),
    path(f"{SURVEY}openen/", lead_views.open_, name="open"),
    path(f"{SURVEY}uitnodigen/", invite_views.invite, name="invite"),
    path(f"{SURVEY}herinneren/", invite_views.remind, name="remind"),
    path(f"{SURVEY}posters/", poster_views.posters, name="posters"),
    path(f"{SURVEY}posters/afdrukken/", poster_views.sheets, name="sheets"),
    path(f"{SURVEY}vrijgeven/", invite_views.release, name="release"),
    path(f"{SURVEY}sluiten/", lead_views.close, name="close"),
    path(f"{SURVEY}opmerkingen/", remark_views.remarks, name="remarks"),
    path(f"{SURVEY}vernietiging/", remark_views.destruction, name="destruction"),
    path("peiling/code/", answer_views.code, name="code"),
    path("peiling/bedankt/", answer_views.thanks, name="thanks"),
    path("peiling/code/<slug:key>/", answer_views.code_answer, name="code_answer"),
    path("peiling/code/<slug:key>/<int:step>/", answer_views.code_answer_step, name="code_answer_step"),
    path("peiling/<slug:key>/", answer_views.answer, name="answer"),
    path("peiling/<slug:key>/<int:step>/", answer_views.answer_step, name="answer_step"),
]
