// The grid: series by weeks, or weeks by series. A row is a series with its variants, a cell the rounds of a week.

// The weeks of the quarter, or of all seasons in it, by their starts.
function weeksShown() {
  const { starts, ends } = PAGE.quarter;
  let [first, last] = [0, Math.round((ends - starts) / WEEK) - 1];
  if (state.beyond) {
    for (const season of Object.values(PAGE.seasons)) {
      for (const round of season.rounds) {
        if (round.starts === null) continue;
        first = Math.min(first, weekIndex(round.starts));
        last = Math.max(last, weekIndex(lastStart(round)));
      }
    }
  }
  const weeks = [];
  for (let week = first; week <= last; week += 1) weeks.push(week);
  const now = present();
  return state.hidePast ? weeks.filter((week) => weekStart(week + 1) > now) : weeks;
}

function weekIndex(seconds) {
  return Math.floor((seconds - PAGE.quarter.starts) / WEEK);
}

function weekStart(week) {
  return PAGE.quarter.starts + week * WEEK;
}

// When the last session of a round starts: it may end in the week after.
function lastStart(round) {
  return Math.max(round.starts, round.event ? round.event[1] : round.ends - 1);
}

// The rows in their order, favourites first: each with its seasons, all its rounds, and slots by week.
function rowsShown() {
  const plain = state.split
    ? PAGE.rows.flatMap((row) => row.seasons.map((id) => ({ name: PAGE.seasons[id].name, seasons: [id] })))
    : PAGE.rows;
  const rows = plain.map((row) => rowOf(row.name, row.seasons));
  return [...rows.filter((row) => row.isFavourite), ...rows.filter((row) => !row.isFavourite)];
}

function rowOf(name, ids) {
  const seasons = ids.map((id) => ({ id, ...PAGE.seasons[id] }));
  const slots = seasons[0].rounds.map((main, index) => ({
    number: main.number,
    main,
    entries: seasons
      .map((season) => ({ season, round: season.rounds[index] }))
      .filter((entry) => entry.round !== undefined),
  }));
  return {
    name,
    seasons,
    slots,
    entries: slots.flatMap((slot) => slot.entries),
    isFavourite: seasons.some((season) => state.favourites.has(String(season.series))),
    carsChange: seasons.some(
      (season) => new Set(season.rounds.map((round) => round.cars.join(" "))).size > 1,
    ),
  };
}

// The slots of a row under the weeks that are shown: what begins in a week, and how many weeks it takes.
function placed(row, weeks) {
  const cells = weeks.map(() => ({ slots: [], weeks: 1 }));
  for (const slot of row.slots) {
    if (slot.main.starts === null) continue;
    const [from, until] = [weekIndex(slot.main.starts), weekIndex(lastStart(slot.main))];
    const first = weeks.findIndex((week) => week >= from && week <= until);
    if (first < 0) continue;
    const last = weeks.findLastIndex((week) => week <= until);
    cells[first].slots.push(slot);
    cells[first].weeks = Math.max(cells[first].weeks, last - first + 1);
  }
  for (let at = 0; at < cells.length; at += 1) {
    for (let over = 1; over < cells[at].weeks; over += 1) {
      if (at + over >= cells.length || cells[at + over].slots.length) cells[at].weeks = over;
      else cells[at + over].isCovered = true;
    }
  }
  return cells;
}

// A word for what one variant has and another has not, such as rain.
function ofVariants(entries, said) {
  const words = entries.map(said);
  const distinct = [...new Set(words)];
  if (distinct.length === 1) return distinct[0];
  return distinct
    .filter(Boolean)
    .map((word) => {
      const having = entries.filter((_, index) => words[index] === word);
      return `${word} (${[...new Set(having.map(({ season }) => variantName(season)))].join(", ")})`;
    })
    .join(", ");
}

function variantName(season) {
  return `${season.license} ${season.fixed ? "fixed" : "open"}`;
}

function lengthsOf(entries) {
  const said = [...new Set(entries.map(({ round }) => round.length).filter(Boolean))];
  const units = new Set(said.map((one) => one.split(" ")[1]));
  if (said.length > 1 && units.size === 1) return `${said.map((one) => one.split(" ")[0]).join("/")} ${[...units][0]}`;
  return said.join("/");
}

function rainOf({ round }) {
  return round.rain ? `rain\u00a0${round.rain}\u00a0%` : "";
}

function nightOf(entries) {
  const words = entries.map(({ round }) => round.night ?? "");
  return words.every((word) => word === words[0]) ? words[0] : "partly night";
}

function worded(said, kind) {
  return said ? [make("span", { class: kind }, said)] : [];
}

