"""People who sign in, the tokens of their scripts, and the links that let people in."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class Role(models.TextChoices):
    VIEWER = "viewer", _("Viewer")
    OPERATOR = "operator", _("Operator")
    ADMIN = "admin", _("Admin")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user; without a password they are invited: a link lets them set one."""
        if password:
            fields.setdefault("joined_at", timezone.now())
        user = self.model(email=normalized(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new administrator: `manage.py createsuperuser` is the way back in."""
        return self.create_user(email, password, **{"role": Role.ADMIN, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalized(username or ""))


def normalized(email: str) -> str:
    """Return the one way in which an address is kept: in lower case."""
    return email.strip().lower()


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """A person with one role. The e-mail address is the name to sign in with.

    There are no superusers and no permissions of Django's here: nothing goes round the role.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.VIEWER)
    is_active = models.BooleanField(_("active"), default=True)
    groups = models.ManyToManyField(Group, blank=True, verbose_name=_("groups"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_user_per_address"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def state(self) -> str:
        """`invited` until they set a password, then `active` or `inactive`."""
        if not self.is_active:
            return "inactive"
        return "active" if self.joined_at else "invited"


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """A personal API token: only its hash is kept, as the key of the row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    scopes = models.JSONField(_("scopes"), default=list)
    last_used = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        ordering = ("-created",)
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expiry is not None and self.expiry <= timezone.now()


class Purpose(models.TextChoices):
    SETUP = "setup", _("set-up")
    INVITATION = "invitation", _("invitation")
    PASSWORD = "password", _("new password")


class OneTimeLink(models.Model):
    """A link that works once and not for long: only the hash of its token is kept.

    A set-up link has no user: it makes the first administrator.
    """

    purpose = models.CharField(max_length=16, choices=Purpose)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="links")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("purpose",),
                condition=models.Q(purpose=Purpose.SETUP, used_at=None),
                name="one_open_setup_link",
            ),
            models.UniqueConstraint(
                fields=("user",), condition=models.Q(used_at=None), name="one_open_link_per_user"
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
