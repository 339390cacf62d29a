"""Roles: who gives which, when a second person must agree, and that nobody gets more than they should."""

import itertools
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from neike.kernel.audit.models import AuditEntry
from neike.kernel.policies import holds_role as holds_role_today
from neike.org import matrix, policies
from neike.org.actions import administrators, people, roles
from neike.org.actions.roles import Term
from neike.org.choices import ProposalState, Role
from neike.org.models import DepartmentLead, Person, RoleGrant, RoleProposal
from neike.org.standing import holds_role
from tests import make
from tests.make.org import EPOCH, NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
TERM = Term(TODAY, None, "takes over")
SERVICE = "018f0000-0000-7000-8000-000000000001"


def give(person: Person, role: Role, *, by: Person | None, **scope):
    return roles.grant_role(asked=policies.Asked(person, role, **scope), term=TERM, by=by, now=NOW)


class TestSecondPerson:
    @pytest.mark.parametrize(
        "role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.HR, Role.QUALITY_OFFICER]
    )
    def test_a_role_across_departments_waits_and_gives_nothing_meanwhile(self, role):
        first, second, person = make.administrator(), make.administrator(), make.person()

        proposal = give(person, role, by=first)

        assert isinstance(proposal, RoleProposal)
        assert not holds_role(person, role, on=TODAY)
        grant = roles.confirm_proposal(proposal=proposal, by=second, now=NOW)
        assert (grant.granted_by, grant.confirmed_by) == (first, second)
        assert holds_role(person, role, on=TODAY)

    def test_neither_who_proposed_nor_who_gets_it_can_agree(self):
        first, second = make.administrator(), make.administrator()
        proposal = give(second, Role.AUDITOR, by=first)

        for by in (first, second, make.person()):
            with pytest.raises(PermissionDenied):
                roles.confirm_proposal(proposal=proposal, by=by, now=NOW)

        assert not holds_role(second, Role.AUDITOR, on=TODAY)

    def test_agreeing_twice_gives_one_role(self):
        first, second, person = make.administrator(), make.administrator(), make.person()
        proposal = give(person, Role.HR, by=first)
        roles.confirm_proposal(proposal=proposal, by=second, now=NOW)

        with pytest.raises(roles.DecidedError):
            roles.confirm_proposal(proposal=proposal, by=second, now=NOW)

        assert RoleGrant.objects.filter(person=person).count() == 1

    def test_a_proposal_dies_with_its_proposers_right(self):
        first, second, person = make.administrator(), make.administrator(), make.person()
        proposal = give(person, Role.HR, by=first)
        roles.revoke_role(grant=first.role_grants.get(), reason="moved on", by=second, now=NOW)

        with pytest.raises(PermissionDenied, match="beyond_own_rights"):
            roles.confirm_proposal(proposal=proposal, by=second, now=NOW)

    def test_declined_and_withdrawn_proposals_give_nothing(self):
        first, second, person = make.administrator(), make.administrator(), make.person()
        declined, withdrawn = (give(person, Role.HR, by=first) for _ in range(2))

        roles.decline_proposal(proposal=declined, by=second, now=NOW)
        roles.decline_proposal(proposal=withdrawn, by=first, now=NOW)

        states = set(RoleProposal.objects.values_list("state", flat=True))
        assert states == {ProposalState.DECLINED, ProposalState.WITHDRAWN}
        assert not person.role_grants.exists()

    def test_the_database_itself_refuses_one_person_twice(self):
        one, other = make.person(), make.person()
        rows = [
            {"granted_by": one, "confirmed_by": one},
            {"granted_by": one, "confirmed_by": other, "person": other},
            {"granted_by": None, "confirmed_by": one},
            {"granted_by": one, "person": one},
        ]

        for row in rows:
            with pytest.raises(IntegrityError), transaction.atomic():
                RoleGrant.objects.create(
                    **{"person": make.person(), "role": Role.HR, "valid_from": TODAY, **row}
                )
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleProposal.objects.create(
                person=other, role=Role.HR, valid_from=TODAY, reason="x", proposed_by=one,
                proposed_at=NOW, state=ProposalState.CONFIRMED, decided_by=one, decided_at=NOW,
            )  # fmt: skip


