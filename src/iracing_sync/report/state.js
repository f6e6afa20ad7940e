// What the reader chose: kept in the browser, in the address, and in a file.

const STORED_AS = "iracing-sync season";
const CHOICES = ["search", "license", "official", "setup", "length", "rain", "content"];
const SWITCHES = ["split", "swapped", "hidePast", "beyond"];
const VIEWS = ["grid", "week", "mine", "buy", "changes"];

const state = {
  view: "grid",
  favourites: new Set(), // of series_id
  picks: new Set(), // of season_id.race_week_num
  owned: new Set(), // of keys of packages
  categories: new Set(), // none chosen means all
  search: "",
  license: "",
  official: "",
  setup: "",
  length: "",
  rain: "",
  content: "",
  split: false,
  swapped: false,
  hidePast: false,
  beyond: false,
};

const PICK = /^\d+\.\d+$/;
const NUMBER = /^\d+$/;
const PACKAGE = /^(track|car)-\d+$/;
const WORD = /^[a-z_]+$/;

// What is kept, as JSON holds it.
function stateObject() {
  const kept = { view: state.view };
  for (const name of ["favourites", "picks", "owned", "categories"]) kept[name] = [...state[name]].sort();
  for (const name of [...CHOICES, ...SWITCHES]) kept[name] = state[name];
  return kept;
}

function wordsThatFit(values, shape) {
  return new Set((Array.isArray(values) ? values : []).map(String).filter((value) => shape.test(value)));
}

// A value that a control can have; of a list that does not offer it, none.
function choiceOf(control, value) {
  const isOffered = !control.options || [...control.options].some((option) => option.value === value);
  return isOffered ? value.slice(0, 200) : "";
}

// Whether an object is what a page of ours saved: it has our lists, and as lists.
function isSaved(given) {
  return typeof given === "object" && given !== null && ["favourites", "picks", "owned"].every((name) => Array.isArray(given[name]));
}

// Take over what an object holds and leave the rest as it was; what has not the right shape is left out.
function takeOver(given) {
  if (given === null || typeof given !== "object") return;
  if ("favourites" in given) state.favourites = wordsThatFit(given.favourites, NUMBER);
  if ("picks" in given) state.picks = wordsThatFit(given.picks, PICK);
  if ("owned" in given) state.owned = wordsThatFit(given.owned, PACKAGE);
  if ("categories" in given) state.categories = wordsThatFit(given.categories, WORD);
  for (const name of CHOICES) if (typeof given[name] === "string") state[name] = choiceOf(byId(name), given[name]);
  for (const name of SWITCHES) if (typeof given[name] === "boolean") state[name] = given[name];
  if (VIEWS.includes(given.view)) state.view = given.view;
}

// The state as the fragment of an address; what is as in the beginning is left out.
function stateText() {
  const parts = [];
  const add = (name, value) => value && parts.push(`${name}=${encodeURIComponent(value)}`);
  add("view", state.view === "grid" ? "" : state.view);
  add("favourites", [...state.favourites].join("-"));
  add("picks", [...state.picks].join("-"));
  for (const kind of ["track", "car"]) {
    const ids = [...state.owned].filter((key) => kindOf(key) === kind).map((key) => key.slice(kind.length + 1));
    add(`${kind}s`, ids.join("-"));
  }
  add("categories", [...state.categories].join("-"));
  for (const name of CHOICES) add(name, state[name]);
  for (const name of SWITCHES) add(name, state[name] ? "yes" : "");
  return parts.join("&");
}

// Read a fragment; null where it holds nothing of ours.
function stateOfText(text) {
  const given = new URLSearchParams(text.replace(/^#/, ""));
  const known = ["view", "favourites", "picks", "tracks", "cars", "categories", ...CHOICES, ...SWITCHES];
  if (!known.some((name) => given.has(name))) return null;
  const list = (name) => (given.get(name) ?? "").split("-").filter(Boolean);
  const read = {
    view: given.get("view") ?? "grid",
    favourites: list("favourites"),
    picks: list("picks"),
    owned: [...list("tracks").map((id) => `track-${id}`), ...list("cars").map((id) => `car-${id}`)],
    categories: list("categories"),
  };
  for (const name of CHOICES) read[name] = given.get(name) ?? "";
  for (const name of SWITCHES) read[name] = given.get(name) === "yes";
  return read;
}

function keepState() {
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(stateObject()));
  } catch {
    // a browser that keeps nothing still has the address
  }
  const text = stateText();
  if (text === location.hash.slice(1)) return;
  try {
    history.replaceState(null, "", `${location.pathname}#${text}`); // without the query of another planner, once read
  } catch {
    location.replace(`#${text}`); // a browser that lets no file change its history
  }
}

// Begin with what the browser kept, and what the address says instead.
function recallState() {
  try {
    takeOver(JSON.parse(localStorage.getItem(STORED_AS) ?? "null"));
  } catch {
    // nothing was kept, or something else
  }
  takeOver(stateOfText(location.hash));
}

function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
  return set.has(value);
}
