"""The tables and views as models, generated from the records: `make docs` writes them anew, `make lint` compares."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from iracing_sync.contrib.django.fields import LocalTimeField, Reference
from iracing_sync.contrib.django.options import in_schema
from iracing_sync.contrib.django.read_only import ReadOnlyRow
from iracing_sync.contrib.django.rows import CarRow, ChangeRow, EventRow, LayoutRow

# [[[cog
# from iracing_sync.contrib.django.model_text import models_text
# cog.out(f"\n\n{models_text()}\n\n")
# ]]]


class CarClass(ReadOnlyRow):
    """A class of cars that race each other."""

    car_class_id = models.IntegerField(
        primary_key=True, help_text="iRacing's number of the class (carclass/get: car_class_id)"
    )
    name = models.TextField(null=True, help_text="name of the class (carclass/get: name)")
    short_name = models.TextField(null=True, help_text="short name of the class (carclass/get: short_name)")
    relative_speed = models.IntegerField(
        null=True, help_text="iRacing's rank of its pace: the higher, the faster (carclass/get: relative_speed)"
    )
    is_rain_enabled = models.BooleanField(
        null=True, help_text="whether all its cars may race in the wet (carclass/get: rain_enabled)"
    )
    is_stub = models.BooleanField(help_text="known only from a schedule; carclass/get does not explain it")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("car_class")
        verbose_name_plural = "car classes"


class DocumentShape(ReadOnlyRow):
    """Which JSON paths the seasons of a document had: what all gain or lose at once is a release."""

    shape_id = models.TextField(primary_key=True, help_text="hash of the paths")
    paths = models.JSONField(help_text="each path that occurs, and whether at least half of its objects have it")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("document_shape")


class PastQuarter(ReadOnlyRow):
    """A past quarter that was loaded."""

    pk = models.CompositePrimaryKey("season_year", "season_quarter")
    season_year = models.IntegerField(help_text="the year")
    season_quarter = models.IntegerField(help_text="1 to 4")
    loaded_at = models.DateTimeField(help_text="when it was loaded last")
    seasons = models.IntegerField(help_text="how many were loaded")
    lacking = models.IntegerField(
        null=True, help_text="how many of those in season/list have no schedule even so; null where not compared"
    )
    is_over = models.BooleanField(help_text="every round was over: it need not be asked for again")
    listed = models.IntegerField(
        null=True, help_text="how many series/seasons gave with their rounds; null where it was not asked"
    )

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("past_quarter")


class SchemaDrift(ReadOnlyRow):
    """A JSON path that is unknown to the mapper, came or went with a release of the API, or holds a wrong type."""

    pk = models.CompositePrimaryKey("endpoint", "path")
    endpoint = models.TextField(help_text="the document it was found in")
    path = models.TextField(help_text="the JSON path, as in $[].schedules[].weather")
    kind = models.TextField(
        help_text="unknown, appeared, vanished, misfit, or everywhere: the same change in at least half of all rounds"
    )
    first_seen_at = models.DateTimeField(help_text="when a run first found it")
    last_seen_at = models.DateTimeField(help_text="when a run last found it")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("schema_drift")


class Series(ReadOnlyRow):
    """A racing series."""

    series_id = models.IntegerField(
        primary_key=True, help_text="iRacing's number of the series (series/get: series_id)"
    )
    name = models.TextField(help_text="full name of the series; sponsors come and go in it (series/get: series_name)")
    short_name = models.TextField(null=True, help_text="short name of the series (series/get: series_short_name)")
    category = models.TextField(
        null=True,
        help_text="oval, dirt_oval, dirt_road, sports_car, formula_car; road before 2024 (series/get: category)",
    )
    category_id = models.IntegerField(
        null=True,
        help_text="iRacing's number of it: 1 oval, 2 road, 3 dirt_oval, 4 dirt_road, 5 sports_car, 6 formula_car "
        "(series/get: category_id)",
    )
    min_starters = models.IntegerField(
        null=True, help_text="fewest drivers of an official race (series/get: min_starters)"
    )
    max_starters = models.IntegerField(
        null=True, help_text="most drivers of a race; more are split (series/get: max_starters)"
    )
    oval_caution_type = models.IntegerField(
        null=True,
        help_text="iRacing's number for how cautions are ruled on ovals; it explains none (series/get: "
        "oval_caution_type)",
    )
    road_caution_type = models.IntegerField(
        null=True,
        help_text="iRacing's number for how cautions are ruled on road courses; it explains none (series/get: "
        "road_caution_type)",
    )
    allowed_licenses = models.JSONField(
        help_text="licence groups with their lowest and highest level (series/get: allowed_licenses)"
    )
    first_season_year = models.IntegerField(
        null=True, help_text="year of the oldest season (series/get: first_season.season_year)"
    )
    first_season_quarter = models.IntegerField(
        null=True, help_text="1 to 4, of the oldest season (series/get: first_season.season_quarter)"
    )
    search_filters = models.TextField(
        null=True, help_text="words under which iRacing's search finds it, with commas (series/get: search_filters)"
    )
    forum_url = models.TextField(null=True, help_text="the series' forum (series/get: forum_url)")
    is_stub = models.BooleanField(help_text="known only from a lesser document than series/get")
    official = models.BooleanField(null=True, help_text="whether one of its seasons listed last is official")
    logo = models.TextField(null=True, help_text="file name below https://images-static.iracing.com/img/logos/series/")
    active = models.BooleanField(help_text="false once it is retired")
    missing_since = models.DateTimeField(null=True, help_text="since when series/get leaves it out")
    retired_at = models.DateTimeField(
        null=True, help_text="when it was taken for retired: missing for longer than the grace period"
    )
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("series")
        verbose_name_plural = "series"


class SimCar(ReadOnlyRow):
    """A car."""

    car_id = models.IntegerField(primary_key=True, help_text="iRacing's number of the car (car/get: car_id)")
    name = models.TextField(help_text="full name of the car (car/get: car_name)")
    abbreviation = models.TextField(
        null=True, help_text="short name, as on a timing screen (car/get: car_name_abbreviated)"
    )
    make = models.TextField(null=True, help_text="who builds the car (car/get: car_make)")
    model = models.TextField(null=True, help_text="the maker's model (car/get: car_model)")
    package_id = models.IntegerField(null=True, help_text="what a member buys (car/get: package_id)")
    sku = models.IntegerField(null=True, help_text="number of the car in iRacing's shop; 0 is null (car/get: sku)")
    categories = models.JSONField(
        null=True, help_text="in which categories it races, in order of the alphabet (car/get: categories)"
    )
    power_hp = models.IntegerField(null=True, help_text="horsepower (car/get: hp)")
    weight_kg = models.FloatField(null=True, help_text="kilograms; iRacing gives pounds (car/get: car_weight)")
    price_usd = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, help_text="US list price (car/get: price)"
    )
    is_free_with_subscription = models.BooleanField(
        null=True, help_text="whether every member owns it (car/get: free_with_subscription)"
    )
    is_rain_enabled = models.BooleanField(null=True, help_text="whether it may race in the wet (car/get: rain_enabled)")
    retired = models.BooleanField(null=True, help_text="whether iRacing has taken it out of service (car/get: retired)")
    settings = models.JSONField(help_text="the remaining fields under iRacing's names")
    is_stub = models.BooleanField(help_text="known only from a schedule; car/get does not explain it")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("sim_car")


class SimTrack(ReadOnlyRow):
    """A track as it is bought: one package with one or more layouts; what they differ in is of its newest."""

    package_id = models.IntegerField(
        primary_key=True, help_text="iRacing's number of what a member buys (track/get: package_id)"
    )
    sku = models.IntegerField(
        null=True, help_text="number of the package in iRacing's shop; 0 is null (track/get: sku)"
    )
    name = models.TextField(help_text="name of the track (track/get: track_name)")
    location = models.TextField(null=True, help_text="town and country, as iRacing writes it (track/get: location)")
    latitude = models.FloatField(null=True, help_text="degrees (track/get: latitude)")
    longitude = models.FloatField(null=True, help_text="degrees (track/get: longitude)")
    time_zone = models.TextField(null=True, help_text="IANA name (track/get: time_zone)")
    price_usd = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, help_text="US list price (track/get: price)"
    )
    is_free_with_subscription = models.BooleanField(
        null=True, help_text="whether every member owns it (track/get: free_with_subscription)"
    )
    is_purchasable = models.BooleanField(null=True, help_text="whether it can be bought (track/get: purchasable)")
    logo = models.TextField(null=True, help_text="path below https://images-static.iracing.com (track/get: logo)")
    site_url = models.TextField(null=True, help_text="the track's own site (track/get: site_url)")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("sim_track")


class SyncRun(ReadOnlyRow):
    """One run of `iracing-sync run`."""

    run_id = models.UUIDField(
        primary_key=True, help_text="names the run, in the log and in the sessions of the database too"
    )
    started_at = models.DateTimeField(help_text="when it began")
    finished_at = models.DateTimeField(
        null=True, help_text="when it ended; null while it runs, or where it was aborted"
    )
    arguments = models.JSONField(help_text="the options of the command, without secrets")
    version = models.TextField(help_text="the version of iracing-sync")
    status = models.TextField(
        help_text="running, ok, partial, failed, or aborted where its process ended without a word"
    )
    exit_code = models.IntegerField(null=True, help_text="as the process ended")
    counters = models.JSONField(null=True, help_text="the result as `run --json` prints it")
    warnings = models.JSONField(null=True, help_text="what it said beside its result")
    listings = models.JSONField(
        null=True, help_text="how long iRacing's lists were, and how long when they were last believed"
    )

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("sync_run")


class ApiCallLog(ReadOnlyRow):
    """One attempt to get an answer of iRacing, or one document found in the cache."""

    call_id = models.BigAutoField(primary_key=True, help_text="counts the attempts")
    entry_id = models.UUIDField(null=True, help_text="of the entry on disk, so that none is written twice")
    run = models.ForeignKey(
        "SyncRun",
        models.DO_NOTHING,
        related_name="calls",
        null=True,
        help_text="null for a command that only reads, or a dry run",
    )
    at = models.DateTimeField(help_text="when it was made")
    endpoint = models.TextField(help_text="what was asked, as in series/seasons")
    params = models.JSONField(help_text="the parameters of the endpoint")
    http_status = models.IntegerField(null=True, help_text="null where nothing was asked or nothing answered")
    attempt = models.IntegerField(help_text="1 is the first try")
    cached = models.TextField(help_text="hit, miss or refresh")
    duration_ms = models.IntegerField(help_text="with the document behind the link")
    size_bytes = models.IntegerField(null=True, help_text="unpacked, with the document behind the link")
    rate_limit_remaining = models.IntegerField(null=True, help_text="answers left in the window, as iRacing tells")
    error = models.TextField(null=True, help_text="why the attempt gave no document")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("api_call_log")


class CarClassMember(ReadOnlyRow):
    """A car of a class."""

    pk = models.CompositePrimaryKey("car_class_id", "car_id")
    car_class = models.ForeignKey("CarClass", models.DO_NOTHING, related_name="members", help_text="the class")
    car = models.ForeignKey(
        "SimCar",
        models.DO_NOTHING,
        related_name="car_class_members",
        help_text="the car in it (carclass/get: cars_in_class[].car_id)",
    )
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("car_class_member")


class Season(ReadOnlyRow):
    """A season of a series. (series_id, season_year, season_quarter) is not unique."""

    season_id = models.IntegerField(
        primary_key=True, help_text="iRacing's number of the season (series/seasons: season_id)"
    )
    series = models.ForeignKey(
        "Series",
        models.DO_NOTHING,
        related_name="seasons",
        help_text="the series it is a season of (series/seasons: series_id)",
    )
    name = models.TextField(
        help_text="full name of the season; sponsors come and go in it (series/seasons: season_name)"
    )
    short_name = models.TextField(null=True, help_text="as in 2026 Season 1 (series/seasons: season_short_name)")
    season_year = models.IntegerField(
        help_text="where the season began: year-long ones keep it to their end (series/seasons: season_year)"
    )
    season_quarter = models.IntegerField(help_text="1 to 4, where the season began (series/seasons: season_quarter)")
    starts_at = models.DateTimeField(null=True, help_text="when the first week begins (series/seasons: start_date)")
    ends_at = models.DateTimeField(null=True, help_text="end of the last round")
    status = models.TextField(null=True, help_text="upcoming, running, ended or withdrawn, as of the last document")
    active = models.BooleanField(help_text="iRacing's word: whether it is raced at present (series/seasons: active)")
    complete = models.BooleanField(null=True, help_text="iRacing's word: whether it is over (series/seasons: complete)")
    race_week = models.IntegerField(
        null=True, help_text="race_week_num of the current week (series/seasons: race_week)"
    )
    official = models.BooleanField(
        help_text="whether its races count for iRating and safety rating (series/seasons: official)"
    )
    fixed_setup = models.BooleanField(help_text="whether all race with iRacing's setup (series/seasons: fixed_setup)")
    multiclass = models.BooleanField(
        null=True, help_text="whether several classes race together (series/seasons: multiclass)"
    )
    driver_changes = models.BooleanField(help_text="true for team racing (series/seasons: driver_changes)")
    min_team_drivers = models.IntegerField(
        null=True, help_text="fewest drivers of a team (series/seasons: min_team_drivers)"
    )
    max_team_drivers = models.IntegerField(
        null=True, help_text="most drivers of a team (series/seasons: max_team_drivers)"
    )
    drops = models.IntegerField(null=True, help_text="weeks that do not count (series/seasons: drops)")
    incident_limit = models.IntegerField(
        null=True, help_text="null where there is none (series/seasons: incident_limit)"
    )
    incident_warn_mode = models.IntegerField(
        null=True,
        help_text="0 where incidents below incident_limit cost nothing; else a penalty by the two parameters "
        "(series/seasons: incident_warn_mode)",
    )
    incident_warn_param1 = models.IntegerField(
        null=True,
        help_text="incidents until the first penalty; 0 where there is none (series/seasons: incident_warn_param1)",
    )
    incident_warn_param2 = models.IntegerField(
        null=True,
        help_text="incidents between further penalties; 0 where there is none (series/seasons: incident_warn_param2)",
    )
    license_group = models.IntegerField(
        null=True,
        help_text="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says "
        "who may race (series/seasons: license_group)",
    )
    allowed_car_class_ids = ArrayField(
        models.IntegerField(),
        help_text="sorted; series with weekly cars name one class only (series/seasons: car_class_ids)",
    )
    max_weeks = models.IntegerField(null=True, help_text="how many rounds the season has (series/seasons: max_weeks)")
    schedule_description = models.TextField(
        null=True, help_text="iRacing's words for when its races start (series/seasons: schedule_description)"
    )
    rookie_season = models.TextField(
        null=True,
        help_text="iRacing's mark of a season for rookies, as in A; null elsewhere (series/seasons: rookie_season)",
    )
    settings = models.JSONField(help_text="the remaining flags under iRacing's names")
    is_stub = models.BooleanField(help_text="known only from a document without its schedule")
    missing_since = models.DateTimeField(
        null=True, help_text="since when the active seasons lack it though its last round is not over"
    )
    schedule_hash = models.TextField(null=True, help_text="of the rounds in canonical form")
    settings_hash = models.TextField(null=True, help_text="of the rest in canonical form")
    schedule_hash_version = models.IntegerField(null=True, help_text="of the canonical form")
    shape = models.ForeignKey(
        "DocumentShape",
        models.DO_NOTHING,
        related_name="seasons",
        null=True,
        help_text="the fields of the document it came in",
    )
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("season")


class SimLayout(LayoutRow):
    """One layout of a track: what iRacing calls a track_id."""

    track_id = models.IntegerField(primary_key=True, help_text="iRacing's number of the layout (track/get: track_id)")
    track = Reference(
        "SimTrack",
        models.DO_NOTHING,
        db_column="package_id",
        related_name="layouts",
        null=True,
        help_text="the track it belongs to; null in a stub (track/get: package_id)",
    )
    name = models.TextField(help_text="name of the track (track/get: track_name)")
    config_name = models.TextField(
        null=True, help_text="name of the layout; null where the track has one only (track/get: config_name)"
    )
    category = models.TextField(null=True, help_text="oval, road, dirt_oval or dirt_road (track/get: category)")
    category_id = models.IntegerField(
        null=True, help_text="iRacing's number of it: 1 oval, 2 road, 3 dirt_oval, 4 dirt_road (track/get: category_id)"
    )
    track_type = models.TextField(
        null=True, help_text="iRacing's words: Road Course, Short Oval … (track/get: track_type_text)"
    )
    length_km = models.FloatField(
        null=True, help_text="kilometres a lap; iRacing gives miles (track/get: track_config_length)"
    )
    corners_per_lap = models.IntegerField(null=True, help_text="corners of a lap (track/get: corners_per_lap)")
    nominal_lap_seconds = models.FloatField(
        null=True, help_text="seconds of a usual lap, as iRacing reckons (track/get: nominal_lap_time)"
    )
    max_cars = models.IntegerField(null=True, help_text="most cars in a session (track/get: max_cars)")
    grid_stalls = models.IntegerField(null=True, help_text="places on the grid (track/get: grid_stalls)")
    pit_stalls = models.IntegerField(null=True, help_text="places in the pit lane (track/get: number_pitstalls)")
    pit_speed_limit_kph = models.FloatField(
        null=True, help_text="km/h in the pit lane; iRacing gives mph (track/get: pit_road_speed_limit)"
    )
    has_night_lighting = models.BooleanField(
        null=True, help_text="whether it has lights at all (track/get: night_lighting)"
    )
    is_fully_lit = models.BooleanField(null=True, help_text="whether the whole lap is lit (track/get: fully_lit)")
    is_rain_enabled = models.BooleanField(
        null=True, help_text="whether it can be raced in the wet (track/get: rain_enabled)"
    )
    is_oval = models.BooleanField(null=True, help_text="whether it is an oval, of dirt too (track/get: is_oval)")
    is_dirt = models.BooleanField(null=True, help_text="whether its surface is dirt (track/get: is_dirt)")
    retired = models.BooleanField(
        null=True, help_text="whether iRacing has taken it out of service (track/get: retired)"
    )
    latitude = models.FloatField(
        null=True, help_text="degrees; layouts of one package may lie apart (track/get: latitude)"
    )
    longitude = models.FloatField(null=True, help_text="degrees (track/get: longitude)")
    site_url = models.TextField(null=True, help_text="the layout's own site (track/get: site_url)")
    settings = models.JSONField(help_text="the remaining fields under iRacing's names")
    is_stub = models.BooleanField(help_text="known only from a schedule; track/get does not explain it")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("sim_layout")


class Event(EventRow):
    """One round of a season."""

    season = models.ForeignKey(
        "Season", models.DO_NOTHING, related_name="events", help_text="the season it is a round of"
    )
    race_week_num = models.IntegerField(help_text="0 is the first week (series/seasons: schedules[].race_week_num)")
    event_id = models.BigIntegerField(
        primary_key=True, help_text="season_id * 100 + race_week_num: one column for a foreign key or an address"
    )
    layout = Reference(
        "SimLayout",
        models.DO_NOTHING,
        db_column="track_id",
        related_name="events",
        help_text="may move in mid-season, so it is no part of the key (series/seasons: schedules[].track.track_id)",
    )
    starts_at = models.DateTimeField(
        null=True, help_text="when the round's window opens (series/seasons: schedules[].start_date)"
    )
    ends_at = models.DateTimeField(
        null=True,
        help_text="when the last session is over, and never before week_ends_at; a week after its start where neither "
        "sessions nor week_ends_at are known (2022)",
    )
    week_ends_at = models.DateTimeField(
        null=True,
        help_text="iRacing's own word (2025 on): mostly when the last session starts (series/seasons: "
        "schedules[].week_end_time)",
    )
    is_ends_at_derived = models.BooleanField(help_text="false where ends_at is week_ends_at")
    race_laps = models.IntegerField(
        null=True, help_text="null where only time limits the race (series/seasons: schedules[].race_lap_limit)"
    )
    race_minutes = models.IntegerField(
        null=True, help_text="null where only laps limit the race (series/seasons: schedules[].race_time_limit)"
    )
    practice_minutes = models.IntegerField(
        null=True, help_text="minutes of practice (series/seasons: schedules[].practice_length)"
    )
    qualify_minutes = models.IntegerField(
        null=True, help_text="minutes of qualifying (series/seasons: schedules[].qualify_length)"
    )
    qualify_laps = models.IntegerField(
        null=True, help_text="null where only time limits it (series/seasons: schedules[].qualify_laps)"
    )
    warmup_minutes = models.IntegerField(
        null=True, help_text="minutes of warm-up (series/seasons: schedules[].warmup_length)"
    )
    is_qualify_attached = models.BooleanField(
        null=True,
        help_text="whether qualifying belongs to the race's own session (series/seasons: schedules[].qual_attached)",
    )
    start_type = models.TextField(null=True, help_text="Rolling or Standing (series/seasons: schedules[].start_type)")
    restart_type = models.TextField(
        null=True,
        help_text="how a race goes on after a caution: Double-file Back, Single-file Maintain … (series/seasons: "
        "schedules[].restart_type)",
    )
    has_full_course_cautions = models.BooleanField(
        null=True,
        help_text="whether the whole track is under caution after an accident (series/seasons: "
        "schedules[].full_course_cautions)",
    )
    category = models.TextField(
        null=True,
        help_text="oval, dirt_oval, dirt_road, sports_car, formula_car; before 2024-03 that of the layout, in which "
        "road is sports_car or formula_car (series/seasons: schedules[].category)",
    )
    category_id = models.IntegerField(
        null=True,
        help_text="iRacing's number of it: 1 oval, 2 road, 3 dirt_oval, 4 dirt_road, 5 sports_car, 6 formula_car "
        "(series/seasons: schedules[].category_id)",
    )
    precip_chance_pct = models.FloatField(
        null=True,
        help_text="0 to 100; with a forecast (2024-03 on) (series/seasons: "
        "schedules[].weather.weather_summary.precip_chance)",
    )
    temp_c = models.FloatField(
        null=True,
        help_text="the setting, null where there is a forecast: temp_low_c to temp_high_c (series/seasons: "
        "schedules[].weather.temp_value)",
    )
    temp_low_c = models.FloatField(
        null=True, help_text="lowest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_low)"
    )
    temp_high_c = models.FloatField(
        null=True, help_text="highest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_high)"
    )
    simulated_start_at = LocalTimeField(
        null=True, help_text="local to the track (series/seasons: schedules[].weather.simulated_start_time)"
    )
    special_event_type = models.IntegerField(
        null=True,
        help_text="null in every document seen: by it, special events cannot be told (series/seasons: "
        "schedules[].special_event_type)",
    )
    weather_config = models.JSONField(
        null=True, help_text="the round's weather under iRacing's names and units (series/seasons: schedules[].weather)"
    )
    settings = models.JSONField(help_text="the remaining flags under iRacing's names")
    removed_at = models.DateTimeField(null=True, help_text="when the season's schedule came without this round")
    is_stub = models.BooleanField(help_text="known only from a document with number and track")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")
    times_changed = models.IntegerField(
        help_text="how often the round or what belongs to it changed, was removed, withdrawn or came back; never falls"
    )

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("event")


class ScheduleChange(ChangeRow):
    """A difference between two schedules that matters."""

    change_id = models.BigAutoField(primary_key=True, help_text="counts the changes in the order of their runs")
    run = models.ForeignKey("SyncRun", models.DO_NOTHING, related_name="changes", help_text="the run that found it")
    at = models.DateTimeField(help_text="the moment of the run")
    series = models.ForeignKey(
        "Series", models.DO_NOTHING, related_name="changes", null=True, help_text="null where a car class changed"
    )
    season = models.ForeignKey(
        "Season", models.DO_NOTHING, related_name="changes", null=True, help_text="null where a whole series changed"
    )
    race_week_num = models.IntegerField(
        null=True, help_text="the first of rounds; null where a whole season or series changed"
    )
    rounds = ArrayField(
        models.IntegerField(),
        help_text="race_week_num of each round that it is of; empty where a whole season or series changed",
    )
    field = models.TextField(
        help_text="a column, or times, cars, restrictions, setups, weather, settings, round, season (it is new), "
        "class_cars (who is in a class)"
    )
    old = models.JSONField(null=True, help_text="what it was")
    new = models.JSONField(null=True, help_text="what it is")
    phase = models.TextField(help_text="past, current or future, at the moment of the run")
    severity = models.TextField(help_text="high, medium or low")
    sentence = models.TextField(null=True, help_text="what people read; null where an older version wrote it")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("schedule_change")


class CarRestriction(CarRow):
    """The balance of performance of one car in a round; most cars of a round have none."""

    pk = models.CompositePrimaryKey("season_id", "race_week_num", "car_id")
    season_id = models.IntegerField(help_text="the season of the round")
    race_week_num = models.IntegerField(help_text="the round: 0 is the first week")
    car = models.ForeignKey(
        "SimCar",
        models.DO_NOTHING,
        related_name="restrictions",
        help_text="the car (series/seasons: schedules[].car_restrictions[].car_id)",
    )
    max_fuel_fill_pct = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        null=True,
        help_text="percent of the tank that may be filled (series/seasons: "
        "schedules[].car_restrictions[].max_pct_fuel_fill)",
    )
    power_adjust_pct = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        null=True,
        help_text="percent of power more or, below 0, less (series/seasons: "
        "schedules[].car_restrictions[].power_adjust_pct)",
    )
    weight_penalty_kg = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        null=True,
        help_text="kilograms of ballast (series/seasons: schedules[].car_restrictions[].weight_penalty_kg)",
    )
    max_dry_tire_sets = models.IntegerField(
        null=True, help_text="null where unlimited (series/seasons: schedules[].car_restrictions[].max_dry_tire_sets)"
    )
    race_setup_id = models.IntegerField(
        null=True,
        help_text="iRacing's number of the setup of the race, where it is fixed (series/seasons: "
        "schedules[].car_restrictions[].race_setup_id)",
    )
    qual_setup_id = models.IntegerField(
        null=True,
        help_text="iRacing's number of the setup of qualifying, where it is fixed (series/seasons: "
        "schedules[].car_restrictions[].qual_setup_id)",
    )
    settings = models.JSONField(help_text="the remaining fields under iRacing's names")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")
    event = models.ForeignKey(
        "Event", models.DO_NOTHING, related_name="restrictions", help_text="event.event_id of the round"
    )

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("car_restriction")


class EventCar(CarRow):
    """A car that one may drive in a round."""

    pk = models.CompositePrimaryKey("season_id", "race_week_num", "car_id")
    season_id = models.IntegerField(help_text="the season of the round")
    race_week_num = models.IntegerField(help_text="the round: 0 is the first week")
    car = models.ForeignKey(
        "SimCar",
        models.DO_NOTHING,
        related_name="event_cars",
        help_text="the car (series/seasons: schedules[].race_week_cars[].car_id)",
    )
    known_from = models.TextField(help_text="week_cars, week_classes or season_classes")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")
    event = models.ForeignKey("Event", models.DO_NOTHING, related_name="cars", help_text="event.event_id of the round")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("event_car")


class EventClass(ReadOnlyRow):
    """A car class of a round."""

    pk = models.CompositePrimaryKey("season_id", "race_week_num", "car_class_id")
    season_id = models.IntegerField(help_text="the season of the round")
    race_week_num = models.IntegerField(help_text="the round: 0 is the first week")
    car_class = models.ForeignKey(
        "CarClass",
        models.DO_NOTHING,
        related_name="event_classes",
        help_text="the class (series/seasons: schedules[].race_week_car_class_ids)",
    )
    ordinal = models.IntegerField(help_text="iRacing's order, from 0")
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")
    event = models.ForeignKey(
        "Event", models.DO_NOTHING, related_name="classes", help_text="event.event_id of the round"
    )

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("event_class")
        verbose_name_plural = "event classes"


class EventSession(ReadOnlyRow):
    """A session of a round: practice, qualifying, race (2025-12 on)."""

    pk = models.CompositePrimaryKey("season_id", "race_week_num", "ordinal")
    season_id = models.IntegerField(help_text="the season of the round")
    race_week_num = models.IntegerField(help_text="the round: 0 is the first week")
    ordinal = models.IntegerField(help_text="0 is the first session")
    session_type = models.IntegerField(
        null=True,
        help_text="3 open practice, 4 lone qualifying, 5 open qualifying, 6 race (series/seasons: "
        "schedules[].event_sessions[].type)",
    )
    name = models.TextField(
        null=True,
        help_text="iRacing's name of its type: Open Practice, Lone Qualifying, Race … (series/seasons: "
        "schedules[].event_sessions[].type_name)",
    )
    laps = models.IntegerField(
        null=True, help_text="null where only time limits it (series/seasons: schedules[].event_sessions[].laps)"
    )
    minutes = models.IntegerField(
        null=True, help_text="null where only laps limit it (series/seasons: schedules[].event_sessions[].minutes)"
    )
    start_offset = models.IntegerField(
        null=True,
        help_text="as iRacing sends it; 0 in every document seen, so its unit is not known (series/seasons: "
        "schedules[].event_sessions[].start_time_offset)",
    )
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")
    event = models.ForeignKey(
        "Event", models.DO_NOTHING, related_name="sessions", help_text="event.event_id of the round"
    )

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("event_session")


class EventTime(ReadOnlyRow):
    """When the races of a round start, or its qualifying apart from them: a repeating pattern or set times."""

    pk = models.CompositePrimaryKey("season_id", "race_week_num", "ordinal")
    season_id = models.IntegerField(help_text="the season of the round")
    race_week_num = models.IntegerField(help_text="the round: 0 is the first week")
    ordinal = models.IntegerField(help_text="0 is the first descriptor; those of qualifying come after the races'")
    kind = models.TextField(help_text="race or qualify")
    is_repeating = models.BooleanField(
        help_text="true for a pattern of days and minutes, false for set times (series/seasons: "
        "schedules[].race_time_descriptors[].repeating)"
    )
    is_super_session = models.BooleanField(
        help_text="iRacing's mark for a session longer or larger than the others (series/seasons: "
        "schedules[].race_time_descriptors[].super_session)"
    )
    session_minutes = models.IntegerField(
        null=True,
        help_text="minutes from practice to the flag, as iRacing reckons (series/seasons: "
        "schedules[].race_time_descriptors[].session_minutes)",
    )
    starts_on = models.DateField(
        null=True,
        help_text="the first day of the pattern, in UTC (series/seasons: "
        "schedules[].race_time_descriptors[].start_date)",
    )
    day_offsets = ArrayField(
        models.IntegerField(),
        null=True,
        help_text="days after starts_on (series/seasons: schedules[].race_time_descriptors[].day_offset)",
    )
    first_session_at = models.TimeField(
        null=True,
        help_text="UTC, on each of the days (series/seasons: schedules[].race_time_descriptors[].first_session_time)",
    )
    repeat_minutes = models.IntegerField(
        null=True,
        help_text="null where there is one session a day (series/seasons: "
        "schedules[].race_time_descriptors[].repeat_minutes)",
    )
    end_offset_minutes = models.IntegerField(
        null=True,
        help_text="the last minute of the day, in UTC, at which a session may start; null where the day is no limit "
        "(series/seasons: schedules[].race_time_descriptors[].end_offset_minutes)",
    )
    session_times = ArrayField(
        models.DateTimeField(),
        null=True,
        help_text="the set times; null for a pattern (series/seasons: "
        "schedules[].race_time_descriptors[].session_times)",
    )
    first_seen_at = models.DateTimeField(help_text="when this row came into the table")
    last_changed_at = models.DateTimeField(help_text="when a column of this row last changed")
    last_changed_run_id = models.UUIDField(null=True, help_text="the sync_run that wrote that change")
    event = models.ForeignKey("Event", models.DO_NOTHING, related_name="times", help_text="event.event_id of the round")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("event_time")


class SeriesLicense(ReadOnlyRow):
    """Who may race in a series: one row a licence group."""

    pk = models.CompositePrimaryKey("series_id", "license_group")
    series = models.ForeignKey(
        "Series",
        models.DO_NOTHING,
        related_name="+",
        help_text="iRacing's number of the series (series/get: series_id)",
    )
    series_name = models.TextField(
        null=True, help_text="full name of the series; sponsors come and go in it (series/get: series_name)"
    )
    license_group = models.IntegerField(help_text="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC")
    group_name = models.TextField(null=True, help_text="iRacing's name of the group")
    min_license_level = models.IntegerField(
        null=True, help_text="the lowest level that may race; each group has four, rookies 1 to 4"
    )
    max_license_level = models.IntegerField(null=True, help_text="the highest level that the group has")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("series_license")


class EventSchedule(ReadOnlyRow):
    """Every round with what everyone joins to it, those of withdrawn and missing seasons among them."""

    event = models.OneToOneField(
        "Event",
        models.DO_NOTHING,
        related_name="+",
        primary_key=True,
        help_text="season_id * 100 + race_week_num: one column for a foreign key or an address",
    )
    season = models.ForeignKey(
        "Season", models.DO_NOTHING, related_name="+", null=True, help_text="the season it is a round of"
    )
    race_week_num = models.IntegerField(
        null=True, help_text="0 is the first week (series/seasons: schedules[].race_week_num)"
    )
    series = models.ForeignKey(
        "Series",
        models.DO_NOTHING,
        related_name="+",
        null=True,
        help_text="the series it is a season of (series/seasons: series_id)",
    )
    series_name = models.TextField(
        null=True, help_text="full name of the series; sponsors come and go in it (series/get: series_name)"
    )
    season_name = models.TextField(
        null=True, help_text="full name of the season; sponsors come and go in it (series/seasons: season_name)"
    )
    season_year = models.IntegerField(
        null=True, help_text="where the season began: year-long ones keep it to their end (series/seasons: season_year)"
    )
    season_quarter = models.IntegerField(
        null=True, help_text="1 to 4, where the season began (series/seasons: season_quarter)"
    )
    season_status = models.TextField(
        null=True, help_text="upcoming, running, ended or withdrawn, as of the last document"
    )
    season_missing_since = models.DateTimeField(
        null=True, help_text="since when the active seasons lack it though its last round is not over"
    )
    starts_at = models.DateTimeField(
        null=True, help_text="when the round's window opens (series/seasons: schedules[].start_date)"
    )
    ends_at = models.DateTimeField(
        null=True,
        help_text="when the last session is over, and never before week_ends_at; a week after its start where neither "
        "sessions nor week_ends_at are known (2022)",
    )
    layout = Reference(
        "SimLayout",
        models.DO_NOTHING,
        db_column="track_id",
        related_name="+",
        null=True,
        help_text="may move in mid-season, so it is no part of the key (series/seasons: schedules[].track.track_id)",
    )
    track_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    config_name = models.TextField(
        null=True, help_text="name of the layout; null where the track has one only (track/get: config_name)"
    )
    track = Reference(
        "SimTrack",
        models.DO_NOTHING,
        db_column="package_id",
        related_name="+",
        null=True,
        help_text="the track it belongs to; null in a stub (track/get: package_id)",
    )
    package_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    category = models.TextField(
        null=True,
        help_text="oval, dirt_oval, dirt_road, sports_car, formula_car; road of old where the series says no more",
    )
    license_group = models.IntegerField(
        null=True,
        help_text="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says "
        "who may race (series/seasons: license_group)",
    )
    official = models.BooleanField(
        null=True, help_text="whether its races count for iRating and safety rating (series/seasons: official)"
    )
    fixed_setup = models.BooleanField(
        null=True, help_text="whether all race with iRacing's setup (series/seasons: fixed_setup)"
    )
    multiclass = models.BooleanField(
        null=True, help_text="whether several classes race together (series/seasons: multiclass)"
    )
    driver_changes = models.BooleanField(null=True, help_text="true for team racing (series/seasons: driver_changes)")
    max_weeks = models.IntegerField(null=True, help_text="how many rounds the season has (series/seasons: max_weeks)")
    drops = models.IntegerField(null=True, help_text="weeks that do not count (series/seasons: drops)")
    race_laps = models.IntegerField(
        null=True, help_text="null where only time limits the race (series/seasons: schedules[].race_lap_limit)"
    )
    race_minutes = models.IntegerField(
        null=True, help_text="null where only laps limit the race (series/seasons: schedules[].race_time_limit)"
    )
    practice_minutes = models.IntegerField(
        null=True, help_text="minutes of practice (series/seasons: schedules[].practice_length)"
    )
    qualify_minutes = models.IntegerField(
        null=True, help_text="minutes of qualifying (series/seasons: schedules[].qualify_length)"
    )
    qualify_laps = models.IntegerField(
        null=True, help_text="null where only time limits it (series/seasons: schedules[].qualify_laps)"
    )
    warmup_minutes = models.IntegerField(
        null=True, help_text="minutes of warm-up (series/seasons: schedules[].warmup_length)"
    )
    session_minutes = models.IntegerField(
        null=True, help_text="the longest race of the round, in minutes from practice to the flag"
    )
    start_type = models.TextField(null=True, help_text="Rolling or Standing (series/seasons: schedules[].start_type)")
    precip_chance_pct = models.FloatField(
        null=True,
        help_text="0 to 100; with a forecast (2024-03 on) (series/seasons: "
        "schedules[].weather.weather_summary.precip_chance)",
    )
    temp_c = models.FloatField(
        null=True,
        help_text="the setting, null where there is a forecast: temp_low_c to temp_high_c (series/seasons: "
        "schedules[].weather.temp_value)",
    )
    temp_low_c = models.FloatField(
        null=True, help_text="lowest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_low)"
    )
    temp_high_c = models.FloatField(
        null=True, help_text="highest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_high)"
    )
    simulated_start_at = LocalTimeField(
        null=True, help_text="local to the track (series/seasons: schedules[].weather.simulated_start_time)"
    )
    car_class_ids = ArrayField(
        models.IntegerField(), null=True, help_text="the classes of the round, in iRacing's order"
    )
    car_class_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")
    car_ids = ArrayField(models.IntegerField(), null=True, help_text="the cars that one may drive, by number")
    car_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("event_schedule")


class SessionSchedule(ReadOnlyRow):
    """Every race session of every round; a repeating pattern as the sessions that it means."""

    pk = models.CompositePrimaryKey("event_id", "time_ordinal", "day_ordinal", "session_ordinal")
    event = models.ForeignKey(
        "Event",
        models.DO_NOTHING,
        related_name="+",
        help_text="season_id * 100 + race_week_num: one column for a foreign key or an address",
    )
    season = models.ForeignKey(
        "Season", models.DO_NOTHING, related_name="+", null=True, help_text="the season it is a round of"
    )
    race_week_num = models.IntegerField(
        null=True, help_text="0 is the first week (series/seasons: schedules[].race_week_num)"
    )
    series = models.ForeignKey(
        "Series",
        models.DO_NOTHING,
        related_name="+",
        null=True,
        help_text="the series it is a season of (series/seasons: series_id)",
    )
    series_name = models.TextField(
        null=True, help_text="full name of the series; sponsors come and go in it (series/get: series_name)"
    )
    season_name = models.TextField(
        null=True, help_text="full name of the season; sponsors come and go in it (series/seasons: season_name)"
    )
    season_year = models.IntegerField(
        null=True, help_text="where the season began: year-long ones keep it to their end (series/seasons: season_year)"
    )
    season_quarter = models.IntegerField(
        null=True, help_text="1 to 4, where the season began (series/seasons: season_quarter)"
    )
    season_status = models.TextField(
        null=True, help_text="upcoming, running, ended or withdrawn, as of the last document"
    )
    season_missing_since = models.DateTimeField(
        null=True, help_text="since when the active seasons lack it though its last round is not over"
    )
    event_starts_at = models.DateTimeField(
        null=True, help_text="when the round's window opens (series/seasons: schedules[].start_date)"
    )
    event_ends_at = models.DateTimeField(
        null=True,
        help_text="when the last session is over, and never before week_ends_at; a week after its start where neither "
        "sessions nor week_ends_at are known (2022)",
    )
    starts_at = models.DateTimeField(null=True, help_text="when the session starts")
    ends_at = models.DateTimeField(null=True, help_text="when it is over, as iRacing reckons")
    is_super_session = models.BooleanField(
        null=True,
        help_text="iRacing's mark for a session longer or larger than the others (series/seasons: "
        "schedules[].race_time_descriptors[].super_session)",
    )
    session_minutes = models.IntegerField(
        null=True,
        help_text="minutes from practice to the flag, as iRacing reckons (series/seasons: "
        "schedules[].race_time_descriptors[].session_minutes)",
    )
    layout = Reference(
        "SimLayout",
        models.DO_NOTHING,
        db_column="track_id",
        related_name="+",
        null=True,
        help_text="may move in mid-season, so it is no part of the key (series/seasons: schedules[].track.track_id)",
    )
    track_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    config_name = models.TextField(
        null=True, help_text="name of the layout; null where the track has one only (track/get: config_name)"
    )
    track = Reference(
        "SimTrack",
        models.DO_NOTHING,
        db_column="package_id",
        related_name="+",
        null=True,
        help_text="the track it belongs to; null in a stub (track/get: package_id)",
    )
    package_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    category = models.TextField(
        null=True,
        help_text="oval, dirt_oval, dirt_road, sports_car, formula_car; road of old where the series says no more",
    )
    license_group = models.IntegerField(
        null=True,
        help_text="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says "
        "who may race (series/seasons: license_group)",
    )
    official = models.BooleanField(
        null=True, help_text="whether its races count for iRating and safety rating (series/seasons: official)"
    )
    fixed_setup = models.BooleanField(
        null=True, help_text="whether all race with iRacing's setup (series/seasons: fixed_setup)"
    )
    multiclass = models.BooleanField(
        null=True, help_text="whether several classes race together (series/seasons: multiclass)"
    )
    driver_changes = models.BooleanField(null=True, help_text="true for team racing (series/seasons: driver_changes)")
    race_laps = models.IntegerField(
        null=True, help_text="null where only time limits the race (series/seasons: schedules[].race_lap_limit)"
    )
    race_minutes = models.IntegerField(
        null=True, help_text="null where only laps limit the race (series/seasons: schedules[].race_time_limit)"
    )
    car_class_ids = ArrayField(
        models.IntegerField(), null=True, help_text="the classes of the round, in iRacing's order"
    )
    car_class_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")
    car_ids = ArrayField(models.IntegerField(), null=True, help_text="the cars that one may drive, by number")
    car_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")
    time_ordinal = models.IntegerField(help_text="0 is the first descriptor; those of qualifying come after the races'")
    day_ordinal = models.IntegerField(help_text="0 is the first day of the pattern, and what has set times")
    session_ordinal = models.IntegerField(help_text="0 is the first session of the day, or of the set times")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("session_schedule")


class WeekSchedule(ReadOnlyRow):
    """The rounds of iRacing's present week."""

    event = models.OneToOneField(
        "Event",
        models.DO_NOTHING,
        related_name="+",
        primary_key=True,
        help_text="season_id * 100 + race_week_num: one column for a foreign key or an address",
    )
    season = models.ForeignKey(
        "Season", models.DO_NOTHING, related_name="+", null=True, help_text="the season it is a round of"
    )
    race_week_num = models.IntegerField(
        null=True, help_text="0 is the first week (series/seasons: schedules[].race_week_num)"
    )
    series = models.ForeignKey(
        "Series",
        models.DO_NOTHING,
        related_name="+",
        null=True,
        help_text="the series it is a season of (series/seasons: series_id)",
    )
    series_name = models.TextField(
        null=True, help_text="full name of the series; sponsors come and go in it (series/get: series_name)"
    )
    season_name = models.TextField(
        null=True, help_text="full name of the season; sponsors come and go in it (series/seasons: season_name)"
    )
    season_year = models.IntegerField(
        null=True, help_text="where the season began: year-long ones keep it to their end (series/seasons: season_year)"
    )
    season_quarter = models.IntegerField(
        null=True, help_text="1 to 4, where the season began (series/seasons: season_quarter)"
    )
    season_status = models.TextField(
        null=True, help_text="upcoming, running, ended or withdrawn, as of the last document"
    )
    season_missing_since = models.DateTimeField(
        null=True, help_text="since when the active seasons lack it though its last round is not over"
    )
    starts_at = models.DateTimeField(
        null=True, help_text="when the round's window opens (series/seasons: schedules[].start_date)"
    )
    ends_at = models.DateTimeField(
        null=True,
        help_text="when the last session is over, and never before week_ends_at; a week after its start where neither "
        "sessions nor week_ends_at are known (2022)",
    )
    layout = Reference(
        "SimLayout",
        models.DO_NOTHING,
        db_column="track_id",
        related_name="+",
        null=True,
        help_text="may move in mid-season, so it is no part of the key (series/seasons: schedules[].track.track_id)",
    )
    track_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    config_name = models.TextField(
        null=True, help_text="name of the layout; null where the track has one only (track/get: config_name)"
    )
    track = Reference(
        "SimTrack",
        models.DO_NOTHING,
        db_column="package_id",
        related_name="+",
        null=True,
        help_text="the track it belongs to; null in a stub (track/get: package_id)",
    )
    package_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    category = models.TextField(
        null=True,
        help_text="oval, dirt_oval, dirt_road, sports_car, formula_car; road of old where the series says no more",
    )
    license_group = models.IntegerField(
        null=True,
        help_text="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says "
        "who may race (series/seasons: license_group)",
    )
    official = models.BooleanField(
        null=True, help_text="whether its races count for iRating and safety rating (series/seasons: official)"
    )
    fixed_setup = models.BooleanField(
        null=True, help_text="whether all race with iRacing's setup (series/seasons: fixed_setup)"
    )
    multiclass = models.BooleanField(
        null=True, help_text="whether several classes race together (series/seasons: multiclass)"
    )
    driver_changes = models.BooleanField(null=True, help_text="true for team racing (series/seasons: driver_changes)")
    max_weeks = models.IntegerField(null=True, help_text="how many rounds the season has (series/seasons: max_weeks)")
    drops = models.IntegerField(null=True, help_text="weeks that do not count (series/seasons: drops)")
    race_laps = models.IntegerField(
        null=True, help_text="null where only time limits the race (series/seasons: schedules[].race_lap_limit)"
    )
    race_minutes = models.IntegerField(
        null=True, help_text="null where only laps limit the race (series/seasons: schedules[].race_time_limit)"
    )
    practice_minutes = models.IntegerField(
        null=True, help_text="minutes of practice (series/seasons: schedules[].practice_length)"
    )
    qualify_minutes = models.IntegerField(
        null=True, help_text="minutes of qualifying (series/seasons: schedules[].qualify_length)"
    )
    qualify_laps = models.IntegerField(
        null=True, help_text="null where only time limits it (series/seasons: schedules[].qualify_laps)"
    )
    warmup_minutes = models.IntegerField(
        null=True, help_text="minutes of warm-up (series/seasons: schedules[].warmup_length)"
    )
    session_minutes = models.IntegerField(
        null=True, help_text="the longest race of the round, in minutes from practice to the flag"
    )
    start_type = models.TextField(null=True, help_text="Rolling or Standing (series/seasons: schedules[].start_type)")
    precip_chance_pct = models.FloatField(
        null=True,
        help_text="0 to 100; with a forecast (2024-03 on) (series/seasons: "
        "schedules[].weather.weather_summary.precip_chance)",
    )
    temp_c = models.FloatField(
        null=True,
        help_text="the setting, null where there is a forecast: temp_low_c to temp_high_c (series/seasons: "
        "schedules[].weather.temp_value)",
    )
    temp_low_c = models.FloatField(
        null=True, help_text="lowest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_low)"
    )
    temp_high_c = models.FloatField(
        null=True, help_text="highest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_high)"
    )
    simulated_start_at = LocalTimeField(
        null=True, help_text="local to the track (series/seasons: schedules[].weather.simulated_start_time)"
    )
    car_class_ids = ArrayField(
        models.IntegerField(), null=True, help_text="the classes of the round, in iRacing's order"
    )
    car_class_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")
    car_ids = ArrayField(models.IntegerField(), null=True, help_text="the cars that one may drive, by number")
    car_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("week_schedule")


