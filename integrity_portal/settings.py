"""All settings, read from the environment; a test holds the table in docs/settings.md against this file."""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

from integrity_portal import setting_forms as forms
from integrity_portal.headers import of_files

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def _required_outside_demo(name: str, demo_value: str) -> str:
    """The variable's value; the demo alone may do without it."""
    value = env.str(name, demo_value if DEMO else "")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set (docs/settings.md)")
    return value


try:
    # The demo runs on http and this machine alone; it is never the default.
    DEMO = env.bool("DEMO", False)
    VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
    SECRET_KEY = _required_outside_demo("SECRET_KEY", "only-for-the-demo-on-this-machine-" + "0" * 30)
    # Encrypts the secrets that sign-in providers know the portal by; without it SECRET_KEY does.
    SIGN_ON_KEY = env.str("SIGN_ON_KEY", "")
    SAML = env.bool("SAML", False)
    SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
    ALLOWED_HOSTS = _required_outside_demo("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    # For links in mails that no visitor causes.
    PORTAL_URL = env.str(
        "PORTAL_URL",
        "http://localhost:8000" if DEMO else f"https://{ALLOWED_HOSTS[0].lstrip('.')}",
        validate=forms.origin,
    )
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [], validate=forms.origins)
    DATABASE: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"))
    if DATABASE["ENGINE"] not in ("django.db.backends.postgresql", "django.db.backends.sqlite3"):
        raise EnvError("DATABASE_URL must begin with postgresql:// or sqlite://")
    DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", 8, validate=validate.Range(min=2))
    EMAIL: dict[str, Any] = dict(env.dj_email_url("EMAIL_URL", f"file://{VAR_DIR / 'mail'}"))
    if "EMAIL_BACKEND" not in EMAIL:
        raise EnvError("EMAIL_URL must begin with submission://, smtps://, smtp:// or file://")
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Integriteitsportaal <portaal@localhost>")
    BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
    HSTS_SECONDS = env.int("HSTS_SECONDS", 31536000, validate=validate.Range(min=0))
    # Besides public addresses; organisations/outgoing.py reads it.
    OUTGOING_NETWORKS: list[str] = env.list("OUTGOING_NETWORKS", [], validate=forms.networks)
    CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", "", validate=forms.scanner)
    # The electronic seals: reports/sealing.py reads the first, whoever verifies a seal the second.
    SEALS = env.path("SEALS", None)
    SEAL_ROOTS = list(map(Path, env.list("SEAL_ROOTS", [], subcast=str)))
    SECURITY_CONTACT = env.str("SECURITY_CONTACT", "", validate=forms.contact)
    LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
except EnvError as fault:
    raise ImproperlyConfigured(f"{fault} (docs/settings.md)") from fault

if SAML and find_spec("signxml") is None:
    raise ImproperlyConfigured(
        "SAML is on, and needs the package signxml: pip install signxml (docs/production.md)"
    )

DEBUG = False

INSTALLED_APPS = [
    "integrity_portal",
    "retention",
    "reports",
    "assessments",
    "surveys",
    "chain",
    "organisations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # for pages of allauth.mfa and allauth.usersessions
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "integrity_portal.headers.protections",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "integrity_portal.middleware.only_readable",
    "integrity_portal.middleware.usual_methods",
    "django.middleware.gzip.GZipMiddleware",
    "integrity_portal.middleware.BehindWalls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "integrity_portal.middleware.account_language",
    "integrity_portal.visits.log_visits",
    "integrity_portal.middleware.LoginRequired",
    "assessments.guests.access.GuestPagesOnly",
    "integrity_portal.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "integrity_portal.urls"
WSGI_APPLICATION = "integrity_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "integrity_portal.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("nlds",)
CRISPY_TEMPLATE_PACK = "nlds"

# SQLite: IMMEDIATE and a persistent connection, or two writers at once give "database is locked".
# PostgreSQL: a pool, because connecting anew costs more than the work of a request.
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE |= {
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;",
        },
    }
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    # What cannot be read is refused before: this reads the form.
    place = MIDDLEWARE.index("integrity_portal.middleware.only_readable") + 1
    MIDDLEWARE.insert(place, "integrity_portal.middleware.one_writer")