class TestFirstAdministrator:
    def test_names_the_second_alone_and_nobody_after(self):
        first, second, third = make.administrator(), make.person(), make.person()

        assert isinstance(give(second, Role.ADMINISTRATOR, by=first), RoleGrant)
        assert isinstance(give(third, Role.ADMINISTRATOR, by=first), RoleProposal)

    def test_cannot_make_the_door_open_again_by_ending_the_second(self):
        first, second, puppet = make.administrator(), make.administrator(), make.person()
        roles.revoke_role(grant=second.role_grants.get(), reason="no longer", by=first, now=NOW)

        assert isinstance(give(puppet, Role.ADMINISTRATOR, by=first), RoleProposal)

    def test_set_up_works_once(self, capsys):
        call_command("init", admin_email="root@example.com", admin_name="陈思远")

        with pytest.raises(CommandError, match=r"set up already|完成设置"):
            call_command(
                "init", "--admin-email=b@example.com", "--admin-name=B", "--admin-number=b"
            )

        person = Person.objects.get()
        assert (person.employee_no, person.name_initials) == ("admin", "csy")
        assert person.role_grants.get().role == Role.ADMINISTRATOR
        assert "/account/password/reset/key/" in capsys.readouterr().out
        assert not administrators.set_up_is_open()

    def test_set_up_stays_closed_when_the_last_administrator_is_gone(self):
        make.grant(make.person(), Role.ADMINISTRATOR, valid_to=date(2021, 1, 1))

        with pytest.raises(administrators.SetUpClosedError):
            administrators.name_first_administrator(person=make.person(), now=NOW)

    def test_the_link_of_set_up_lets_the_administrator_choose_a_password(self, client, capsys):
        call_command("init", admin_email="root@example.com", admin_name="Root")
        link = capsys.readouterr().out.split()[-1].removeprefix("http://localhost:8000")
        page = client.get(link, follow=True)
        secret = {"password1": "quite a long secret", "password2": "quite a long secret"}

        client.post(page.request["PATH_INFO"], secret)
        client.post("/account/login/", {"login": "admin", "password": "quite a long secret"})

        assert client.get("/roles/").status_code == 200

    def test_the_operator_has_a_way_back_in_that_is_recorded(self):
        person = make.person(employee_no="E-5x")

        call_command("grant_administrator", "E-5x", reason="all gone")

        assert holds_role_today(person, "SA")
        assert AuditEntry.objects.get().action == "org.role_granted"


class TestLastAdministrator:
    @pytest.mark.parametrize("how", ["revoke", "disable", "leave"])
    def test_cannot_be_removed(self, how):
        last = make.administrator()
        make.grant(make.person(can_sign_in=False), Role.ADMINISTRATOR)

        grant = last.role_grants.get()
        attempts = {
            "revoke": lambda: roles.revoke_role(grant=grant, reason="x", by=last, now=NOW),
            "disable": lambda: people.disable_sign_in(person=last, by=last, reason="x", now=NOW),
            "leave": lambda: people.update_person(
                person=last, by=last, now=NOW, left_on=date(2020, 1, 1)
            ),
        }

        with pytest.raises(administrators.LastAdministratorError):
            attempts[how]()

        last.refresh_from_db()
        assert last.is_active
        assert holds_role(last, Role.ADMINISTRATOR, on=TODAY)


