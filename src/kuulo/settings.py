"""Settings of the desk, out of environment variables: docs/reference/settings.md lists them all."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import platformdirs


def data_folder() -> Path:
    """Give the folder of the data: KUULO_DATA, else the user's data folder. It is made where it is missing."""
    given = os.environ.get("KUULO_DATA")
    folder = Path(given) if given else Path(platformdirs.user_data_dir("kuulo", appauthor=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_once(file: Path) -> None:
    """Write a new secret so that of two starts at once both read the same."""
    part = file.with_suffix(f".{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(secrets.token_urlsafe(48), "ascii")
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def secret(folder: Path) -> str:
    """Give the secret: KUULO_SECRET_FILE's content, else that of ``secret.key`` in the folder, made once."""
    given = os.environ.get("KUULO_SECRET_FILE")
    file = Path(given) if given else folder / "secret.key"
    if not file.exists() and not given:
        write_once(file)
    return file.read_text("ascii").strip()


def told_or_in_file(name: str, file_name: str) -> str:
    """Give what the variable ``name`` tells, else the content of the file that ``file_name`` names, else ""."""
    file = os.environ.get(file_name, "")
    return os.environ.get(name) or (Path(file).read_text("utf-8").strip() if file else "")


def origin(address: str) -> str:
    """Give scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def log_in_service(url: str, *, name: str, client: str, secret: str) -> dict[str, Any]:
    """Give what django-allauth has to know of the municipality's own log-in."""
    service: dict[str, Any] = {"provider_id": "kuulo", "name": name, "client_id": client, "secret": secret}
    # what every provider knows: it is the standard's own default
    service |= {"settings": {"server_url": url, "token_auth_method": "client_secret_basic"}}
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [service]}}


DATA_DIR = data_folder()
# a training copy, by the file that kuulo practice puts in it: nothing leaves it, and it has nothing of a real desk
PRACTICE = (DATA_DIR / "practice.json").exists()
if PRACTICE:
    for name in ("DATABASE_URL", "KUULO_SECRET_FILE", "KUULO_AUTHOR_KEYS", "KUULO_MAIL_URL", "KUULO_OIDC_URL"):
        os.environ.pop(name, None)
PACKAGE = Path(__file__).parent

SECRET_KEY = secret(DATA_DIR)
# the keys that make pseudonyms of authors, a file a period; never in the database nor in a backup
AUTHOR_KEYS = Path(os.environ.get("KUULO_AUTHOR_KEYS") or DATA_DIR / "author-keys")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("KUULO_HOSTS", "127.0.0.1 localhost [::1]").split()
# The address that people use, where a proxy stands before Kuulo: https://kuulo.example.fi
ADDRESS = os.environ.get("KUULO_ADDRESS", "").rstrip("/")
HTTPS = ADDRESS.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ADDRESS] if ADDRESS else []
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked for on this machine, without https
# the neighbours of the desk's host, and lists of browsers, are the municipality's to decide about
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
THEME_CSS = os.environ.get("KUULO_THEME_CSS", "")
# where residents ask for their data: told on the public page of what is listened to
DATA_CONTACT = os.environ.get("KUULO_DATA_CONTACT", "")
# where alerts go out by mail: smtp+tls://user@mail.example:587; read by kuulo.desk.outbox
MAIL_URL = os.environ.get("KUULO_MAIL_URL", "")
MAIL_PASSWORD = told_or_in_file("KUULO_MAIL_PASSWORD", "KUULO_MAIL_PASSWORD_FILE")
MAIL_FROM = os.environ.get("KUULO_MAIL_FROM", "")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "template_partials",
    "kuulo",
]
MIDDLEWARE = [
    "kuulo.web.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kuulo.web.locale.ReadersLocale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
CSRF_FAILURE_VIEW = "kuulo.web.views.errors.csrf_failed"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
ROOT_URLCONF = "kuulo.web.urls"
WSGI_APPLICATION = "kuulo.web.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "template_partials.templatetags.partials",
                *(
                    f"kuulo.web.{library}"
                    for library in ("tags", "menu", "dress", "roles", "rising", "storm_words", "place_names")
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "kuulo.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;"
            "PRAGMA cache_size=-65536;PRAGMA mmap_size=268435456;",
        },
    }
}
if url := os.environ.get("DATABASE_URL"):
    DATABASES["default"] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "kuulo.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "kuulo.web.accounts.Doors"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Ten wrong passwords for one account close it to guesses for a quarter of an hour.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/15m/key", "login": "60/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ADDRESS else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kuulo"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no mail is sent: an administrator's link or the log-in service vouches for it
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow http for localhost alone

SOCIALACCOUNT_ADAPTER = "kuulo.web.accounts.SingleSignOn"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SINGLE_SIGN_ON = os.environ.get("KUULO_OIDC_URL", "").rstrip("/")
SINGLE_SIGN_ON_NAME = os.environ.get("KUULO_OIDC_NAME", "OpenID Connect") if SINGLE_SIGN_ON else ""
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
if SINGLE_SIGN_ON:
    SOCIALACCOUNT_PROVIDERS = log_in_service(
        SINGLE_SIGN_ON,
        name=SINGLE_SIGN_ON_NAME,
        client=os.environ.get("KUULO_OIDC_CLIENT_ID", "kuulo"),
        secret=told_or_in_file("KUULO_OIDC_SECRET", "KUULO_OIDC_SECRET_FILE"),
    )
    # a browser holds the redirect after a form to this too
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(origin(SINGLE_SIGN_ON))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
}
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

LANGUAGE_CODE = "en"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English")]
USE_I18N = USE_TZ = True
TIME_ZONE = os.environ.get("KUULO_TIME_ZONE", "Europe/Helsinki")

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static", ("kuulo/report", PACKAGE / "report" / "assets")]
# served out of the packages themselves: nothing is collected or written at a start
WHITENOISE_USE_FINDERS = True
# the folder of what others made tells its version, so a browser may keep it for good
WHITENOISE_IMMUTABLE_FILE_TEST = r"/vendor/[^/]+-\d+\.\d+\.\d+/"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = ["kuulo.web.uploading.BoundedUpload"]

METRICS_TOKEN = told_or_in_file("KUULO_METRICS_TOKEN", "KUULO_METRICS_TOKEN_FILE")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "kuulo.web.log_lines.JsonLines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {
        # Django's own handlers write addresses and mail the administrators
        "django": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "kuulo": {"handlers": ["lines"], "level": "INFO", "propagate": False},
    },
}
