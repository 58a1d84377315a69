// Words that elements show. The page carries them in its own language; the English ones below stand in where a page lacks one, and list every key.

const english = {
  "js.copied": "Copied",
  "js.not_sent": "Not sent. The line failed. Nothing is lost: your text is still here. Try again.",
  "js.refused": "The server refused this.",
  "js.read": "Read: {value}",
  "js.expected": "Expected: {value}",
  "js.draft_differs": "What the server gave to sign is not what this page asked for. Nothing was signed or sent.",
  "js.no_ed25519": "This browser cannot keep a signing key. You can go on without one: the server then signs for you.",
  "js.signed_out": "You are signed out and signing in again failed. Your text is still here.",
  "js.kept": "Kept on this device from {time}.",
  "js.discard": "Discard",
  "js.line.live": "Live",
  "js.line.again": "Connecting again",
  "js.line.polling": "Asking every half minute",
  "js.line.off": "No connection",
  "js.line.out": "Signed out",
  "js.line.notices": "{count} new",
  "js.line.urgent": "Urgent: {count} new",
  "js.clock.hours": "{h} h {m} min",
  "js.clock.days": "{d} d {h} h",
  "js.clock.past": "past by {time}",
  "js.clock.announce": "{seconds} seconds left",
  "js.echo.failed": "Not understood yet: the line failed.",
  "js.gps.use": "Use my position",
  "js.gps.searching": "Looking for your position…",
  "js.gps.denied": "This device did not give its position.",
  "js.gps.zero": "The device gave 0, 0, which is no real position.",
  "js.gps.coarse": "The device knows its position only to {metres} m. At most 1,000 m is taken.",
  "js.gps.done": "Position taken, to {metres} m.",
  "js.vertices.label": "Positions, one after the other",
  "js.vertices.position": "Position {number}",
  "js.vertices.up": "Move position {number} up",
  "js.vertices.down": "Move position {number} down",
  "js.vertices.remove": "Remove position {number}",
  "js.vertices.add": "Add a position",
  "js.vertices.from": "Add by bearing and distance from the last position",
  "js.vertices.bearing": "Bearing, degrees",
  "js.vertices.metres": "Distance, metres",
  "js.vertices.add_from": "Add",
  "js.vertices.failed": "Could not be reckoned.",
  "js.watch.start": "Start my watch",
  "js.watch.on": "The watch runs since {time}. The tone was played once.",
  "js.watch.stop": "URGENT STOP",
  "js.seal.band": "The lowest altitude lies above the highest.",
  "js.seal.crosses": "The outline crosses or touches itself. It could be sealed, and never opened.",
  "js.seal.moment": "“{read}” is no time here. Expected a day and an hour in UTC: 2017-09-14 06:30",
  "js.seal.number": "Read {read}; expected a whole number from {low} to {high}",
  "js.seal.one": "A circle has one position, its middle.",
  "js.seal.other_file": "This is not the file that opens this area: its content does not give the commitment.",
  "js.seal.position": "“{read}” is no position here. Expected decimal degrees, latitude first: 34.802, 40.907",
  "js.seal.several": "A shape has at least three positions and at most {most}.",
  "js.seal.window": "It ends before it begins.",
  "js.review.taken": "Taken",
  "js.review.left": "Left out",
  "js.review.open": "Not left out any more",
  "js.review.leave": "Leave out",
  "js.review.back": "Do not leave out",
  "js.map.label": "Map. Arrow keys move it, plus and minus zoom.",
  "js.map.orientation": "Lines are for orientation only",
  "js.map.in": "Zoom in",
  "js.map.out": "Zoom out",
  "js.map.all": "Show all",
  "js.map.draw": "Draw",
  "js.map.stop_drawing": "Stop drawing",
  "js.map.undo": "Remove the last point",
  "js.map.wipe": "Remove all points",
  "js.map.failed": "The map could not be read. All of it is also in the text.",
  "js.map.exercise": "EXERCISE",
};

export type Word = keyof typeof english;

let given: Record<string, string> | undefined;

function read(): Record<string, string> {
  try {
    return JSON.parse(document.getElementById("page-words")?.textContent ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

/** word returns a text in the page's language, with {name} filled in. */
export function word(key: Word, values: Record<string, string | number> = {}): string {
  given ??= read();
  return (given[key] ?? english[key]).replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** codeWord returns what a refusal's code means to the person, in the page's language, where the page says it. */
export function codeWord(code: string): string | undefined {
  given ??= read();
  return given[`code.${code}`];
}
