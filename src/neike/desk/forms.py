"""The forms of the request page and the queue. They are kind to people; actions hold the rules."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.choices import HandOverMode, Priority
from neike.catalog.forms.controls import PersonField, department_choices, person_label
from neike.catalog.forms.localized import initial_of, text_of, two_inputs
from neike.catalog.models import Service
from neike.desk.actions import ArticleContent
from neike.desk.actions.recurring import Schedule
from neike.desk.choices import (
    TIME_TRIGGERS,
    Channel,
    DateShift,
    RepeatRhythm,
    ReturnReason,
    RuleJoin,
    RuleTrigger,
    TicketState,
    WaitingOn,
)
from neike.desk.display.offers import Offer
from neike.desk.models import Article, AssignmentPolicy, ChecklistTemplate, Macro
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedText
from neike.org.models import Department, Person
from neike.org.queries import OrgChart

TEXT_LIMIT: Final = 20_000
REASON_LIMIT: Final = 300
WEEKDAYS: Final = tuple(WEEKDAY_NAMES.values())


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list, empty when none was sent."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ANN401 - Django's signature
        """Clean each file."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        clean = super().clean
        return [clean(each, initial) for each in given]


class MoveForm(forms.Form):
    """What every form of the page carries: the version the person saw."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ReasonForm(MoveForm):
    """A reason that the others read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OptionalReasonForm(MoveForm):
    """A reason that need not be given."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(MoveForm):
    """A word that goes with a result."""

    note = forms.CharField(
        label=gettext_lazy("What is the result?"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReturnForm(MoveForm):
    """Why a leg is given back."""

    why = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ReturnReason, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("What should they know?"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AssignForm(MoveForm):
    """Who gets the work."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Assignee"),
        queryset=Person.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=gettext_lazy("nobody"),
    )

    def __init__(self, *args: Any, agents: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = agents  # type: ignore[attr-defined]  # a model choice field has one


class PriorityForm(MoveForm):
    """Another priority and why."""

    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Priority)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MessageForm(forms.Form):
    """A message or an internal note, with files."""

    body = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "data-composer": "", "data-keep": ""}),
        help_text=gettext_lazy("Markdown works. Paste or drop pictures into the text."),
    )
    files = FilesField(label=gettext_lazy("Files"), required=False)  # type: ignore[assignment]  # declared as a field
    attached = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = str(new_public_id())


class HeadForm(forms.Form):
    """What every new request says beside the fields of its service."""

    title = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Leave it empty and we take it from your answers."),
    )
    priority = forms.ChoiceField(label=gettext_lazy("How urgent is it?"), choices=Priority)
    requester = forms.CharField(required=False)
    files = FilesField(  # type: ignore[assignment]  # a form has `files` of its own, set per instance
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("Pictures and documents that help to understand."),
    )
    attached = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, reader: Person, on: date, for_others: bool, usual: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = str(new_public_id())
        self.fields["priority"].initial = usual
        self.fields["priority"].required = False
        if for_others:
            self.fields["requester"] = PersonField(
                label=_("For a colleague"),
                help_text=_("Name, pinyin or number. Leave it empty when it is for you."),
                required=False,
                reader=reader,
                on=on,
            )
        else:
            del self.fields["requester"]


class WaitForm(MoveForm):
    """What the work waits for and when somebody looks again."""

    reason = forms.CharField(
        label=gettext_lazy("What are you waiting for?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": ""}),
        help_text=gettext_lazy("The requester reads this."),
    )
    follow_up_at = forms.DateTimeField(
        label=gettext_lazy("Look again at"), widget=forms.DateTimeInput
    )


