"use strict";
// A section of a prompt, written otherwise: what would change is seen before it is kept.

const data = pageData("prompt-data"), form = byId("prompt-form");
let price = null; // of what was quoted last
const HERE = `/runs/${encodeURIComponent(data.run)}/sheets/${data.id}/prompt`;

function said() {
  const alone = form.scope.value === "alone";
  return {section: form.section.value, text: form.text.value, alone, of_code: alone && standing().ofCode};
}

const standing = () => data.sections.find((section) => section.name === form.section.value);

/** The section as it stands: its template's source, or what it says for this picture, where it says so in every shape. */
function fill() {
  const one = standing();
  form.text.value = form.scope.value === "alone" ? one.said : one.source;
  byId("of-code").hidden = form.scope.value === "alone" && !one.ofCode;
  forget();
}

function forget() {
  byId("keep").hidden = byId("run").hidden = true;
  byId("told").textContent = "";
  byId("changed").replaceChildren();
}

function line(one) {
  return element("li", {},
    element("p", {}, element("b", {dir: "auto"}, one.row), one.rows > 1 ? ` ${counted("and {count} more rows", one.rows - 1)}` : "",
      element("span", {className: "soft"}, ` · ${one.picture} · ${t("take {number}", {number: one.take})} · ${one.there ? t("there already") : priced(one.price_usd)}`)),
    ...one.sections.map((section) => element("p", {className: "from-to"}, section.title ? element("b", {}, `${section.title} `) : null,
      section.before ? element("del", {dir: "auto"}, section.before) : null, " ", element("span", {className: "to", "aria-hidden": "true"}), " ", section.after ? element("ins", {dir: "auto"}, section.after) : null)));
}

if (form) {
  form.section.addEventListener("change", fill);
  for (const one of form.querySelectorAll("[name=scope]")) one.addEventListener("change", fill);
  form.text.addEventListener("input", forget);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    forget();
    const quoted = await post(`${HERE}/quote?key=${data.key}`, said(), data.csrf).catch(() => null);
    if (!quoted) return;
    const sum = {wanted: number(quoted.wanted), sum: priced(quoted.price_usd)};
    byId("told").textContent = !quoted.total ? t("No prompt changes.") : quoted.price_usd === 0 ? counted("{count} prompts change; pictures that are not there yet: {wanted}, free.", quoted.total, sum) : counted("{count} prompts change; pictures that are not there yet: {wanted}, about {sum}.", quoted.total, sum);
    byId("changed").replaceChildren(...quoted.changed.map(line), ...(quoted.total > quoted.changed.length ? [element("li", {}, `… ${number(quoted.total - quoted.changed.length)}`)] : []));
    byId("keep").hidden = !quoted.total;
    price = quoted.price_usd;
  });
  byId("keep").addEventListener("click", async () => {
    const kept = await post(`${HERE}?key=${data.key}`, said(), data.csrf).catch(() => null);
    if (!kept) return;
    byId("keep").hidden = true;
    byId("told").textContent = t("{file} is written; nothing is bought before the next run.", {file: kept.file});
    byId("run").textContent = price === 0 ? t("Run it now") : t("Run it now, for up to {sum}", {sum: priced(price)});
    byId("run").hidden = !data.buys || price === null;
  });
  byId("run").addEventListener("click", async () => {
    byId("run").hidden = true;
    const started = form.scope.value === "alone"
      ? post(`/runs/${encodeURIComponent(data.run)}/sheets/${data.id}/again?key=${data.key}`, {take: data.take, quality: "", most_usd: price}, data.csrf)
      : post("/live/start", {job: data.job, most_usd: price}, data.csrf);
    if (await started.catch(() => null)) byId("told").replaceChildren(t("Started."), " ", element("a", {href: "/"}, t("What goes on, and its bill")));
  });
  fill();
}