else:
    DATABASE["ENGINE"] = "integrity_portal.postgresql"
    # A cursor that the server keeps outlives the statement, and what it may touch is said for each statement.
    DATABASE["DISABLE_SERVER_SIDE_CURSORS"] = True
    DATABASE["OPTIONS"] = {
        **DATABASE.get("OPTIONS", {}),
        "pool": {"min_size": 2, "max_size": DATABASE_POOL_SIZE},
    }
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "assessments.guests.access.GuestBackend",  # only for who came by a personal link; it takes no password
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Length and a list of known passwords, no rules of composition (NIST SP 800-63B 3.1.1.2).
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "organisations.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "organisations.passwords.NotKnown"},
]
# For the roles of organisations/roles.py; the demo's people have no telephone.
SECOND_FACTOR_REQUIRED = not DEMO
CSRF_FAILURE_VIEW = "integrity_portal.middleware.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "organisations.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Members come by invitation; the link in the invitation has proven the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # how long one need not prove anew who one is, for sensitive acts
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {"reset_password": "organisations.signing.account_forms.ForgottenPasswordForm"}
MFA_ADAPTER = "organisations.signing.factors.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # http://localhost, which browsers trust as well
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Integriteitsportaal"
MFA_TOTP_TOLERANCE = 1  # half a minute before and after: telephones and servers differ
MFA_FORMS = {
    "authenticate": "organisations.signing.forms.CodeForm",
    "reauthenticate": "organisations.signing.forms.CodeAgainForm",
    "activate_totp": "organisations.signing.forms.ActivateAppForm",
    "add_webauthn": "organisations.signing.forms.AddPasskeyForm",
    "edit_webauthn": "organisations.signing.forms.RenamePasskeyForm",
    "authenticate_webauthn": "organisations.signing.forms.PasskeyForm",
    "reauthenticate_webauthn": "organisations.signing.forms.PasskeyAgainForm",
    "login_webauthn": "organisations.signing.forms.PasskeySignInForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# Counts of failed sign-ins must be shared by all processes, so they live in the database (createcachetable).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # the default of 300 would drop counts while somebody guesses
    }
}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("build", BASE_DIR / "static" / "build"), ("themes", BASE_DIR / "static" / "themes")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Below no address: a file of evidence leaves only through the view that asks who wants it.
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "evidence",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    # Archives of organisations that leave: all that they have, for a week, and again below no address.
    "archives": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "archives",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ADD_HEADERS_FUNCTION = of_files

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# The demo's mail goes nowhere: its people do not exist. It lies in files, which /demo/postvak/ shows.
if DEMO:
    EMAIL = {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(VAR_DIR / "mail"),
    }
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST") or ""
EMAIL_PORT = EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = "/" + (EMAIL.get("EMAIL_FILE_PATH") or "").lstrip("/")

# Nothing may come from elsewhere, nothing may run that is not a file of our own.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # Nothing inline runs, so there is no nonce. What scripts make pages of goes by static/src/trusted.js.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default", "inert"],
    }
}
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^gezond/$"]
SECURE_HSTS_SECONDS = 0 if DEMO else HSTS_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The address that the proxy adds to X-Forwarded-For: failed sign-ins are counted by visitor.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# The __Host- prefix ties a cookie to this host and to https; browsers refuse it on the demo's http.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "session" if DEMO else "__Host-session"
CSRF_COOKIE_NAME = "csrf" if DEMO else "__Host-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "integrity_portal.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# What a form may hold besides its files; of those the first handler takes no more than a file may measure.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a delegation sends one for each theme and person
FILE_UPLOAD_HANDLERS = [
    "assessments.evidence.uploads.receiving.UpToTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secret": {"()": "integrity_portal.logs.WithoutTokens"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    # The level is the handler's too: what Django's own loggers hand on passes by the root's.
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secret"],
            "level": LOG_LEVEL,
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
