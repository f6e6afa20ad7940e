// What the picked series need, what of it is there, and the cheapest way to enough weeks.

// The seasons that one wants to race: those of the favourites, and those of which a round is picked.
function wantedSeasons() {
  const picked = new Set([...state.picks].map((pick) => pick.split(".")[0]));
  return Object.entries(PAGE.seasons)
    .filter(([id, season]) => picked.has(id) || state.favourites.has(String(season.series)))
    .map(([, season]) => season);
}

function drawBuy() {
  const seasons = wantedSeasons();
  const goals = seasons.map(goalOf);
  const owned = ownedWithFree(state.owned);
  const prices = pricesForSale();
  byId("buy-none").hidden = seasons.length > 0;
  const purchase = cheapest(goals, prices, owned);
  const needed = new Set(goals.flatMap((goal) => goal.weeks.flatMap((week) => [week.track, ...week.cars])));
  const rows = [...needed].map((key) => packageRow(key, goals, owned, purchase)).sort(firstToBuy);
  replaceChildren(byId("buy-goals"), seasons.map((season, index) => goalLine(season, goals[index], owned)));
  byId("buy-total").textContent = seasons.length ? totalInWords(purchase, prices) : "";
  replaceChildren(byId("buy-list"), seasons.length ? [buyHead(), make("tbody", {}, ...rows.map(packageLine))] : []);
}

function goalLine(season, goal, owned) {
  const reached = goal.least - lackingWeeks(goal, owned);
  return make("li", {}, make("bdi", {}, season.name), ` (${variantName(season)}): ${goal.least} of ${howMany(goal.weeks.length, "week")} count, ${reached} of them owned`);
}

// A package: `weeks` in which it is of use, `adds` how many of them hang on it where the purchase is made.
function packageRow(key, goals, owned, purchase) {
  const known = PAGE.packages[key];
  const served = (have) => goals.reduce((sum, goal) => sum + goal.weeks.filter((week) => isServed(week, have)).length, 0);
  const isOwned = owned.has(key);
  const bought = new Set([...owned, ...(purchase.packages ?? [])]);
  return {
    key,
    name: packageName(key),
    kind: kindOf(key),
    weeks: servedBy(key, goals).size,
    adds: isOwned ? 0 : served(new Set([...bought, key])) - served(new Set([...bought].filter((one) => one !== key))),
    cents: known?.cents ?? null,
    isFree: Boolean(known?.free),
    isOwned,
    isBought: purchase.packages?.has(key) ?? false,
  };
}

function firstToBuy(a, b) {
  return b.isBought - a.isBought || a.isOwned - b.isOwned || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) || b.weeks - a.weeks || a.name.localeCompare(b.name);
}

function dollars(cents) {
  return (cents / 100).toFixed(2);
}

function totalInWords(purchase, prices) {
  if (!purchase.packages) return "No purchase reaches that: something that the weeks need is not for sale.";
  if (!purchase.packages.size) return "Nothing is missing: enough weeks can be raced with what is owned.";
  const least = purchase.isCheapest ? "The cheapest way" : "A cheap way, perhaps not the cheapest";
  const cost = dollars(costOf(purchase.packages, prices));
  return `${least}: ${howMany(purchase.packages.size, "package")}, ${cost} USD (list prices, without iRacing's discounts).`;
}

function buyHead() {
  const titles = ["", "Kind", "Name", "Weeks", "Adds", "US price"];
  return make("thead", {}, make("tr", {}, ...titles.map((title, index) => make(index ? "th" : "td", index ? { scope: "col" } : {}, title))));
}

function packageLine(row) {
  const [word, shape] = row.isFree ? ["free", "●"] : row.isOwned ? ["owned", "●"] : row.isBought ? ["buy", "▶"] : ["missing", "○"];
  const price = row.isFree ? "free" : row.cents === null ? "not sold" : dollars(row.cents);
  return make(
    "tr",
    { class: row.isBought ? "buy" : null },
    make("td", { class: `holding ${word}` }, `${shape} ${word}`),
    make("td", {}, row.kind),
    make("th", { scope: "row" }, PAGE.packages[row.key] ? ownControl(row.key) : row.name),
    make("td", { class: "figure" }, row.weeks),
    make("td", { class: "figure" }, row.adds ? `+${row.adds}` : ""),
    make("td", { class: "figure" }, price),
  );
}
