"""What a person should know, how they want to be told, and what was told outside the product."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.kernel.notices.choices import DeliveryReason, DeliveryState, DigestRhythm
from neike.kernel.texts import LocalizedTextField

DAY_MINUTES = 24 * 60


class Notice(models.Model):
    """One line for one person, in every language of the product, leading to a page of ours.

    At most one per (person, key). `url` is a path. `subject` ("ticket:17") is what it is about, "" for nothing that
    can be muted or grouped. `because` says why this person is told; empty: what its kind says.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=60)
    title = LocalizedTextField(_("notice"))
    url = models.CharField(max_length=300)
    key = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=60, blank=True, default="")
    because = LocalizedTextField(_("why you are told"))
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"],
                condition=~models.Q(key=""),
                name="notices_once_per_person_and_key",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "id"], name="notices_by_person"),
            models.Index(
                fields=["person", "id"],
                condition=models.Q(read_at__isnull=True),
                name="notices_unread",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class NoticePreferences(models.Model):
    """How a person wants to be told; without a row the defaults here hold.

    Times are minutes of the day on the person's own clocks. `choices` holds what differs from what the kinds say:
    {kind: {channel: mode}}, for the product "off".
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    choices = models.JSONField(default=dict, blank=True)
    digest = models.CharField(
        _("how often"), max_length=6, choices=DigestRhythm, default=DigestRhythm.DAILY
    )
    digest_at = models.PositiveSmallIntegerField(
        default=9 * 60, validators=[MaxValueValidator(DAY_MINUTES - 1)]
    )
    digest_weekday = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(6)])
    has_quiet_hours = models.BooleanField(_("I have quiet hours"), default=True)
    quiet_from = models.PositiveSmallIntegerField(
        default=20 * 60, validators=[MaxValueValidator(DAY_MINUTES - 1)]
    )
    quiet_to = models.PositiveSmallIntegerField(
        default=8 * 60, validators=[MaxValueValidator(DAY_MINUTES - 1)]
    )
    only_working_time = models.BooleanField(_("only in my working time"), default=True)
    urgent_anytime = models.BooleanField(_("urgent matters at any time"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notices_preferences_times",
                condition=models.Q(
                    digest_at__lt=DAY_MINUTES,
                    quiet_from__lt=DAY_MINUTES,
                    quiet_to__lt=DAY_MINUTES,
                    digest_weekday__lt=7,
                ),
            ),
            models.CheckConstraint(
                name="notices_quiet_hours_are_not_empty",
                condition=~models.Q(quiet_from=models.F("quiet_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.digest}"


class NoticeMute(models.Model):
    """Something of which a person wants to hear no more than what is theirs to do."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=60)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "subject"], name="notices_muted_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.subject}"


class ChannelPace(models.Model):
    """When a person was last told something on a channel. Its row is locked while a message is put together."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=20)
    last_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "channel"], name="notices_one_pace")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class NoticeBundle(models.Model):
    """One message to a person on a channel; `count` notices go into it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20)
    is_digest = models.BooleanField(default=False)
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel} {self.count}"


class NoticeDelivery(models.Model):
    """One notice on one channel, ever: waiting for its moment, told in a bundle, or dropped for a reason.

    `silent`: the notice never rang in the product, so its being read there says nothing. `template` and `context`
    (ids and plain values) make a mail of its own when it is told alone.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=20)
    urgency = models.CharField(max_length=8)
    way = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING
    )
    reason = models.CharField(_("reason"), max_length=14, choices=DeliveryReason)
    silent = models.BooleanField(default=False)
    template = models.CharField(max_length=120, blank=True)
    context = models.JSONField(default=dict, blank=True)
    bundle = models.ForeignKey(
        NoticeBundle, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"], name="notices_delivered_once_per_channel"
            ),
            models.CheckConstraint(
                name="notices_delivery_told_in_a_bundle",
                condition=~models.Q(state=DeliveryState.WAITING) | models.Q(bundle__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="notices_delivery_due",
            ),
            models.Index(
                fields=["person", "channel", "id"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="notices_delivery_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"