class CurrentEvent(ReadOnlyRow):
    """The rounds that run now."""

    event = models.OneToOneField(
        "Event",
        models.DO_NOTHING,
        related_name="+",
        primary_key=True,
        help_text="season_id * 100 + race_week_num: one column for a foreign key or an address",
    )
    season = models.ForeignKey(
        "Season", models.DO_NOTHING, related_name="+", null=True, help_text="the season it is a round of"
    )
    race_week_num = models.IntegerField(
        null=True, help_text="0 is the first week (series/seasons: schedules[].race_week_num)"
    )
    series = models.ForeignKey(
        "Series",
        models.DO_NOTHING,
        related_name="+",
        null=True,
        help_text="the series it is a season of (series/seasons: series_id)",
    )
    series_name = models.TextField(
        null=True, help_text="full name of the series; sponsors come and go in it (series/get: series_name)"
    )
    season_name = models.TextField(
        null=True, help_text="full name of the season; sponsors come and go in it (series/seasons: season_name)"
    )
    season_year = models.IntegerField(
        null=True, help_text="where the season began: year-long ones keep it to their end (series/seasons: season_year)"
    )
    season_quarter = models.IntegerField(
        null=True, help_text="1 to 4, where the season began (series/seasons: season_quarter)"
    )
    season_status = models.TextField(
        null=True, help_text="upcoming, running, ended or withdrawn, as of the last document"
    )
    season_missing_since = models.DateTimeField(
        null=True, help_text="since when the active seasons lack it though its last round is not over"
    )
    starts_at = models.DateTimeField(
        null=True, help_text="when the round's window opens (series/seasons: schedules[].start_date)"
    )
    ends_at = models.DateTimeField(
        null=True,
        help_text="when the last session is over, and never before week_ends_at; a week after its start where neither "
        "sessions nor week_ends_at are known (2022)",
    )
    layout = Reference(
        "SimLayout",
        models.DO_NOTHING,
        db_column="track_id",
        related_name="+",
        null=True,
        help_text="may move in mid-season, so it is no part of the key (series/seasons: schedules[].track.track_id)",
    )
    track_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    config_name = models.TextField(
        null=True, help_text="name of the layout; null where the track has one only (track/get: config_name)"
    )
    track = Reference(
        "SimTrack",
        models.DO_NOTHING,
        db_column="package_id",
        related_name="+",
        null=True,
        help_text="the track it belongs to; null in a stub (track/get: package_id)",
    )
    package_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    category = models.TextField(
        null=True,
        help_text="oval, dirt_oval, dirt_road, sports_car, formula_car; road of old where the series says no more",
    )
    license_group = models.IntegerField(
        null=True,
        help_text="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says "
        "who may race (series/seasons: license_group)",
    )
    official = models.BooleanField(
        null=True, help_text="whether its races count for iRating and safety rating (series/seasons: official)"
    )
    fixed_setup = models.BooleanField(
        null=True, help_text="whether all race with iRacing's setup (series/seasons: fixed_setup)"
    )
    multiclass = models.BooleanField(
        null=True, help_text="whether several classes race together (series/seasons: multiclass)"
    )
    driver_changes = models.BooleanField(null=True, help_text="true for team racing (series/seasons: driver_changes)")
    max_weeks = models.IntegerField(null=True, help_text="how many rounds the season has (series/seasons: max_weeks)")
    drops = models.IntegerField(null=True, help_text="weeks that do not count (series/seasons: drops)")
    race_laps = models.IntegerField(
        null=True, help_text="null where only time limits the race (series/seasons: schedules[].race_lap_limit)"
    )
    race_minutes = models.IntegerField(
        null=True, help_text="null where only laps limit the race (series/seasons: schedules[].race_time_limit)"
    )
    practice_minutes = models.IntegerField(
        null=True, help_text="minutes of practice (series/seasons: schedules[].practice_length)"
    )
    qualify_minutes = models.IntegerField(
        null=True, help_text="minutes of qualifying (series/seasons: schedules[].qualify_length)"
    )
    qualify_laps = models.IntegerField(
        null=True, help_text="null where only time limits it (series/seasons: schedules[].qualify_laps)"
    )
    warmup_minutes = models.IntegerField(
        null=True, help_text="minutes of warm-up (series/seasons: schedules[].warmup_length)"
    )
    session_minutes = models.IntegerField(
        null=True, help_text="the longest race of the round, in minutes from practice to the flag"
    )
    start_type = models.TextField(null=True, help_text="Rolling or Standing (series/seasons: schedules[].start_type)")
    precip_chance_pct = models.FloatField(
        null=True,
        help_text="0 to 100; with a forecast (2024-03 on) (series/seasons: "
        "schedules[].weather.weather_summary.precip_chance)",
    )
    temp_c = models.FloatField(
        null=True,
        help_text="the setting, null where there is a forecast: temp_low_c to temp_high_c (series/seasons: "
        "schedules[].weather.temp_value)",
    )
    temp_low_c = models.FloatField(
        null=True, help_text="lowest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_low)"
    )
    temp_high_c = models.FloatField(
        null=True, help_text="highest of the forecast (series/seasons: schedules[].weather.weather_summary.temp_high)"
    )
    simulated_start_at = LocalTimeField(
        null=True, help_text="local to the track (series/seasons: schedules[].weather.simulated_start_time)"
    )
    car_class_ids = ArrayField(
        models.IntegerField(), null=True, help_text="the classes of the round, in iRacing's order"
    )
    car_class_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")
    car_ids = ArrayField(models.IntegerField(), null=True, help_text="the cars that one may drive, by number")
    car_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("current_event")


