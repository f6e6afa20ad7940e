// When the races of a round start.

const LAST_MINUTE = 24 * 60 - 1;

// All starts of one pattern or list of set times, in seconds.
function startsOf(time) {
  if (time.at) return time.at;
  const last = time.last ?? LAST_MINUTE;
  const span = last < time.first ? last + 24 * 60 - time.first : last - time.first;
  const starts = [];
  for (const day of time.days) {
    for (let minute = 0; minute <= (time.every ? span : 0); minute += time.every || 1) {
      starts.push(time.on + day * DAY + (time.first + minute) * 60);
    }
  }
  return starts;
}

function sessionsOf(round) {
  return [...new Set(round.times.flatMap(startsOf))].sort((a, b) => a - b);
}

function nextSessions(round, now, most) {
  return sessionsOf(round)
    .filter((start) => start >= now)
    .slice(0, most);
}

// A pattern in words, in UTC as it is meant, with the first start in the reader's zone.
function timeInWords(time) {
  if (time.at) return `set times: ${time.at.map(momentHere).join(", ")}`;
  const first = time.on + time.days[0] * DAY + time.first * 60;
  const days = time.days.length === 7 ? "every day" : `on ${howMany(time.days.length, "day")}`;
  const hours = time.every === 60 ? "hour" : `${time.every / 60} hours`;
  const minutes = time.every % 60 === 0 ? hours : `${time.every} minutes`;
  const often = time.every ? `every ${minutes} from ${clockUtc(first)} UTC` : `at ${clockUtc(first)} UTC`;
  return `${often} (${clockHere(first)} in your zone), ${days}`;
}

// The starts in a few words, for a line of a list.
function timesInShort(round, now) {
  const upcoming = nextSessions(round, now, 3);
  const every = round.times.find((time) => time.every);
  if (every) {
    const often = every.every % 60 === 0 ? `${every.every / 60} h` : `${every.every} min`;
    return `every ${often}${upcoming.length ? `, next ${momentHere(upcoming[0])}` : ""}`;
  }
  const shown = upcoming.length ? upcoming : sessionsOf(round).slice(0, 3);
  return shown.map(momentHere).join("; ");
}
