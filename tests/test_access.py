"""Who may open what: every address of the portal × everyone in the cast × the states of a round.

A cell is what the person gets: a status code, or `login` for the way to the sign-in page. To someone who may
not see a thing it does not exist: 404 and never 403. An address without a row fails the first test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from organisations.models import Membership, User
from tests import access_page
from tests.world import addresses, make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")
# The round is Waterrijk's; Bram was given all its themes, Fatima none, and Chris is of Hoogezand.
# `round`: the states in which the row holds; "-" where no round is concerned, "*" for the four usual ones.
USUAL = ("draft", "open", "closed", "adopted")
TABLE = """
address                          round             anna  bram fatima vera  guus greet  bea chris nobody
home                             -                  200   200   200   200   200   200  200   200  login
health                           -                  200   200   200   200   200   200  200   200    200
security_txt                     -                  404   404   404   404   404   404  404   404    404
demo_mailbox                     -                  200   200   200   200   200   200  200   200    200
demo_mail                        -                  200   200   200   200   200   200  200   200    200
demo_mail_as_sent                -                  200   200   200   200   200   200  200   200    200
closed                           -                  404   404   404   404   404   404  404   404  login

assessments:list                 -                  200   200   200   200   200   200  200   200  login
assessments:create               -                  200   404   404   404   404   404  404   200  login
assessments:detail               *                  200   404   404   200   404   404  404   404  login
assessments:progress             *                  200   404   404   200   404   404  404   404  login
assessments:edit                 draft,open         200   404   404   404   404   404  404   404  login
assessments:edit                 closed,adopted     409   404   404   404   404   404  404   404  login
assessments:delegation           draft,open         200   404   404   404   404   404  404   404  login
assessments:delegation           closed,adopted     409   404   404   404   404   404  404   404  login
assessments:guests               *                  200   404   404   404   404   404  404   404  login
assessments:guest_edit           *                  200   404   404   404   404   404  404   404  login
assessments:guest_revoke         *                  200   404   404   404   404   404  404   404  login
assessments:guest                -,draft,withdrawn  302   302   302   302   302   302  302   302    302
assessments:guest                open,adopted       200   200   200   200   200   200  200   200    200
assessments:guest_gone           -                  404   404   404   404   404   404  404   404    404
assessments:guest_stop           -                  405   405   405   405   405   405  405   405    405
assessments:delegation_theme     draft,open         200   404   404   404   404   404  404   404  login
assessments:delegation_theme     closed,adopted     409   404   404   404   404   404  404   404  login
assessments:turn                 draft,closed       409   404   404   404   404   404  404   404  login
assessments:turn                 open               200   404   404   404   404   404  404   404  login

assessments:plan                 draft              404   404   404   404   404   404  404   404  login
assessments:plan                 open,closed        200   404   404   200   404   404  404   404  login
assessments:plan                 adopted            200   200   200   200   200   404  404   404  login
assessments:action_new           open,closed        200   404   404   200   404   404  404   404  login
assessments:action_new           adopted            200   404   404   200   200   404  404   404  login
assessments:action_new           submitted          409   404   404   409   409   404  404   404  login
assessments:action               draft              404   404   404   404   404   404  404   404  login
assessments:action               open,closed        200   404   404   200   404   404  404   404  login
assessments:action               adopted            200   200   200   200   200   404  404   404  login
assessments:action_edit          open,closed        200   404   404   404   404   404  404   404  login
assessments:action_edit          adopted            200   404   404   404   200   404  404   404  login
assessments:action_move          open,closed        409   404   404   404   404   404  404   404  login
assessments:action_move          adopted            409   404   404   404   409   404  404   404  login
assessments:action_step          open,closed        200   404   404   404   404   404  404   404  login
assessments:action_step          adopted            200   404   404   404   200   404  404   404  login

assessments:questions            draft,prepared     404   404   404   404   404   404  404   404  login
assessments:questions            open               404   200   404   404   404   404  404   404  login
assessments:questions            closed,adopted     404   200   404   404   404   404  404   404  login
assessments:questions            withdrawn          404   404   404   404   404   404  404   404  login
assessments:theme                draft              404   404   404   404   404   404  404   404  login
assessments:theme                open               404   200   404   404   404   404  404   404  login
assessments:theme                closed,adopted     404   200   404   404   404   404  404   404  login
assessments:question             draft              404   404   404   404   404   404  404   404  login
assessments:question             open               404   200   404   404   404   404  404   404  login
assessments:question             closed,adopted     404   200   404   404   404   404  404   404  login
assessments:hand_over            draft,withdrawn    404   404   404   404   404   404  404   404  login
assessments:hand_over            open               404   200   404   404   404   404  404   404  login
assessments:hand_over            closed,adopted     404   409   404   404   404   404  404   404  login

