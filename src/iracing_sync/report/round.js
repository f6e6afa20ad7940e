// A round whole: when it is raced, its weather, cars, restrictions, and what changed.

function openRound(slot, row) {
  const { main, entries } = slot;
  const layout = layoutOf(main);
  const dialog = byId("round");
  const parts = [
    make("h2", { id: "round-title" }, make("bdi", {}, layout.name)),
    make("p", { class: "under" }, make("bdi", {}, row.name), `, round ${slot.number + 1} of ${row.slots.length}`),
    make("p", {}, `${weekdayUtc(main.starts)} to ${weekdayUtc(lastStart(main))} (UTC)`),
    ownershipLine(main),
    ...entries.map((entry) => entryElement(entry, entries.length > 1)),
  ];
  replaceChildren(byId("round-body"), parts);
  dialog.showModal();
}

function ownershipLine(round) {
  const keys = [...new Set([layoutOf(round).package, ...round.carPackages.map((number) => `car-${number}`)])];
  const line = make("fieldset", { class: "owning" }, make("legend", {}, "What you own"));
  for (const key of keys.filter((one) => one && PAGE.packages[one])) line.append(ownControl(key));
  return line;
}

// Whether one owns a package, to be changed; of what is free nothing can be changed.
function ownControl(key) {
  const known = PAGE.packages[key];
  if (known.free) return make("span", { class: "own" }, "● ", make("bdi", {}, known.name), " (free)");
  const box = make("input", { type: "checkbox", onchange: () => { toggle(state.owned, key); changed({}); } });
  box.checked = state.owned.has(key);
  return make("label", { class: "own" }, box, " ", make("bdi", {}, known.name));
}

function entryElement(entry, isOneOfSeveral) {
  const { season, round } = entry;
  const box = make("input", { type: "checkbox", onchange: () => { toggle(state.picks, pickOf(season, round)); changed({}); } });
  box.checked = state.picks.has(pickOf(season, round));
  return make(
    "section",
    {},
    isOneOfSeveral ? make("h3", {}, make("bdi", {}, season.name)) : null,
    make("p", {}, make("label", { class: "picking" }, box, " in my season")),
    make("dl", {}, ...facts(season, round).flatMap(([name, said]) => [make("dt", {}, name), make("dd", {}, ...said)])),
  );
}

function facts(season, round) {
  const now = present();
  const listed = (lines) => [make("ul", {}, ...lines.map((line) => make("li", {}, line)))];
  const upcoming = nextSessions(round, now, 6);
  const sessions = [
    round.length,
    round.start ? `${round.start.toLowerCase()} start` : "",
    round.practice ? `practice ${round.practice} min` : "",
    round.qualify ? `qualifying ${round.qualify} min` : "",
  ];
  const rows = [["Race", [sessions.filter(Boolean).join(", ") || "not known"]]];
  if (round.times.length) rows.push(["Starts", listed(round.times.map(timeInWords))]);
  if (upcoming.length) {
    rows.push([`Next, ${ZONE}`, [upcoming.map(momentHere).join("; ")]]);
    rows.push(["Next, UTC", [upcoming.map(momentUtc).join("; ")]]);
  }
  rows.push(["Weather", [weatherInWords(round)]]);
  rows.push(["Licence", [`${season.license}, ${season.official ? "official" : "unofficial"}, ${season.fixed ? "fixed" : "open"} setups`]]);
  rows.push(["Cars", listed(carLines(round))]);
  if (round.restrictions.length) rows.push(["Restrictions", listed(round.restrictions)]);
  if (season.incidents) rows.push(["Incidents", [`${season.incidents} at most`]]);
  const history = historyOf(season, round);
  rows.push(["Changes", history.length ? listed(history) : ["none that is known"]]);
  return rows;
}

function weatherInWords(round) {
  const night = round.night === "night" ? "raced at night" : round.night ? "raced into the night" : "";
  const local = round.local ? `at the track it is ${round.local} as the session begins` : "";
  return [round.weather, night, local].filter(Boolean).join("; ") || "not known";
}

// A line a class with its cars, of what is driven in this round.
function carLines(round) {
  const left = new Set(round.cars);
  const lines = [];
  for (const id of round.classes) {
    const known = PAGE.classes[id];
    const cars = (known?.cars ?? []).filter((car) => left.has(car));
    if (!cars.length) continue;
    cars.forEach((car) => left.delete(car));
    const names = cars.map(carName).join(", ");
    lines.push(names === known.name ? names : `${known.name}: ${names}`);
  }
  if (left.size) lines.push([...left].map(carName).join(", "));
  return lines.length ? lines : ["not known"];
}

function carName(id) {
  return PAGE.cars[id]?.name ?? `car ${id}`;
}

function historyOf(season, round) {
  return PAGE.changes.flatMap((moment) =>
    moment.seasons
      .flatMap((one) => one.changes)
      .filter((change) => change.season === season.id && change.rounds.includes(round.number))
      .map((change) => `${dateUtc(moment.at)}: ${change.said}`),
  );
}
