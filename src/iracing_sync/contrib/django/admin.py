"""The tables in Django's admin, for reading."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from iracing_sync.contrib.django import models
from iracing_sync.quarters import Quarter

LICENSES = {1: "rookie", 2: "D", 3: "C", 4: "B", 5: "A", 6: "pro", 7: "pro/WC"}
MOST_CHANGES = 100
"""How many changes a page shows."""


class LicenseFilter(admin.SimpleListFilter):
    """By licence group, under the names that people know."""

    title = "licence"
    parameter_name = "license"
    column = "license_group"

    def lookups(self, _request: Any, _model_admin: Any) -> list[tuple[int, str]]:
        """Return the groups."""
        return list(LICENSES.items())

    def queryset(self, _request: Any, rows: Any) -> Any:
        """Return the rows of the one that was chosen."""
        return rows.filter(**{self.column: self.value()}) if self.value() in map(str, LICENSES) else rows


class EventLicenseFilter(LicenseFilter):
    """The licence group of a round's season."""

    column = "season__license_group"


class QuarterFilter(admin.SimpleListFilter):
    """By season year and quarter at once."""

    title = "quarter"
    parameter_name = "quarter"
    prefix = ""

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        """Return the quarters that are stored, the newest first."""
        seasons = models.Season.objects.using(model_admin.get_queryset(request).db)
        known = seasons.order_by("-season_year", "-season_quarter").values_list("season_year", "season_quarter")
        return [(f"{year}-{quarter}", Quarter(year, quarter).name) for year, quarter in known.distinct()]

    def queryset(self, _request: Any, rows: Any) -> Any:
        """Return the rows of the one that was chosen."""
        year, _, quarter = (self.value() or "").partition("-")
        if not (year.isdecimal() and quarter.isdecimal()):
            return rows
        return rows.filter(**{f"{self.prefix}season_year": year, f"{self.prefix}season_quarter": quarter})


class EventQuarterFilter(QuarterFilter):
    """The quarter of a round's season."""

    prefix = "season__"


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows to whoever may view them, and lets nobody write them."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, *_about: Any) -> bool:
        """Refuse: iracing-sync alone writes them."""
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(models.Series)
class SeriesAdmin(ReadOnlyAdmin):
    """Series."""

    list_display = ("name", "category", "official", "active", "retired_at")
    list_filter = ("category", "official", "active")
    search_fields = ("name", "short_name", "search_filters")
    ordering = ("name",)
    readonly_fields = ("season_list", "change_list")

    @admin.display(description="seasons")
    def season_list(self, series: models.Series) -> SafeString:
        """Return its seasons, the newest first."""
        seasons = series.seasons.order_by("-season_year", "-season_quarter", "name")
        return html_table(("quarter", "season"), ((Quarter(s.season_year, s.season_quarter).name, s) for s in seasons))

    @admin.display(description="changes")
    def change_list(self, series: models.Series) -> SafeString:
        """Return what changed in its schedules, the newest first."""
        return changes_table(series.changes.order_by("-at", "-change_id"))


@admin.register(models.Season)
class SeasonAdmin(ReadOnlyAdmin):
    """Seasons."""

    list_display = ("name", "quarter", "license", "status", "official", "fixed_setup", "starts_at", "ends_at")
    list_filter = (QuarterFilter, LicenseFilter, "status", "series__category", "official", "fixed_setup")
    search_fields = ("name", "series__name")
    ordering = ("-season_year", "-season_quarter", "name")
    readonly_fields = ("event_list", "change_list")

    @admin.display(description="quarter", ordering="season_year")
    def quarter(self, season: models.Season) -> str:
        """Return its quarter."""
        return Quarter(season.season_year, season.season_quarter).name

    @admin.display(description="licence", ordering="license_group")
    def license(self, season: models.Season) -> str | None:
        """Return its licence group by name."""
        return LICENSES.get(season.license_group)

    @admin.display(description="rounds")
    def event_list(self, season: models.Season) -> SafeString:
        """Return its rounds in order."""
        events = season.events.select_related("layout").order_by("race_week_num")
        rows = ((e.race_week_num + 1, e.starts_at, e.layout, "removed" if e.removed_at else "") for e in events)
        return html_table(("week", "starts", "track", ""), rows)

    @admin.display(description="changes")
    def change_list(self, season: models.Season) -> SafeString:
        """Return what changed in its schedule, the newest first."""
        return changes_table(season.changes.order_by("-at", "-change_id"))


