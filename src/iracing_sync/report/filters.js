// Which rounds are shown: a test for each filter, and which filter leaves nothing.

const SHORT_RACE = 30;
const LONG_RACE = 60;

const LENGTHS = {
  short: (minutes) => minutes !== null && minutes <= SHORT_RACE,
  middle: (minutes) => minutes > SHORT_RACE && minutes <= LONG_RACE,
  long: (minutes) => minutes > LONG_RACE,
};

// By the name of a filter: whether it is set, what it is called, and whether a round of a season fits.
const FILTERS = {
  categories: {
    isSet: () => state.categories.size > 0,
    called: () => `category ${[...state.categories].map(categoryName).join(", ")}`,
    fits: (season) => state.categories.has(season.category),
  },
  license: {
    isSet: () => state.license !== "",
    called: () => `licence ${byId("license").selectedOptions[0]?.textContent}`,
    fits: (season) => season.group <= Number(state.license),
  },
  official: {
    isSet: () => state.official !== "",
    called: () => (state.official === "yes" ? "official only" : "unofficial only"),
    fits: (season) => season.official === (state.official === "yes"),
  },
  setup: {
    isSet: () => state.setup !== "",
    called: () => `${state.setup} setups`,
    fits: (season) => season.fixed === (state.setup === "fixed"),
  },
  length: {
    isSet: () => state.length !== "",
    called: () => `length ${byId("length").selectedOptions[0]?.textContent}`,
    fits: (_season, round) => LENGTHS[state.length](round.takes),
  },
  rain: {
    isSet: () => state.rain !== "",
    called: () => (state.rain === "rain" ? "rain possible" : "dry"),
    fits: (_season, round) => (round.rain ?? 0) > 0 === (state.rain === "rain"),
  },
  content: {
    isSet: () => state.content !== "",
    called: () => "all content owned",
    fits: (_season, round) => isServed(weekOf(round), ownedNow),
  },
  search: {
    isSet: () => state.search.trim() !== "",
    called: () => `search “${state.search.trim()}”`,
    fits: (season, round) => searchWords.every((word) => textOf(season, round).includes(word)),
  },
};

const SEASON_FILTERS = ["categories", "license", "official", "setup"];

let ownedNow = new Set();
let searchWords = [];

function prepareFilters() {
  ownedNow = ownedWithFree(state.owned);
  searchWords = plainLetters(state.search).split(/\s+/).filter(Boolean);
}

// Small letters without accents, so that "nurburg" finds the Nürburgring.
function plainLetters(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const texts = new Map();

function textOf(season, round) {
  if (!texts.has(round)) {
    const cars = round.cars.map((id) => PAGE.cars[id]?.name ?? "");
    texts.set(round, plainLetters([season.name, season.season, layoutOf(round).name, ...cars].join(" ")));
  }
  return texts.get(round);
}

function weekOf(round) {
  return {
    track: layoutOf(round).package ?? `layout-${round.layout}`,
    cars: round.carPackages.map((number) => `car-${number}`),
  };
}

function filtersThatAreSet() {
  return Object.keys(FILTERS).filter((name) => FILTERS[name].isSet());
}

function roundFits(season, round, names) {
  return names.every((name) => FILTERS[name].fits(season, round));
}

function seasonFits(season, names) {
  return names.every((name) => !SEASON_FILTERS.includes(name) || FILTERS[name].fits(season));
}

// How many rows would be left with all but one of the filters, for each of them.
function rowsWithout(rows, names) {
  return names.map((left) => {
    const others = names.filter((name) => name !== left);
    const number = rows.filter((row) => row.entries.some(({ season, round }) => roundFits(season, round, others))).length;
    return { name: left, number };
  });
}

function loosen(name) {
  if (name === "categories") state.categories.clear();
  else state[name] = "";
}
