"""What differs between installations comes from the environment; everything else stands here.

DATABASE_URL      PostgreSQL 15 or newer; `giliran` starts an embedded one where it is missing
DATABASE_POOL     connections that each server process may hold (default 10; 0: no pool)
GILIRAN_SECRET    master secret; kept in GILIRAN_HOME/secret where it is missing
GILIRAN_HOME      folder for the embedded database, the secret and the clock (default: ./var)
GILIRAN_HOSTS     host names, comma separated, that this server answers to
GILIRAN_ORIGINS   full origins (https://...) behind a proxy, comma separated
GILIRAN_LIVE_URL  the live streams as browsers reach them; empty: same origin, under /live/
GILIRAN_CLOCK     file with a simulated clock; only for demonstrations and replays
GILIRAN_DEMO      1: say "data contoh" on every screen and show the demo's log-ins
EMAIL_URL         mail server: smtp://user:password@host:port?from=antrean@example.go.id
                  (smtp+tls: STARTTLS, smtps: TLS at once); empty: nothing is told by e-mail
GILIRAN_KANNEL_*  SMS through Kannel; empty URL: none (docs/guides/messages.md)
                  URL: smsbox's sendsms address; USER, PASSWORD: a sendsms-user of kannel.conf;
                  SECRET: stands in kannel.conf's get-url; REPORTS: where Kannel reaches
                  /chat/sms/laporan/ of this server; PRICE: rupiah for one part of an SMS
GILIRAN_WHATSAPP_*  WhatsApp's Cloud API; empty TOKEN: none (docs/guides/whatsapp.md)
GILIRAN_DOCUMENTS_S3  where claims' documents are kept instead of GILIRAN_HOME/documents:
                  https://key:secret@host/bucket?region=... (docs/guides/documents.md)
GILIRAN_PAYER     account that claims are paid from, bank:number:holder (BRI:032901001234567:BPJS
                  Ketenagakerjaan); empty: none are paid (docs/guides/payments.md)
GILIRAN_CLAMD     virus scanner: a socket's path or host:port; empty: files aren't scanned
GILIRAN_USSD_SECRET  stands in the address that a USSD gateway posts to; empty: all are refused
"""

import importlib.util
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from psycopg.conninfo import conninfo_to_dict

PACKAGE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GILIRAN_HOME", "var")).resolve()


def _master_secret() -> str:
    given = os.environ.get("GILIRAN_SECRET")
    if given:
        return given
    kept = HOME / "secret"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f"secret.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, kept)  # of two processes that start at once, one wins and both read it
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text().strip()


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    options: dict[str, object] = {
        key: value
        for key, value in parts.items()
        if key not in {"dbname", "user", "password", "host", "port"}
    }
    pool_size = int(os.environ.get("DATABASE_POOL", "10"))
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "giliran"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "OPTIONS": options,
    }


def _documents_store(url: str) -> dict[str, object]:
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": HOME / "documents",
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not bucket:
        raise ValueError("GILIRAN_DOCUMENTS_S3 is written https://key:secret@host/bucket")
    if importlib.util.find_spec("boto3") is None:
        raise ValueError("GILIRAN_DOCUMENTS_S3 needs boto3: pip install boto3, then start again")
    host = parts.netloc.rpartition("@")[2]
    options: dict[str, object] = {
        "bucket_name": bucket,
        "endpoint_url": f"{parts.scheme}://{host}",
        "region_name": parse_qs(parts.query).get("region", [None])[0],
    }
    if parts.username:  # without: boto3 looks for a role or its own environment
        options["access_key"] = unquote(parts.username)
        options["secret_key"] = unquote(parts.password or "")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


GILIRAN_SECRET = _master_secret()
GILIRAN_DEMO = os.environ.get("GILIRAN_DEMO") == "1"
GILIRAN_LIVE_URL = os.environ.get("GILIRAN_LIVE_URL", "").rstrip("/")

SECRET_KEY = GILIRAN_SECRET
DEBUG = False
ALLOWED_HOSTS = [
    host for host in os.environ.get("GILIRAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("GILIRAN_ORIGINS", "").split(",") if o]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///giliran"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "giliran.journal",
    "giliran.people",
    "giliran.offices",
    "giliran.messages",
    "giliran.capacity",
    "giliran.claims",
    "giliran.turns",
    "giliran.voices",
    "giliran.conversations",
    "giliran.figures",
    "giliran.web",
    "giliran.jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "giliran.web.language.language",
    "django.middleware.common.CommonMiddleware",
    "giliran.web.bodies.SmallBodies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "giliran.urls"
WSGI_APPLICATION = "giliran.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "giliran.web.context.everywhere",
            ],
        },
    },
]

AUTH_USER_MODEL = "people.Officer"
LOGIN_URL = "staff_login"
LOGIN_REDIRECT_URL = "staff_home"
LOGOUT_REDIRECT_URL = "staff_login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day
CSRF_COOKIE_SAMESITE = "Lax"
_TLS = os.environ.get("GILIRAN_TLS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *([GILIRAN_LIVE_URL] if GILIRAN_LIVE_URL else [])],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    },
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    "documents": _documents_store(os.environ.get("GILIRAN_DOCUMENTS_S3", "")),
}
GILIRAN_CLAMD = os.environ.get("GILIRAN_CLAMD", "")
# A demonstration pays from an account that no bank has.
GILIRAN_PAYER = os.environ.get(
    "GILIRAN_PAYER", "BRI:000000000000000:Kantor Contoh" if GILIRAN_DEMO else ""
)
WHITENOISE_MAX_AGE = 3600

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # no form here is larger
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

EMAIL_URL = os.environ.get("EMAIL_URL", "")
_MAIL = urlsplit(EMAIL_URL)
if EMAIL_URL and _MAIL.scheme not in {"smtp", "smtp+tls", "smtps"}:
    raise ValueError("EMAIL_URL begins with smtp://, smtp+tls:// or smtps://")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.scheme == "smtp+tls", _MAIL.scheme == "smtps"
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or {"smtp+tls": 587, "smtps": 465}.get(_MAIL.scheme, 25)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_TIMEOUT = 20  # seconds; the sweep counts a worker as dead after two minutes
DEFAULT_FROM_EMAIL = parse_qs(_MAIL.query).get("from", ["giliran@localhost"])[0]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A refusal is an answer, not a fault: 4xx are counted, not logged.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GILIRAN_LOG", "WARNING")},
}
