// What is shown: the filters, their counts, the grouping, and the address that remembers them.

const FACETS = [
  ["product", "Product"], ["locale", "Locale"], ["layout", "Layout"],
  ["format", "Format"], ["finding", "Findings"], ["status", "Status"],
];
const GROUPS = ["product", "locale", "layout", "finding", "none"];
const state = {q: "", group: GROUPS[0], open: ""};
for (const [name] of FACETS) state[name] = "";

/** The values an asset has for a facet: its files have each a format and status, it has several findings. */
function facetValues(asset, name) {
  if (name === "format" || name === "status") return distinct(asset.files.map((file) => file[name]));
  if (name !== "finding") return [asset[name]];
  if (!asset.findings.length) return ["none"];
  const severities = asset.findings.map(([severity]) => `severity:${severity}`);
  const codes = asset.findings.map(([, code]) => `code:${code}`);
  return [...new Set(["any", ...severities, ...codes])];
}

function facetLabel(name, value) {
  if (name === "finding") {
    if (value === "any") return "Any finding";
    if (value === "none") return "No findings";
    if (value.startsWith("severity:")) return `Any ${value.slice("severity:".length)}`;
    return value.replace(/^code:/, "");
  }
  return value || "(none)";
}

const EMPTY = "\u0000"; // stands for an asset's empty value, since "" means no filter
const keyOf = (value) => (value === "" ? EMPTY : value);

function matches(asset, words, except) {
  for (const [name] of FACETS) {
    if (name === except || !state[name]) continue;
    if (!facetValues(asset, name).some((value) => keyOf(value) === state[name])) return false;
  }
  return words.every((word) => searchText(asset).includes(word));
}

const searchWords = () => folded(state.q).split(/\s+/).filter(Boolean);

function shownAssets() {
  const words = searchWords();
  return assets.filter((asset) => matches(asset, words));
}

/** For one facet: value -> how many assets it would show under all the other filters. */
function facetCounts(name) {
  const words = searchWords();
  const counts = new Map();
  for (const asset of assets) {
    const counted = matches(asset, words, name) ? 1 : 0;
    for (const value of facetValues(asset, name)) counts.set(keyOf(value), (counts.get(keyOf(value)) || 0) + counted);
  }
  if (state[name] && !counts.has(state[name])) counts.set(state[name], 0); // from another page of this sheet
  return counts;
}

function facetOrder(name) {
  if (name !== "finding") return () => 0;
  const weight = (value) => {
    if (value === "any") return 0;
    if (value.startsWith("severity:")) return 1 + rank(value.slice("severity:".length));
    return value === "none" ? 9 : 10;
  };
  return ([one], [other]) => weight(one) - weight(other) || (one < other ? -1 : 1);
}

const selects = new Map();

function buildFacets(changed) {
  for (const [name, label] of FACETS) {
    const select = element("select", {id: `facet-${name}`, onchange: () => changed(name, select.value)});
    selects.set(name, select);
    byId("facets").append(element("label", {class: "field"}, element("span", {}, label), select));
  }
}

/** Options with fresh counts. A facet with one value says nothing, and is not shown. */
function updateFacets() {
  for (const [name] of FACETS) {
    const select = selects.get(name);
    const values = [...facetCounts(name)].sort(facetOrder(name));
    const options = [element("option", {value: ""}, "All")];
    for (const [value, count] of values) {
      const label = facetLabel(name, value === EMPTY ? "" : value);
      options.push(element("option", {value}, `${label} (${number(count)})`));
    }
    select.replaceChildren(...options);
    select.value = state[name];
    select.classList.toggle("active", state[name] !== "");
    select.closest("label").hidden = values.length < 2 && !state[name];
  }
}

/** Groups in order of appearance, except findings: gravest first. An asset stands under its gravest finding. */
function groupsOf(shown) {
  if (state.group === "none") return [{title: "", assets: shown}];
  const groups = new Map();
  for (const asset of shown) {
    let title = asset[state.group] || `No ${state.group}`;
    let weight = 0;
    if (state.group === "finding") {
      const [severity, code] = asset.findings[0] || ["", ""];
      title = code || (severity ? `Any ${severity}` : "No findings");
      weight = severity ? rank(severity) : 9;
    }
    const key = `${weight} ${title}`;
    if (!groups.has(key)) groups.set(key, {title, weight, assets: []});
    groups.get(key).assets.push(asset);
  }
  return [...groups.values()].sort((one, other) => one.weight - other.weight);
}

const filtersInUse = () => FACETS.filter(([name]) => state[name]);

function filterSummary() {
  const parts = filtersInUse().map(([name, label]) => {
    return `${label}: ${facetLabel(name, state[name] === EMPTY ? "" : state[name])}`;
  });
  if (state.q.trim()) parts.push(`“${state.q.trim()}”`);
  return parts.join(" · ");
}

/** The state as an address fragment; `withOpen` keeps the asset whose details are open. */
function stateHash(withOpen) {
  const kept = new URLSearchParams();
  for (const [name] of FACETS) if (state[name]) kept.set(name, state[name]);
  if (state.q.trim()) kept.set("q", state.q);
  if (state.group !== GROUPS[0]) kept.set("group", state.group);
  if (withOpen && state.open) kept.set("open", state.open);
  const text = kept.toString();
  return text ? `#${text}` : "";
}

function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const [name] of FACETS) state[name] = given.get(name) || "";
  state.q = given.get("q") || "";
  state.group = GROUPS.includes(given.get("group")) ? given.get("group") : GROUPS[0];
  state.open = given.get("open") || "";
}

function writeHash() {
  history.replaceState(null, "", stateHash(true) || location.pathname + location.search);
  updatePageLinks();
}
