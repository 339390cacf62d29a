"""A service in a file reads back to itself, and a bad file is refused saying which, where and why."""

import pytest

from neike.catalog import exchange, service_file
from neike.catalog.service_file import ServiceFileError

GOOD = """
format: neike.service/1
key: it-laptop
department: it
name: {zh: 领用电脑, en: New laptop}
form:
  - {key: kind, type: choice, label: {en: Kind}, choices: [{key: new, en: New}, {key: old, en: Old}]}
  - {key: from, type: date, label: {en: From}, min: 2026-01-01, show_if: {field: kind, is: [old]}}
standard:
  targets:
    first_response: {any: 60, urgent: 20}
    end_to_end: {any: 450}
  steps:
    - {department: it, title: {en: Install}, minutes: 30}
"""


def test_a_file_is_read_whole():
    found = service_file.read(GOOD, file="laptop.yaml")

    assert (found.key, found.department, str(found.name)) == ("it-laptop", "it", "New laptop")
    assert found.standard.targets == {
        "first_response": {"": 60, "1": 20},
        "end_to_end": {"": 450},
    }
    assert found.form[1]["min"] == "2026-01-01"
    assert found.standard.steps[0].minutes == 30


def test_what_is_written_reads_back_to_the_same_service_and_digest():
    for one in (service_file.read(GOOD, file="x"), *exchange.seed_files()):
        again = service_file.read(service_file.write(one), file="x")

        assert again == one
        assert service_file.digest(again) == service_file.digest(one)


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        (("neike.service/1", "neike.service/9"), "format", "newer version of Neike"),
        (("neike.service/1", "laptop/1"), "format", "neike.service/2"),
        (("key: it-laptop", "key: "), "key", "word"),
        (("key: it-laptop", "key: it-laptop\ncolour: red"), "", "colour"),
        (("{zh: 领用电脑, en: New laptop}", "Laptop"), "name", "names with values"),
        (("{zh: 领用电脑, en: New laptop}", "{fr: Ordinateur}"), "name", "fr"),
        (("{zh: 领用电脑, en: New laptop}", "{en: 5}"), "name.en", "text"),
        (("{zh: 领用电脑, en: New laptop}", "{}"), "name", "at least one language"),
        (("name:", "icon: unicorn\nname:"), "icon", "unicorn"),
        (("name:", "order: -1\nname:"), "order", "whole number"),
        (("name:", "confidential: maybe\nname:"), "confidential", "true or false"),
        (("name:", "keywords: laptop\nname:"), "keywords", "list"),
        (("any: 60", "any: 0"), "standard.targets.first_response.any", "from 1"),
        (("any: 60", "any: -5"), "standard.targets.first_response.any", "from 1"),
        (("any: 60", "any: 1h"), "standard.targets.first_response.any", "whole number"),
        (("urgent: 20", "panic: 20"), "standard.targets.first_response", "panic"),
        (("end_to_end", "speed"), "standard.targets", "speed"),
        (("minutes: 30", "minutes: 0"), "standard.steps[0].minutes", "from 1"),
        (("minutes: 30", "mode: teleport"), "standard.steps[0].mode", "relay"),
        (("type: date", "type: rainbow"), "form.from", "rainbow, text"),
        (("is: [old]", "is: [purple]"), "form.from", "purple"),
        (("standard:", "standards:"), "", "standards"),
    ],
)
def test_a_file_that_is_no_service_is_refused_naming_file_and_place(change, where, words):
    with pytest.raises(ServiceFileError) as refused:
        service_file.read(GOOD.replace(*change), file="laptop.yaml")

    assert refused.value.file == "laptop.yaml"
    assert refused.value.where == where
    assert words.partition(", ")[2] or words in str(refused.value)


BOMB = "a: &a [x]\n" + "\n".join(f"b{n}: &b{n} [*a,*a]" for n in range(9))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names with values"),
        ("- a\n- b", "names with values"),
        ("a: [", "YAML"),
        ("\x00", "YAML"),
        (b"\xff\xfe\xfa", "YAML"),
        ("key: a\nkey: b", "twice"),
        (BOMB, "references"),
        ("!!python/object/apply:os.system ['true']", "YAML"),
        ("[" * 5000, "deeply"),
        ("x" * 300_000, "larger than 256 kB"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "bytes",
)
def test_text_that_is_no_plain_small_yaml_is_refused(text, words):
    with pytest.raises(ServiceFileError, match=words) as refused:
        service_file.read(text, file="bad.yaml")

    assert str(refused.value).startswith("bad.yaml: ")
