"""Settings: one file, every difference between machines comes from the environment.

`make run` writes the environment file `.run/env`; a cluster sets the same names. Nothing here asks where it runs.
"""

from pathlib import Path

import environ
import structlog
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from hopin_backstage.redaction import redact_secrets

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".run")))

# --- Apps ----------------------------
INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "channels",
    "csp",
    "django_filters",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "lucide",
    "rest_framework",
    "hopin_backstage.rest",
    "events",
    "backstage",
    "chat",
    "moderation",
    "hopin_backstage",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hopin_backstage.private_pages.PrivatePagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "hopin_backstage.urls"
ASGI_APPLICATION = "hopin_backstage.asgi.application"

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
                "hopin_backstage.context.support",
            ],
            "builtins": ["lucide.templatetags.lucide"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database ----------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock when a transaction begins, so two writers queue for it instead of
        # failing at the first write: https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-transaction-behavior
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A host that vanishes without a word is noticed within ten seconds; else all that wait for the one thread of the
    # sockets would wait for the kernel, a quarter of an hour: https://www.postgresql.org/docs/15/libpq-connect.html
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        **DATABASES["default"].get("OPTIONS", {}),
    }
# Sockets and stagehand ask a little and often; without this each question would be a connection of its own, and SQLite
# would read its schema for each, too: 2 ms.
DATABASES["default"] = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **DATABASES["default"]}
#: PostgreSQL keeps the plans of `chat.prepared`'s statements, for each connection. False behind a pooler that gives
#: each transaction another one; a new PgBouncer, too: it follows the protocol's statements, not SQL's PREPARE
#: (https://www.pgbouncer.org/config.html#max_prepared_statements).
DATABASE_KEEPS_PLANS = env.bool("DATABASE_KEEPS_PLANS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: fan-out, presence and counters ----------------------------
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- Media ----------------------------
JANUS_URL = env.str("JANUS_URL", default="ws://127.0.0.1:8188")
JANUS_API_SECRET = env.str("JANUS_API_SECRET", default="")
JANUS_ADMIN_KEY = env.str("JANUS_ADMIN_KEY", default="")
# IPv4 addresses on the network between stagehand and Janus, loopback on one machine: where the stagehand's delay
# lines listen for what Janus forwards, and where Janus listens for what they send to its mountpoints.
MEDIA_HOST = env.str("MEDIA_HOST", default="127.0.0.1")
JANUS_MEDIA_HOST = env.str("JANUS_MEDIA_HOST", default="127.0.0.1")
# RTCIceServer dictionaries for the browsers, e.g. [{"urls": "turn:turn.example:3478", ...}]. None on loopback.
ICE_SERVERS = env.json("ICE_SERVERS", default=[])
# People inside one Backstage at a time, organizers not counted.
BACKSTAGE_PLACES = env.int("BACKSTAGE_PLACES", default=500)
# Bits per second that one camera may send. 5 cameras at 1.2 Mbit/s are 6 Mbit/s for each person who watches.
PUBLISHER_BITRATE = env.int("PUBLISHER_BITRATE", default=1_200_000)
# And one shared screen: small text at full resolution needs more.
SCREEN_BITRATE = env.int("SCREEN_BITRATE", default=2_200_000)

# --- People ----------------------------
AUTH_USER_MODEL = "events.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "events:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "events.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "events.accounts.SignupForm"
ACCOUNT_FORMS = {
    "login": "events.forms.accounts.LoginForm",
    "signup": "events.forms.accounts.SignupForm",
    "reset_password": "events.forms.accounts.ResetPasswordForm",
    "add_email": "events.forms.accounts.AddEmailForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# Of whoever is signed in already: it is another address that they have confirmed.
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "events:profile"
ACCOUNT_SESSION_REMEMBER = True
# One address, which is the login: a new one takes its place once it is confirmed, and the old one is told.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whoever finds a browser open must not take the account over: what would is asked the password for again.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Anybody can have a letter sent to any address by asking for a new password: the library would send it 300 an hour.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key"}
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
# Seconds that a mail server may take: somebody waits for the page behind it.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Hopin Backstage <backstage@example.com>")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="support@example.com")
SUPPORT_EMAIL_LABEL = _("Support")

# --- Language and time ----------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "hopin_backstage" / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Webhooks ----------------------------
# Whether they may go to this machine itself, by http, too: for development. Never where strangers make webhooks.
WEBHOOK_LOOPBACK = env.bool("WEBHOOK_LOOPBACK", default=False)

# --- API ----------------------------
# Requests in a minute: of one person by all their tokens and pages, and of one address without a token.
API_PER_MINUTE = env.int("API_PER_MINUTE", default=600)
API_PER_MINUTE_ANONYMOUS = env.int("API_PER_MINUTE_ANONYMOUS", default=60)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hopin_backstage.rest.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hopin_backstage.rest.parsers.BoundedJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["hopin_backstage.rest.throttling.MinuteThrottle"],
    "DEFAULT_SCHEMA_CLASS": "hopin_backstage.rest.schema.ApiSchema",
    "EXCEPTION_HANDLER": "hopin_backstage.rest.errors.answer_error",
    # Whose address counts: behind our proxy, the one that it names.
    "NUM_PROXIES": 1 if env.bool("BEHIND_PROXY", default=False) else 0,
    "URL_FORMAT_OVERRIDE": None,
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "hopin_"}
KNOX_TOKEN_MODEL = "rest.ApiToken"  # noqa: S105  a model's name
# The library's migrations make a table for the model that ours replaces; nothing would ever empty it.
MIGRATION_MODULES = {"knox": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hopin Backstage",
    "VERSION": "1",
    "DESCRIPTION": "Organizations, events, Stages, Backstages and shows, by the same rules as the pages.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Both are a field called `role`.
    "ENUM_NAME_OVERRIDES": {
        "MemberRoleEnum": "events.models.Membership.Role",
        "AuthorRoleEnum": "chat.models.Message.Role",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hopin_backstage.rest.schema.finish",
    ],
}

# --- Files ----------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "hopin_backstage" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hopin_backstage.staticfiles.ModuleManifestStorage"},
}
# Only what the templates name is served; and nobody but a debugger reads a map.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"

# --- Security ----------------------------
HTTPS = env.bool("HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
# allauth limits guessing by address; behind a proxy that is the one that the proxy names.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
# The same for the log, which would believe whatever header says an address. None before the one that the proxy names.
IPWARE_META_PRECEDENCE_ORDER = (
    ("HTTP_X_FORWARDED_FOR", "REMOTE_ADDR") if env.bool("BEHIND_PROXY", default=False) else ("REMOTE_ADDR",)
)
IPWARE_META_PROXY_COUNT = 0
# Else a header that somebody sent along would hide them behind the proxy: of a longer chain it would take nothing.
IPWARE_STRICT = False
SECURE_SSL_REDIRECT = HTTPS
# A load balancer asks from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # HSTS for every subdomain, and in the browsers' built-in lists: for whoever owns the domain to decide,
    # since neither can be taken back soon. Their proxy says so.
    "security.W005",
    "security.W021",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# --- Logs ----------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact_secrets,
                structlog.processors.LogfmtRenderer(bool_as_flag=False),
            ],
            "foreign_pre_chain": [
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # One line a request is django-structlog's; daphne's access lines would repeat it.
        "django.channels.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        # At INFO it tells what a show's media did, which support needs; never a secret.
        "janus": {"level": "INFO"},
        # They name whole addresses, and those of webhooks have secrets in them.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # janus-client logs whole messages, secrets included.
        "janus_client": {"level": "CRITICAL", "propagate": False},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