assessments:offline              draft              404   404   404   404   404   404  404   404  login
assessments:offline              open,closed        404   200   404   404   404   404  404   404  login
assessments:offline              adopted            404   200   404   404   404   404  404   404  login
assessments:offline              withdrawn          404   404   404   404   404   404  404   404  login
assessments:workbook             draft              404   404   404   404   404   404  404   404  login
assessments:workbook             open,closed        404   200   404   404   404   404  404   404  login
assessments:workbook             adopted            404   200   404   404   404   404  404   404  login
reports:offline_pdf              draft              404   404   404   404   404   404  404   404  login
reports:offline_pdf              open,closed        404   200   404   404   404   404  404   404  login
reports:offline_pdf              adopted            404   200   404   404   404   404  404   404  login
assessments:read_back            draft              404   404   404   404   404   404  404   404  login
assessments:read_back            open,closed        404   302   404   404   404   404  404   404  login
assessments:hand_in              draft,prepared     404   404   404   404   404   404  404   404  login
assessments:hand_in              open,closed        404   200   404   404   404   404  404   404  login
assessments:hand_in              adopted            404   200   404   404   404   404  404   404  login
assessments:hand_in              withdrawn          404   404   404   404   404   404  404   404  login

assessments:evidence             draft              404   404   404   404   404   404  404   404  login
assessments:evidence             open,closed        200   200   404   200   404   404  404   404  login
assessments:evidence             adopted            200   200   404   200   404   404  404   404  login
assessments:evidence             withdrawn          200   404   404   200   404   404  404   404  login
assessments:evidence_file        draft              404   404   404   404   404   404  404   404  login
assessments:evidence_file        open,closed        200   200   404   200   404   404  404   404  login
assessments:evidence_file        adopted            200   200   404   200   404   404  404   404  login
assessments:evidence_remove      draft              404   404   404   404   404   404  404   404  login
assessments:evidence_remove      open               200   200   404   404   404   404  404   404  login
assessments:evidence_remove      closed,adopted     200   404   404   404   404   404  404   404  login

assessments:thread               draft,prepared     404   404   404   404   404   404  404   404  login
assessments:thread               open,closed        200   200   404   200   404   404  404   404  login
assessments:thread               validation,adopted 200   200   404   200   404   404  404   404  login
assessments:thread               archived           200   200   404   200   404   404  404   404  login
assessments:thread               withdrawn          200   404   404   200   404   404  404   404  login
assessments:threads              draft,prepared     404   404   404   404   404   404  404   404  login
assessments:threads              open,closed        200   200   404   200   404   404  404   404  login
assessments:threads              adopted,archived   200   200   404   200   404   404  404   404  login
assessments:threads              withdrawn          200   404   404   200   404   404  404   404  login

assessments:judgements           draft,open,closed  404   404   404   404   404   404  404   404  login
assessments:judgements           validation,adopted 200   404   404   200   404   404  404   404  login
assessments:judgement            draft,open,closed  404   404   404   404   404   404  404   404  login
assessments:judgement            validation,adopted 200   404   404   200   404   404  404   404  login

assessments:figures              draft              404   404   404   404   404   404  404   404  login
assessments:figures              open,adopted       200   404   404   200   404   404  404   404  login
assessments:figures              withdrawn          200   404   404   200   404   404  404   404  login
assessments:vulnerabilities      draft              404   404   404   404   404   404  404   404  login
assessments:vulnerabilities      open,validation    200   404   404   200   404   404  404   404  login
assessments:vulnerabilities      adopted            200   200   200   200   200   404  404   404  login

assessments:sample               draft,open,closed  404   404   404   404   404   404  404   404  login
assessments:sample               validation,adopted 200   404   404   200   404   404  404   404  login
assessments:reply                open,closed        404   404   404   404   404   404  404   404  login
assessments:reply                validation         404   200   404   404   404   404  404   404  login

assessments:lives                draft,open,closed  404   404   404   404   404   404  404   404  login
assessments:lives                validation,adopted 200   404   404   200   404   404  404   404  login
assessments:life                 draft              404   404   404   404   404   404  404   404  login
assessments:life                 open               404   200   404   404   404   404  404   404  login
assessments:life                 closed,adopted     404   200   404   404   404   404  404   404  login
assessments:life                 withdrawn          404   404   404   404   404   404  404   404  login

