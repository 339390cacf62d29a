"""Triggers that keep what was said and signed: histories grow only, a signature stays as it was given."""

from typing import Final

from neike.kernel.registries import SafetyObject
from neike.kernel.safety import append_only

AGREEMENT: Final = "relations_agreement"
_FIXED: Final = (
    "public_id",
    "relation_id",
    "service_id",
    "standard_id",
    "previous_id",
    "proposed_by_id",
    "proposed_at",
)
_SIGNATURES: Final = ("provider", "customer")
_OVER: Final = "('superseded', 'declined', 'ended')"
_SAID: Final = "a signed agreement is never changed"


def _signed() -> str:
    return "(OLD.provider_signed_at IS NOT NULL OR OLD.customer_signed_at IS NOT NULL)"


def _differs(column: str, *, distinct: str) -> str:
    return f"NEW.{column} {distinct} OLD.{column}"


def _tampers(distinct: str) -> str:
    """Return the condition under which an update touches what was signed; `distinct` is a null-safe "is not"."""
    changed = [_differs(column, distinct=distinct) for column in _FIXED]
    given = [
        f"(OLD.{side}_signed_at IS NOT NULL AND ({_differs(f'{side}_signed_at', distinct=distinct)} "
        f"OR {_differs(f'{side}_signed_by_id', distinct=distinct)}))"
        for side in _SIGNATURES
    ]
    started = (
        "(OLD.state = 'in_force' AND (NEW.state IN ('proposed', 'declined') "
        f"OR {_differs('valid_from', distinct=distinct)}))"
    )
    over = (
        f"(OLD.state IN {_OVER} AND (NEW.state <> OLD.state "
        f"OR {_differs('valid_from', distinct=distinct)} OR {_differs('valid_to', distinct=distinct)} "
        f"OR {_differs('ended_reason', distinct=distinct)}))"
    )
    return f"{_signed()} AND ({' OR '.join((*changed, *given, started, over))})"


def signed_is_fixed() -> SafetyObject:
    """Return the entry that refuses to change or remove what somebody signed; ending it stays possible."""
    trigger = "relations_agreement_fixed"
    conditions = {"update": _tampers("IS NOT"), "delete": _signed()}
    sqlite: list[str] = []
    for verb, condition in conditions.items():
        sqlite += [
            f"DROP TRIGGER IF EXISTS {trigger}_{verb}",
            (
                f"CREATE TRIGGER {trigger}_{verb} BEFORE {verb.upper()} ON {AGREEMENT} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
            ),
        ]
    postgresql = (
        (
            f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN IF {_signed()} THEN "
            f"RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN OLD; END IF; IF {_tampers('IS DISTINCT FROM')} THEN "
            f"RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NEW; END $$"
        ),
        f"DROP TRIGGER IF EXISTS {trigger} ON {AGREEMENT}",
        (
            f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {AGREEMENT} "
            f"FOR EACH ROW EXECUTE FUNCTION {trigger}()"
        ),
    )
    return SafetyObject(
        key=trigger,
        order=311,
        table=AGREEMENT,
        sql={"sqlite": tuple(sqlite), "postgresql": postgresql},
        probe={
            "sqlite": "SELECT 1 WHERE 2 = (SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "  # noqa: S608 - our own names
            f"AND tbl_name = '{AGREEMENT}' AND name LIKE '{trigger}!_%' ESCAPE '!')",
            "postgresql": "SELECT 1 FROM pg_trigger WHERE tgenabled = 'O' "  # noqa: S608 - our own names
            f"AND tgrelid = to_regclass('{AGREEMENT}') AND tgname = '{trigger}'",
        },
    )


def safety_objects() -> list[SafetyObject]:
    """Return every entry of the relations for the registry."""
    return [
        append_only("relations_relationchange", order=309),
        append_only("relations_needversion", order=310),
        signed_is_fixed(),
    ]
