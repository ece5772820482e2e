"use strict";
// What all pages of the studio share. Text only ever reaches a page through textContent.

document.documentElement.classList.add("js");
const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString(document.documentElement.lang);

/** What something is called in the language of the page; {names} in it are filled in. */
function t(english, parts = {}) {
  return Object.entries(parts).reduce((said, [name, value]) => said.replace(`{${name}}`, value), words[english] || english);
}

const forms = new Intl.PluralRules(document.documentElement.lang);
/** The words for a number of things, in the form that goes with it. */
function counted(english, count, parts = {}) {
  const form = `${english}|${forms.select(count)}`;
  return t(words[form] ? form : english, {count: number(count), ...parts});
}

/** A price; null is one that nobody knows. */
function priced(value) {
  return value === null ? t("a price that nobody knows") : value === 0 ? t("free of charge") : `$${value.toFixed(4)}`;
}

/** The data that a page carries for its script. */
function pageData(id) {
  return JSON.parse(byId(id).textContent);
}

/** An element with properties and children; strings become text nodes, empty children are left out. */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name === "className" ? "class" : name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

let toastTimer = 0;
/** A line at the foot of the page, for a while: words, or a list of words and elements. */
function tell(said, wrong = false) {
  const toast = byId("toast");
  toast.replaceChildren(...[said].flat());
  toast.hidden = false;
  toast.className = wrong ? "wrong" : "";
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.hidden = true; }, wrong ? 9000 : 2600);
}

/** What findings say, which is English on every page. */
function inEnglish(tag, text, className) {
  return element(tag, {lang: "en", dir: "ltr", className}, text);
}

/** A finding in a list of them. */
function findingItem(one) {
  return element("li", {},
    element("p", {}, element("span", {className: `badge ${one.severity}`}, t(one.severity)), " ", one.layer ? element("b", {}, `${one.layer}: `) : null, one.title || inEnglish("span", one.message)),
    one.title ? inEnglish("p", one.message) : null,
    one.place ? element("p", {}, element("code", {dir: "ltr"}, [one.place.file, one.place.line, one.place.column].filter(Boolean).join(":"))) : null,
    one.hint ? inEnglish("p", one.hint, "hint") : null);
}

/** What an answer says was wrong: its findings, by what they are called in the language of the page and what they say;
    or plain words. */
function wrongTold(answer) {
  try {
    return JSON.parse(answer).findings.flatMap((one, at) => [
      at ? "; " : "", one.title ? `${one.title}: ` : "", inEnglish("span", one.message + (one.hint ? ` — ${one.hint}` : "")),
    ]);
  } catch { return [answer]; }
}

const OUTLIVES = 16384; // characters: browsers send 64 KiB at most of what is to outlive a page, and refuse the rest
/** Sends JSON, and gives the answer; what went wrong is told, and thrown. */
async function post(path, said, csrf) {
  const body = JSON.stringify(said);
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST", body, keepalive: body.length < OUTLIVES,
      headers: {"content-type": "application/json", accept: "application/json", "x-csrf": csrf},
    });
  } catch (error) {
    tell(t("The studio does not answer. Nothing was kept; try again."), true);
    throw error;
  }
  if (answer.ok) return answer.json();
  const text = await answer.text();
  tell(wrongTold(text), true);
  throw new Error(text);
}

/** Starts a run: at once where it buys nothing, else once its price was seen in `place`, with how much it may spend.
    `start` is told the most, and gives what is shown then. */
async function runQuoted(ask, place, quote, start) {
  const begin = async (most) => {
    try { place.replaceChildren(...await start(most)); } catch { /* it was told */ }
    ask.hidden = ask.disabled = false;
  };
  ask.disabled = true;
  place.replaceChildren(t("What it costs is being looked up …"));
  const quoted = await quote().catch(() => null);
  place.replaceChildren();
  if (!quoted) { ask.disabled = false; return; }
  if (!quoted.pictures || quoted.price_usd === 0) { begin(0); return; }
  if (quoted.price_usd === null) {
    place.replaceChildren(t("Nobody knows what these pictures cost, and under a cap nothing is bought blindly. Write their price into the job, or run it in a terminal."));
    ask.disabled = false;
    return;
  }
  ask.hidden = true;
  const doubts = quoted.doubt ? `${t("Some were asked for before, and perhaps charged: a run does not ask for these again, but the page of jobs does.")} ` : "";
  const most = element("input", {type: "number", min: "0", step: "0.01", value: (Math.ceil(quoted.price_usd * 100) / 100).toFixed(2),
    onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); go.click(); } }});
  const go = element("button", {type: "button", className: "quiet primary", onclick: () => { if (most.reportValidity()) { go.disabled = true; begin(Number(most.value)); } }}, t("Run it"));
  const cancel = element("button", {type: "button", className: "quiet", onclick: () => { place.replaceChildren(); ask.hidden = ask.disabled = false; }}, t("Cancel"));
  place.replaceChildren(element("span", {}, doubts + counted("{count} pictures, about {sum}; the job's budget holds, too.", quoted.pictures, {sum: priced(quoted.price_usd)})),
    " ", element("label", {className: "soft"}, `${t("spending up to")} $ `, most), " ", go, " ", cancel);
  most.focus();
}

/** Whether a key is meant for the page: not typed into a field, nor part of a browser's own shortcut. */
function isForPage(event) {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return false;
  return !(at.matches && at.matches("input:not([type=checkbox]), textarea, select"));
}

function openHelp() {
  if (!byId("help").open) byId("help").showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) openHelp();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "?" && isForPage(event)) { event.preventDefault(); openHelp(); }
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});
