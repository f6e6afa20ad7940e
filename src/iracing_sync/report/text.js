// Elements and words. What comes from the data only ever becomes text, never HTML.

const PAGE = JSON.parse(document.getElementById("held").textContent);
const DAY = 86400;
const WEEK = 7 * DAY;

// The moment that is taken for the present, in seconds: that of `--at`, else the reader's clock.
function present() {
  return PAGE.at ?? Math.floor(Date.now() / 1000);
}

function byId(id) {
  return document.getElementById(id);
}

// Make an element; `given` holds attributes, and what begins with "on" listens.
function make(tag, given, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function replaceChildren(element, children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

function howMany(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

const ZONE = PAGE.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

function formatter(zone, options) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  return (seconds) => format.format(new Date(seconds * 1000)).replace(",", "");
}

const dayUtc = formatter("UTC", { day: "numeric", month: "short" });
const weekdayUtc = formatter("UTC", { weekday: "short", day: "numeric", month: "short" });
const dateUtc = formatter("UTC", { day: "numeric", month: "short", year: "numeric" });
const momentUtc = formatter("UTC", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const clockUtc = formatter("UTC", { hour: "2-digit", minute: "2-digit" });
const momentHere = formatter(ZONE, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const clockHere = formatter(ZONE, { hour: "2-digit", minute: "2-digit" });
const weekdayHere = formatter(ZONE, { weekday: "short", day: "numeric", month: "short" });

// A category as people write it: "dirt_oval" is "Dirt oval".
function categoryName(category) {
  return category ? category[0].toUpperCase() + category.slice(1).replaceAll("_", " ") : "No category";
}

function layoutOf(round) {
  return PAGE.layouts[round.layout];
}

function packageName(key) {
  return PAGE.packages[key]?.name ?? key.replace("-", " package ");
}

// How long ago something was, in the largest unit that suits.
function ago(seconds, now) {
  const past = Math.max(0, now - seconds);
  if (past < 3600) return `${howMany(Math.floor(past / 60), "minute")} ago`;
  if (past < 2 * DAY) return `${howMany(Math.floor(past / 3600), "hour")} ago`;
  return `${howMany(Math.floor(past / DAY), "day")} ago`;
}

function say(text) {
  byId("said").textContent = text;
}
