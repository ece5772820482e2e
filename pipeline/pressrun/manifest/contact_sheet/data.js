// The sheet's data as tiles, and small helpers to show it. Text only ever reaches the page through textContent.

const sheet = JSON.parse(document.getElementById("page-data").textContent);
const inlineThumbs = document.getElementById("page-thumbs").textContent.split("\n");
const byId = (id) => document.getElementById(id);
const LANGUAGE = document.documentElement.lang;
const MIRRORED = document.documentElement.dir === "rtl";
const number = (value) => value.toLocaleString(LANGUAGE);

/** What something is called in the language of the page; {names} in it are filled in. */
function t(english, parts = {}) {
  return Object.entries(parts).reduce((said, [name, value]) => said.replace(`{${name}}`, () => value), sheet.words[english] ?? english);
}

const numbers = new Intl.PluralRules(LANGUAGE);

/** The words for a number of things, with {count} in them, in the form that goes with it. */
function counted(english, count, parts = {}) {
  const form = `${english}|${numbers.select(count)}`;
  return t(form in sheet.words ? form : english, {count: number(count), ...parts});
}

/** What is read from left to right, whatever is around it. */
const leftToRight = (text) => (MIRRORED && text ? `\u2066${text}\u2069` : text);

// Names of several scripts in a line: in a mirrored page each stands for itself.
const NAMES_RUN = MIRRORED ? "rtl" : "auto";
const namesOf = (row) => (MIRRORED ? row.split(" · ").map((name) => `\u2068${name}\u2069`).join(" · ") : row);

/** A measure as the language writes its figures. */
function measure(text) {
  const form = {useGrouping: false, maximumFractionDigits: 9};
  return leftToRight(text.replace(/\d+\.\d+/g, (figures) => Number(figures).toLocaleString(LANGUAGE, form)));
}

const SEVERITIES = ["error", "warning", "note"];
const SEVERITY = {error: t("error"), warning: t("warning"), note: t("note")};
const ANY = {error: t("Any error"), warning: t("Any warning"), note: t("Any note")};
const COUNTED = {
  error: (count) => counted("{count} errors", count),
  warning: (count) => counted("{count} warnings", count),
  note: (count) => counted("{count} notes", count),
};

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
    .map(([severity, count]) => [severity, COUNTED[severity]?.(count) ?? `${number(count)} ${severity}`]);
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

/** What layouts and locales are called; of equal names, each with what it stands for. */
function labels(names) {
  const often = new Map();
  for (const name of Object.values(names)) often.set(name, (often.get(name) || 0) + 1);
  return new Map(Object.entries(names).map(([key, name]) => [key, often.get(name) > 1 ? `${name} (${key})` : name]));
}
const LABELS = {locale: labels(sheet.names.locale), layout: labels(sheet.names.layout)};
const productNames = LABELS.product = new Map();
const label = (field, value) => LABELS[field]?.get(value) ?? value;

// What many tiles have alike is kept once, as fifty thousand may be in memory together.
const alike = new Map();
function kept(values) {
  const key = JSON.stringify(values);
  if (!alike.has(key)) alike.set(key, values);
  return alike.get(key);
}

const STATUS = {m: "made", r: "reused", f: "failed"};
LABELS.status = new Map([["made", t("made")], ["reused", t("reused")], ["failed", t("failed")]]);
const allTiles = [];
const stands = []; // of each page, a letter for each file: what became of it
const blocks = []; // the index of each page: its words, and its tiles

/** A page's share of the index: `tiles` speak in numbers of `words`, `letters` say what became of each file. */
function addBlock({words, kinds, tiles}, letters) {
  const page = blocks.length;
  stands.push(letters);
  const block = {page, words, tiles: [], folded: null, rows: null, missing: false};
  blocks.push(block);
  const told = (numbers) => numbers.map((at) => words[at]);
  let at = 0, first = 0;
  for (const [product, name, row, thumb, kind] of tiles) {
    const [locale, layout, sizes, formats, findings, files] = kinds[kind];
    const status = kept(distinct([...letters.slice(first, first + files)].map((letter) => STATUS[letter])));
    const found = kept(told(findings).map((one) => /^(\S*) ([^]*)$/.exec(one).slice(1)).sort(byGravity));
    productNames.set(words[product], words[name]);
    block.tiles.push({
      page, at, first, count: files, index: allTiles.length + at, block, numbers: [product, name, ...row, locale, layout, ...sizes, ...formats, ...findings],
      product: words[product], locale: words[locale], layout: words[layout], row: told(row).join(" · "),
      size: told(sizes).join(", "), formats: kept(told(formats)), findings: found, thumbName: words[thumb] ?? "",
      status: status.includes("failed") ? "failed" : status.includes("made") ? "made" : "reused",
      values: {
        product: [words[product]], locale: kept([words[locale]]), layout: kept([words[layout]]), format: kept(told(formats)),
        status, finding: kept(findingValues(found)),
      },
    });
    at += 1;
    first += files;
  }
  for (const tile of block.tiles) allTiles.push(tile);
}

/** The values a tile has for the filter of findings. */
function findingValues(findings) {
  if (!findings.length) return ["none"];
  return distinct(["any", ...findings.flatMap(([severity, code]) => [`severity:${severity}`, `code:${code}`])]);
}

/** What a row of cards says in a field: strings for their numbers, at any depth. */
const said = (rows, part) => (Array.isArray(part) ? part.map((one) => said(rows, one)) : rows.words[part]);

const placesOf = (tile) => Array.from({length: tile.count}, (_, at) => tile.first + at);

/** The tile with all that its files say, once its page is there; what they say alike is said once. */
function inFull(tile) {
  const {rows} = tile.block;
  if (tile.files || !rows) return tile;
  const places = placesOf(tile);
  const files = places.map((place) => ({
    ...Object.fromEntries(rows.fields.map((name, at) => [name, said(rows, rows.cards[place][at])])),
    thumb: thumbOf(tile, place),
  }));
  const all = (name) => files.flatMap((file) => file[name]);
  const told = files.find((file) => file.texts.length) || files[0];
  const crops = distinct(places.flatMap((place) => rows.crops[place]), JSON.stringify);
  const previews = distinct(places.flatMap((place) => rows.previews[place]), JSON.stringify);
  return Object.assign(tile, {
    files, texts: told.texts, direction: told.direction, id: told.id, keys: told.keys,
    findings: distinct(all("findings"), JSON.stringify).sort(byGravity),
    prompts: distinct(all("prompts"), JSON.stringify), provenance: distinct(all("provenance"), JSON.stringify),
    previews: previews.map(([name, at]) => [name, rows.pictures[at]]).filter(([, source]) => source),
    crops: crops.map(([name, at, ...box]) => ({name, source: rows.pictures[at], box})).filter(({source}) => source),
  });
}

/** Where a file's thumbnail is; "" where it has none. */
function thumbOf(tile, place) {
  if (!sheet.folder) return inlineThumbs[place] || inlineThumbs[tile.first] || "";
  const name = tile.block.rows.thumbs[place];
  return name ? thumbFile(name) : "";
}

const thumbFile = (name) => `${sheet.folder}/thumbs/${name.slice(0, 2)}/${name.slice(2)}.jpg`;

/** The thumbnail that a tile shows. */
function thumbShown(tile) {
  if (sheet.folder) return tile.thumbName ? thumbFile(tile.thumbName) : "";
  return inlineThumbs.slice(tile.first, tile.first + tile.count).find(Boolean) || "";
}