function carsInShort(round) {
  const cars = round.cars.map((id) => PAGE.cars[id]?.short ?? PAGE.cars[id]?.name ?? `car ${id}`);
  const classes = round.classes.map((id) => PAGE.classes[id]?.name ?? `class ${id}`);
  return (cars.length > 3 && classes.length ? classes : cars).join(", ");
}

// What stood in a round before, of its track or length.
function formerValue(entries, fields) {
  for (const moment of PAGE.changes) {
    for (const change of moment.seasons.flatMap((season) => season.changes)) {
      if (change.was === undefined || !fields.includes(change.field)) continue;
      if (entries.some(({ season, round }) => season.id === change.season && change.rounds.includes(round.number))) {
        return change.was;
      }
    }
  }
  return null;
}

const changedRounds = new Set(
  PAGE.changes.flatMap((moment) =>
    moment.seasons.flatMap((season) =>
      season.changes.filter((one) => one.severity !== "low").flatMap((one) => one.rounds.map((n) => `${one.season}.${n}`)),
    ),
  ),
);

function hasChanged(entries) {
  return entries.some(({ season, round }) => changedRounds.has(pickOf(season, round)));
}

function pickOf(season, round) {
  return `${season.id}.${round.number}`;
}

function before(was) {
  return was === null ? null : make("span", { class: "was" }, make("s", {}, was), " → ");
}

function slotElement(slot, row) {
  const { main, entries } = slot;
  const layout = layoutOf(main);
  const isChanged = hasChanged(entries);
  const first = Math.min(...entries.map(({ round }) => round.starts));
  const starts = first % WEEK === PAGE.quarter.starts % WEEK ? "" : weekdayUtc(first);
  const open = make(
    "button",
    { type: "button", class: "open go", tabindex: "-1", onclick: () => openRound(slot, row) },
    starts ? make("span", { class: "from" }, starts) : null,
    make("span", { class: "track" }, isChanged ? before(formerValue(entries, ["track_id"])) : null, layout.track),
    layout.config ? make("span", { class: "config" }, layout.config) : null,
    make(
      "span",
      { class: "facts" },
      isChanged ? before(formerValue(entries, ["race_laps", "race_minutes"])) : null,
      make("span", {}, lengthsOf(entries)),
      ...worded(ofVariants(entries, rainOf), "rain"),
      ...worded(nightOf(entries), "night"),
      isChanged ? make("span", { class: "changed" }, "changed") : null,
    ),
    row.carsChange ? make("span", { class: "cars" }, carsInShort(main)) : null,
  );
  const pick = make("button", { type: "button", class: "pick go", tabindex: "-1", onclick: () => pickSlot(slot) });
  const element = make("div", { class: "slot" }, open, pick);
  slot.element = element;
  slot.pick = pick;
  showPick(slot);
  return element;
}

// Which rounds a click on the mark of a cell picks: those of the favourite variants, else of the first.
function pickedBy(slot) {
  const favourites = slot.entries.filter(({ season }) => state.favourites.has(String(season.series)));
  return favourites.length ? favourites : slot.entries.slice(0, 1);
}

function showPick(slot) {
  const isPicked = slot.entries.some(({ season, round }) => state.picks.has(pickOf(season, round)));
  slot.element.classList.toggle("picked", isPicked);
  slot.pick.setAttribute("aria-pressed", String(isPicked));
  const names = pickedBy(slot).map(({ season }) => season.name);
  slot.pick.setAttribute("aria-label", `Pick ${names.join(", ")}, week ${slot.number + 1}`);
  slot.pick.textContent = isPicked ? "✓" : "+";
}

function pickSlot(slot) {
  const picked = slot.entries.map(({ season, round }) => pickOf(season, round)).filter((pick) => state.picks.has(pick));
  if (picked.length) picked.forEach((pick) => state.picks.delete(pick));
  else pickedBy(slot).forEach(({ season, round }) => state.picks.add(pickOf(season, round)));
  showPick(slot);
  changed({ isPick: true });
}

function rowHeader(row, scope) {
  const badges = row.seasons.map((season) => variantBadge(season));
  const all = make("button", { type: "button", class: "all go", tabindex: "-1", onclick: () => pickRow(row) }, "all");
  row.badges = badges;
  row.all = all;
  showAll(row);
  return make("th", { scope, class: "series" }, make("bdi", { title: row.name }, row.name), make("span", { class: "variants" }, ...badges, all));
}

function variantBadge(season) {
  const isFavourite = state.favourites.has(String(season.series));
  const traits = [variantName(season), season.official ? "" : "unofficial", season.teams ? "teams" : ""].filter(Boolean);
  return make(
    "button",
    {
      type: "button",
      class: "star go",
      tabindex: "-1",
      "aria-pressed": String(isFavourite),
      "aria-label": `Favourite: ${season.name}, ${traits.join(", ")}`,
      title: season.name,
      onclick: () => {
        toggle(state.favourites, String(season.series));
        changed({ focus: `[data-series="${season.series}"]` });
      },
      "data-series": season.series,
    },
    `${isFavourite ? "★" : "☆"} ${traits.join(" ")}`,
  );
}

