// The page's data, and small helpers to show it. Text only ever reaches the page through textContent.

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

const files = sheet.cards.map((card, index) => {
  const prompts = card.prompts.map(([label, at]) => [label, sheet.prompts[at]]);
  const previews = card.previews.map(([label, at]) => [label, sheet.previews[at]]).filter(([, source]) => source);
  return {...card, prompts, previews, thumb: thumbs[index] || ""};
});

/** The files of one sheet are one tile, such as a press PDF and its proof: what they say alike is said once. */
function tileOf(together, index) {
  const all = (name) => together.flatMap((file) => file[name]);
  const words = (name) => distinct(all(name)).filter(Boolean).join(", ");
  const told = together.find((file) => file.texts.length) || together[0];
  return {
    ...told, index, files: together, format: words("format"), size: words("size"),
    status: ["failed", "made"].find((status) => all("status").includes(status)) || told.status,
    thumb: all("thumb").find(Boolean) || "",
    findings: distinct(all("findings"), JSON.stringify).sort(byGravity),
    provenance: distinct(all("provenance"), JSON.stringify),
  };
}

const tiles = [];
for (const file of files) {
  const last = tiles.at(-1);
  if (file.sheet && last && last[0].sheet === file.sheet) last.push(file);
  else tiles.push([file]);
}
const assets = tiles.map(tileOf);

/** Everything a person may search an asset for; made at the first search, not while the page opens. */
function searchText(asset) {
  if (asset.searchText === undefined) {
    const pairs = [asset.findings, asset.prompts, asset.provenance, asset.texts].flat(2);
    const {row, product, locale, layout, size} = asset;
    const ofFiles = asset.files.flatMap(({id, path, format, status}) => [id, path, format, status]);
    asset.searchText = folded([row, product, locale, layout, size, ...ofFiles, ...pairs].join("\n"));
  }
  return asset.searchText;
}
