"use strict";
// One sheet: look, step on with zoom and place kept, decide, comment.

let data = pageData("sheet-data");
const RUN = `/runs/${encodeURIComponent(data.run)}`;
const loaded = new Map(); // address → the promise of its page
const mayDecide = () => data.may === "decide" || data.may === "buy";
let pinned = null;

const addressOf = (id) => `${RUN}/sheets/${id}${data.query ? `?${data.query}` : ""}`;

/** Loads a page and its picture before they are asked for. */
function preload(id) {
  const address = addressOf(id);
  if (loaded.has(address)) return loaded.get(address);
  const coming = fetch(address).then(async (answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const picture = page.getElementById("picture");
    if (picture) {
      const image = new Image();
      image.src = picture.getAttribute("src");
      await image.decode().catch(() => {});
    }
    return page;
  });
  coming.catch(() => loaded.delete(address));
  loaded.set(address, coming);
  while (loaded.size > 12) loaded.delete(loaded.keys().next().value);
  return coming;
}

async function goTo(id, push = true) {
  if (!id) { tell(t("This is the last one.")); return; }
  let page;
  try { page = await preload(id); } catch { location.href = addressOf(id); return; }
  loaded.delete(addressOf(id)); // what is decided in it will be another the next time
  for (const part of [".crumbs", ".stepper", ".stage-tools", "#facts"]) document.querySelector(part).replaceWith(document.importNode(page.querySelector(part), true));
  byId("viewport").replaceChildren(...[...page.getElementById("viewport").children].map((child) => document.importNode(child, true)));
  document.title = page.title;
  data = JSON.parse(page.getElementById("sheet-data").textContent);
  if (push) history.pushState({id}, "", addressOf(id));
  begin();
}

/** Sets up what is on the page now. */
function begin() {
  pinned = null;
  const picture = byId("picture");
  if (picture) { if (picture.complete) place(); picture.addEventListener("load", place); }
  showPins();
  for (const id of data.next) preload(id).catch(() => {});
}

function showState(state, who = "", reason = "") {
  const badge = byId("state");
  badge.className = `badge state ${state}`;
  badge.textContent = t(state);
  byId("said").textContent = [who, reason].filter(Boolean).join(": ");
}

async function say(verdict) {
  if (!mayDecide()) return;
  const id = data.id, after = data.after;
  const reason = verdict === "reject" ? await reasonFor(t("Reject")) : "";
  if (reason === null) return;
  showState(verdict === "approve" ? "approved" : "rejected", "", reason);
  decide(data, {tiles: [id], verdict, reason}, () => loaded.delete(addressOf(id))).catch(() => {});
  if (after) goTo(after);
  else tell(t("That was the last one."));
}

/** A sheet of the series as a line to be ticked: odd ones are not, and say why. */
function seriesLine(tile) {
  const tick = element("input", {type: "checkbox", value: tile.id});
  tick.checked = !tile.odd.length;
  const picture = tile.picture ? element("img", {src: `${RUN}/pictures/${tile.id}/tile`, alt: "", loading: "lazy"}) : element("span", {className: "blank"});
  return element("li", {}, element("label", {}, tick, element("span", {className: "thumb"}, picture),
    element("span", {className: "series-what"}, element("span", {dir: "auto"}, tile.caption),
      element("span", {className: "signs"}, tile.state === "undecided" ? null : element("span", {className: `badge state ${tile.state}`}, t(tile.state)),
        ...tile.odd.map((why) => element("span", {className: "badge warning"}, t(why)))))));
}

/** One word for a series, but for those that are held out. */
async function saySeries() {
  if (!mayDecide() || byId("series").open) return;
  const of = data.id, answer = await fetch(`${RUN}/sheets/${of}/series`, {headers: {accept: "application/json"}});
  if (!answer.ok) return;
  const {tiles} = await answer.json(), dialog = byId("series"), list = byId("series-list");
  if (tiles.length < 2) { tell(t("There is no other language of it.")); return; }
  list.replaceChildren(...tiles.map(seriesLine));
  const ticked = () => [...list.querySelectorAll("input:checked")].map((one) => one.value);
  const count = () => {
    for (const [id, word] of [["series-approve", "Approve"], ["series-reject", "Reject"]]) {
      byId(id).textContent = `${t(word)} ${number(ticked().length)}`;
      byId(id).disabled = !ticked().length;
    }
  };
  list.onchange = count;
  count();
  dialog.returnValue = "cancel";
  dialog.showModal();
  byId("series-approve").focus();
  dialog.addEventListener("close", async () => {
    const verdict = dialog.returnValue, meant = ticked();
    if (verdict !== "approve" && verdict !== "reject") return;
    const reason = verdict === "reject" ? await reasonFor(counted("Reject {count} sheets", meant.length)) : "";
    if (reason === null) return;
    const but = tiles.map((tile) => tile.id).filter((id) => !meant.includes(id));
    decide(data, {series: of, but, verdict, reason}, (states) => {
      loaded.clear();
      if (states[data.id]) showState(states[data.id], "", reason);
      tell(but.length ? t("{count} decided, {held} held out", {count: number(meant.length), held: number(but.length)}) : t("Kept."));
    }).catch(() => {});
  }, {once: true});
}