class AskForm(WaitForm):
    """A question to the requester."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Your question")
        self.fields["reason"].help_text = _("The clock pauses until the answer is there.")


_MODES: Final = (
    (
        HandOverMode.RELAY.value,
        gettext_lazy("Relay: you wait for their result and keep the promise to the requester."),
    ),
    (
        HandOverMode.TRANSFER.value,
        gettext_lazy("Transfer: they take it over for good; you are done."),
    ),
    (
        HandOverMode.PARALLEL.value,
        gettext_lazy("Side by side: both work on; you need their result in the end."),
    ),
)


class HandOverForm(MoveForm):
    """To whom, how and what is needed. Each offer shows its promise before anything is sent."""

    offer = forms.ChoiceField(
        label=gettext_lazy("To which department, for what?"),
        help_text=gettext_lazy("Behind each: how soon they accept, and how soon they deliver."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=_MODES,
        initial=HandOverMode.RELAY.value,
        widget=forms.RadioSelect,
    )
    ask = forms.CharField(
        label=gettext_lazy("What is needed?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "data-keep": ""}),
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offers = {offer.key: offer for offer in offers}
        groups: dict[str, list[tuple[str, str]]] = {}
        for offer in offers:
            groups.setdefault(offer.department_name, []).append((offer.key, offer.label))
        choices: list[Any] = [("", _("Choose…")), *groups.items()]
        self.fields["offer"].choices = choices  # type: ignore[attr-defined]  # a choice field has some

    def chosen(self) -> tuple[int, Service | None]:
        """Return the department's id and the service (None: its general promise) of a valid form."""
        offer = self._offers[self.cleaned_data["offer"]]
        return offer.department_id, offer.service


class FollowerForm(forms.Form):
    """Somebody to let follow, by employee number or e-mail."""

    who = forms.CharField(
        label=gettext_lazy("Employee number or e-mail"), max_length=254, widget=forms.TextInput
    )


class EmptyForm(forms.Form):
    """A button without fields."""


