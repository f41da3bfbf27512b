"""Units: the parts of the municipality that roles can be bound to."""

from django.db import transaction

from kuulo.desk.history import record
from kuulo.desk.people import check_may_give
from kuulo.models import Person, Unit


@transaction.atomic
def add_unit(by: Person, names: dict[str, str]) -> Unit:
    """Add a unit with its names by language. Raises NotAllowed for who does not administer everything."""
    check_may_give(by, None)
    unit = Unit.objects.create(names=names)
    record("unit-added", person=by, unit=unit.pk)
    return unit


@transaction.atomic
def name_unit(by: Person, unit: Unit, names: dict[str, str]) -> None:
    """Give a unit other names. Raises NotAllowed for who does not administer everything."""
    check_may_give(by, None)
    unit.names = names
    unit.save(update_fields=["names"])
    record("unit-named", person=by, unit=unit.pk)
