"""Units: the parts of the municipality, with their names in each language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kuulo.desk import units
from kuulo.models import Person, Unit
from kuulo.web.access import allowed
from kuulo.web.forms import UnitForm


@allowed("manage-people")
def listing(request: HttpRequest) -> HttpResponse:
    """Show the units, and take a new one."""
    assert isinstance(request.user, Person)
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        units.add_unit(request.user, form.names())
        return redirect("units")
    return render(request, "units.html", {"units": Unit.objects.order_by("pk"), "form": form})


@allowed("manage-people")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit's names, and take others."""
    assert isinstance(request.user, Person)
    shown = get_object_or_404(Unit, pk=pk)
    form = UnitForm(request.POST or None, initial=shown.names)
    if request.method == "POST" and form.is_valid():
        units.name_unit(request.user, shown, form.names())
        return redirect("units")
    return render(request, "unit.html", {"unit": shown, "form": form})
