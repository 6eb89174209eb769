from django.urls import path

from assessments import round_views
from assessments.accounting import views as accounting_views
from assessments.answering import hand_in_views, life_views, reply_views
from assessments.answering import views as answer_views
from assessments.counting import views as counting_views
from assessments.delegating import hand_over_views
from assessments.delegating import views as delegation_views
from assessments.evidence import views as evidence_views
from assessments.guests import entrance as guest_entrance
from assessments.guests import views as guest_views
from assessments.improving import step_views as action_views
from assessments.improving import views as plan_views
from assessments.offline import views as offline_views
from assessments.threads import views as thread_views
from assessments.validating import sample_views
from assessments.validating import views as judgement_views

app_name = "assessments"
QUESTION = "rondes/<int:pk>/vragen/<slug:link>/<slug:theme>/<slug:question>"
ACTION = "rondes/<int:pk>/verbeterplan/<int:action>"
urlpatterns = [
    path("rondes/", round_views.rounds, name="list"),
    path("rondes/nieuw/", round_views.create, name="create"),
    path("rondes/<int:pk>/", round_views.detail, name="detail"),
    path("rondes/<int:pk>/wijzigen/", round_views.edit, name="edit"),
    path("rondes/<int:pk>/gasten/", guest_views.guests, name="guests"),
    path("rondes/<int:pk>/gasten/<int:guest>/", guest_views.guest_edit, name="guest_edit"),
    path("rondes/<int:pk>/gasten/<int:guest>/intrekken/", guest_views.guest_revoke, name="guest_revoke"),
    path("gast/", guest_entrance.gone, name="guest_gone"),
    path("gast/stop/", guest_entrance.stop, name="guest_stop"),
    path("gast/<str:token>/", guest_entrance.guest, name="guest"),
    path("rondes/<int:pk>/verdeling/", delegation_views.delegation, name="delegation"),
    path(
        "rondes/<int:pk>/verdeling/<slug:link>/<slug:theme>/",
        delegation_views.delegation_theme,
        name="delegation_theme",
    ),
    path("rondes/<int:pk>/verdeling/<slug:link>/<slug:theme>/beurt/", delegation_views.turn, name="turn"),
    path("rondes/<int:pk>/jaarcijfers/", counting_views.figures, name="figures"),
    path("rondes/<int:pk>/kwetsbaarheden/", counting_views.vulnerabilities, name="vulnerabilities"),
    path("rondes/<int:pk>/voortgang/", round_views.progress, name="progress"),
    path("rondes/<int:pk>/steekproef/", sample_views.sample, name="sample"),
    path("rondes/<int:pk>/bewijs/", judgement_views.judgements, name="judgements"),
    path("rondes/<int:pk>/bewijs/<slug:question>/", judgement_views.judgement, name="judgement"),
    path("rondes/<int:pk>/bewijs/<slug:question>/verloop/", life_views.everyones, name="lives"),
    path("rondes/<int:pk>/status/<slug:target>/", round_views.transition, name="transition"),
    path("rondes/<int:pk>/verbeterplan/", plan_views.plan, name="plan"),
    path("rondes/<int:pk>/verbeterplan/nieuw/", plan_views.action_new, name="action_new"),
    path(f"{ACTION}/", action_views.action, name="action"),
    path(f"{ACTION}/wijzigen/", action_views.action_edit, name="action_edit"),
    path(f"{ACTION}/datum/", action_views.action_move, name="action_move"),
    path(f"{ACTION}/stap/<slug:target>/", action_views.action_step, name="action_step"),
    path("rondes/<int:pk>/oplegger/", accounting_views.brief, name="brief"),
    path("rondes/<int:pk>/reactie/", accounting_views.reaction, name="reaction"),
    path("rondes/<int:pk>/werkblad/", offline_views.offline, name="offline"),
    path("rondes/<int:pk>/werkblad/vragen.xlsx", offline_views.workbook, name="workbook"),
    path("rondes/<int:pk>/werkblad/inlezen/", offline_views.read_back, name="read_back"),
    path("rondes/<int:pk>/inleveren/", hand_in_views.hand_in, name="hand_in"),
    path("rondes/<int:pk>/vragen/", answer_views.questions, name="questions"),
    path("rondes/<int:pk>/vragen/<slug:link>/<slug:theme>/", answer_views.theme, name="theme"),
    path(
        "rondes/<int:pk>/vragen/<slug:link>/<slug:theme>/overdragen/",
        hand_over_views.hand_over_page,
        name="hand_over",
    ),
    path(f"{QUESTION}/", answer_views.question, name="question"),
    path(f"{QUESTION}/teruggegeven/", reply_views.reply, name="reply"),
    path(f"{QUESTION}/bewijs/", evidence_views.evidence, name="evidence"),
    path(f"{QUESTION}/bewijs/<int:evidence>/", evidence_views.evidence_file, name="evidence_file"),
    path(
        f"{QUESTION}/bewijs/<int:evidence>/verwijderen/",
        evidence_views.evidence_remove,
        name="evidence_remove",
    ),
    path(
        "rondes/<int:pk>/vragen/<slug:link>/<slug:theme>/<slug:question>/verloop/",
        life_views.mine,
        name="life",
    ),
    path(f"{QUESTION}/gesprek/", thread_views.thread, name="thread"),
    path("rondes/<int:pk>/gesprekken/", thread_views.threads, name="threads"),
]