class UpcomingSession(ReadOnlyRow):
    """The races that are to start."""

    pk = models.CompositePrimaryKey("event_id", "time_ordinal", "day_ordinal", "session_ordinal")
    event = models.ForeignKey(
        "Event",
        models.DO_NOTHING,
        related_name="+",
        help_text="season_id * 100 + race_week_num: one column for a foreign key or an address",
    )
    season = models.ForeignKey(
        "Season", models.DO_NOTHING, related_name="+", null=True, help_text="the season it is a round of"
    )
    race_week_num = models.IntegerField(
        null=True, help_text="0 is the first week (series/seasons: schedules[].race_week_num)"
    )
    series = models.ForeignKey(
        "Series",
        models.DO_NOTHING,
        related_name="+",
        null=True,
        help_text="the series it is a season of (series/seasons: series_id)",
    )
    series_name = models.TextField(
        null=True, help_text="full name of the series; sponsors come and go in it (series/get: series_name)"
    )
    season_name = models.TextField(
        null=True, help_text="full name of the season; sponsors come and go in it (series/seasons: season_name)"
    )
    season_year = models.IntegerField(
        null=True, help_text="where the season began: year-long ones keep it to their end (series/seasons: season_year)"
    )
    season_quarter = models.IntegerField(
        null=True, help_text="1 to 4, where the season began (series/seasons: season_quarter)"
    )
    season_status = models.TextField(
        null=True, help_text="upcoming, running, ended or withdrawn, as of the last document"
    )
    season_missing_since = models.DateTimeField(
        null=True, help_text="since when the active seasons lack it though its last round is not over"
    )
    event_starts_at = models.DateTimeField(
        null=True, help_text="when the round's window opens (series/seasons: schedules[].start_date)"
    )
    event_ends_at = models.DateTimeField(
        null=True,
        help_text="when the last session is over, and never before week_ends_at; a week after its start where neither "
        "sessions nor week_ends_at are known (2022)",
    )
    starts_at = models.DateTimeField(null=True, help_text="when the session starts")
    ends_at = models.DateTimeField(null=True, help_text="when it is over, as iRacing reckons")
    is_super_session = models.BooleanField(
        null=True,
        help_text="iRacing's mark for a session longer or larger than the others (series/seasons: "
        "schedules[].race_time_descriptors[].super_session)",
    )
    session_minutes = models.IntegerField(
        null=True,
        help_text="minutes from practice to the flag, as iRacing reckons (series/seasons: "
        "schedules[].race_time_descriptors[].session_minutes)",
    )
    layout = Reference(
        "SimLayout",
        models.DO_NOTHING,
        db_column="track_id",
        related_name="+",
        null=True,
        help_text="may move in mid-season, so it is no part of the key (series/seasons: schedules[].track.track_id)",
    )
    track_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    config_name = models.TextField(
        null=True, help_text="name of the layout; null where the track has one only (track/get: config_name)"
    )
    track = Reference(
        "SimTrack",
        models.DO_NOTHING,
        db_column="package_id",
        related_name="+",
        null=True,
        help_text="the track it belongs to; null in a stub (track/get: package_id)",
    )
    package_name = models.TextField(null=True, help_text="name of the track (track/get: track_name)")
    category = models.TextField(
        null=True,
        help_text="oval, dirt_oval, dirt_road, sports_car, formula_car; road of old where the series says no more",
    )
    license_group = models.IntegerField(
        null=True,
        help_text="1 rookie, 2 D, 3 C, 4 B, 5 A, 6 pro, 7 pro/WC; null where iRacing names none; series_license says "
        "who may race (series/seasons: license_group)",
    )
    official = models.BooleanField(
        null=True, help_text="whether its races count for iRating and safety rating (series/seasons: official)"
    )
    fixed_setup = models.BooleanField(
        null=True, help_text="whether all race with iRacing's setup (series/seasons: fixed_setup)"
    )
    multiclass = models.BooleanField(
        null=True, help_text="whether several classes race together (series/seasons: multiclass)"
    )
    driver_changes = models.BooleanField(null=True, help_text="true for team racing (series/seasons: driver_changes)")
    race_laps = models.IntegerField(
        null=True, help_text="null where only time limits the race (series/seasons: schedules[].race_lap_limit)"
    )
    race_minutes = models.IntegerField(
        null=True, help_text="null where only laps limit the race (series/seasons: schedules[].race_time_limit)"
    )
    car_class_ids = ArrayField(
        models.IntegerField(), null=True, help_text="the classes of the round, in iRacing's order"
    )
    car_class_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")
    car_ids = ArrayField(models.IntegerField(), null=True, help_text="the cars that one may drive, by number")
    car_names = ArrayField(models.TextField(), null=True, help_text="their names, in the same order")
    time_ordinal = models.IntegerField(help_text="0 is the first descriptor; those of qualifying come after the races'")
    day_ordinal = models.IntegerField(help_text="0 is the first day of the pattern, and what has set times")
    session_ordinal = models.IntegerField(help_text="0 is the first session of the day, or of the set times")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("upcoming_session")


