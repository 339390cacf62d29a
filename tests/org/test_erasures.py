"""Erasing a person takes two administrators and a typed number; nobody erases alone, by a slip, or themselves."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from neike.kernel.audit.models import AuditEntry
from neike.kernel.notices.models import Notice
from neike.org.actions import erasures, roles
from neike.org.actions.errors import OrganisationError
from neike.org.choices import ProposalState, Role
from neike.org.models import ErasureProposal, Person
from tests import make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return make.administrator(language="en")


@pytest.fixture
def second():
    return make.administrator(language="en")


@pytest.fixture
def person():
    return make.person("王芳", employee_no="E777")


def page(person, name="erase_person"):
    return reverse(f"org:{name}", args=[person.public_id])


def test_two_administrators_erase_a_person_on_the_page(client_for, first, second, person):
    one, two = client_for(first), client_for(second)
    assert page(person) in one.get(page(person, "person")).content.decode()

    asked = one.post(page(person), {"reason": "asked for it", "typed": " e777 "})
    assert (asked.status_code, asked["Location"]) == (302, page(person))
    assert Person.objects.get(pk=person.pk).name == "王芳"
    waiting = one.get(page(person)).content.decode()
    assert "Another administrator must agree" in waiting
    assert "Erase for good" not in waiting

    agreed = two.post(page(person), {"typed": "E777"})
    assert agreed["Location"] == reverse("org:people")
    gone = Person.objects.get(pk=person.pk)
    assert (gone.name, gone.email, gone.can_sign_in) == ("—", None, False)
    assert gone.erased_at is not None
    held = ErasureProposal.objects.get()
    assert (held.state, held.decided_by, held.reason) == (ProposalState.CONFIRMED, second, "")
    assert two.get(page(person)).status_code == 404
    said = AuditEntry.objects.filter(action__startswith="org.")
    assert list(said.order_by("pk").values_list("action", "actor")) == [
        ("org.erasure_proposed", first.pk),
        ("org.person_erased", second.pk),
    ]


@pytest.mark.parametrize("typed", ["", "E778", "王芳"])
def test_the_number_must_be_typed_at_both_steps(client_for, first, second, person, typed):
    refused = client_for(first).post(page(person), {"reason": "asked", "typed": typed})
    assert refused.status_code == 422
    assert not ErasureProposal.objects.exists()
    erasures.propose_erasure(person=person, reason="asked", by=first, now=NOW)

    assert client_for(second).post(page(person), {"typed": typed}).status_code == 422
    assert Person.objects.get(pk=person.pk).erased_at is None


def test_the_proposer_cannot_agree_and_the_person_cannot_ask(client_for, first, second, person):
    proposal = erasures.propose_erasure(person=person, reason="asked", by=first, now=NOW)

    assert client_for(first).post(page(person), {"typed": "E777"}).status_code == 422
    with pytest.raises(PermissionDenied, match="own_account"):
        erasures.propose_erasure(person=first, reason="asked", by=first, now=NOW)
    with pytest.raises(PermissionDenied, match="needs_second_person"):
        erasures.confirm_erasure(proposal=proposal, by=first, now=NOW)
    with transaction.atomic(), pytest.raises(IntegrityError):
        ErasureProposal.objects.update(state="confirmed", decided_by=first, decided_at=NOW)


def test_a_proposal_dies_with_its_proposers_right(first, second, person):
    proposal = erasures.propose_erasure(person=person, reason="asked", by=first, now=NOW)
    roles.revoke_role(grant=first.role_grants.get(), reason="moved on", by=second, now=NOW)

    with pytest.raises(PermissionDenied):
        erasures.confirm_erasure(proposal=proposal, by=second, now=NOW)
    assert Person.objects.get(pk=person.pk).erased_at is None


@pytest.mark.parametrize("by", ["first", "second"])
def test_a_proposal_is_withdrawn_or_declined_and_can_be_made_again(
    client_for, first, second, person, by
):
    erasures.propose_erasure(person=person, reason="asked", by=first, now=NOW)
    with pytest.raises(OrganisationError) as refused:
        erasures.propose_erasure(person=person, reason="asked", by=second, now=NOW)
    assert refused.value.code == "waiting"

    client_for({"first": first, "second": second}[by]).post(page(person, "decline_erasure"))

    state = {"first": ProposalState.WITHDRAWN, "second": ProposalState.DECLINED}[by]
    assert ErasureProposal.objects.get().state == state
    erasures.propose_erasure(person=person, reason="again", by=second, now=NOW)


def test_the_other_administrators_are_told_without_the_name(first, second, person):
    make.grant(make.person(), Role.AUDITOR)

    erasures.propose_erasure(person=person, reason="asked", by=first, now=NOW)

    [told] = Notice.objects.all()
    assert (told.person, told.url) == (second, page(person))
    assert "王芳" not in str(told.title.texts)


@pytest.mark.parametrize("role", [None, Role.AUDITOR])
def test_nobody_else_reaches_the_page(client_for, person, role):
    reader = make.person()
    if role:
        make.grant(reader, role)

    assert client_for(reader).get(page(person)).status_code == 403
    assert client_for(reader).post(page(person, "decline_erasure")).status_code == 403
