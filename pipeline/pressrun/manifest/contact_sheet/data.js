// The pages' data as tiles, and small helpers to show it. Text only ever reaches the page through textContent.

const sheet = JSON.parse(document.getElementById("page-data").textContent);
const thumbs = document.getElementById("page-thumbs").textContent.split("\n");
const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const SEVERITIES = ["error", "warning", "note"];

/** An element with properties and children; strings become text nodes, empty children are left out. */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** Words compared without case and Latin accents; other scripts keep their marks, which there are letters. */
function folded(text) {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function rank(severity) {
  const place = SEVERITIES.indexOf(severity);
  return place < 0 ? SEVERITIES.length : place;
}

/** "2 errors", "1 note" for each severity present, gravest first: [severity, words] pairs. */
function findingCounts(findings) {
  const counts = new Map();
  for (const [severity] of findings) counts.set(severity, (counts.get(severity) || 0) + 1);
  return [...counts]
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([severity, count]) => [severity, `${number(count)} ${severity}${count === 1 ? "" : "s"}`]);
}

function badges(findings) {
  return findingCounts(findings).map(([severity, words]) => {
    const known = SEVERITIES.includes(severity) ? severity : "note";
    return element("span", {class: `badge ${known}`}, words);
  });
}

/** A size that keeps together where its line may break. */
const unbroken = (size) => size.replaceAll(" ", "\u00a0");

/** A path inside the run folder as a link: every part encoded, so no name can become another scheme or host. */
function fileLink(path) {
  return "./" + path.split("/").filter((part) => part !== "..").map(encodeURIComponent).join("/");
}

/** Each value once, in order of appearance; `key` tells which are the same. */
function distinct(values, key = String) {
  const found = new Map();
  for (const value of values) if (!found.has(key(value))) found.set(key(value), value);
  return [...found.values()];
}

const byGravity = ([one], [other]) => rank(one) - rank(other);

/** What a row of cards says in a field: strings for their numbers, at any depth. */
const said = (rows, part) => (Array.isArray(part) ? part.map((one) => said(rows, one)) : rows.words[part]);

/** The files of one sheet are one tile, such as a press PDF and its proof: `places` are their places in the rows. */
function tilesOf(rows, page) {
  const sheetAt = rows.fields.indexOf("sheet");
  const together = [];
  rows.cards.forEach((card, place) => {
    const last = together.at(-1);
    const another = !last || !rows.words[card[sheetAt]] || rows.cards[last[0]][sheetAt] !== card[sheetAt];
    if (another) together.push([place]);
    else last.push(place);
  });
  return together.map((places, index) => tileOf(rows, page, places, index));
}

/** A tile that knows what filters and groups ask for; the rest comes when it is shown, see `inFull`. */
function tileOf(rows, page, places, index) {
  const all = (name) => places.map((place) => said(rows, rows.cards[place][rows.fields.indexOf(name)]));
  const [product, locale, layout] = ["product", "locale", "layout"].map((name) => all(name)[0]);
  const findings = distinct(all("findings").flat(), JSON.stringify).sort(byGravity);
  const values = {
    product: [product], locale: [locale], layout: [layout],
    format: distinct(all("format")), status: distinct(all("status")), finding: findingValues(findings),
  };
  return {rows, page, places, index, product, locale, layout, findings, values};
}

/** The values a tile has for the filter of findings. */
function findingValues(findings) {
  if (!findings.length) return ["none"];
  return distinct(["any", ...findings.flatMap(([severity, code]) => [`severity:${severity}`, `code:${code}`])]);
}

/** The tile with all that its files say; what they say alike is said once. */
function inFull(tile) {
  if (tile.files) return tile;
  const {rows, places, findings} = tile;
  const files = places.map((place) =>
    Object.fromEntries(rows.fields.map((name, at) => [name, said(rows, rows.cards[place][at])])));
  const all = (name) => files.flatMap((file) => file[name]);
  const words = (name) => distinct(all(name)).filter(Boolean).join(", ");
  const told = files.find((file) => file.texts.length) || files[0];
  if (tile.page === sheet.page.index) Object.assign(tile, picturesOf(places));
  return Object.assign(tile, {
    ...told, files, findings, format: words("format"), size: words("size"),
    status: ["failed", "made"].find((status) => all("status").includes(status)) || told.status,
    provenance: distinct(all("provenance"), JSON.stringify),
    pictured: places.some((place) => rows.pictured[place]),
  });
}

const UNSEARCHED = ["sheet", "direction"];

/** The numbers of all strings that a person may search a tile for. */
function stringsOf(tile) {
  tile.strings ??= [...new Set(tile.places.flatMap((place) =>
    tile.rows.cards[place].filter((_, at) => !UNSEARCHED.includes(tile.rows.fields[at])).flat(2)))];
  return tile.strings;
}

/** The strings of rows as they are searched. */
function foldedOf(rows) {
  rows.folded ??= rows.words.map(folded);
  return rows.folded;
}

/** Thumbnail and previews of a tile of this page, given its places. */
function picturesOf(places) {
  const previews = distinct(places.flatMap((place) => sheet.previews[place]), JSON.stringify)
    .map(([label, at]) => [label, sheet.pictures[at]]);
  return {thumb: places.map((place) => thumbs[place]).find(Boolean) || "", previews: previews.filter(([, source]) => source)};
}