function pickRow(row) {
  const picks = row.slots.flatMap((slot) => pickedBy(slot).map(({ season, round }) => pickOf(season, round)));
  const isAll = picks.every((pick) => state.picks.has(pick));
  picks.forEach((pick) => (isAll ? state.picks.delete(pick) : state.picks.add(pick)));
  row.slots.filter((slot) => slot.element).forEach(showPick);
  showAll(row);
  changed({ isPick: true });
}

function showAll(row) {
  const isAll = row.slots.every((slot) => slot.entries.some(({ season, round }) => state.picks.has(pickOf(season, round))));
  row.all.setAttribute("aria-pressed", String(isAll));
  row.all.setAttribute("aria-label", `Pick all rounds: ${row.name}`);
  row.all.textContent = isAll ? "✓ all" : "+ all";
}

function weekHeader(week, now, scope) {
  const [starts, ends] = [weekStart(week), weekStart(week + 1)];
  const isNow = starts <= now && now < ends;
  const within = week >= 0 && ends <= PAGE.quarter.ends;
  return make(
    "th",
    { scope, class: `week${isNow ? " now" : ""}${ends <= now ? " past" : ""}`, "aria-current": isNow ? "date" : null },
    make("span", { class: "date" }, dayUtc(starts)),
    make("span", { class: "number" }, isNow ? "this week" : within ? `week ${week + 1}` : "beyond"),
  );
}

function cellElement(cell, row, isNow, spans) {
  const name = state.swapped ? "rowspan" : "colspan";
  const element = make(
    "td",
    { class: isNow ? "now" : null, ...(spans > 1 ? { [name]: spans } : {}) },
    ...cell.slots.map((slot) => slotElement(slot, row)),
  );
  return element;
}

let grid = { rows: [], weeks: [], groups: [] };

// Build the whole table anew.
function drawGrid() {
  const weeks = weeksShown();
  const every = rowsShown();
  every.forEach((row) => (row.cells = placed(row, weeks)));
  const rows = every.filter((row) => row.cells.some((cell) => cell.slots.length));
  const now = present();
  const isNow = weeks.map((week) => weekStart(week) <= now && now < weekStart(week + 1));
  for (const row of rows) {
    row.cells.forEach((cell, index) => {
      if (!cell.isCovered) cell.element = cellElement(cell, row, isNow[index], cell.weeks);
    });
  }
  const groups = groupsOf(rows);
  grid = { rows, weeks, groups };
  const table = byId("grid");
  table.classList.toggle("swapped", state.swapped);
  table.style.setProperty("--columns", state.swapped ? rows.length : weeks.length);
  const caption = make("caption", {}, `${PAGE.quarter.name}: ${state.swapped ? "weeks down, series across" : "series down, weeks across"}`);
  const parts = state.swapped ? swappedParts(groups, weeks, now) : plainParts(groups, weeks, now);
  table.replaceChildren(caption, ...parts);
  applyFilters();
}

function groupName(row) {
  return row.isFavourite ? "Favourites" : categoryName(row.seasons[0].category);
}

// The rows that stand together under one heading.
function groupsOf(rows) {
  const groups = [];
  for (const row of rows) {
    const name = groupName(row);
    if (groups.at(-1)?.name !== name) groups.push({ name, rows: [] });
    groups.at(-1).rows.push(row);
  }
  return groups;
}

function groupHeading(group, scope, columns) {
  return make("th", { scope, colspan: columns, class: "group" }, make("span", {}, group.name));
}

function plainParts(groups, weeks, now) {
  const corner = make("th", { scope: "col", class: "corner" }, "Series");
  const head = make("thead", {}, make("tr", {}, corner, ...weeks.map((week) => weekHeader(week, now, "col"))));
  for (const group of groups) {
    for (const row of group.rows) {
      row.element = make("tr", {}, rowHeader(row, "row"), ...row.cells.map((cell) => cell.element).filter(Boolean));
    }
    const heading = make("tr", {}, groupHeading(group, "rowgroup", weeks.length + 1));
    group.element = make("tbody", {}, heading, ...group.rows.map((row) => row.element));
  }
  return [head, ...groups.map((group) => group.element)];
}

