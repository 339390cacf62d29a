"""Knowledge in a real browser: found, voted on, written, suggested while asking, linked into an answer."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from neike.desk.choices import ArticleState
from neike.desk.models import Article, ArticleDay, ArticleVote, TicketDraft
from neike.kernel.texts import LocalizedText
from tests.make import articles, desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "en": (
        "Printer without paper",
        "Yes, it helped",
        "Keep as a draft",
        "Publish",
        "This solved it",
    ),
    "zh-hans": ("打印机缺纸", "有帮助", "保存为草稿", "发布", "已解决"),
}


@pytest.fixture
def it(transactional_db):
    return desk.company()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 360)])
def test_find_read_and_vote(it, open_page, language, width):
    title, yes, *_rest = WORDS[language]
    text = LocalizedText.of(zh="打印机缺纸", en="Printer without paper")
    articles.article(it.it, title=text, services=(it.service,))
    opened = open_page(reverse("desk:knowledge"), person=it.anna, language=language, width=width)
    page = opened.page
    page.locator("#knowledge-q").type(title[:5].strip())
    found = page.locator("#knowledge-found").get_by_role("link", name=title)
    expect(found.first).to_be_visible()
    opened.settle()
    opened.check()
    found.first.click()
    opened.settle()
    opened.check()
    page.get_by_role("button", name=yes, exact=True).click()
    opened.settle()
    opened.check()

    assert ArticleVote.objects.get().helpful


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 360), ("zh-hans", "dark", 1280)]
)
def test_write_preview_publish_and_compare(it, open_page, language, theme, width):
    _title, _yes, keep, publish, _solved = WORDS[language]
    short = "en" if language == "en" else "zh"
    opened = open_page(
        reverse("desk:article_new"), person=it.ivan, language=language, theme=theme, width=width
    )
    page = opened.page
    opened.check()
    page.locator("#id_title_en").fill("Scanner")
    page.locator(f"#id_body_{short}").fill("## First\n\n**Press** the button")
    page.locator(f"button[hx-target='#preview-{short}']").click()
    expect(page.locator(f"#preview-{short} strong")).to_have_text("Press")
    opened.check()
    page.get_by_role("button", name=keep).click()
    opened.settle()
    opened.check()
    page.get_by_role("button", name=publish, exact=True).click()
    opened.settle()
    article = Article.objects.get()
    assert article.state == ArticleState.PUBLISHED
    page.goto(
        f"{page.url.split('/knowledge')[0]}{reverse('desk:article_history', args=[article.key])}"
    )
    opened.settle()
    opened.check()


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("zh-hans", 1280)])
def test_an_article_makes_a_request_needless(it, open_page, language, width):
    title, solved = WORDS[language][0], WORDS[language][-1]
    text = LocalizedText.of(zh="打印机缺纸", en="Printer without paper")
    articles.article(it.it, title=text)
    opened = open_page(
        reverse("desk:new", args=[it.service.key]), person=it.anna, language=language, width=width
    )
    page = opened.page
    page.locator("#id_title").type(title)
    ideas = page.locator("#article-ideas")
    expect(ideas.get_by_role("link", name=title)).to_be_visible(timeout=15_000)
    assert TicketDraft.objects.exists()
    opened.settle()
    opened.check()
    ideas.get_by_role("button", name=solved).click()
    opened.settle()

    assert not TicketDraft.objects.exists()
    assert ArticleDay.objects.get().solved == 1


def test_a_link_goes_into_the_reply(it, open_page):
    text = LocalizedText.of(zh="打印机缺纸", en="Printer without paper")
    article = articles.article(it.it, title=text)
    leg = it.accepted(title="Printer without paper")
    opened = open_page(leg.ticket.path, person=it.ivan, language="en")
    page = opened.page
    page.get_by_role("button", name="Insert the link into the reply").click(timeout=15_000)

    expect(page.locator("#reply-body")).to_have_value(
        f"[Printer without paper]({page.url.split('/requests')[0]}{article.path})\n"
    )
    opened.settle()
    opened.check()
