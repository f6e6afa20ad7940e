// What to buy: the cheapest tracks and cars with which enough weeks of some series can be raced.
// It is the search of `iracing-sync content`, step by step, so that both give the same answer.

const MOST_STEPS = 100000;

// A week needs its `track` and any one of its `cars`; both are keys such as "track-18".
function isServed(week, owned) {
  return owned.has(week.track) && week.cars.some((car) => owned.has(car));
}

function lackingWeeks(goal, owned) {
  return Math.max(0, goal.least - goal.weeks.filter((week) => isServed(week, owned)).length);
}

function isEnough(goals, owned) {
  return goals.every((goal) => lackingWeeks(goal, owned) === 0);
}

function servedBy(key, goals) {
  const served = new Set();
  goals.forEach((goal, i) =>
    goal.weeks.forEach((week, j) => {
      if (key === week.track || week.cars.includes(key)) served.add(`${i} ${j}`);
    }),
  );
  return served;
}

function kindOf(key) {
  return key.slice(0, key.indexOf("-"));
}

// The order of packages in which ties are broken: cars before tracks, each by its number.
function comparePackages(one, other) {
  const [a, b] = [kindOf(one), kindOf(other)];
  if (a !== b) return a < b ? -1 : 1;
  return Number(one.slice(a.length + 1)) - Number(other.slice(b.length + 1));
}

function withoutWorse(keys, prices, served) {
  const kept = [];
  const inOrder = [...keys].sort(
    (a, b) => prices.get(a) - prices.get(b) || served.get(b).size - served.get(a).size || comparePackages(a, b),
  );
  for (const key of inOrder) {
    const isWorse = (other) => kindOf(other) === kindOf(key) && [...served.get(key)].every((week) => served.get(other).has(week));
    if (!kept.some(isWorse)) kept.push(key);
  }
  return kept;
}

function greedyChoice(goals, prices, owned, keys) {
  const kept = new Set(keys);
  for (const key of [...keys].sort((a, b) => prices.get(b) - prices.get(a) || comparePackages(a, b))) {
    kept.delete(key);
    if (!isEnough(goals, new Set([...owned, ...kept]))) kept.add(key);
  }
  return kept;
}

// What the tracks of one goal cost at least; one track may serve several weeks.
function leastFor(goal, owned, left, prices) {
  const served = new Map();
  let ready = 0;
  for (const { track } of goal.weeks) {
    if (owned.has(track)) ready += 1;
    else if (left.has(track)) served.set(track, (served.get(track) ?? 0) + 1);
  }
  let lacking = goal.least - ready;
  let paid = 0;
  for (const track of [...served.keys()].sort((a, b) => prices.get(a) / served.get(a) - prices.get(b) / served.get(b))) {
    if (lacking <= 0) break;
    paid += Math.floor((prices.get(track) * Math.min(lacking, served.get(track))) / served.get(track));
    lacking -= served.get(track);
  }
  return paid;
}

function costOf(keys, prices) {
  return [...keys].reduce((cost, key) => cost + prices.get(key), 0);
}

// The cheapest packages to buy, `packages` null where no purchase reaches the goals; prices in cents by key.
function cheapest(goals, prices, have) {
  const useful = new Set(goals.flatMap((goal) => goal.weeks.flatMap((week) => [week.track, ...week.cars])));
  const wanted = [...useful].filter((key) => prices.has(key) && !have.has(key));
  const served = new Map(wanted.map((key) => [key, servedBy(key, goals)]));
  const order = withoutWorse(wanted, prices, served).sort(
    (a, b) => served.get(b).size - served.get(a).size || prices.get(a) - prices.get(b) || comparePackages(a, b),
  );
  if (!isEnough(goals, new Set([...have, ...order]))) return { packages: null, isCheapest: true };
  let best = greedyChoice(goals, prices, have, order);
  let bestCost = costOf(best, prices);
  let steps = 0;

  function look(owned, chosen, cost, from) {
    steps += 1;
    if (steps > MOST_STEPS) return;
    if (isEnough(goals, owned)) {
      if (cost < bestCost) [best, bestCost] = [new Set(chosen), cost];
      return;
    }
    const left = new Set(order.slice(from));
    if (!left.size || !isEnough(goals, new Set([...owned, ...left]))) return;
    if (cost + Math.max(0, ...goals.map((goal) => leastFor(goal, owned, left, prices))) >= bestCost) return;
    const first = order[from];
    look(new Set([...owned, first]), [...chosen, first], cost + prices.get(first), from + 1);
    look(owned, chosen, cost, from + 1);
  }

  look(have, [], 0, 0);
  return { packages: best, isCheapest: steps <= MOST_STEPS };
}

function ownedWithFree(owned) {
  const free = Object.keys(PAGE.packages).filter((key) => PAGE.packages[key].free);
  return new Set([...owned, ...free]);
}

function goalOf(season) {
  const weeks = season.rounds.map((round) => ({
    track: layoutOf(round).package ?? `layout-${round.layout}`,
    cars: round.carPackages.map((number) => `car-${number}`),
  }));
  return { weeks, least: season.least };
}

function pricesForSale() {
  const forSale = Object.entries(PAGE.packages).filter(([, known]) => known.cents);
  return new Map(forSale.map(([key, known]) => [key, known.cents]));
}