@admin.register(models.Event)
class EventAdmin(ReadOnlyAdmin):
    """Rounds."""

    list_display = ("season", "week", "layout", "starts_at", "category", "license", "official", "fixed_setup")
    list_filter = (
        *("category", EventLicenseFilter, "season__official", "season__fixed_setup"),
        *(EventQuarterFilter, ("removed_at", admin.EmptyFieldListFilter)),
    )
    search_fields = ("season__name", "season__series__name", "layout__name")
    ordering = ("-starts_at", "event_id")
    list_select_related = ("season", "layout")
    readonly_fields = ("car_list", "class_list", "restriction_list", "time_list", "session_list", "change_list")

    @admin.display(description="week", ordering="race_week_num")
    def week(self, event: models.Event) -> int:
        """Return its week as people count them."""
        return int(event.race_week_num) + 1

    @admin.display(description="licence", ordering="season__license_group")
    def license(self, event: models.Event) -> str | None:
        """Return the licence group of its season by name."""
        return LICENSES.get(event.season.license_group)

    @admin.display(boolean=True, ordering="season__official")
    def official(self, event: models.Event) -> bool:
        """Tell whether its races count."""
        return bool(event.season.official)

    @admin.display(description="fixed setup", boolean=True, ordering="season__fixed_setup")
    def fixed_setup(self, event: models.Event) -> bool:
        """Tell whether everyone has the same setup."""
        return bool(event.season.fixed_setup)

    @admin.display(description="cars")
    def car_list(self, event: models.Event) -> SafeString:
        """Return the cars that one may drive."""
        cars = event.cars.select_related("car").order_by("car__name")
        return html_table(("car", "known from"), ((one.car, one.known_from) for one in cars))

    @admin.display(description="classes")
    def class_list(self, event: models.Event) -> SafeString:
        """Return its classes in iRacing's order."""
        classes = event.classes.select_related("car_class").order_by("ordinal")
        return html_table(("class",), ((one.car_class,) for one in classes))

    @admin.display(description="restrictions")
    def restriction_list(self, event: models.Event) -> SafeString:
        """Return its balance of performance."""
        columns = ("max_fuel_fill_pct", "power_adjust_pct", "weight_penalty_kg", "max_dry_tire_sets")
        found = event.restrictions.select_related("car").order_by("car__name")
        rows = ((one.car, *(getattr(one, column) for column in columns)) for one in found)
        return html_table(("car", *map(heading, columns)), rows)

    @admin.display(description="times")
    def time_list(self, event: models.Event) -> SafeString:
        """Return when its races and its qualifying start."""
        columns = ("kind", "starts_on", "day_offsets", "first_session_at", "repeat_minutes", "session_times")
        found = event.times.order_by("ordinal")
        return html_table(map(heading, columns), (tuple(getattr(one, name) for name in columns) for one in found))

    @admin.display(description="sessions")
    def session_list(self, event: models.Event) -> SafeString:
        """Return practice, qualifying and race."""
        found = event.sessions.order_by("ordinal")
        return html_table(("session", "laps", "minutes"), ((one.name, one.laps, one.minutes) for one in found))

    @admin.display(description="changes")
    def change_list(self, event: models.Event) -> SafeString:
        """Return what changed of it, the newest first."""
        return changes_table(event.changes)


@admin.register(models.ScheduleChange)
class ScheduleChangeAdmin(ReadOnlyAdmin):
    """Changes of the schedules."""

    list_display = ("at", "season", "race_week_num", "field", "sentence", "phase", "severity")
    list_filter = ("severity", "phase", "field")
    search_fields = ("sentence", "season__name", "series__name")
    date_hierarchy = "at"
    ordering = ("-at", "-change_id")
    list_select_related = ("season",)


@admin.register(models.SimLayout)
class SimLayoutAdmin(ReadOnlyAdmin):
    """Layouts."""

    list_display = ("name", "config_name", "category", "length_km", "is_rain_enabled", "retired")
    list_filter = ("category", "is_rain_enabled", "retired", "is_stub")
    search_fields = ("name", "config_name")
    ordering = ("name", "config_name")


@admin.register(models.SimTrack)
class SimTrackAdmin(ReadOnlyAdmin):
    """Tracks as they are bought."""

    list_display = ("name", "location", "price_usd", "is_free_with_subscription")
    list_filter = ("is_free_with_subscription",)
    search_fields = ("name", "location")
    ordering = ("name",)


@admin.register(models.SimCar)
class SimCarAdmin(ReadOnlyAdmin):
    """Cars."""

    list_display = ("name", "make", "model", "price_usd", "is_rain_enabled", "retired")
    list_filter = ("is_rain_enabled", "retired", "is_stub")
    search_fields = ("name", "abbreviation", "make")
    ordering = ("name",)


@admin.register(models.CarClass)
class CarClassAdmin(ReadOnlyAdmin):
    """Classes of cars."""

    list_display = ("name", "short_name", "relative_speed")
    search_fields = ("name", "short_name")
    ordering = ("name",)
    readonly_fields = ("member_list",)

    @admin.display(description="cars")
    def member_list(self, car_class: models.CarClass) -> SafeString:
        """Return its cars."""
        members = car_class.members.select_related("car").order_by("car__name")
        return html_table(("car",), ((one.car,) for one in members))


@admin.register(models.SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    """Runs."""

    list_display = ("started_at", "finished_at", "status", "exit_code", "version")
    list_filter = ("status",)
    date_hierarchy = "started_at"
    ordering = ("-started_at",)


def heading(column: str) -> str:
    """Return a column as a heading."""
    return column.replace("_", " ")


def changes_table(changes: Any) -> SafeString:
    """Return changes as a table, as many as a page can show."""
    columns = ("at", "field", "sentence", "phase", "severity")
    found = changes[:MOST_CHANGES]
    return html_table(columns, ((c.at, c.field, str(c), c.phase, c.severity) for c in found))


def in_cell(value: Any) -> str:
    """Write a value as Django writes it, each of a list, and what is null as nothing."""
    if isinstance(value, list):
        return ", ".join(map(in_cell, value))
    return str(display_for_value(value, ""))


def html_table(headings: Iterable[str], rows: Iterable[Sequence[Any]]) -> SafeString:
    """Return rows as a table; a dash where there are none."""
    body = [(format_html_join("", "<td>{}</td>", ((in_cell(value),) for value in row)),) for row in rows]
    if not body:
        return SafeString("–")
    head = format_html_join("", "<th>{}</th>", ((one,) for one in headings))
    return format_html(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, format_html_join("", "<tr>{}</tr>", body)
    )
