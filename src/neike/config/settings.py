"""Django settings, read from `NEIKE_*` variables; every variable is listed in docs/*/reference/settings.md."""

import secrets
from pathlib import Path

from csp.constants import NONCE

from neike.config import env

PACKAGE = Path(__file__).resolve().parent.parent
DATA = env.folder("NEIKE_DATA", Path.cwd() / "var" / "neike")
DEMO = env.flag("NEIKE_DEMO", default=False)
DEBUG = env.flag("NEIKE_DEBUG", default=False)


def _kept_secret(variable: str, file_name: str) -> str:
    """Return the configured key, or one made once and kept beside the data."""
    given = env.text(variable)
    if given:
        return given
    file = DATA / file_name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text().strip()


SECRET_KEY = _kept_secret("NEIKE_SECRET_KEY", "secret_key")
# The first key seals the audit record, the others only verify what was sealed before a change of key.
AUDIT_KEYS = [
    _kept_secret("NEIKE_AUDIT_KEY", "audit_key"),
    *env.words("NEIKE_AUDIT_OLD_KEYS", []),
]
BASE_URL = env.text("NEIKE_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("NEIKE_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL, *env.words("NEIKE_ORIGINS", [])]

INSTALLED_APPS = [
    "neike.config",
    "neike.portal",
    "neike.connect",
    "neike.insights",
    "neike.surveys",
    "neike.desk",
    "neike.relations",
    "neike.catalog",
    "neike.org",
    "neike.kernel.ui",
    "neike.kernel.installation",
    "neike.kernel.search",
    "neike.kernel.attachments",
    "neike.kernel.audit",
    "neike.kernel.limits",
    "neike.kernel.stamps",
    "neike.kernel.texts",
    "neike.kernel.health",
    "neike.kernel.notices",
    "neike.kernel.live",
    "neike.kernel.mail",
    "neike.kernel.jobs",
    "neike.kernel.outbox",
    "neike.kernel.safety",
    "neike.kernel.policies",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "neike.kernel.health.middleware.probes",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "neike.kernel.installation.queries.remembered_per_request",
    "neike.kernel.stamps.reading.remembered_while_reading",
    "neike.org.middleware.reader",
    "neike.org.middleware.rights",
    "neike.desk.middleware.standings",
    "neike.relations.middleware.standings",
    "django.middleware.csrf.CsrfViewMiddleware",
    "neike.kernel.policies.middleware.enforce",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "neike.org.middleware.privacy",
]

ROOT_URLCONF = "neike.config.urls"
ASGI_APPLICATION = "neike.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.templatetags.l10n",
                "neike.kernel.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "neike.kernel.ui.context.shell",
                "neike.kernel.installation.context.installation",
            ],
        },
    }
]
COTTON_SNAKE_CASED_NAMES = True
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its own attributes, never the page's variables
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.database("NEIKE_DATABASE_URL", f"sqlite:///{DATA}/neike.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Shared by all processes, so that rate limits hold across them.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        # Room for the rate limits of a crowd: a full cache forgets, and a forgotten limit is none.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "neike_session"
CSRF_COOKIE_NAME = "neike_csrf"
CSRF_FAILURE_VIEW = "neike.kernel.ui.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

AUTH_USER_MODEL = "org.Person"
AUTHENTICATION_BACKENDS = ["neike.org.accounts.SignInBackend"]
PASSWORD_HASHERS = [
    "neike.org.hashers.CappedScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # for accounts brought from elsewhere
]
PASSWORD_RESET_TIMEOUT = 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 64
ACCOUNT_ADAPTER = "neike.org.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "employee_no"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from the directory
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes us write to strangers
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_DISPLAY = "neike.org.models.people.display_name"
# A whole company may sit behind one address, so guesses are what is counted, per account and per network.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/10m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "neike.org.forms.sign_in.SignInForm",
    "reset_password": "neike.org.forms.sign_in.AskResetForm",
    "reset_password_from_key": "neike.org.forms.sign_in.ResetForm",
    "change_password": "neike.org.forms.sign_in.PasswordForm",
    "reauthenticate": "neike.org.forms.sign_in.ConfirmByPasswordForm",
}
MFA_ADAPTER = "neike.org.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the directory
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# Browsers offer passkeys over plain HTTP to localhost only; elsewhere the address must be HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://localhost")
MFA_FORMS = {
    "authenticate": "neike.org.forms.sign_in.CodeForm",
    "reauthenticate": "neike.org.forms.sign_in.ConfirmByCodeForm",
    "activate_totp": "neike.org.forms.sign_in.ActivateAppForm",
    "add_webauthn": "neike.org.forms.sign_in.AddPasskeyForm",
    "edit_webauthn": "neike.org.forms.sign_in.RenamePasskeyForm",
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # each in its own words
LANGUAGE_COOKIE_NAME = "neike_language"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "neike.kernel.ui.formats"

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("NEIKE_STATIC", DATA / "static")
MEDIA_ROOT = DATA / "files"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT), "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Bytes: one file, one request, one person's files in a day, and one request of a visitor who has not signed in.
UPLOAD_LIMIT = env.whole("NEIKE_UPLOAD_LIMIT_MB", 25) * 1024 * 1024
UPLOAD_REQUEST_LIMIT = 2 * UPLOAD_LIMIT + 1024 * 1024
UPLOAD_DAILY_QUOTA = env.whole("NEIKE_UPLOAD_DAILY_MB", 500) * 1024 * 1024
UPLOAD_FILES_PER_REQUEST = DATA_UPLOAD_MAX_NUMBER_FILES = 20
ANONYMOUS_BODY_LIMIT = 64 * 1024

# How many proxies of our own stand before us: 0 takes the peer's address, n the n-th forwarded one from the right.
PROXY_HOPS = ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("NEIKE_PROXY_HOPS", 0)
# Without a proxy of our own the header is the visitor's word and nobody reads it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_HOPS else None

# The demo sends nothing to the outside; what it would have sent can be read on a page.
EMAIL_BACKEND = (
    "neike.kernel.mail.catcher.CatcherBackend"
    if DEMO
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env.text("NEIKE_SMTP_HOST", "localhost")
EMAIL_PORT = env.whole("NEIKE_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("NEIKE_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("NEIKE_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("NEIKE_SMTP_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("NEIKE_MAIL_FROM", "neike@localhost")

# Pages follow changes over one open connection per browser; without it they look again now and then.
LIVE = env.flag("NEIKE_LIVE", default=True)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"neike": {"level": "INFO"}},
}
