"use strict";
// What goes on: runs under way, as the server tells of them.

const live = pageData("live-data");
const box = byId("live");
let finishedBefore = null;

/** A job's name as headings have it. */
const called = (job) => (job.charAt(0).toUpperCase() + job.slice(1)).replaceAll("-", " ");
const dollars = (value) => `$${value.toFixed(2)}`;

const ENDS = {1: t("finished; some files failed or have errors"), 2: t("its files have errors"), 3: t("something that it needs is missing"), 4: t("stopped at the budget"), 130: t("stopped")};
/** How a run ended, by its exit code. */
const ending = (code) => ENDS[code] || t("ended with {code}", {code});

/** The last lines of a run that was started here, and how it is stopped. */
function saying(one) {
  const stops = () => post("/live/stop", {id: one.id}, live.csrf).then(() => tell(t("Stopping; what is done is kept.")));
  return [
    one.said.length ? inEnglish("pre", one.said.join("\n")) : null,
    one.exit === null && live.buys ? element("button", {type: "button", className: "quiet", onclick: stops}, t("Stop")) : null,
  ];
}

function showRuns(told) {
  if (finishedBefore !== null && told.finished > finishedBefore) { location.reload(); return; }
  finishedBefore = told.finished;
  const mine = told.mine.filter((one) => one.exit === null || one.exit !== 0);
  const started = new Map(mine.filter((one) => one.run).map((one) => [one.run, one]));
  const rows = told.under_way.map((one) => element("li", {className: "live-run"},
    element("p", {}, element("b", {}, called(one.job)), " ", element("bdi", {className: "soft"}, one.begun), started.has(one.run) ? ` · ${t("started here")}` : null),
    element("p", {}, [
      counted("{count} files", one.files), counted("{count} pictures", one.pictures),
      t("{sum} spent", {sum: dollars(one.spent_usd)}), one.perhaps_usd ? t("{sum} in doubt or on the way", {sum: dollars(one.perhaps_usd)}) : "",
    ].filter(Boolean).join(" · ")),
    ...(started.has(one.run) ? saying(started.get(one.run)) : [])));
  rows.push(...mine.filter((one) => !one.run).map((one) => element("li", {className: "live-run"},
    element("p", {}, element("b", {}, called(one.job)), " ", element("span", {className: one.exit === null ? "soft" : one.exit === 130 ? "badge plain" : "badge error"}, one.exit === null ? t("started here") : ending(one.exit))),
    ...saying(one))));
  box.hidden = !rows.length;
  const title = byId("live-title"), running = told.under_way.length || mine.some((one) => one.exit === null);
  title.textContent = running ? title.dataset.running : title.dataset.ended;
  byId("live-runs").replaceChildren(...rows);
}

let looking = false, lookAgain = false;
/** What keeps jobs from being run, one after the other: reading one takes a while. */
async function lookAtJobs() {
  lookAgain = looking;
  if (looking) return;
  looking = true;
  for (const place of document.querySelectorAll("[data-faults]")) {
    const answer = await fetch(`/jobs/${encodeURIComponent(place.dataset.faults)}/faults`, {headers: {accept: "application/json"}}).catch(() => null);
    if (!answer || !answer.ok) continue;
    const {findings} = await answer.json();
    place.querySelector("ul").replaceChildren(...findings.map(findingItem));
    place.hidden = !findings.length;
  }
  looking = false;
  if (lookAgain) lookAtJobs();
}

/** Files were saved; a job may have come or gone. */
function saved(jobs) {
  const shown = [...document.querySelectorAll("[data-faults]")].map((place) => place.dataset.faults);
  if (jobs.length !== shown.length || jobs.some((job) => !shown.includes(job))) location.reload();
  else lookAtJobs();
}

if (live.listens) {
  const events = new EventSource("/live/events");
  events.addEventListener("runs", (event) => showRuns(JSON.parse(event.data)));
  events.addEventListener("saved", (event) => saved(JSON.parse(event.data).jobs));
  lookAtJobs();
}

for (const form of document.querySelectorAll("form.run-form")) form.addEventListener("submit", (event) => {
  event.preventDefault();
  const {job} = form.dataset, ask = form.querySelector("button");
  runQuoted(ask, form.querySelector(".bill"), () => post("/live/quote", {job}, live.csrf), async (most) => {
    await post("/live/start", {job, most_usd: most}, live.csrf);
    tell(t("Started."));
    return [];
  });
});
