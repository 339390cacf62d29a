"""The demo company's knowledge: articles of four departments, what readers thought, what nobody found."""

from datetime import timedelta
from importlib import resources
from typing import Any, Final

import yaml

from neike.catalog.models import Service
from neike.desk import actions
from neike.desk.actions import ArticleContent
from neike.desk.choices import ArticleState
from neike.desk.models import Article, ArticleDay, ArticleVote, SearchMiss
from neike.kernel.demo import Company, moment
from neike.kernel.texts import LocalizedText
from neike.org.demo.people import Staff
from neike.org.models import Department, Person

_MISSES: Final = (
    ("显示器 申领", 9, 2, 3),
    ("加班餐费", 7, 4, 9),
    ("projector", 4, 1, 15),
    ("年终奖 发放时间", 3, 5, 21),
)
"""Text, people without a result, people who opened nothing, days ago."""
_REASONS: Final = (
    (True, "照着第二步做就好了，谢谢。"),
    (False, "截图和现在的界面不太一样。"),
    (True, "Clear and short. The table saved me a call."),
    (False, "I did not find where to choose the cost centre."),
)


def load_knowledge(company: Company) -> None:
    """Write the articles as their departments' deputies would have, with votes, use and a few vain searches."""
    rng = company.rng("desk.knowledge")
    texts = resources.files("neike.desk.demo").joinpath("knowledge.yaml").read_text("utf-8")
    said: list[dict[str, Any]] = yaml.safe_load(texts)
    written = [_write(company, each, place) for place, each in enumerate(said)]
    shown = [each for each in written if each.state == ArticleState.PUBLISHED]
    for article in shown:
        _use(company, article, rng.randint(4, 16), rng.randint(0, 4))
    for text, without_result, without_click, ago in _MISSES:
        SearchMiss.objects.create(
            text=text,
            without_result=without_result,
            without_click=without_click,
            last_on=company.today - timedelta(days=ago),
        )
    company.progress(f"  {len(written)} articles")


def _write(company: Company, said: dict[str, Any], place: int) -> Article:
    departments: dict[str, Department] = company.shared["departments"]
    staff: Staff = company.shared["staff"]
    department = departments[said["department"]]
    author = next(
        each for each in staff.of(said["department"], company.today) if each.stays[-1].post == 1
    )
    owner = Person.objects.get(pk=author.pk)
    at = moment(company.today - timedelta(days=160 - 9 * place), 10 * 60 + 7 * place)
    services = Service.objects.filter(key__in=said.get("services", []))
    content = ArticleContent(
        title=LocalizedText.of(**said["title"]),
        body=LocalizedText.of(**said["body"]),
        internal=said.get("internal", False),
        audience=tuple(departments[key] for key in said.get("audience", [])),
        services=tuple(services),
        owner=owner,
        review_on=company.today + timedelta(days=said.get("review", 90)),
    )
    made = actions.create_article(
        department=department, content=content, key=said["key"], by=owner, now=at
    )
    state = ArticleState(said.get("state", "published"))
    made = actions.set_article_state(article=made, state=state, by=owner, now=at)
    former = said.get("former")
    if former:
        made = _changed_since(made, content, former, owner, company)
    return made


def _changed_since(
    article: Article,
    content: ArticleContent,
    addition: dict[str, Any],
    owner: Person,
    company: Company,
) -> Article:
    """Add a paragraph some time later, so that there are two versions to compare."""
    body = {
        short: f"{content.body.texts[language]}\n\n{addition[short]}"
        for short, language in (("zh", "zh-hans"), ("en", "en"))
    }
    later = ArticleContent(
        title=content.title,
        body=LocalizedText.of(**body),
        internal=content.internal,
        audience=content.audience,
        services=content.services,
        owner=content.owner,
        review_on=content.review_on,
        note=addition["note"],
    )
    return actions.change_article(
        article=article,
        content=later,
        version=None,
        by=owner,
        now=moment(company.today - timedelta(days=12), 15 * 60),
    )


def _use(company: Company, article: Article, helped: int, not_helped: int) -> None:
    """Let readers vote on an article and open it on the days before today."""
    rng = company.rng(f"desk.knowledge.{article.key}")
    staff: Staff = company.shared["staff"]
    members = [
        each
        for key in ("rd", "east", "care", "marketing")
        for each in staff.of(key, company.today)
        if not each.known
    ]
    readers = rng.sample(members, min(len(members), helped + not_helped))
    votes = []
    for place, reader in enumerate(readers):
        helpful = place < helped
        fitting = [text for kind, text in _REASONS if kind == helpful]
        at = moment(company.today - timedelta(days=1 + place), 600 + place)
        votes.append(
            ArticleVote(
                article=article,
                version=article.version,
                person_id=reader.pk,
                helpful=helpful,
                reason=rng.choice(fitting) if place in {1, helped} else "",
                at=at,
            )
        )
    ArticleVote.objects.bulk_create(votes)
    article.helpful = sum(vote.helpful for vote in votes)
    article.unhelpful = len(votes) - article.helpful
    article.save(update_fields=["helpful", "unhelpful"])
    ArticleDay.objects.bulk_create(
        ArticleDay(
            article=article,
            day=company.today - timedelta(days=ago),
            views=rng.randint(1, 9),
            solved=int(ago % 7 == 1),
        )
        for ago in range(1, 31)
    )
