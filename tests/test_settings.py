"""Settings come from the environment; each is documented, and a bad value is refused by its name."""

from __future__ import annotations

import ast
import os
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

TOP = Path(__file__).parent.parent
SETTINGS = TOP / "integrity_portal" / "settings.py"
REAL = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "portaal.example"}


def table() -> dict[str, list[str]]:
    """Per variable the other cells of its row."""
    lines = (TOP / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def variables() -> dict[str, ast.Call]:
    """The variables that the settings read, with the call that reads each."""
    found = {}
    for node in ast.walk(ast.parse(SETTINGS.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func)
            if name.startswith("env.") or name == "_required_outside_demo":
                found[str(node.args[0].value)] = node
    return found


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Reads the settings with this environment and nothing else of ours."""
    for name in variables():
        monkeypatch.delenv(name, raising=False)

    def read(**environment: str) -> dict[str, Any]:
        for name, value in {"VAR_DIR": str(tmp_path), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    assert set(table()) == set(variables())


def test_no_setting_is_read_past_the_table() -> None:
    for path in [*TOP.glob("*/**/*.py"), TOP / "manage.py"]:
        own = path.relative_to(TOP).parts[0] in (
            "integrity_portal",
            "organisations",
            "chain",
            "assessments",
            "reports",
        )
        if own and path != SETTINGS:
            read = re.findall(
                r"environ(?:\.get\(|\[)\"(\w+)\"(?!\] =)|getenv\(\"(\w+)\"", path.read_text("utf-8")
            )
            assert read == [], path


@pytest.mark.parametrize("name", sorted(table()))
def test_every_example_of_the_table_is_taken(name: str, load: Any) -> None:
    load(**{**REAL, name: table()[name][2].strip("`")})


def test_saml_without_its_package_is_refused_by_name(load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert load(**REAL)["SAML"] is False
    with pytest.raises(ImproperlyConfigured, match=r"SAML is on.*pip install signxml"):
        load(**REAL, SAML="1")


@pytest.mark.parametrize("name", ["DATABASE_POOL_SIZE", "HSTS_SECONDS"])
def test_the_defaults_of_the_table_are_those_of_the_code(name: str) -> None:
    default = re.match(r"`([^`]*)`", table()[name][1])
    assert default and default[1] == ast.unparse(variables()[name].args[1])


@pytest.mark.parametrize(
    "name, value",
    [
        ("DEMO", "misschien"),
        ("BEHIND_PROXY", "ja hoor"),
        ("SAML", "soms"),
        ("DATABASE_URL", "onzin"),
        ("DATABASE_URL", "oracle://x"),
        ("DATABASE_POOL_SIZE", "veel"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_POOL_SIZE", "-3"),
        ("EMAIL_URL", "onzin"),
        ("EMAIL_URL", "postduif://x"),
        ("HSTS_SECONDS", "een jaar"),
        ("HSTS_SECONDS", "-1"),
        ("CLAMAV_SOCKET", "clamd"),
        ("CLAMAV_SOCKET", "clamd:veel"),
        ("LOG_LEVEL", "HARD"),
        ("CSRF_TRUSTED_ORIGINS", "portaal.example"),
        ("PORTAL_URL", "portaal.example"),
        ("PORTAL_URL", "https://portaal.example/"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str, load: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        load(**{**REAL, name: value})


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("missing", [{}, {"DEMO": "0"}], ids=str)
def test_what_a_real_installation_cannot_do_without_is_asked_for(
    name: str, missing: dict[str, str], load: Any
) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name}.*docs/settings.md"):
        load(**{other: value for other, value in REAL.items() if other != name}, **missing)
    with pytest.raises(ImproperlyConfigured, match=name):
        load(**{**REAL, **missing, name: ""})


def test_a_refusal_does_not_repeat_the_secret(load: Any) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(**REAL, DATABASE_URL="postgresql://portaal:zeer-geheim@localhost:x/portaal")
    assert "zeer-geheim" not in str(refused.value)


# What follows from them


def test_the_demo_is_never_the_default(load: Any) -> None:
    assert load(**REAL)["DEMO"] is False


def test_a_real_installation_is_strict(load: Any) -> None:
    found = load(**REAL, DATABASE_URL="postgresql://portaal@localhost/portaal")
    assert found["DEBUG"] is False
    assert found["SECURE_SSL_REDIRECT"] and found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] == 31536000
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert found["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"] == 8
    assert "integrity_portal.middleware.one_writer" not in found["MIDDLEWARE"]


def test_the_policy_lets_nothing_in_from_elsewhere(load: Any) -> None:
    policy = load(**REAL)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    scripts = {"require-trusted-types-for": ["'script'"], "trusted-types": ["default", "inert"]}
    assert {name: policy.pop(name) for name in scripts} == scripts
    assert {source for sources in policy.values() for source in sources} == {"'none'", "'self'"}


def test_links_in_mails_lead_to_the_portal_by_https(load: Any) -> None:
    assert load(**REAL)["PORTAL_URL"] == "https://portaal.example"
    assert load(**{**REAL, "ALLOWED_HOSTS": ".portaal.example,x"})["PORTAL_URL"] == "https://portaal.example"
    assert load(DEMO="1")["PORTAL_URL"] == "http://localhost:8000"


def test_https_is_believed_from_a_proxy_only_when_told(load: Any) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in load(**REAL)
    assert load(**REAL, BEHIND_PROXY="1")["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_sqlite_takes_one_writer_at_a_time(load: Any) -> None:
    found = load(DEMO="1")
    in_turn = found["MIDDLEWARE"]
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"  # the first that may write
    assert in_turn.index("integrity_portal.middleware.one_writer") < in_turn.index(sessions)
    assert found["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_the_demo_answers_on_this_machine_alone(load: Any) -> None:
    assert load(DEMO="1")["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_a_mail_server_is_used_as_it_is_given(load: Any) -> None:
    found = load(**REAL, EMAIL_URL="submission://gebruiker:ge%40heim@mail.gemeente.example:587")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.gemeente.example", 587)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("gebruiker", "ge@heim")
    assert found["EMAIL_USE_TLS"] is True


def test_the_demo_mails_nobody(load: Any, tmp_path: Path) -> None:
    found = load(DEMO="1", EMAIL_URL="submission://gebruiker:geheim@mail.gemeente.example:587")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert (found["EMAIL_FILE_PATH"], found["EMAIL_HOST"]) == (os.fspath(tmp_path / "mail"), "")


def test_without_a_mail_server_mails_become_files(load: Any, tmp_path: Path) -> None:
    found = load(**REAL)
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert found["EMAIL_FILE_PATH"] == os.fspath(tmp_path / "mail")
