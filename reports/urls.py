from django.urls import path, register_converter

from reports import (
    annex_views,
    form_views,
    meeting_views,
    minutes_views,
    offline_views,
    publication_views,
    report_views,
    screen_views,
    survey_views,
    verify_views,
    views,
)
from reports.clerk_check import views as check_views
from reports.council import views as council_views


class DataFile:
    """The names of the files with the data behind a report."""

    regex = r"gegevens\.json|aanvulling\.json|gegevens\.csv"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DataFile, "data")

app_name = "reports"
urlpatterns = [
    path("rondes/<int:pk>/resultaat/", views.dashboard, name="dashboard"),
    path("rondes/<int:pk>/resultaat/<slug:link>/", views.link, name="link"),
    path("rondes/<int:pk>/resultaat/<slug:link>/<slug:group>/", views.group, name="figure"),
    path("rondes/<int:pk>/werkblad/vragen.pdf", offline_views.offline_pdf, name="offline_pdf"),
    path("rondes/<int:pk>/overleg/", meeting_views.meetings, name="meetings"),
    path("rondes/<int:pk>/overleg/<slug:link>/", meeting_views.meeting, name="meeting"),
    path("rondes/<int:pk>/overleg/<slug:link>/verslag/", minutes_views.minutes, name="minutes"),
    path("rondes/<int:pk>/overleg/<slug:link>/verslag.pdf", minutes_views.minutes_pdf, name="minutes_pdf"),
    path(
        "rondes/<int:pk>/overleg/<slug:link>/<slug:question>/",
        screen_views.meeting_question,
        name="meeting_question",
    ),
    path("rondes/<int:pk>/peilingen/<slug:audience>/uitkomst/", survey_views.survey, name="survey"),
    path(
        "rondes/<int:pk>/peilingen/<slug:audience>/uitkomst/uitkomst.csv",
        survey_views.survey_csv,
        name="survey_csv",
    ),
    path(
        "rondes/<int:pk>/peilingen/<slug:audience>/uitkomst/uitkomst.json",
        survey_views.survey_json,
        name="survey_json",
    ),
    path(
        "rondes/<int:pk>/peilingen/<slug:audience>/uitkomst/<slug:group>/",
        survey_views.survey_group,
        name="survey_group",
    ),
    path("controle/", verify_views.verify, name="verify"),
    path("controle/<str:code>/", verify_views.verify_code, name="verify_code"),
    path("rondes/<int:pk>/controle/", check_views.clerk_check, name="clerk_check"),
    path("griffie/", council_views.desk, name="desk"),
    path("griffie/<int:pk>/", council_views.handling, name="handling"),
    path("griffie/<int:pk>/vragen/<int:question>/", council_views.question, name="council_question"),
    path("griffie/<int:pk>/toezeggingen/<int:promise>/", council_views.promise, name="council_promise"),
    path("rondes/<int:pk>/oplegger/voorbeeld/", form_views.covering_page, name="covering_page"),
    path("verslagen/", report_views.list_reports, name="list"),
    path("verslagen/<int:pk>/", report_views.report, name="report"),
    path("verslagen/<int:pk>/verslag.pdf", report_views.pdf, name="pdf"),
    path("verslagen/<int:pk>/archief.pdf", report_views.archive_pdf, name="archive_pdf"),
    path("verslagen/<int:pk>/gegevens.json", report_views.document, name="document"),
    path("verslagen/<int:pk>/aanvulling.json", form_views.supplement, name="supplement"),
    path("verslagen/<int:pk>/gegevens.csv", form_views.csv, name="csv"),
    path("verslagen/<int:pk>/cijfers.xlsx", form_views.sheet, name="sheet"),
    path("verslagen/<int:pk>/oplegger.pdf", form_views.brief_pdf, name="brief_pdf"),
    path("verslagen/<int:pk>/raadsinformatiebrief.<slug:form>", form_views.letter, name="letter"),
    path("verslagen/<int:pk>/raadsvoorstel.<slug:form>", form_views.proposal, name="proposal"),
    path("verslagen/<int:pk>/bijlage/", annex_views.annex, name="annex"),
    path("verslagen/<int:pk>/bijlage.pdf", annex_views.annex_pdf, name="annex_pdf"),
    path("verslagen/<int:pk>/openbaar/", publication_views.preview, name="preview"),
    path("openbaar/<slug:organisation>/", publication_views.publication_list, name="publications"),
    path("openbaar/<slug:organisation>/catalogus.jsonld", publication_views.catalogue, name="catalogue"),
    path("openbaar/<slug:organisation>/<slug:edition>/", publication_views.publication, name="publication"),
    path(
        "openbaar/<slug:organisation>/<slug:edition>/verslag.pdf",
        publication_views.publication_pdf,
        name="publication_pdf",
    ),
    path(
        "openbaar/<slug:organisation>/<slug:edition>/<data:kind>",
        publication_views.publication_data,
        name="publication_data",
    ),
    path("robots.txt", publication_views.robots, name="robots"),
    path("sitemap.xml", publication_views.sitemap, name="sitemap"),
]