class TestOwnRights:
    """Nobody gives more than they hold (sec 2, class 21)."""

    def test_nobody_but_administrators_and_owners_gives_anything(self):
        it, sales = make.department(), make.department()
        lead = make.person(department=it)
        DepartmentLead.objects.create(department=it, person=lead, valid_from=EPOCH)
        givers = {
            "employee": make.person(),
            "agent": make.person(),
            "auditor": make.person(),
            "hr": make.person(),
            "owner": make.person(),
            "lead": lead,
        }
        make.grant(givers["agent"], Role.AGENT, department=it)
        make.grant(givers["auditor"], Role.AUDITOR)
        make.grant(givers["hr"], Role.HR)
        make.grant(givers["owner"], Role.SERVICE_OWNER, service_public_id=SERVICE)
        target = make.person()
        scopes = [{}, {"department": it}, {"department": sales}, {"service": SERVICE}]

        allowed = {
            (who, role.value, index)
            for (who, by), role, (index, scope) in itertools.product(
                givers.items(), Role, enumerate(scopes)
            )
            if policies.may_grant(by, policies.Asked(target, role, **scope), on=TODAY)
        }

        assert allowed == {("lead", "AG", 1), ("owner", "AG", 3)}

    def test_a_leads_agent_waits_for_an_administrator(self):
        it = make.department()
        lead, person, administrator = make.person(), make.person(), make.administrator()
        DepartmentLead.objects.create(department=it, person=lead, valid_from=EPOCH)

        proposal = give(person, Role.AGENT, by=lead, department=it)

        assert isinstance(proposal, RoleProposal)
        roles.confirm_proposal(proposal=proposal, by=administrator, now=NOW)
        assert holds_role(person, Role.AGENT, it, on=TODAY)

    def test_an_owners_agent_serves_at_once_and_only_there(self):
        owner, person = make.person(), make.person()
        make.grant(owner, Role.SERVICE_OWNER, service_public_id=SERVICE)

        assert isinstance(give(person, Role.AGENT, by=owner, service=SERVICE), RoleGrant)
        assert not holds_role(person, Role.AGENT, on=TODAY)

    @pytest.mark.parametrize("role", list(Role))
    def test_nobody_gives_themselves_anything(self, role):
        administrator = make.administrator()
        make.administrator()

        for scope in ({}, {"department": make.department()}, {"service": SERVICE}):
            assert not policies.may_grant(
                administrator, policies.Asked(administrator, role, **scope), on=TODAY
            )

    @pytest.mark.parametrize(
        ("role", "scope"),
        [(Role.AGENT, {}), (Role.LEAD, {}), (Role.ADMINISTRATOR, {"service": SERVICE}),
         (Role.EMPLOYEE, {}), (Role.INTEGRATION, {})],
    )  # fmt: skip
    def test_a_role_in_the_wrong_place_is_refused(self, role, scope):
        with pytest.raises(PermissionDenied):
            give(make.person(), role, by=make.administrator(), **scope)

    def test_dates_and_reason_are_needed(self):
        by, person, it = make.administrator(), make.person(), make.department()
        asked = policies.Asked(person, Role.AGENT, it)
        terms = [Term(TODAY, TODAY, "x"), Term(TODAY, TODAY - timedelta(days=1), "x"),
                 Term(EPOCH, EPOCH + timedelta(days=1), "x"), Term(TODAY, None, "  ")]  # fmt: skip

        for term in terms:
            with pytest.raises(ValidationError):
                roles.grant_role(asked=asked, term=term, by=by, now=NOW)

        assert not person.role_grants.exists()


def test_a_revoked_role_stops_at_once_and_is_remembered():
    by, person, it = make.administrator(), make.person(), make.department()
    old = make.grant(person, Role.AGENT, department=it)
    new = give(person, Role.AGENT, by=by, department=it)

    for grant in (old, new):
        roles.revoke_role(grant=grant, reason="changed teams", by=by, now=NOW)

    old.refresh_from_db()
    assert old.valid_to == TODAY
    assert not holds_role(person, Role.AGENT, it, on=TODAY)
    assert holds_role(person, Role.AGENT, it, on=TODAY - timedelta(days=1))
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["org.role_granted", "org.role_revoked", "org.role_revoked"]


def test_a_revoked_administrator_is_refused_at_the_next_request(client_for):
    first, second = make.administrator(), make.administrator()
    client = client_for(second)
    assert client.get("/roles/").status_code == 200

    roles.revoke_role(grant=second.role_grants.get(), reason="moved", by=first, now=NOW)

    assert client.get("/roles/").status_code == 403