assessments:brief                *                  200   404   404   404   404   404  404   404  login
assessments:brief                executive,archived 200   404   404   404   404   404  404   404  login
assessments:reaction             draft,open,closed  404   404   404   404   404   404  404   404  login
assessments:reaction             validation         404   404   404   404   404   404  404   404  login
assessments:reaction             adopted,executive  200   404   404   404   200   404  404   404  login
assessments:reaction             submitted,archived 200   404   404   404   200   404  404   404  login

assessments:transition           *                  200   404   404   404   404   404  404   404  login
assessments:transition           executive          200   404   404   404   200   404  404   404  login
assessments:transition           submitted          404   404   404   404   404   200  404   404  login
assessments:transition           discussed          404   404   404   404   404   200  404   404  login
assessments:transition           published          200   404   404   404   404   200  404   404  login

reports:dashboard                draft              404   404   404   404   404   404  404   404  login
reports:dashboard                open,closed        200   404   404   200   404   404  404   404  login
reports:dashboard                adopted,archived   200   200   200   200   200   404  404   404  login
reports:link                     draft              404   404   404   404   404   404  404   404  login
reports:link                     open,closed        200   404   404   200   404   404  404   404  login
reports:link                     adopted            200   200   200   200   200   404  404   404  login
reports:figure                   draft              404   404   404   404   404   404  404   404  login
reports:figure                   open,closed        200   404   404   200   404   404  404   404  login
reports:figure                   adopted            200   200   200   200   200   404  404   404  login
reports:meetings                 draft,open,closed  404   404   404   404   404   404  404   404  login
reports:meetings                 validation,adopted 200   404   404   200   404   404  404   404  login
reports:meeting                  draft,open,closed  404   404   404   404   404   404  404   404  login
reports:meeting                  validation,adopted 200   404   404   200   404   404  404   404  login
reports:meeting_question         draft,open,closed  404   404   404   404   404   404  404   404  login
reports:meeting_question         validation,adopted 200   404   404   200   404   404  404   404  login
reports:minutes                  draft,open,closed  404   404   404   404   404   404  404   404  login
reports:minutes                  validation,adopted 200   200   404   200   404   404  404   404  login
reports:minutes                  withdrawn          404   404   404   404   404   404  404   404  login
reports:minutes_pdf              draft,open,closed  404   404   404   404   404   404  404   404  login
reports:minutes_pdf              validation,adopted 200   200   404   200   404   404  404   404  login
reports:verify                   -                  200   200   200   200   200   200  200   200    200
reports:verify_code              -,open,adopted     404   404   404   404   404   404  404   404    404
reports:verify_code              submitted,archived 200   200   200   200   200   200  200   200    200
reports:clerk_check              draft,open,closed  404   404   404   404   404   404  404   404  login
reports:clerk_check              adopted,executive  200   404   404   200   200   200  404   404  login
reports:clerk_check              submitted,archived 200   404   404   200   200   200  404   404  login
reports:desk                     -                  404   404   404   404   404   200  404   200  login
reports:handling                 draft,open,closed  404   404   404   404   404   404  404   404  login
reports:handling                 adopted,submitted  200   404   404   404   404   200  404   404  login
reports:handling                 archived           200   404   404   404   404   200  404   404  login
reports:council_question         submitted          200   404   404   404   404   200  404   404  login
reports:council_promise          submitted          200   404   404   404   404   200  404   404  login
reports:list                     -                  200   200   200   200   200   200  200   200  login
reports:report                   adopted,archived   200   200   200   200   200   200  404   404  login
reports:pdf                      adopted,archived   200   200   200   200   200   200  404   404  login
reports:archive_pdf              adopted,archived   200   200   200   200   200   200  404   404  login
reports:document                 adopted,archived   200   200   200   200   200   200  404   404  login
reports:supplement               adopted,archived   200   200   200   200   200   200  404   404  login
reports:csv                      adopted,archived   200   200   200   200   200   200  404   404  login
reports:sheet                    adopted,archived   200   200   200   200   200   200  404   404  login
reports:brief_pdf                adopted,archived   200   200   200   200   200   200  404   404  login
reports:covering_page            draft,open         404   404   404   404   404   404  404   404  login
reports:covering_page            closed,validation  200   404   404   404   404   404  404   404  login
reports:covering_page            adopted,archived   200   404   404   404   404   404  404   404  login
reports:letter                   adopted,archived   200   200   200   200   200   200  404   404  login
reports:proposal                 adopted,archived   200   200   200   200   200   200  404   404  login
reports:annex                    adopted,archived   200   404   404   200   404   404  404   404  login
reports:annex_pdf                adopted,archived   200   404   404   200   404   404  404   404  login

