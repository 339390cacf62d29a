"""The forms of knowledge articles."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.forms.controls import PersonField, department_choices, person_label
from neike.catalog.forms.localized import initial_of, text_of, two_inputs
from neike.catalog.models import Service
from neike.desk.actions import ArticleContent
from neike.desk.models import Article
from neike.org.models import Department, Person
from neike.org.queries import OrgChart


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
