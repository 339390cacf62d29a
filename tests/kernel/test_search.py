"""Search: nothing that is there is missed, nothing hidden is found, in Chinese, English and both at once."""

import random
import re
from datetime import UTC, datetime

import pytest
from django.db import connection

from neike.kernel import search
from neike.kernel.registries import NIGHTLY_CHECKS
from neike.kernel.search import queries, readers, tokens
from neike.kernel.search.documents import SCOPE_PROVIDERS
from neike.kernel.search.models import SearchEntry
from tests import make

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
EVERYONE = frozenset({search.EVERYONE})


def _document(
    number: object,
    title: str = "",
    body: str = "",
    scopes: frozenset[tuple[str, str]] = EVERYONE,
    kind: str = "note",
) -> search.SearchDocument:
    return search.SearchDocument(
        kind=kind,
        object_id=str(number),
        url=f"/notes/{number}/",
        title=title,
        body=body,
        scopes=scopes,
        changed_at=NOW,
    )


def _found(text: str, **options: object) -> set[str]:
    given = {"scopes": EVERYONE, "limit": 100, **options}
    return {hit.object_id for hit in search.search(text=text, **given).hits}


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("报销 VPN故障", "报 销 vpn 故 障"),
        ("\uff37\uff49\uff0d\uff26\uff49 密码", "wi fi 密 码"),
        ("Café Straße", "cafe strasse"),
        ("IT-2031_a@example.com", "it 2031 a example com"),
        ("プリンター", "プ リ ン タ ー"),
        ("𠮷野家", "𠮷 野 家"),
        ("", ""),
        ("<b>!?</b>", "b b"),
        ("x" * 100, "x" * 64),
    ],
)
def test_texts_are_cut_by_character_and_by_word(text, cut):
    assert tokens.tokens(text) == cut


def test_what_somebody_types_is_bounded():
    assert len(tokens.terms(" ".join(f"w{number}" for number in range(1000)))) == 12
    assert len(tokens.terms("报" * 10_000)[0].tokens) == 200


CHARACTERS = "报销流程申请打印机网络故障账号密码会议室预订合同审批发票采购电脑邮箱权限入职离职考勤工资社保物流仓库"
WORDS = [
    "VPN",
    "printer",
    "SAP",
    "laptop",
    "reset",
    "password",
    "Outlook",
    "invoice",
    "onboarding",
    "Wi-Fi",
    "2026",
    "ERP3",
]


def _corpus(size: int) -> list[str]:
    """Return made-up texts: two thirds Chinese, a fifth English, the rest mixed. Always the same."""
    chance = random.Random(7)  # noqa: S311 - a fixed seed

    def chinese() -> str:
        return "".join(chance.choices(CHARACTERS, k=chance.randint(4, 30)))

    def english() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(2, 8)))

    makers = [chinese] * 13 + [english] * 4 + [lambda: f"{chinese()}{english()}，{chinese()}"] * 3
    return [chance.choice(makers)() for _ in range(size)]


@pytest.mark.django_db
def test_every_pair_of_characters_and_every_beginning_of_a_word_is_found_exactly_where_it_is():
    corpus = _corpus(400)
    search.bulk_index(_document(number, body=text) for number, text in enumerate(corpus))
    chance = random.Random(11)  # noqa: S311 - a fixed seed
    chinese = [text for text in corpus if len(re.findall(r"[\u4e00-\u9fff]", text)) > 4]
    pairs = set()
    while len(pairs) < 60:
        text = re.findall(r"[\u4e00-\u9fff]{2,}", chance.choice(chinese))[0]
        start = chance.randrange(len(text) - 1)
        pairs.add(text[start : start + 2])

    for pair in pairs:
        there = {str(number) for number, text in enumerate(corpus) if pair in text}
        assert _found(pair) == there, pair
    for word in ["vpn", "PRINT", "pass", "Outlook", "on", "erp", "202"]:
        pattern = re.compile(rf"(?<![a-z0-9]){word}", re.IGNORECASE)
        there = {str(number) for number, text in enumerate(corpus) if pattern.search(text)}
        results = search.search(scopes=EVERYONE, text=word, limit=100)
        assert results.count == len(there), word
        assert {hit.object_id for hit in results.hits} <= there


@pytest.mark.django_db
def test_all_terms_must_be_there_in_whatever_order_and_language():
    search.bulk_index(
        [
            _document(1, "VPN 无法连接", "出差时"),
            _document(2, "VPN 申请"),
            _document(3, "无法连接打印机"),
        ]
    )

    assert _found("无法连接 vpn") == {"1"}
    assert _found("VPN出差") == {"1"}
    assert _found("vpn 打印") == set()


@pytest.mark.django_db
def test_a_hit_in_the_title_comes_first_and_carries_what_a_list_shows():
    search.bulk_index([_document(1, "其他", "打印机 " * 3), _document(2, "打印机坏了")])

    first = search.search(scopes=EVERYONE, text="打印机").hits[0]

    assert (first.object_id, first.url, first.title, first.changed_at) == (
        "2",
        "/notes/2/",
        "打印机坏了",
        NOW,
    )


@pytest.mark.django_db
def test_when_nothing_fits_whole_pairs_are_tried_and_the_result_says_so():
    search.index(_document(1, "差旅费报销"))

    loose = search.search(scopes=EVERYONE, text="报销差旅费用")
    exact = search.search(scopes=EVERYONE, text="差旅费")

    assert ([hit.object_id for hit in loose.hits], loose.is_loose, exact.is_loose) == (
        ["1"],
        True,
        False,
    )