function swappedParts(groups, weeks, now) {
  const rows = groups.flatMap((group) => group.rows);
  const corner = make("th", { scope: "col", rowspan: 2, class: "corner" }, "Week");
  rows.forEach((row) => (row.header = rowHeader(row, "col")));
  groups.forEach((group) => (group.element = groupHeading(group, "colgroup", group.rows.length)));
  const lines = weeks.map((week, index) =>
    make("tr", {}, weekHeader(week, now, "row"), ...rows.map((row) => row.cells[index].element).filter(Boolean)),
  );
  const head = [
    make("tr", { class: "groups" }, corner, ...groups.map((group) => group.element)),
    make("tr", {}, ...rows.map((row) => row.header)),
  ];
  return [make("thead", {}, ...head), make("tbody", {}, ...lines)];
}

// Hide what the filters leave out: rows of which no round fits, and what is in the other cells.
function applyFilters() {
  prepareFilters();
  const names = filtersThatAreSet();
  let shown = 0;
  for (const row of grid.rows) {
    let isShown = names.length === 0;
    for (const slot of row.slots) {
      const fits = slot.entries.some(({ season, round }) => roundFits(season, round, names));
      isShown ||= fits;
      slot.element?.classList.toggle("off", !fits);
    }
    row.seasons.forEach((season, index) => (row.badges[index].hidden = !seasonFits(season, names)));
    row.isShown = isShown;
    shown += isShown;
    if (state.swapped) [row.header, ...row.cells.map((cell) => cell.element)].forEach((cell) => cell && (cell.hidden = !isShown));
    else row.element.hidden = !isShown;
  }
  for (const group of grid.groups) {
    const number = group.rows.filter((row) => row.isShown).length;
    group.element.hidden = number === 0;
    if (state.swapped) group.element.colSpan = Math.max(number, 1);
  }
  if (state.swapped) byId("grid").style.setProperty("--columns", shown);
  byId("count").textContent = `${shown} of ${grid.rows.length} rows`;
  showEmpty(shown, names);
  giveTabStop(firstStop());
}

function showEmpty(shown, names) {
  const empty = byId("empty");
  empty.hidden = shown > 0;
  byId("scroll").hidden = shown === 0;
  if (shown > 0) return;
  const without = rowsWithout(grid.rows, names);
  const helpful = without.filter((one) => one.number > 0);
  const buttons = (helpful.length ? helpful : without.map((one) => ({ ...one, number: null }))).map(({ name, number }) =>
    make(
      "button",
      { type: "button", onclick: () => { loosen(name); changed({ isFilter: true, showControls: true }); } },
      `without ${FILTERS[name].called()}${number === null ? "" : `: ${howMany(number, "row")}`}`,
    ),
  );
  const said = helpful.length ? "No round fits all filters. Loosen one:" : "No round fits, and no single filter is the cause. Loosen several:";
  empty.replaceChildren(make("p", {}, said), ...buttons);
}

let tabStop = null;

// One of the buttons in the grid can be reached by Tab, the others from there by the arrow keys.
function giveTabStop(button) {
  tabStop?.setAttribute("tabindex", "-1");
  tabStop = button;
  tabStop?.setAttribute("tabindex", "0");
}

// What can be reached first: the first variant of the first row that is shown.
function firstStop() {
  const row = grid.rows.find((one) => one.isShown);
  return row && (row.badges.find((badge) => !badge.hidden) ?? row.all);
}

function isReachable(button) {
  return !button.hidden && button.checkVisibility();
}

// Go through the grid by the arrow keys: along a row button by button, to the row above or below at the same place.
function moveInGrid(event) {
  const button = event.target.closest?.(".go");
  if (!button) return;
  const line = button.closest("tr");
  const inLine = (one) => [...one.querySelectorAll(".go")].filter(isReachable);
  const along = inLine(line);
  let target = null;
  if (event.key === "ArrowRight") target = along[along.indexOf(button) + 1];
  else if (event.key === "ArrowLeft") target = along[along.indexOf(button) - 1];
  else if (event.key === "Home") target = along[0];
  else if (event.key === "End") target = along.at(-1);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") target = nearestInNextLine(button, line, event.key === "ArrowDown", inLine);
  else if (event.key === "p" && button.classList.contains("open")) button.nextElementSibling.click();
  else return;
  event.preventDefault();
  if (!target) return;
  giveTabStop(target);
  target.focus();
}

function nearestInNextLine(button, line, isDown, inLine) {
  const lines = [...byId("grid").querySelectorAll("tr")].filter((one) => one.checkVisibility() && inLine(one).length);
  const next = lines[lines.indexOf(line) + (isDown ? 1 : -1)];
  if (!next) return null;
  const middle = (one) => one.getBoundingClientRect().x + one.getBoundingClientRect().width / 2;
  const from = middle(button);
  const alike = inLine(next).filter((one) => one.classList.contains("open") === button.classList.contains("open"));
  const choice = alike.length ? alike : inLine(next);
  return choice.reduce((best, one) => (Math.abs(middle(one) - from) < Math.abs(middle(best) - from) ? one : best));
}
