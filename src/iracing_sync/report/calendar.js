// A calendar as `iracing-sync export ics` writes it: the same rounds give the same lines, with the same UIDs.

const ENCODER = new TextEncoder();
const MOST_OCTETS = 75;

function escapedText(text) {
  return text
    .replaceAll("\\N", "\n")
    .replaceAll("\\", "\\\\")
    .replaceAll(";", "\\;")
    .replaceAll(",", "\\,")
    .replaceAll("\n", "\\n");
}

// Fold a line before it has 75 octets, but between no escape and what it escapes.
function folded(line) {
  const parts = [];
  let part = [];
  let octets = 0;
  for (const character of line) {
    const size = ENCODER.encode(character).length;
    if (part.length && octets + size >= MOST_OCTETS) {
      const isEscape = part.length > 1 && (part.at(-1) === "\\" || part.at(-1) === "^");
      const kept = isEscape ? [part.pop()] : [];
      parts.push(part.join(""));
      part = kept;
      octets = kept.length;
    }
    part.push(character);
    octets += size;
  }
  if (part.length) parts.push(part.join(""));
  return parts.join("\r\n ");
}

function dayStamp(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 10).replaceAll("-", "");
}

function stamp(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, "") + "Z";
}

// A round as days on which nobody is busy. `told` has season, number, name, seasonName, track, laps, minutes, event.
function eventLines(told) {
  const [starts, ends, changed, changes] = told.event;
  const said = `${told.isCancelled ? "Cancelled: " : ""}${told.name}, week ${told.number + 1}: ${told.track}`;
  const about = [told.seasonName];
  if (told.laps) about.push(`Race: ${told.laps} laps`);
  if (told.minutes) about.push(`Race: ${told.minutes} minutes`);
  return [
    "BEGIN:VEVENT",
    `SUMMARY:${escapedText(said)}`,
    `DTSTART;VALUE=DATE:${dayStamp(starts)}`,
    `DTEND;VALUE=DATE:${dayStamp(ends + DAY)}`,
    `DTSTAMP:${stamp(changed)}`,
    `UID:${told.season}-${told.number}@iracing-sync`,
    `SEQUENCE:${changes}`,
    `DESCRIPTION:${escapedText(about.join("\n"))}`,
    `LAST-MODIFIED:${stamp(changed)}`,
    `LOCATION:${escapedText(told.track)}`,
    `STATUS:${told.isCancelled ? "CANCELLED" : "CONFIRMED"}`,
    "TRANSP:TRANSPARENT",
    "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    "END:VEVENT",
  ];
}

function calendarText(events) {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//iracing-sync//calendar//EN",
    "METHOD:PUBLISH",
    "X-WR-CALNAME:iRacing rounds",
    "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    "X-PUBLISHED-TTL:PT12H",
    ...events.flatMap(eventLines),
    "END:VCALENDAR",
  ];
  return lines.map((line) => folded(line) + "\r\n").join("");
}

// The picked rounds as a calendar tells of them, by their start; of what is cancelled, too.
function pickedEvents(picks) {
  const events = [];
  for (const [id, season] of Object.entries(PAGE.seasons)) {
    for (const round of season.rounds) {
      if (!round.event || !picks.has(`${id}.${round.number}`)) continue;
      events.push({
        season: Number(id),
        number: round.number,
        name: season.name,
        seasonName: season.season,
        track: layoutOf(round).name,
        laps: round.laps,
        minutes: round.minutes,
        event: round.event,
      });
    }
  }
  for (const gone of PAGE.cancelled) {
    if (picks.has(`${gone.season}.${gone.number}`)) events.push({ ...gone, isCancelled: true });
  }
  return events.sort((a, b) => a.event[0] - b.event[0] || a.season - b.season || a.number - b.number);
}
