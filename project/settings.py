"""One settings file. The environment decides: DATABASE_URL, YINGONG_BUSINESS_DATE, YINGONG_PRODUCTION, YINGONG_HOSTS…

SQLite is the embedded default (decision 0002); the options below are measured, not guessed.
"""

import os
import secrets
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlparse

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("YINGONG_VAR", BASE_DIR / "var"))


def _read_env_file() -> None:
    """KEY=VALUE lines of var/env are defaults: bin/demo writes it, so that `manage.py` beside it acts on the demo."""
    path = VAR_DIR / "env"
    for line in path.read_text().splitlines() if path.exists() else ():
        key, _, value = line.partition("=")
        os.environ.setdefault(key.strip(), value.strip())


_read_env_file()
PRODUCTION = os.environ.get("YINGONG_PRODUCTION") == "1"
DEBUG = False


def _secret_key() -> str:
    if key := os.environ.get("YINGONG_SECRET_KEY"):
        return key
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(60))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = _secret_key()
KEYS_FILE = Path(os.environ.get("YINGONG_KEYS_DIR", VAR_DIR / "keys")) / "ring.json"
ALLOWED_HOSTS = os.environ.get("YINGONG_HOSTS", "127.0.0.1,localhost,testserver").split(",")

# The notice lapsed on 2025-12-31: demo and tests stand still inside its life; production leaves this unset.
BUSINESS_DATE = (
    date.fromisoformat(os.environ["YINGONG_BUSINESS_DATE"]) if "YINGONG_BUSINESS_DATE" in os.environ else None
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "django_otp",
    "csp",
    "core",
    "accounts",
    "policy",
    "registry",
    "documents",
    "funds",
    "workflows",
    "payments",
    "portals",
    "project",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portals.shared.middleware.ActingMiddleware",
    "portals.shared.second_factor.SecondFactorMiddleware",
    "portals.shared.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
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
                "portals.shared.context.page",
            ],
            "builtins": ["portals.templatetags.yingong"],
        },
    }
]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; "
    "PRAGMA mmap_size=268435456; PRAGMA journal_size_limit=67108864"
)


def _database() -> dict:
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / os.environ.get("YINGONG_SQLITE", "yingong.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        }
    parts = urlparse(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.CharacterClassesValidator", "OPTIONS": {"classes": 3}},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]  # an office shares one address: locking it would lock everybody out
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_LOCKOUT_TEMPLATE = "shared/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_ENABLE_ADMIN = False
# Officials prove a second factor after their password: an authenticator's code or a passkey.
SECOND_FACTOR = os.environ.get("YINGONG_SECOND_FACTOR", "on" if PRODUCTION else "off") == "on"
SESSION_COOKIE_AGE = 15 * 60  # idle: ActingMiddleware renews it, at most once a minute
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_WARNING_SECONDS = 2 * 60

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR_DIR / "files"


def _file_storage() -> dict:
    """Sealed files lie on this disk, or in an S3-compatible bucket; its keys come from the usual AWS_ variables."""
    if not (bucket := os.environ.get("YINGONG_S3_BUCKET")):
        return {"BACKEND": "documents.storage.LocalDisk"}
    options = {
        "bucket_name": bucket,
        "endpoint_url": os.environ.get("YINGONG_S3_ENDPOINT") or None,
        "region_name": os.environ.get("AWS_DEFAULT_REGION") or None,
        "default_acl": "private",
        "file_overwrite": False,
        "querystring_auth": False,
    }
    return {"BACKEND": "documents.object_store.ObjectStore", "OPTIONS": options}


STORAGES = {
    "default": _file_storage(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portals.shared.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("YINGONG_PROXY") == "1" else None

# Background work (decision 0007). `database`: `manage.py work` leases the rows; `inline`: right after the commit;
# `celery`: a broker carries their ids (project/celery.py).
JOBS_CARRIER = os.environ.get("YINGONG_JOBS", "database")
JOBS_LEASE_SECONDS, JOBS_BEAT_SECONDS = 6.0, 2.0  # a killed worker's job goes on after the lease, at the latest
JOBS_BROKER = os.environ.get("YINGONG_BROKER", "redis://127.0.0.1:6379/0")  # for `celery`
JOBS_REPUBLISH_SECONDS = 120.0  # a message that was not taken by then is sent again
JOBS_POLL_SECONDS, JOBS_SCHEDULE_SECONDS = 1.0, 30.0
JOBS_BACKOFF_SECONDS = (5.0, 600.0)  # before the second attempt, and the most before any: doubled each time, ± half

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# What the zone may word for itself; an operator edits these, not the code.
ZONE_NAME = "泉州台商投资区"
BUREAU_NAME = "泉州台商投资区管理委员会民生保障局"
FINANCE_NAME = "泉州台商投资区管理委员会财政金融与国资局"
PAYER_ACCOUNT = os.environ.get("YINGONG_PAYER_ACCOUNT", "")  # the account payments leave: on 财政直接支付申请书
PAYER_BANK = os.environ.get("YINGONG_PAYER_BANK", "")
REVIEWING_ORGAN = "泉州台商投资区管理委员会"  # 行政复议机关
COURT_NAME = "有管辖权的人民法院"
PUBLIC_PHONE = "0595-27390571"
PUBLIC_CONTACT = f"民生保障局劳动保障科，电话 {PUBLIC_PHONE}"
PUBLIC_ADDRESS = "泉州台商投资区管委会民生保障局"
PUBLIC_URL = os.environ.get("YINGONG_PUBLIC_URL", "http://127.0.0.1:8000")
FONTS_DIR = Path(os.environ.get("YINGONG_FONTS", BASE_DIR / "var" / "fonts"))  # of manage.py cut_fonts; not data
# Folders with the payment formats of this zone's own banks, beside those shipped (docs/formats.md).
FORMATS_DIRS = [Path(part) for part in os.environ.get("YINGONG_FORMATS", "").split(os.pathsep) if part]
SEAL = os.environ.get("YINGONG_SEAL", "local")  # local, none, or the http(s) address of a seal service
SEAL_CERTIFICATE = os.environ.get("YINGONG_SEAL_CERTIFICATE", "")  # of a service that answers raw signatures
SEAL_TOKEN = os.environ.get("YINGONG_SEAL_TOKEN", "")
SEAL_TIMEOUT_SECONDS = 10.0
SEAL_PAUSE_SECONDS = 1.0  # before the second attempt; doubled before the third
SEAL_REST_SECONDS = 30.0  # how long a service that did not answer is left alone
PAPER_FONTS = {
    "body": "Noto Serif CJK SC",
    "title": "Noto Serif CJK SC",
    "sans": "Noto Sans CJK SC",
    "rare": "HanaMinA, HanaMinB",
}