reports:preview                  adopted,archived   200   200   200   200   200   200  404   404  login
reports:publications             -,adopted          404   404   404   404   404   404  404   404    404
reports:publications             discussed          404   404   404   404   404   404  404   404    404
reports:publications             published,archived 200   200   200   200   200   200  200   200    200
reports:publication              adopted,discussed  404   404   404   404   404   404  404   404    404
reports:publication              published,archived 200   200   200   200   200   200  200   200    200
reports:publication_pdf          adopted,discussed  404   404   404   404   404   404  404   404    404
reports:publication_data         adopted,discussed  404   404   404   404   404   404  404   404    404
reports:publication_data         published,archived 200   200   200   200   200   200  200   200    200
reports:catalogue                adopted,discussed  404   404   404   404   404   404  404   404    404
reports:catalogue                published,archived 200   200   200   200   200   200  200   200    200
reports:robots                   -                  200   200   200   200   200   200  200   200    200
reports:sitemap                  -                  200   200   200   200   200   200  200   200    200

organisations:members            -                  200   404   404   404   404   404  200   200  login
organisations:member             -                  404   404   404   404   404   404  200   404  login
organisations:remove             -                  404   404   404   404   404   404  200   404  login
organisations:right              -                  404   404   404   404   404   404  200   404  login
organisations:substitute         -                  404   404   404   404   404   404  200   404  login
organisations:review             -                  404   404   404   404   404   404  200   404  login
organisations:review_done        -                  200   404   404   200   404   404  200   404  login
organisations:rights             -                  200   404   404   200   404   404  200   404  login
organisations:forget_factor      -                  404   404   404   404   404   404  200   404  login
organisations:invite             -                  404   404   404   404   404   404  200   404  login
organisations:organisation       -                  404   404   404   404   404   404  200   404  login
organisations:house_style        -                  404   404   404   404   404   404  200   404  login
organisations:house_style_version -                 404   404   404   404   404   404  200   404  login
organisations:sign_on_settings   -                  404   404   404   404   404   404  200   404  login
organisations:sign_on_passwords  -                  404   404   404   404   404   404  200   404  login
organisations:sign_on_test       -                  405   405   405   405   405   405  405   405  login
organisations:sign_on_switch     -                  405   405   405   405   405   405  405   405  login
organisations:sign_on_loosen     -                  405   405   405   405   405   405  405   405  login
organisations:saml_settings      -                  404   404   404   404   404   404  200   404  login
organisations:saml_test          -                  404   404   404   404   404   404  404   404  login
organisations:saml_metadata      -                  404   404   404   404   404   404  200   404  login
organisations:saml_answer        -                  405   405   405   405   405   405  405   405    405
organisations:saml_arrived       -                  404   404   404   404   404   404  404   404    404
organisations:sign_on            -                  200   200   200   200   200   200  200   200    200
organisations:sign_on_start      -                  502   502   502   502   502   502  502   502    502
organisations:sign_on_back       -                  400   400   400   400   400   400  400   400    400
organisations:sheet              -                  200   200   200   200   200   200  200   200    200
organisations:logo               -                  200   200   200   200   200   200  200   200    200
organisations:resend             -                  405   405   405   405   405   405  405   405  login
organisations:revoke             -                  405   405   405   405   405   405  405   405  login
surveys:list                     *                   200  404   404   404   404   200  404   404  login
surveys:detail                   *                   200  404   404   404   404   404  404   404  login
surveys:detail                   withdrawn           200  404   404   404   404   404  404   404  login
surveys:prepare                  draft,open,closed   200  404   404   404   404   404  404   404  login
surveys:prepare                  adopted,withdrawn   409  404   404   404   404   404  404   404  login
surveys:groups                   draft,open,closed   200  404   404   404   404   404  404   404  login
surveys:groups                   adopted,withdrawn   409  404   404   404   404   404  404   404  login
surveys:groups_import            draft,open,closed   200  404   404   404   404   404  404   404  login
surveys:groups_import            adopted,withdrawn   409  404   404   404   404   404  404   404  login
surveys:clearances               draft,open,closed   200  404   404   404   404   404  404   404  login
surveys:clearances               adopted,withdrawn   409  404   404   404   404   404  404   404  login
surveys:open                     draft,open,closed   200  404   404   404   404   404  404   404  login
surveys:open                     adopted,withdrawn   409  404   404   404   404   404  404   404  login
surveys:invite                   draft,open,closed   200  404   404   404   404   404  404   404  login
surveys:invite                   adopted,withdrawn   409  404   404   404   404   404  404   404  login
surveys:remind                   *                   409  404   404   404   404   404  404   404  login
surveys:posters                  draft,open,closed   200  404   404   404   404   404  404   404  login
surveys:posters                  adopted,withdrawn   409  404   404   404   404   404  404   404  login
surveys:sheets                   *                   409  404   404   404   404   404  404   404  login
surveys:release                  *                   404  404   404   404   404   404  404   404  login
surveys:close                    *                   409  404   404   404   404   404  404   404  login
surveys:answer                   -                  200   200   200   200   200   200  200   200    200
surveys:code                     -                  200   200   200   200   200   200  200   200    200
surveys:code_answer              -                  200   200   200   200   200   200  200   200    200
surveys:thanks                   -                  200   200   200   200   200   200  200   200    200
surveys:answer_step              -                  200   200   200   200   200   200  200   200    200
surveys:code_answer_step         -                  200   200   200   200   200   200  200   200    200
surveys:remarks                  *                  200   404   404   404   404   404  404   404  login
surveys:destruction              *                  200   404   404   404   404   404  404   404  login
reports:survey                   polled,open        404   404   404   404   404   404  404   404  login
reports:survey                   told               200   404   404   200   200   404  404   404  login
reports:survey                   council            404   404   404   404   404   200  404   404  login
reports:survey                   released           200   404   404   200   200   200  404   404  login
reports:survey_group             polled,council     404   404   404   404   404   404  404   404  login
reports:survey_group             told               200   404   404   200   200   404  404   404  login
reports:survey_csv               polled,open        404   404   404   404   404   404  404   404  login
reports:survey_csv               told               200   404   404   200   200   404  404   404  login
reports:survey_csv               council            404   404   404   404   404   200  404   404  login
reports:survey_csv               released           200   404   404   200   200   200  404   404  login
reports:survey_json              polled,open        404   404   404   404   404   404  404   404  login
reports:survey_json              told               200   404   404   200   200   404  404   404  login
reports:survey_json              council            404   404   404   404   404   200  404   404  login
reports:survey_json              released           200   404   404   200   200   200  404   404  login
organisations:accept             -                  200   200   200   200   200   200  200   200    200
organisations:preferences        -                  200   200   200   200   200   200  200   200  login
organisations:sessions           -                  200   200   200   200   200   200  200   200  login
organisations:again              -                  302   302   302   302   302   302  302   302  login
organisations:sessions_end       -                  405   405   405   405   405   405  405   405  login
organisations:session_end        -                  405   405   405   405   405   405  405   405  login
organisations:outbox             -                  404   404   404   404   404   404  200   404  login
organisations:send_again         -                  405   405   405   405   405   405  405   405  login
organisations:log                -                  404   404   404   404   404   404  200   404  login
organisations:log_csv            -                  404   404   404   404   404   404  200   404  login
retention:own                    -                  200   200   200   200   200   200  200   200  login
retention:person                 -                  404   404   404   404   404   404  200   404  login
retention:withdraw               -                  405   405   405   405   405   405  405   405  login
retention:asked                  -                  200   200   200   200   200   200  200   200    200
leaving                          -                  200   404   404   404   404   404  200   404  login
leaving_archive                  -                  404   404   404   404   404   404  404   404  login
leaving_statement                -                  404   404   404   404   404   404  404   404    404
retention:overview               -                  404   404   404   404   404   404  200   404  login
retention:periods                -                  404   404   404   404   404   404  200   404  login
retention:trial                  -                  404   404   404   404   404   404  200   404  login
retention:hold                   -                  404   404   404   404   404   404  200   404  login
retention:lift                   -                  404   404   404   404   404   404  200   404  login
retention:statements             -                  404   404   404   404   404   404  200   404  login
retention:statement              -                  404   404   404   404   404   404  200   404  login