HOSTILE = [
    '"',
    "'",
    "*",
    "AND",
    "NEAR(",
    "a OR b",
    "tokens:x",
    "-x",
    "(",
    ")",
    "%",
    "\\",
    "\x00",
    "';--",
    ":*",
    "<->",
    "!",
    "^a",
    "\U0001d54f",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_the_databases_own_query_words_mean_nothing(text):
    search.index(_document(1, "plain"))

    assert search.search(scopes=EVERYONE, text=text).count == 0
    assert _found(f"plain {text}") <= {"1"}


@pytest.mark.django_db
def test_only_the_readers_scopes_are_found_and_counted():
    secret = frozenset({("department", "7"), ("person", "3")})
    search.index(_document(1, "canary", scopes=secret))
    search.index(_document(2, "canary", scopes=frozenset()))

    for scopes in (EVERYONE, {("department", "8")}, {("person", "7")}, set()):
        assert search.search(scopes=scopes, text="canary") == queries.Results((), 0)
    for scopes in ({("department", "7")}, {("person", "3"), search.EVERYONE}, secret):
        assert search.search(scopes=scopes, text="canary").count == 1


@pytest.mark.django_db
def test_scopes_are_asked_of_the_modules_at_every_search(monkeypatch):
    monkeypatch.setattr(SCOPE_PROVIDERS, "_entries", {})
    members: set[int] = set()
    SCOPE_PROVIDERS.register(
        search.ScopeProvider(
            "test", lambda person, _now: [("department", "7")] if person.pk in members else []
        )
    )
    person = make.person()
    search.index(_document(1, "canary", scopes=frozenset({("department", "7")})))
    search.index(_document(2, "canary", scopes=frozenset({("person", str(person.pk))})))

    def found() -> set[str]:
        return {hit.object_id for hit in search.search_for(person, "canary", now=NOW).hits}

    assert found() == {"2"}
    members.add(person.pk)
    assert found() == {"1", "2"}
    members.clear()
    assert found() == {"2"}


@pytest.mark.django_db
def test_a_changed_object_is_found_by_its_new_words_and_scopes_only():
    search.index(_document(1, "old words"))
    search.index(_document(1, "新词", scopes=frozenset({("person", "1")})))

    assert _found("old") == set()
    assert _found("新词") == set()
    assert _found("新词", scopes={("person", "1")}) == {"1"}
    assert SearchEntry.objects.count() == 1


@pytest.mark.django_db
def test_what_was_taken_out_is_found_nowhere():
    search.index(_document(1, "canary"))
    search.unindex("note", 1)
    search.unindex("note", 1)

    assert _found("canary") == set()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_fts WHERE search_fts MATCH 'canary'")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_one_object_twice_in_a_batch_counts_by_its_last_form():
    assert search.bulk_index([_document(1, "first"), _document(1, "second")]) == 2

    assert (_found("first"), _found("second")) == (set(), {"1"})


@pytest.mark.django_db
def test_kinds_narrow_the_search():
    search.bulk_index([_document(1, "canary"), _document(1, "canary", kind="person")])

    assert search.search(scopes=EVERYONE, text="canary", kinds=["person"]).count == 1
    assert search.search(scopes=EVERYONE, text="canary", kinds=["person", "note"]).count == 2


@pytest.mark.django_db
def test_counts_end_at_999_and_say_so():
    search.bulk_index(_document(number, "canary") for number in range(1001))

    capped = search.search(scopes=EVERYONE, text="canary")
    assert (len(capped.hits), capped.count_text) == (20, "999+")
    SearchEntry.objects.filter(object_id__in=[str(number) for number in range(2)]).delete()
    assert search.search(scopes=EVERYONE, text="canary").count_text == "999"


@pytest.mark.django_db
@pytest.mark.parametrize("length", [1, 3])
def test_a_search_costs_the_same_few_queries(django_assert_num_queries, length):
    search.bulk_index(_document(number, "canary") for number in range(length))

    # PostgreSQL asks for the newest entry first: the search begins with the blocks around it.
    with django_assert_num_queries(1 if connection.vendor == "sqlite" else 2):
        search.search(scopes={search.EVERYONE, ("person", "1")}, text="canary")


@pytest.mark.django_db
def test_the_nightly_check_finds_an_index_that_lost_step():
    check = NIGHTLY_CHECKS.get("search.index")
    assert check is not None
    search.index(_document(1, "canary"))
    assert check.run(NOW) == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_fts (search_fts) VALUES ('delete-all')")
        assert len(check.run(NOW)) == 1
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
        assert check.run(NOW) == []


@pytest.mark.django_db
def test_what_is_old_is_found_after_what_is_new_and_all_of_it_is_counted():
    for number in (1, 2 * queries.BLOCK, 5 * queries.BLOCK, 20 * queries.BLOCK):
        search.index(_document(number, "canary 新词"))
        SearchEntry.objects.filter(object_id=str(number)).update(id=number)

    found = search.search(scopes=EVERYONE, text="新词")

    assert [int(hit.object_id) // queries.BLOCK for hit in found.hits] == [20, 5, 2, 0]
    assert found.count == 4


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["#person:1", "person:1", "~note", "note", "@0", "everyone"])
def test_nobody_finds_anything_by_typing_who_finds_it(text):
    search.index(_document(1, "canary", scopes=frozenset({("person", "1"), search.EVERYONE})))

    assert search.search(scopes=EVERYONE, text=text).count == 0


@pytest.mark.parametrize("name", ["Desk", "a b", "it's", "", "#x"])
def test_a_kind_or_scope_that_is_no_plain_name_is_refused(name):
    with pytest.raises(ValueError, match="not a plain name"):
        readers.of_kind(name)
