// What comes from elsewhere and goes there: the link of another planner, and files.

// Read a link of my-racing-planner: cars and tracks by their numbers in iRacing's shop, series by their ids.
function transferOf(text) {
  const query = text.includes("?") ? text.slice(text.indexOf("?") + 1) : text;
  const given = new URLSearchParams(query.split("#")[0]);
  const names = ["myCars", "myTracks", "favoriteSeries"];
  if (!names.some((name) => given.has(name))) return null;
  const ids = (name) => (given.get(name) ?? "").split("-").filter((id) => NUMBER.test(id));
  const known = new Set(Object.values(PAGE.seasons).map((season) => String(season.series)));
  const favourites = ids("favoriteSeries");
  const read = { owned: [], favourites, absent: favourites.filter((id) => !known.has(id)).length, unknown: 0 };
  const packages = packagesBySku();
  for (const [name, kind] of [["myCars", "car"], ["myTracks", "track"]]) {
    for (const sku of ids(name)) {
      const key = packages.get(`${kind} ${Number(sku)}`);
      if (key) read.owned.push(key);
      else read.unknown += 1;
    }
  }
  return read;
}

function packagesBySku() {
  const found = new Map();
  for (const [key, known] of Object.entries(PAGE.packages)) {
    for (const sku of known.skus ?? []) found.set(`${kindOf(key)} ${sku}`, key);
  }
  return found;
}

// Add what a link holds to what is there, and say what that was; empty where it holds nothing.
function takeTransfer(text) {
  const read = transferOf(text);
  if (!read) return "";
  read.owned.forEach((key) => state.owned.add(key));
  read.favourites.forEach((id) => state.favourites.add(id));
  const unknown = read.unknown ? `; ${read.unknown} not known here` : "";
  const absent = read.absent ? ` (${read.absent} not in this quarter)` : "";
  return `Taken over: ${howMany(read.owned.length, "package")}, ${read.favourites.length} series${absent}${unknown}.`;
}

function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