POST retention:own               -                  200   200   200   200   200   200  200   200  login
POST retention:person            -                  404   404   404   404   404   404  422   404  login
POST retention:withdraw          -                  404   404   404   404   404   404  302   404  login
POST retention:asked             -                  200   200   200   200   200   200  200   200    200
POST leaving                     -                  404   404   404   404   404   404  422   404  login
POST retention:periods           -                  404   404   404   404   404   404  422   404  login
POST retention:hold              -                  404   404   404   404   404   404  422   404  login
POST retention:lift              -                  404   404   404   404   404   404  302   404  login
POST organisations:preferences   -                  302   302   302   302   302   302  302   302  login
POST assessments:guest           open               302   302   302   302   302   302  302   302    302
POST organisations:resend        -                  404   404   404   404   404   404  302   404  login
POST organisations:revoke        -                  404   404   404   404   404   404  302   404  login
POST organisations:send_again    -                  404   404   404   404   404   404  302   404  login
POST organisations:forget_factor -                  404   404   404   404   404   404  409   404  login
POST organisations:sessions_end  -                  302   302   302   302   302   302  302   302  login
POST organisations:session_end   -                  404   404   404   404   404   404  404   404  login
POST organisations:house_style   -                  404   404   404   404   404   404  302   404  login
POST organisations:house_style_version -            404   404   404   404   404   404  302   404  login
POST organisations:right         -                  404   404   404   404   404   404  302   404  login
POST organisations:review        -                  404   404   404   404   404   404  422   404  login
POST organisations:substitute    -                  404   404   404   404   404   404  422   404  login
POST organisations:sign_on_settings -                  404   404   404   404   404   404  422   404  login
POST organisations:saml_settings -                  404   404   404   404   404   404  422   404  login
POST organisations:saml_answer   -                  404   404   404   404   404   404  404   404    404
POST organisations:sign_on_passwords -                  404   404   404   404   404   404  302   404  login
POST organisations:sign_on_test  -                  404   404   404   404   404   404  302   404  login
POST organisations:sign_on_switch -                  404   404   404   404   404   404  302   404  login
POST organisations:sign_on_loosen -                  404   404   404   404   404   404  302   404  login
POST organisations:remove        -                  404   404   404   404   404   404  302   404  login
POST assessments:guests          draft,open         422   404   404   404   404   404  404   404  login
POST assessments:guests          closed,adopted     409   404   404   404   404   404  404   404  login
POST assessments:guest_edit      open,closed        422   404   404   404   404   404  404   404  login
POST assessments:guest_revoke    *                  302   404   404   404   404   404  404   404  login
POST assessments:guest_stop      -                  200   200   200   200   200   200  200   200    200
POST assessments:transition      draft              302   404   404   404   404   404  404   404  login
POST assessments:question        open               404   409   404   404   404   404  404   404  login
POST assessments:question        closed,adopted     404   409   404   404   404   404  404   404  login
POST assessments:theme           open               404   409   404   404   404   404  404   404  login
POST assessments:read_back       open,closed        404   422   404   404   404   404  404   404  login
POST assessments:hand_in         open               404   422   404   404   404   404  404   404  login
POST assessments:hand_over       open               404   422   404   404   404   404  404   404  login
POST assessments:hand_over       closed,adopted     404   409   404   404   404   404  404   404  login
POST assessments:delegation_theme open              422   404   404   404   404   404  404   404  login
POST assessments:turn            open               409   404   404   404   404   404  404   404  login
POST assessments:evidence        open               404   422   404   404   404   404  404   404  login
POST assessments:evidence        closed,adopted     404   409   404   404   404   404  404   404  login
POST assessments:evidence_remove open               422   422   404   404   404   404  404   404  login
POST assessments:evidence_remove closed,adopted     422   404   404   404   404   404  404   404  login
POST assessments:thread          open,validation    422   422   404   422   404   404  404   404  login
POST assessments:thread          adopted            409   409   404   409   404   404  404   404  login
POST surveys:prepare             draft,open          422  404   404   404   404   404  404   404  login
POST surveys:prepare             adopted             409  404   404   404   404   404  404   404  login
POST surveys:groups              draft,open          302  404   404   404   404   404  404   404  login
POST surveys:groups              adopted             409  404   404   404   404   404  404   404  login
POST surveys:groups_import       draft,open          422  404   404   404   404   404  404   404  login
POST surveys:groups_import       adopted             409  404   404   404   404   404  404   404  login
POST surveys:clearances          draft,open          302  404   404   404   404   404  404   404  login
POST surveys:clearances          adopted             409  404   404   404   404   404  404   404  login
POST surveys:invite              draft,open          422  404   404   404   404   404  404   404  login
POST surveys:invite              adopted             409  404   404   404   404   404  404   404  login
POST surveys:remind              open                409  404   404   404   404   404  404   404  login
POST surveys:posters             open                404  404   404   404   404   404  404   404  login
POST surveys:release             open                404  404   404   404   404   404  404   404  login
POST surveys:open                draft,open          302  404   404   404   404   404  404   404  login
POST surveys:open                adopted             409  404   404   404   404   404  404   404  login
POST surveys:remarks             open               404   404   404   404   404   404  404   404  login
POST surveys:destruction         open               422   404   404   404   404   404  404   404  login
POST assessments:action_new      open               422   404   404   422   404   404  404   404  login
POST assessments:action_new      submitted          409   404   404   409   409   404  404   404  login
POST assessments:action          open               302   404   404   404   404   404  404   404  login
POST assessments:action_edit     open               422   404   404   404   404   404  404   404  login
POST assessments:action_move     open               409   404   404   404   404   404  404   404  login
POST assessments:action_step     open               422   404   404   404   404   404  404   404  login
POST assessments:brief           open,adopted       422   404   404   404   404   404  404   404  login
POST assessments:reaction        executive          422   404   404   404   422   404  404   404  login
POST assessments:figures         open,adopted       422   404   404   404   404   404  404   404  login
POST assessments:vulnerabilities open,validation    422   404   404   404   404   404  404   404  login
POST assessments:vulnerabilities adopted            422   404   404   404   404   404  404   404  login
POST reports:clerk_check         executive          404   404   404   404   404   422  404   404  login
POST reports:handling            submitted          404   404   404   404   404   200  404   404  login
POST reports:council_question    submitted          422   404   404   404   404   422  404   404  login
POST reports:council_promise     submitted          422   404   404   404   404   422  404   404  login
POST assessments:judgement       validation         200   404   404   200   404   404  404   404  login
POST reports:meeting             validation,adopted 422   404   404   404   404   404  404   404  login
POST reports:meeting_question    validation,adopted 409   404   404   404   404   404  404   404  login
"""
# Not ours, and tested by their makers; what they must not do here is in the two tests that name them.
THIRD_PARTY = {"account_": "django-allauth", "mfa_": "django-allauth", "admin:": "Django's admin"}


class Row(NamedTuple):
    method: str
    name: str
    state: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.state}"


def _rows() -> Iterator[Row]:
    lines = [line for line in TABLE.strip().splitlines() if line]
    people = lines[0].split()[2:]
    for line in lines[1:]:
        cells = line.removeprefix("POST ").split()
        states = USUAL if cells[1] == "*" else cells[1].split(",")
        for state in states:
            method = "POST" if line.startswith("POST ") else "GET"
            yield Row(method, cells[0], state, dict(zip(people, cells[2:], strict=True)))


ROWS = list(_rows())
PAGES = [row for row in ROWS if row.method == "GET"]
STATES = list(dict.fromkeys(row.state for row in ROWS))


def _own(name: str) -> bool:
    return not name.startswith(tuple(THIRD_PARTY))


def outcome(response: HttpResponseBase) -> str:
    """The status; "login" where one is asked to sign in, on the way to a page or after sending a form."""
    location = response.headers.get("Location", "")
    asked = location.startswith(reverse("account_login")) or response.status_code == 401
    return "login" if asked else str(response.status_code)


def test_every_address_has_a_row() -> None:
    own = {name for name, _ in addresses(get_resolver()) if _own(name)}
    assert own == {row.name for row in PAGES}


@pytest.fixture
def browsers(client_of: Callable[[str], Client]) -> dict[str, Client]:
    return {person: client_of("anonymous" if person == "nobody" else person) for person in ROWS[0].expected}


def ask(browsers: dict[str, Client], row: Row, address: str) -> dict[str, str]:
    """What each person gets; what a POST did is undone before the next person's turn."""
    found = {}
    for person, browser in browsers.items():
        cookies = deepcopy(browser.cookies)
        with transaction.atomic():
            found[person] = outcome(getattr(browser, row.method.lower())(address))
            transaction.set_rollback(row.method == "POST")
        if row.method == "POST":  # who went in as somebody else is who they were
            browser.cookies = cookies
    return found