class ApproveForm(MoveForm):
    """An approval; a word may go with it."""

    note = forms.CharField(
        label=gettext_lazy("A word that goes with it"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The requester and the departments read this."),
    )


class RefuseForm(MoveForm):
    """A refusal and why."""

    reason = forms.CharField(
        label=gettext_lazy("Why not?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The requester and the departments read this."),
    )


class QuestionForm(MoveForm):
    """A question before deciding."""

    question = forms.CharField(
        label=gettext_lazy("Your question"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The requester and the departments read this. You decide later."),
    )


_QUORUMS: Final = (
    ("all", gettext_lazy("All of them must approve")),
    ("any", gettext_lazy("One of them is enough")),
    ("2", gettext_lazy("Two of them must approve")),
)
MOST_ASKED: Final = 4


class AskApprovalForm(MoveForm):
    """Whom one asks to approve what, and how many must agree."""

    question = forms.CharField(
        label=gettext_lazy("What is to be approved?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Your work waits until they have decided."),
    )
    quorum = forms.ChoiceField(
        label=gettext_lazy("How many must approve?"),
        choices=_QUORUMS,
        initial="all",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_ASKED + 1):
            self.fields[f"approver{number}"] = PersonField(
                label=_("Approver") if number == 1 else _("Approver %(no)d") % {"no": number},
                help_text=_("Name, pinyin or number.") if number == 1 else "",
                required=number == 1,
                reader=reader,
                on=on,
            )
        asked = [f"approver{number}" for number in range(1, MOST_ASKED + 1)]
        self.order_fields(["version", "question", *asked, "quorum"])

    def people(self) -> list[Person]:
        """Return who is asked, each once, in the order they were named."""
        ids = [self.cleaned_data.get(f"approver{n}") for n in range(1, MOST_ASKED + 1)]
        found = {
            str(each.public_id): each for each in Person.objects.filter(public_id__in=_given(ids))
        }
        return [found[each] for each in dict.fromkeys(_given(ids)) if each in found]


def _given(ids: Sequence[str | None]) -> list[str]:
    return [each for each in ids if each]


class TaskForm(MoveForm):
    """A task to add by hand; its checklist from a template, or line by line."""

    title = forms.CharField(label=gettext_lazy("What is to be done?"), max_length=200)
    template = forms.ChoiceField(label=gettext_lazy("Checklist"), required=False)
    points = forms.CharField(
        label=gettext_lazy("Points of the checklist"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One point per line; they come after those of the checklist."),
    )

    def __init__(self, *args: Any, checklists: Sequence[ChecklistTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._checklists = {str(each.public_id): each for each in checklists}
        choices = [("", _("none")), *((key, str(each)) for key, each in self._checklists.items())]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]  # a choice field has some
        if not checklists:
            self.fields["template"].widget = forms.HiddenInput()

    def checklist(self) -> list[str | LocalizedText]:
        """Return the points of the chosen checklist, then those that were typed."""
        chosen = self._checklists.get(self.cleaned_data["template"])
        kept = [LocalizedText.from_json(each) for each in chosen.items] if chosen else []
        typed = [line.strip() for line in self.cleaned_data["points"].splitlines()]
        return [*kept, *(line for line in typed if line)]


class GiveTaskForm(MoveForm):
    """Who gets a task."""

    def __init__(self, *args: Any, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = PersonField(
            label=_("Assignee"),
            help_text=_("Name, pinyin or number. Empty gives it back to the department."),
            required=False,
            reader=reader,
            on=on,
        )


class ChecklistForm(forms.Form):
    """A checklist in both languages: a name, and one point per line."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )
    title_zh = forms.CharField(
        label=gettext_lazy("Name in Chinese"), max_length=120, required=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Name in English"), max_length=120, required=False
    )
    items_zh = forms.CharField(
        label=gettext_lazy("Points in Chinese"),
        max_length=15_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One point per line."),
    )
    items_en = forms.CharField(
        label=gettext_lazy("Points in English"),
        max_length=15_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The same lines in the same order; one language is enough."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name and for points, and for as many lines in one language as in the other."""
        given = dict(super().clean() or {})
        if not given.get("title_zh") and not given.get("title_en"):
            self.add_error("title_zh", _("Please give the checklist a name."))
        chinese, english = self._lines("items_zh"), self._lines("items_en")
        if not chinese and not english:
            self.add_error("items_zh", _("Please give at least one point."))
        if chinese and english and len(chinese) != len(english):
            text = _("There are %(zh)d points in Chinese and %(en)d in English.")
            self.add_error("items_en", text % {"zh": len(chinese), "en": len(english)})
        return given

    def _lines(self, name: str) -> list[str]:
        lines = str(self.cleaned_data.get(name) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def title(self) -> LocalizedText:
        """The name of a valid form."""
        return LocalizedText.of(zh=self.cleaned_data["title_zh"], en=self.cleaned_data["title_en"])

    @property
    def items(self) -> list[LocalizedText]:
        """The points of a valid form."""
        pairs = zip_longest(self._lines("items_zh"), self._lines("items_en"), fillvalue="")
        return [LocalizedText.of(zh=zh, en=en) for zh, en in pairs]


class NewChecklistForm(ChecklistForm):
    """A new checklist, for one of the departments somebody leads."""

    department = forms.ChoiceField(label=gettext_lazy("Department"))

    def __init__(self, *args: Any, departments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]  # a choice field has some
        self.order_fields(["version", "department"])


# Knowledge


class ArticleForm(forms.Form):
    """An article in both languages, and whom it is meant for; `content()` gives what the actions take."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        reader: Person,
        chart: OrgChart,
        departments: Sequence[tuple[str, str]],
        services: QuerySet[Service],
        article: Article | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        if article is None:
            self.fields["department"] = forms.ChoiceField(
                label=_("Department"),
                choices=departments,
                help_text=_("Who writes it and keeps it right."),
            )
        titles = two_inputs("title", _("Title"), most=160)
        bodies = two_inputs("body", _("Text"), most=50_000, lines=True)
        for field in bodies.values():
            field.widget.attrs |= {"rows": 14, "data-composer": ""}
            field.help_text = _("Markdown works. Paste or drop pictures into the text.")
        self.fields |= {
            **{
                name: field
                for pair in zip(titles.items(), bodies.items(), strict=True)
                for name, field in pair
            },
            "note": forms.CharField(
                label=_("What did you change?"),
                required=False,
                max_length=300,
                help_text=_("One sentence for those who read the versions later."),
            ),
            "internal": forms.BooleanField(
                label=_("Internal: only our department reads it"), required=False
            ),
            "audience": forms.MultipleChoiceField(
                label=_("Meant for"),
                required=False,
                choices=department_choices(chart),
                widget=forms.SelectMultiple(attrs={"data-enhance": ""}),
                help_text=_("Nothing chosen means everybody. Departments below are included."),
            ),
            "services": forms.ModelMultipleChoiceField(
                label=_("About these services"),
                required=False,
                queryset=services,
                to_field_name="key",
                widget=forms.SelectMultiple(attrs={"data-enhance": ""}),
                help_text=_("It is shown where people ask for them."),
            ),
            "owner": PersonField(
                label=_("Looked after by"),
                required=False,
                reader=reader,
                on=chart.on,
                help_text=_("Is reminded when the review is due."),
            ),
            "review_on": forms.DateField(
                label=_("Review on"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            ),
            "version": forms.IntegerField(
                required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
            ),
            "attached": forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput),
            "source": forms.IntegerField(
                required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
            ),
        }
        if article is not None:
            self.initial = {**_article_initial(article), **self.initial}

    def clean(self) -> dict[str, Any]:
        """Want a title in one of the languages."""
        given = super().clean() or {}
        if not given.get("title_zh") and not given.get("title_en") and not self.errors:
            self.add_error("title_zh", _("An article needs a title."))
        return given

    def content(self) -> ArticleContent:
        """Return what the actions take, after `is_valid()`."""
        given = self.cleaned_data
        chosen = given["audience"]
        return ArticleContent(
            title=text_of("title", given),
            body=text_of("body", given),
            internal=given["internal"],
            audience=tuple(Department.objects.filter(public_id__in=chosen)) if chosen else (),
            services=tuple(given["services"]),
            owner=Person.objects.get(public_id=given["owner"]) if given["owner"] else None,
            review_on=given["review_on"],
            note=given["note"],
        )


def _article_initial(article: Article) -> dict[str, Any]:
    return {
        **initial_of("title", article.title),
        **initial_of("body", article.body),
        "internal": article.internal,
        "audience": [str(each.public_id) for each in article.audience.all()],
        "services": [each.key for each in article.services.all()],
        "owner": person_label(article.owner) if article.owner else "",
        "review_on": article.review_on,
        "version": article.version,
    }


class VoteForm(forms.Form):
    """Whether an article helped, and if one wants, why."""

    helpful = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )
    reason = forms.CharField(
        label=gettext_lazy("What was missing, or what helped?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ScheduleForm(forms.Form):
    """When a request is made again."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, reader: Person, on: date, for_others: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        month_days = [("0", _("the last working day")), *((str(n), str(n)) for n in range(1, 32))]
        self.fields |= {
            "title": forms.CharField(label=_("Subject"), max_length=200, required=False),
            "rhythm": forms.ChoiceField(label=_("How often"), choices=RepeatRhythm.choices),
            "weekday": forms.ChoiceField(
                label=_("Weekday"),
                choices=[(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)],
                required=False,
                help_text=_("For every week."),
            ),
            "month_day": forms.ChoiceField(
                label=_("Day of the month"),
                choices=month_days,
                initial="1",
                required=False,
                help_text=_("For every month and every three months."),
            ),
            "shift": forms.ChoiceField(
                label=_("When that day is not worked"), choices=DateShift.choices, required=False
            ),
            "starts": forms.DateField(label=_("First day"), initial=on),
            "ends": forms.DateField(
                label=_("Last day"), required=False, help_text=_("Empty: until you stop it.")
            ),
        }
        if for_others:
            self.fields["requester"] = PersonField(
                label=_("For whom"), required=False, reader=reader, on=on
            )

    def clean(self) -> dict[str, Any]:
        """Hold the last day against the first."""
        found = dict(super().clean() or {})
        starts, ends = found.get("starts"), found.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day lies before the first."))
        return found

    def schedule(self) -> Schedule:
        """Return what the actions take, after `is_valid()`."""
        given = self.cleaned_data
        weekly = given["rhythm"] == RepeatRhythm.WEEKLY
        return Schedule(
            rhythm=given["rhythm"],
            day=int((given["weekday"] if weekly else given["month_day"]) or "1"),
            starts=given["starts"],
            ends=given["ends"],
            shift=given["shift"] or DateShift.AFTER,
        )


class SavedViewForm(forms.Form):
    """The name of a view and who has it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    department = forms.ModelChoiceField(
        label=gettext_lazy("Who has this view?"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("only me"),
        to_field_name="public_id",
        help_text=gettext_lazy("A shared view shows everybody only what they may read themselves."),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, departments: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # it has one


class BulkForm(forms.Form):
    """What is to be done to many requests; the fields are those of the action."""

    legs = forms.CharField(required=False, max_length=60_000, widget=forms.HiddenInput)
    all = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)


class BulkTextForm(BulkForm):
    """A text for all of them."""

    text = forms.CharField(
        label=gettext_lazy("Message to each requester"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class MacroForm(forms.Form):
    """A macro in both languages; one language is enough."""

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60, required=False)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=60, required=False)
    body_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "These are filled in for each request: {requester}, {number}, {service}, {due}, {agent}."
        ),
    )
    body_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    department = forms.ModelChoiceField(
        label=gettext_lazy("Who has this macro?"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("only me"),
        to_field_name="public_id",
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, departments: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # it has one


class BulkReplyForm(BulkTextForm):
    """A text for all of them, written now or kept ready."""

    macro = forms.ModelChoiceField(
        label=gettext_lazy("Macro"),
        queryset=Macro.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("none: send what is written below"),
    )
    field_order = ["macro", "text"]

    def __init__(self, *args: Any, macros: QuerySet[Macro], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["macro"].queryset = macros  # type: ignore[attr-defined]  # it has one
        self.fields["text"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two.

        Raises:
            ValidationError: there is neither.
        """
        data = super().clean() or self.cleaned_data
        if not data.get("macro") and not data.get("text", "").strip():
            self.add_error("text", _("Please write something, or choose a macro."))
        return data


class BulkNoteForm(BulkForm):
    """A text that need not be."""

    text = forms.CharField(
        label=gettext_lazy("What was done"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class BulkPriorityForm(BulkForm):
    """A priority and why."""

    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, initial=Priority.NORMAL
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BulkWatcherForm(BulkForm):
    """Who follows."""

    def __init__(self, *args: Any, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(label=_("Who follows?"), reader=reader, on=on)


class BulkHandOverForm(BulkForm):
    """To whom, how and what is needed."""

    offer = forms.ChoiceField(label=gettext_lazy("To which department, for what?"))
    mode = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=_MODES,
        initial=HandOverMode.RELAY.value,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What is needed?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offers = {offer.key: offer for offer in offers}
        choices = [(each.key, f"{each.department_name} · {each.label}") for each in offers]
        self.fields["offer"].choices = [("", _("Choose…")), *choices]  # type: ignore[attr-defined]  # a choice field has some

    def chosen(self) -> Offer:
        """Return the offer of a valid form."""
        return self._offers[self.cleaned_data["offer"]]


# Rules and the giving out of work


class AssignmentForm(forms.ModelForm[AssignmentPolicy]):
    """How a department gives out its work."""

    class Meta:
        model = AssignmentPolicy
        fields = (
            "mode",
            "within_hours",
            "auto_accept",
            "usual_capacity",
            "unassigned_minutes",
            "fallback",
        )
        widgets = {"mode": forms.RadioSelect}

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fallback"].queryset = people  # type: ignore[attr-defined]  # a model choice


class MemberForm(forms.Form):
    """What one person can take."""

    maximum = forms.IntegerField(
        label=gettext_lazy("Capacity"), min_value=0, max_value=200, required=False
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, skills: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = skills  # type: ignore[attr-defined]
        if not skills:
            del self.fields["skills"]


class SkillForm(forms.Form):
    """A skill of a department and the services that ask for it."""

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(two_inputs("name", _("Skill"), most=60, required=True))
        self.fields["services"] = forms.MultipleChoiceField(
            label=_("Services that ask for it"),
            choices=services,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class RuleForm(forms.Form):
    """A rule in three steps: when, if, do. Every part that is filled in counts."""

    trigger = forms.ChoiceField(label=gettext_lazy("When"), choices=RuleTrigger.choices)
    amount = forms.IntegerField(
        label=gettext_lazy("How many working hours"),
        help_text=gettext_lazy("Only for what happens by time."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    join = forms.ChoiceField(
        label=gettext_lazy("How many must hold"),
        choices=RuleJoin.choices,
        initial=RuleJoin.ALL.value,
        widget=forms.RadioSelect,
    )
    priorities = forms.MultipleChoiceField(
        label=gettext_lazy("Priority"),
        choices=Priority.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    states = forms.MultipleChoiceField(
        label=gettext_lazy("State"),
        choices=TicketState.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    waiting = forms.MultipleChoiceField(
        label=gettext_lazy("Waiting for"),
        choices=WaitingOn.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channel"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contains = forms.CharField(
        label=gettext_lazy("The text contains one of"),
        help_text=gettext_lazy("Words with commas between them."),
        max_length=300,
        required=False,
    )
    answer_key = forms.SlugField(
        label=gettext_lazy("Answer of the form (key)"), max_length=60, required=False
    )
    answer_op = forms.ChoiceField(
        label=gettext_lazy("is"),
        choices=(
            ("is", gettext_lazy("equal to")),
            ("over", gettext_lazy("over")),
            ("under", gettext_lazy("under")),
            ("contains", gettext_lazy("containing")),
        ),
        required=False,
    )
    answer_value = forms.CharField(label=gettext_lazy("Value"), max_length=120, required=False)
    assign = forms.ChoiceField(
        label=gettext_lazy("Assign"),
        choices=(
            ("", gettext_lazy("no")),
            ("policy", gettext_lazy("as the department gives out its work")),
            ("person", gettext_lazy("to this person")),
        ),
        required=False,
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Set the priority"),
        choices=(("", gettext_lazy("no")), *Priority.choices),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    message = forms.CharField(
        label=gettext_lazy("Automatic message to the requester"),
        help_text=gettext_lazy("It is marked as automatic and stops no clock."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    task = forms.CharField(label=gettext_lazy("Open a task"), max_length=200, required=False)
    checklist = forms.CharField(
        label=gettext_lazy("Its checklist, one point per line"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hand_over_text = forms.CharField(
        label=gettext_lazy("What they are asked for"), max_length=2000, required=False
    )
    approval = forms.ChoiceField(
        label=gettext_lazy("Ask for approval"),
        choices=(
            ("", gettext_lazy("no")),
            ("manager", gettext_lazy("the requester's manager")),
            ("department_lead", gettext_lazy("the head of the asking department")),
            ("person", gettext_lazy("this person")),
        ),
        required=False,
    )
    approval_text = forms.CharField(
        label=gettext_lazy("What is to be approved"), max_length=300, required=False
    )
    notify = forms.ChoiceField(
        label=gettext_lazy("Notify"),
        choices=(
            ("", gettext_lazy("no")),
            ("lead", gettext_lazy("the lead")),
            ("assignee", gettext_lazy("whoever works on it")),
            ("person", gettext_lazy("this person")),
        ),
        required=False,
    )
    order = forms.IntegerField(
        label=gettext_lazy("Place in the order"), min_value=0, max_value=9999, initial=100
    )
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)

    WHO: ClassVar = ("assign_person", "watch_person", "approval_person", "notify_person")

    def __init__(
        self,
        *args: Any,
        reader: Person,
        on: date,
        scopes: Sequence[tuple[str, str]],
        services: Sequence[tuple[str, str]],
        departments: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(two_inputs("name", _("Name"), most=80, required=True))
        if scopes:
            self.fields["scope"] = forms.ChoiceField(label=_("For"), choices=scopes, required=False)
        self.fields["services"] = _several(_("Service"), services)
        self.fields["customers"] = _several(_("Asking department"), departments)
        self.fields["hand_over"] = forms.ChoiceField(
            label=_("Hand over to"), choices=[("", _("no")), *departments], required=False
        )
        labels = (_("Assigned person"), _("Let this person follow"), _("Approver"), _("Person"))
        for name, label in zip(self.WHO, labels, strict=True):
            self.fields[name] = PersonField(reader=reader, on=on, label=label, required=False)

    def clean(self) -> dict[str, Any]:
        """Check that what belongs together is given together."""
        data = super().clean() or {}
        together = (
            ("answer_key", "answer_value"),
            ("hand_over", "hand_over_text"),
            ("approval", "approval_text"),
        )
        for one, other in together:
            if data.get(one) and not data.get(other):
                self.add_error(other, _("Please fill this in too."))
        for what in ("assign", "approval", "notify"):
            person = f"{what}_person"
            if data.get(what) == "person" and not data.get(person) and person not in self.errors:
                self.add_error(person, _("Please name somebody."))
        if data.get("trigger") in TIME_TRIGGERS and not data.get("amount"):
            self.add_error("amount", _("Please say after how many working hours, at least 1."))
        return data


def _several(label: str, choices: Sequence[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.SelectMultiple
    )
