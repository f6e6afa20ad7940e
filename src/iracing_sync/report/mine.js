// The lists of my season: this week, and all weeks with what is picked in them.

// Every picked round, by its start.
function pickedRounds() {
  const found = [];
  for (const [id, held] of Object.entries(PAGE.seasons)) {
    const season = { id: Number(id), ...held };
    for (const round of season.rounds) {
      if (round.starts !== null && state.picks.has(pickOf(season, round))) found.push({ season, round });
    }
  }
  return found.sort((a, b) => a.round.starts - b.round.starts || a.season.name.localeCompare(b.season.name));
}

// What runs this week of the favourites and of what is picked.
function roundsOfThisWeek(now) {
  const found = [];
  for (const [id, held] of Object.entries(PAGE.seasons)) {
    const season = { id: Number(id), ...held };
    const isFavourite = state.favourites.has(String(season.series));
    for (const round of season.rounds) {
      if (round.starts === null || weekIndex(round.starts) > weekIndex(now) || weekIndex(lastStart(round)) < weekIndex(now)) continue;
      if (isFavourite || state.picks.has(pickOf(season, round))) found.push({ season, round });
    }
  }
  return found.sort((a, b) => (nextSessions(a.round, now, 1)[0] ?? Infinity) - (nextSessions(b.round, now, 1)[0] ?? Infinity));
}

function roundLine({ season, round }, now) {
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("bdi", {}, season.name)),
    make("td", {}, variantName(season)),
    make("td", {}, make("bdi", {}, layoutOf(round).name)),
    make("td", {}, round.length),
    make("td", {}, [rainOf({ round }), round.night ?? ""].filter(Boolean).join(", ")),
    make("td", {}, timesInShort(round, now)),
    make("td", {}, ownedInWords(round)),
  );
}

// Whether one can race in a round, by shape and word.
function ownedInWords(round) {
  const owned = ownedWithFree(state.owned);
  const week = weekOf(round);
  if (isServed(week, owned)) return "● owned";
  const lacks = [owned.has(week.track) ? "" : "track", week.cars.some((car) => owned.has(car)) ? "" : "car"];
  return `○ missing: ${lacks.filter(Boolean).join(" and ")}`;
}

function listHead() {
  const titles = ["Series", "Lic.", "Track", "Length", "Weather", `Races, ${ZONE}`, "Content"];
  return make("thead", {}, make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title))));
}

function drawWeek() {
  const now = present();
  const start = weekStart(weekIndex(now));
  const rounds = roundsOfThisWeek(now);
  byId("week-title").textContent = `This week, from ${weekdayUtc(start)}`;
  byId("week-none").hidden = rounds.length > 0;
  replaceChildren(byId("week-list"), rounds.length ? [listHead(), make("tbody", {}, ...rounds.map((one) => roundLine(one, now)))] : []);
}

function drawMine() {
  const now = present();
  const rounds = pickedRounds();
  const bodies = [];
  let week = null;
  for (const one of rounds) {
    const index = weekIndex(one.round.starts);
    if (index !== week) {
      week = index;
      const label = `${weekdayUtc(weekStart(index))}${weekStart(index) <= now && now < weekStart(index + 1) ? ", this week" : ""}`;
      bodies.push(make("tbody", {}, make("tr", {}, make("th", { scope: "rowgroup", colspan: 7, class: "group" }, label))));
    }
    bodies.at(-1).append(roundLine(one, now));
  }
  byId("mine-none").hidden = rounds.length > 0;
  byId("take-ics").disabled = pickedEvents(state.picks).length === 0;
  replaceChildren(byId("mine-list"), rounds.length ? [listHead(), ...bodies] : []);
}

function takeIcs() {
  const events = pickedEvents(state.picks);
  download("my-season.ics", "text/calendar", calendarText(events));
  say(`${howMany(events.length, "round")} written to my-season.ics`);
}

function saveFile() {
  download("my-season.json", "application/json", `${JSON.stringify(stateObject(), null, 1)}\n`);
}

async function loadFile(event) {
  const [file] = event.target.files;
  try {
    const given = JSON.parse(await file.text());
    if (!isSaved(given)) throw new TypeError("another file");
    takeOver(given);
    say(`${file.name} is loaded`);
  } catch {
    say(`${file.name} is no file of this page`);
  }
  event.target.value = "";
  changed({ showControls: true });
}

function takeLink(event) {
  event.preventDefault();
  const said = takeTransfer(byId("transfer").value.trim());
  say(said || "This is no link of my-racing-planner: it has myCars, myTracks or favoriteSeries in it");
  if (said) changed({});
}