@pytest.mark.parametrize("state", STATES)
def test_everyone_gets_what_the_table_says(
    state: str, cast: dict[str, User], browsers: dict[str, Client]
) -> None:
    world = make_world(cast, state)
    rows = [row for row in ROWS if row.state == state]
    wrong = [
        f"{row}: {person} got {found}, not {row.expected[person]}"
        for row in rows
        for person, found in ask(browsers, row, world.address(row.name)).items()
        if found != row.expected[person]
    ]
    assert wrong == []


@pytest.mark.parametrize("state", ["-", "open", "adopted"])
def test_head_gets_what_get_gets_without_a_body(
    state: str, cast: dict[str, User], browsers: dict[str, Client]
) -> None:
    world = make_world(cast, state)
    for row in PAGES:
        if row.state == state:
            response = browsers["anna"].head(world.address(row.name))
            assert (outcome(response), response.getvalue()) == (row.expected["anna"], b""), row


@pytest.mark.parametrize("state", ["-", "open", "adopted"])
def test_who_may_not_see_a_page_may_not_post_to_it(
    state: str, cast: dict[str, User], browsers: dict[str, Client]
) -> None:
    world = make_world(cast, state)
    for row in PAGES:
        for person, expected in row.expected.items():
            if row.state == state and expected in ("404", "login"):
                response = browsers[person].post(world.address(row.name))
                assert outcome(response) in (expected, "405"), (row, person)


