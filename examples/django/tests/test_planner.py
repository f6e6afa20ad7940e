"""The planner, with rounds that the factories make."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from iracing_sync.contrib.django import factories
from iracing_sync.contrib.django.models import Event
from planner.models import LeagueNight

pytestmark = pytest.mark.django_db


def a_night(**said):
    event = said.pop("event", None) or factories.make_event()
    return LeagueNight.objects.create(event=event, starts_at=timezone.now(), **said)


def test_a_night_points_to_a_round():
    night = a_night()

    assert LeagueNight.objects.select_related("event__season__series").get().event.season == night.event.season
    assert list(Event.objects.filter(league_nights__note="")) == [night.event]
    assert list(night.event.league_nights.all()) == [night]


def test_the_database_knows_no_night_of_a_round_that_is_not_there():
    LeagueNight.objects.create(event_id=999, starts_at=timezone.now())

    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_the_page_shows_the_rounds_of_this_week_and_the_nights(client, django_assert_max_num_queries):
    event = factories.make_event()
    factories.make_event(season=event.season)
    car = factories.make_event_car(event=event).car
    a_night(event=event, note="bring a friend")

    with django_assert_max_num_queries(5):
        page = client.get("/").content.decode()

    assert page.count(event.season.series.name) == 1
    assert car.name in page
    assert "bring a friend" in page


def test_an_empty_week_says_what_to_do(client):
    assert "sync_iracing_series" in client.get("/").content.decode()


def test_what_a_test_makes_is_gone_in_the_next_one():
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_test_with_transactions_of_its_own_works_too():
    a_night().delete()

    factories.clear()

    assert not Event.objects.exists()


ROWS = ("series", "season", "event", "schedulechange", "simlayout", "simtrack", "simcar", "carclass", "syncrun")


@pytest.mark.parametrize("name", ROWS)
def test_the_admin_lists_finds_and_shows_rows_and_offers_no_change(admin_client, name):
    event = factories.make_event()
    car = factories.make_event_car(event=event).car
    factories.make_restriction(event=event, car=car, weight_penalty_kg=12)
    factories.make_car_class_member(car=car, car_class=factories.make_event_class(event=event).car_class)
    factories.make_event_time(event=event)
    factories.make_event_session(event=event)
    change = factories.make_change(event=event, sentence="Week 1: at Harbour Ring")
    rows = (event.season.series, event.season, event, change, event.layout, event.layout.track, car)
    rows += (event.classes.get().car_class, change.run)
    [row] = [one for one in rows if one._meta.model_name == name]
    address = f"/admin/iracing_sync/{name}/"

    assert admin_client.get(address).status_code == 200
    assert admin_client.get(address, {"q": "1"}).status_code == 200
    page = admin_client.get(f"{address}{row.pk}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert admin_client.get(f"{address}add/").status_code == 403
    assert admin_client.post(f"{address}{row.pk}/delete/").status_code == 403


def test_a_round_in_the_admin_has_its_cars_restrictions_and_changes(admin_client):
    event = factories.make_event()
    car = factories.make_event_car(event=event).car
    factories.make_restriction(event=event, car=car, weight_penalty_kg=12)
    factories.make_change(event=event, sentence="Week 1: at <Harbour> Ring")
    factories.make_event_time(
        event=event, day_offsets=[4, 6], session_times=[datetime(2025, 3, 22, 19, 15, tzinfo=UTC)]
    )

    page = admin_client.get(f"/admin/iracing_sync/event/{event.pk}/change/").content.decode()

    assert f"<td>{car.name}</td>" in page
    assert "<td>12</td>" in page
    assert "<td>4, 6</td>" in page
    assert "<td>March 22, 2025, 2:15 p.m.</td>" in page
    assert "Week 1: at &lt;Harbour&gt; Ring" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"quarter": "{year}-{quarter}"}, 1),
        ({"quarter": "2009-1"}, 0),
        ({"license": "4"}, 1),
        ({"license": "1"}, 0),
        ({"category": "sports_car"}, 1),
        ({"season__official__exact": "0"}, 0),
        ({"season__fixed_setup__exact": "0"}, 1),
        ({"q": "Harbour"}, 1),
        ({"q": "elsewhere"}, 0),
    ],
)
def test_rounds_in_the_admin_are_filtered_and_found(admin_client, asked, found):
    series = factories.make_series(name="Harbour Cup")
    season = factories.make_season(series=series, license_group=4)
    factories.make_event(season=season)
    told = {"year": season.season_year, "quarter": season.season_quarter}

    page = admin_client.get("/admin/iracing_sync/event/", {name: value.format(**told) for name, value in asked.items()})

    assert len(page.context["cl"].result_list) == found


def test_a_night_is_planned_in_the_admin(admin_client):
    event = factories.make_event()
    words = {"event": event.pk, "starts_at_0": "2025-05-13", "starts_at_1": "18:00", "note": ""}

    assert admin_client.get("/admin/planner/leaguenight/add/").status_code == 200
    assert admin_client.post("/admin/planner/leaguenight/add/", words).status_code == 302
    assert LeagueNight.objects.get().event == event


def test_the_admin_finds_rounds_for_a_night(admin_client):
    event = factories.make_event()
    words = {"app_label": "planner", "model_name": "leaguenight", "field_name": "event", "term": event.season.name}

    found = admin_client.get("/admin/autocomplete/", words).json()["results"]

    assert [int(one["id"]) for one in found] == [event.pk]


def test_last_weeks_round_is_not_of_this_week():
    event = factories.make_event()

    assert list(Event.objects.this_week(timezone.now() - timedelta(weeks=2))) == []
    assert list(Event.objects.this_week()) == [event]