class TestPage:
    def test_roles_are_given_proposed_agreed_to_and_ended_on_the_page(self, client_for):
        first, second = make.administrator("甲"), make.administrator("乙")
        person = make.person("陈思远", employee_no="E-42x")
        form = {"person": "csy", "role": "HR", "valid_from": "2026-01-01", "reason": "performance"}

        client_for(first).post("/roles/grant/", form)
        proposal = RoleProposal.objects.get()
        assert "陈思远" in client_for(second).get("/roles/").content.decode()
        client_for(second).post(
            reverse("org:decide_role", args=[proposal.public_id]), {"answer": "confirm"}
        )
        assert holds_role_today(person, "HR")
        grant = person.role_grants.get()
        client_for(first).post(reverse("org:revoke_role", args=[grant.pk]), {"reason": "done"})

        assert not holds_role_today(person, "HR")

    def test_agreeing_to_ones_own_proposal_changes_nothing(self, client_for):
        first, _second, person = make.administrator(), make.administrator(), make.person()
        proposal = give(person, Role.HR, by=first)

        client_for(first).post(
            reverse("org:decide_role", args=[proposal.public_id]), {"answer": "confirm"}
        )

        assert not holds_role_today(person, "HR")

    def test_who_is_meant_must_be_clear(self, client_for):
        make.person("陈思远"), make.person("陈思源")
        form = {"person": "chensiyuan", "role": "HR", "valid_from": "2026-01-01", "reason": "x"}

        response = client_for(make.administrator()).post("/roles/grant/", form)

        assert response.status_code == 422
        assert "陈思远" in response.content.decode()
        assert "陈思源" in response.content.decode()

    @pytest.mark.parametrize("role", [None, Role.AGENT, Role.HR, Role.QUALITY_OFFICER])
    def test_others_do_not_open_it(self, client_for, role):
        person = make.person()
        if role:
            make.grant(person, role, department=make.department())

        assert client_for(person).get("/roles/").status_code == 403

    def test_an_auditor_reads_everything_and_ends_nothing(self, client_for):
        auditor, other = make.person(), make.person("王芳")
        make.grant(auditor, Role.AUDITOR)
        grant = make.grant(other, Role.AGENT, department=make.department())
        client = client_for(auditor)

        assert "王芳" in client.get("/roles/").content.decode()
        client.post(reverse("org:revoke_role", args=[grant.pk]), {"reason": "x"})

        assert other.role_grants.filter(valid_to=None).exists()

    def test_an_owner_sees_only_their_own_services_agents(self, client_for):
        owner = make.person()
        make.grant(owner, Role.SERVICE_OWNER, service_public_id=SERVICE)
        make.grant(make.person("王芳"), Role.AGENT, service_public_id=SERVICE)
        hidden = make.grant(make.person("赵云"), Role.AUDITOR)
        client = client_for(owner)

        page = client.get("/roles/").content.decode()

        assert "王芳" in page
        assert "赵云" not in page
        assert client.get(reverse("org:revoke_role", args=[hidden.pk])).status_code == 404

    @pytest.mark.parametrize("by", ["", "person"])
    def test_it_costs_the_same_at_any_length(self, client_for, django_assert_max_num_queries, by):
        client = client_for(make.administrator())
        make.grant(make.person(), Role.HR)
        client.get("/roles/", {"by": by})
        with django_assert_max_num_queries(40) as short:
            client.get("/roles/", {"by": by})
        once = len(short)
        for _ in range(3):
            make.grant(make.person(), Role.AGENT, department=make.department())
        client.get("/roles/", {"by": by})  # reads the changed organisation

        with django_assert_max_num_queries(once):
            client.get("/roles/", {"by": by})


class TestMatrix:
    def test_everybody_reads_it(self, client_for):
        page = client_for(make.person()).get("/roles/who-may/")

        assert page.status_code == 200
        assert len(page.context["rows"]) == len(matrix.rights())

    def test_nobody_may_read_secrets_back_or_change_the_record(self):
        for key in ("secrets.read", "audit.delete"):
            assert set(matrix.right(key).cells.values()) == {()}

    @pytest.mark.parametrize("role", list(Role))
    def test_the_doors_keep_what_it_says(self, client_for, role):
        person = make.person(kind="service") if role == Role.INTEGRATION else make.person()
        if role != Role.EMPLOYEE:
            make.grant(person, role)
        client = client_for(person)

        may_keep_people = client.get("/people/new/").status_code == 200
        may_look_up = client.get("/people/").status_code == 200
        may_open_roles = client.get("/roles/").status_code == 200

        assert may_keep_people == bool(matrix.right("people.edit").cells[role])
        assert may_look_up == bool(matrix.right("directory.read").cells[role])
        assert may_open_roles == bool(matrix.right("roles.edit").cells[role])


def test_erasing_needs_two_people_and_leaves_nothing_that_names_them():
    first, second = make.administrator(), make.administrator()
    person = make.account("陈思远", phone="8001", email="c@example.com")
    with pytest.raises(PermissionDenied):
        people.erase_person(person=person, by=first, second=first, reason="asked", now=NOW)
    with pytest.raises(PermissionDenied):
        people.erase_person(person=person, by=first, second=person, reason="asked", now=NOW)

    people.erase_person(person=person, by=first, second=second, reason="asked", now=NOW)

    person.refresh_from_db()
    left = " ".join(str(value) for value in vars(person).values())
    assert not any(trace in left for trace in ("陈思远", "chen", "csy", "8001", "c@example"))
    assert not person.is_active