function takeBack() {
  undo(data, (states, before) => {
    loaded.clear();
    if (before.length === 1 && before[0].id !== data.id) goTo(before[0].id);
    else if (states[data.id]) showState(states[data.id]);
  });
}

function toggleBare() {
  const button = byId("bare"), picture = byId("picture");
  if (!button || !picture || !data.masters.length) return;
  const bare = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(bare));
  const now = byId("picture").cloneNode();
  for (const name of ["width", "height", "sharp", "bare"]) delete now.dataset[name];
  if (bare) now.dataset.bare = "1";
  now.src = bare ? `${RUN}/masters/${data.masters[0]}/view` : `${RUN}/pictures/${data.file}/view`;
  now.addEventListener("load", place);
  picture.replaceWith(now);
  showPins();
}

function showPage(id) {
  data.file = id;
  for (const one of document.querySelectorAll("[data-page]")) one.setAttribute("aria-pressed", String(one.dataset.page === id));
  const picture = byId("picture");
  for (const name of ["width", "height", "sharp", "bare"]) delete picture.dataset[name];
  picture.src = `${RUN}/pictures/${id}/view`;
}

/** Where people said something, as numbers on the picture; what is seen without its layout, or with guides, has other
    places. */
function showPins() {
  const canvas = byId("canvas");
  if (!canvas) return;
  for (const pin of canvas.querySelectorAll(".pin")) pin.remove();
  canvas.classList.toggle("other-places", "bare" in byId("picture").dataset);
  for (const comment of document.querySelectorAll("#comments > li")) {
    if (mayComment() && !comment.querySelector(".comment-tools")) addTools(comment);
    if (comment.dataset.x === "") continue;
    const pin = element("button", {type: "button", className: comment.classList.contains("resolved") ? "pin resolved" : "pin", "aria-label": `${t("Comment")} ${comment.dataset.number}`, onclick: () => comment.scrollIntoView({block: "center"})}, comment.dataset.number);
    putAt(pin, Number(comment.dataset.x), Number(comment.dataset.y));
    canvas.append(pin);
  }
  if (pinned) { const pin = element("span", {className: "pin new"}, "+"); putAt(pin, pinned.x, pinned.y); canvas.append(pin); }
}

function putAt(pin, x, y) {
  pin.style.left = `${x * 100}%`;
  pin.style.top = `${y * 100}%`;
}

const mayComment = () => data.may !== "look";

function addTools(comment) {
  const resolved = comment.classList.contains("resolved");
  const answer = element("button", {type: "button", className: "plain-button", onclick: () => startAnswer(comment)}, t("Answer"));
  const end = element("button", {type: "button", className: "plain-button", onclick: () => resolve(comment, !resolved)}, t(resolved ? "Open again" : "Resolve"));
  comment.append(element("p", {className: "comment-tools"}, answer, end));
}

/** Answers that are written and not sent yet, by the number of their comment. */
function drafts() {
  return new Map([...document.querySelectorAll(".answer-form")].map((form) => [form.parentElement.dataset.number, form.elements[0].value]));
}

async function resolve(comment, resolved) {
  const to = Number(comment.dataset.number), text = (drafts().get(comment.dataset.number) || "").trim();
  if (text) await talk({to, text});
  talk({to, resolved});
}

function startAnswer(comment, text = "") {
  const begun = comment.querySelector(".answer-form textarea");
  if (begun) { begun.focus(); return; }
  const field = element("textarea", {rows: "2", maxlength: "4000", "aria-label": t("Answer"), dir: "auto"});
  field.value = text;
  const form = element("form", {className: "answer-form"}, field, element("button", {className: "quiet"}, t("Answer")));
  form.addEventListener("submit", (event) => { event.preventDefault(); if (field.value.trim()) talk({to: Number(comment.dataset.number), text: field.value}); });
  comment.append(form);
  field.focus();
}

