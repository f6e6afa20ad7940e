"""The one page: what can be driven this week, and when the league does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from iracing_sync.contrib.django.models import Event


def week(request: HttpRequest) -> HttpResponse:
    """Show the rounds of iRacing's present week with their cars and the league's nights."""
    events = (
        Event.objects.this_week()
        .select_related("season__series", "layout")
        .prefetch_related("cars__car", "league_nights")
        .order_by("season__series__name", "season_id")
    )
    return render(request, "planner/week.html", {"events": events})