class SyncStatus(ReadOnlyRow):
    """The last run, and what is not explained: one row."""

    run = models.OneToOneField(
        "SyncRun",
        models.DO_NOTHING,
        related_name="+",
        primary_key=True,
        help_text="names the run, in the log and in the sessions of the database too",
    )
    started_at = models.DateTimeField(null=True, help_text="when it began")
    finished_at = models.DateTimeField(
        null=True, help_text="when it ended; null while it runs, or where it was aborted"
    )
    status = models.TextField(
        null=True, help_text="running, ok, partial, failed, or aborted where its process ended without a word"
    )
    exit_code = models.IntegerField(null=True, help_text="as the process ended")
    warnings = models.JSONField(null=True, help_text="what it said beside its result")
    last_good_at = models.DateTimeField(null=True, help_text="when the last run began that ended ok")
    active_seasons = models.BigIntegerField(null=True, help_text="how many seasons are raced at present")
    stub_layouts = models.BigIntegerField(null=True, help_text="how many layouts track/get does not explain")
    stub_cars = models.BigIntegerField(null=True, help_text="how many cars car/get does not explain")
    stub_car_classes = models.BigIntegerField(null=True, help_text="how many classes carclass/get does not explain")

    class Meta(ReadOnlyRow.Meta):
        db_table = in_schema("sync_status")
        verbose_name_plural = "sync statuses"


# [[[end]]]