@pytest.mark.parametrize("state", ["-", "open", "validation", "submitted"])
def test_what_is_posted_changes_nothing_unless_the_table_has_a_row_for_it(
    state: str, cast: dict[str, User], browsers: dict[str, Client]
) -> None:
    world, wrong = make_world(cast, state), []
    posted = {row.name for row in ROWS if row.method == "POST"}
    for row in PAGES:
        for person, expected in row.expected.items():
            if row.state == state and row.name not in posted and expected not in ("404", "login", "405"):
                with CaptureQueriesContext(connection) as asked:
                    ask({person: browsers[person]}, row._replace(method="POST"), world.address(row.name))
                changes = [one["sql"] for one in asked if CHANGES.match(one["sql"])]
                wrong += [(row.name, person, changes)] if changes else []
    assert wrong == []


# Of what is kept, but for the log and who is signed in.
CHANGES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (?!\"(?:organisations_log|django_session))")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_address_knows_another_way(
    method: str, cast: dict[str, User], browsers: dict[str, Client]
) -> None:
    world = make_world(cast, "adopted")
    for name in {row.name for row in PAGES}:
        for person in ("anna", "nobody"):
            response = browsers[person].generic(method, world.address(name))
            assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST"), name


def test_the_page_for_people_is_the_table() -> None:
    written = access_page.PAGE.read_text("utf-8")
    assert written == access_page.page(), "python -m tests.access_page writes it anew"


