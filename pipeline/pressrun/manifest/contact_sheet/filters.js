// What is shown: the filters, their counts, the grouping, and the address that remembers them.

const FACETS = [
  ["product", t("Product")], ["locale", t("Locale")], ["layout", t("Layout")],
  ["format", t("Format")], ["finding", t("Findings")], ["status", t("Status")],
];
const GROUPS = ["product", "locale", "layout", "finding", "none"];
const NONE = {product: t("No product"), locale: t("No locale"), layout: t("No layout")};
const state = {q: "", group: GROUPS[0], open: "", page: ""};
for (const [name] of FACETS) state[name] = "";

const anyOf = (severity) => ANY[severity] ?? severity;

function facetLabel(name, value) {
  if (name === "finding") {
    if (value === "any") return t("Any finding");
    if (value === "none") return t("No findings");
    if (value.startsWith("severity:")) return anyOf(value.slice("severity:".length));
    return value.replace(/^code:/, "");
  }
  return label(name, value) || t("(none)");
}

const EMPTY = "\u0000"; // stands for an asset's empty value, since "" means no filter
const keyOf = (value) => (value === "" ? EMPTY : value);

/** The tiles that match, and for each facet: value -> how many it would show under all the other filters. */
function sift(tiles) {
  const shown = [];
  const asked = filtersInUse();
  const counts = new Map(FACETS.map(([name]) => [name, new Map()]));
  for (const tile of tiles) {
    const missed = asked.filter(([name]) => !tile.values[name].some((value) => keyOf(value) === state[name]));
    const counted = missed.length < 2 && isFound(tile);
    if (counted && !missed.length) shown.push(tile);
    for (const [name, ofFacet] of counts) {
      const adds = counted && (!missed.length || missed[0][0] === name) ? 1 : 0;
      for (const value of tile.values[name]) ofFacet.set(keyOf(value), (ofFacet.get(keyOf(value)) || 0) + adds);
    }
  }
  for (const [name, ofFacet] of counts) {
    if (state[name] && !ofFacet.has(state[name])) ofFacet.set(state[name], 0); // from another page or sheet
  }
  return {shown, counts};
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

const MOST_OPTIONS = 500;

/** Options with fresh counts; of very many, those that show something. A facet with one value says nothing, and is not
 * shown. */
function updateFacets(counts) {
  for (const [name] of FACETS) {
    const select = selects.get(name);
    const values = [...counts.get(name)].sort(facetOrder(name));
    const listed = values.length <= MOST_OPTIONS ? values
      : [...values.filter(([, count]) => count).slice(0, MOST_OPTIONS), ...values.filter(([value]) => value === state[name])];
    const options = [element("option", {value: ""}, t("All"))];
    for (const [value, count] of new Map(listed)) {
      const label = facetLabel(name, value === EMPTY ? "" : value);
      options.push(element("option", {value}, `${label} (${number(count)})`));
    }
    if (listed.length < values.length) options.push(element("option", {disabled: ""}, t("… more by search")));
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
    let title = label(state.group, asset[state.group]) || NONE[state.group];
    let weight = 0;
    if (state.group === "finding") {
      const [severity, code] = asset.findings[0] || ["", ""];
      title = code || (severity ? anyOf(severity) : t("No findings"));
      weight = severity ? rank(severity) : 9;
    }
    const key = state.group === "finding" ? `${weight} ${title}` : asset[state.group];
    if (!groups.has(key)) groups.set(key, {title, weight, value: keyOf(asset[state.group]), assets: []});
    groups.get(key).assets.push(asset);
  }
  // One of a product each is no wall of headings.
  if (sheet.folder && state.group === "product" && groups.size > 1 && groups.size > shown.length / 2) return [{title: "", assets: shown}];
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

/** The state as an address fragment, with other filters if given; `withOpen` keeps the asset whose details are open. */
function stateHash(withOpen, filters = state) {
  const kept = new URLSearchParams();
  for (const [name] of FACETS) if (filters[name]) kept.set(name, filters[name]);
  if (state.q.trim()) kept.set("q", state.q);
  if (state.group !== GROUPS[0]) kept.set("group", state.group);
  if (withOpen && state.open) kept.set("open", state.open);
  if (withOpen && state.open && state.page) kept.set("page", state.page); // where to look for it first
  const text = kept.toString();
  return text ? `#${text}` : "";
}

function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const [name] of FACETS) state[name] = given.get(name) || "";
  state.q = given.get("q") || "";
  state.group = GROUPS.includes(given.get("group")) ? given.get("group") : GROUPS[0];
  state.open = given.get("open") || "";
  state.page = given.get("page") || "";
}

function writeHash() {
  history.replaceState(null, "", stateHash(true) || location.pathname + location.search);
}