async function talk(said) {
  const answer = await post(`${RUN}/comments`, said, data.csrf), written = drafts();
  if (said.to && said.text) written.delete(String(said.to));
  const list = byId("comments");
  list.replaceChildren(...answer.comments.map((one) => element("li", {className: one.resolved_by ? "comment resolved" : "comment", "data-number": one.number, "data-x": one.at_x ?? "", "data-y": one.at_y ?? ""},
    element("p", {}, element("b", {}, one.who), " ", element("span", {className: "soft"}, one.at.replace("T", " ").replace("Z", ""))),
    element("p", {dir: "auto"}, one.text),
    ...one.answers.map((reply) => element("p", {className: "answer"}, element("b", {}, reply.who), " ", element("span", {dir: "auto"}, reply.text))),
    one.resolved_by ? element("p", {className: "soft resolved-by"}, t("Resolved by {who}", {who: one.resolved_by}), ", ", element("bdi", {}, one.resolved_at.replace("T", " ").replace("Z", ""))) : null)));
  loaded.delete(addressOf(data.id));
  pinned = null;
  showPins();
  for (const comment of list.children) if (written.has(comment.dataset.number)) startAnswer(comment, written.get(comment.dataset.number));
}

const isPinning = () => byId("viewport").classList.contains("pinning");

function startComment() {
  const button = byId("pin");
  if (!button) return;
  if (byId("bare") && byId("bare").getAttribute("aria-pressed") === "true") toggleBare();
  if (byId("guides").getAttribute("aria-pressed") === "true") showGuides();
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  byId("viewport").classList.toggle("pinning", on);
  if (on) tell(t("Click the picture where you mean."));
}

function clicked(event) {
  const pin = event.target.closest && event.target.closest(".pin");
  if (pin || !isPinning()) return;
  const box = byId("canvas").getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
  if (x < 0 || x > 1 || y < 0 || y > 1) return;
  pinned = {x, y};
  byId("pin").setAttribute("aria-pressed", "false");
  byId("viewport").classList.remove("pinning");
  showPins();
  byId("comment-text").focus();
}

async function showGuides() {
  const button = byId("guides"), picture = byId("picture");
  if (!picture) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  for (const name of ["width", "height", "sharp"]) delete picture.dataset[name];
  if (!on) { delete picture.dataset.bare; picture.src = `${RUN}/pictures/${data.file}/view`; showPins(); return; }
  picture.dataset.bare = "1";
  showPins();
  tell(t("Drawing guides of the sheet as the job is now …"));
  const answer = await fetch(`${RUN}/sheets/${data.id}/guides`, {headers: {accept: "application/json"}});
  if (!answer.ok) {
    button.setAttribute("aria-pressed", "false");
    delete picture.dataset.bare;
    showPins();
    tell(wrongTold(await answer.text().catch(() => answer.statusText)), true);
    return;
  }
  picture.src = URL.createObjectURL(await answer.blob());
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const zoom = on("[data-zoom]"), action = on("[data-do]"), page = on("[data-page]"), step = on("#before, #after");
  if (zoom) ({in: () => zoomBy(1.5), out: () => zoomBy(1 / 1.5), fit: () => zoomTo(0), one: () => zoomTo(1)})[zoom.dataset.zoom]();
  else if (action) ({approve: () => say("approve"), reject: () => say("reject"), undo: takeBack, series: saySeries})[action.dataset.do]();
  else if (page) showPage(page.dataset.page);
  else if (on("#bare")) toggleBare();
  else if (on("#guides")) showGuides();
  else if (on("#pin")) startComment();
  else if (step && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const id = step.id === "before" ? data.before : data.after;
    if (id) goTo(id);
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "comment-form") return;
  event.preventDefault();
  const text = byId("comment-text").value.trim();
  const page = data.pages.indexOf(data.file) + 1 || 1;
  if (text) talk({tile: data.id, text, page, ...(pinned || {})}).then(() => { byId("comment-text").value = ""; });
});
document.addEventListener("change", (event) => {
  if (event.target.id === "source") event.target.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("#comment-text, .answer-form textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (!isForPage(event)) return;
  const inPicture = event.target.id === "viewport" && view.scale;
  const rtl = document.dir === "rtl";
  const actions = {
    n: () => goTo(data.after), p: () => goTo(data.before),
    ArrowRight: () => inPicture ? pan(-80, 0) : goTo(rtl ? data.before : data.after), ArrowLeft: () => inPicture ? pan(80, 0) : goTo(rtl ? data.after : data.before),
    ArrowDown: inPicture ? () => pan(0, -80) : null, ArrowUp: inPicture ? () => pan(0, 80) : null,
    a: () => say("approve"), r: () => say("reject"), u: takeBack, s: saySeries,
    "+": () => zoomBy(1.5), "=": () => zoomBy(1.5), "-": () => zoomBy(1 / 1.5), 0: () => zoomTo(0), 1: () => zoomTo(1),
    b: toggleBare, g: showGuides, c: startComment, Escape: () => { if (isPinning()) startComment(); else location.href = byId("back").href; },
  };
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
window.addEventListener("popstate", () => goTo(location.pathname.split("/").pop(), false));

listen(byId("viewport"), clicked);
begin();