def test_nothing_of_a_round_exists_for_a_member_who_left(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    world = make_world(cast, "open")
    clients = {name: client_of(name) for name in ("anna", "bram", "vera")}
    Membership.objects.filter(organisation__slug="waterrijk").delete()
    for name, page in [("anna", "detail"), ("bram", "theme"), ("vera", "progress")]:
        assert clients[name].get(world.address(f"assessments:{page}")).status_code == 404


def test_a_contributor_without_the_role_is_asked_nothing_any_more(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    world = make_world(cast, "open")
    Membership.objects.get(user=cast["bram"]).set_roles(["executive"])
    for page in ("questions", "theme", "question"):
        assert client_of("bram").get(world.address(f"assessments:{page}")).status_code == 404


def test_a_deactivated_user_is_signed_out(cast: dict[str, User], client_of: Callable[[str], Client]) -> None:
    client = client_of("anna")
    User.objects.filter(pk=cast["anna"].pk).update(is_active=False)
    assert outcome(client.get("/")) == "login"


# What is not ours


def test_nobody_of_the_cast_gets_into_the_technical_back_room(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    for person in [*cast, "anonymous"]:
        for name in ("index", "organisations_user_changelist", "organisations_membership_add"):
            response = client_of(person).get(reverse(f"admin:{name}"))
            assert response.status_code in (302, 403), (person, name)


def test_the_technical_back_room_shows_no_answers() -> None:
    names = [name for name, _ in addresses(get_resolver()) if name.startswith("admin:")]
    assert [name for name in names if name.startswith(("admin:assessments", "admin:reports"))] == []


def test_nobody_can_sign_up_by_themselves(db: None) -> None:
    data = {"email": "x@example.com", "password1": "een lange zin hier", "password2": "een lange zin hier"}
    response = Client().post(reverse("account_signup"), data)
    assert response.status_code == 200
    assert not User.objects.filter(email="x@example.com").exists()


@pytest.mark.parametrize("name", ["account_logout", "account_change_password", "account_reauthenticate"])
def test_account_pages_ask_for_signing_in(name: str, db: None) -> None:
    assert outcome(Client().get(reverse(name))) == "login"
