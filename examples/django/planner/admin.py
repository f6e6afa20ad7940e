"""Where the league plans its nights."""

from django.contrib import admin

from planner.models import LeagueNight


@admin.register(LeagueNight)
class LeagueNightAdmin(admin.ModelAdmin):
    """League nights; the round is found by the words of its season, series or track."""

    list_display = ("event", "starts_at", "note")
    list_select_related = ("event__season",)
    autocomplete_fields = ("event",)
