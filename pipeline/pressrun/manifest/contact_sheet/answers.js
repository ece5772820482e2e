// What whoever got the page by mail thinks of it: files approved and rejected, saved as the list that `approve --from` reads.

const decided = new Map(); // tile -> {verdict, comment}
let unsaved = false;

function decide(asset, verdict) {
  const before = decided.get(asset) || {verdict: "", comment: ""};
  decided.set(asset, {...before, verdict: before.verdict === verdict ? "" : verdict});
  unsaved = true;
  showDecided(asset);
}

function showDecided(asset) {
  const {verdict = ""} = decided.get(asset) || {};
  if (asset.item) asset.item.dataset.verdict = verdict;
  for (const button of byId("detail-facts").querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
  }
  const count = [...decided.values()].filter((one) => one.verdict).length;
  byId("answers-count").textContent = count ? t("{count} of {all} decided", {count: number(count), all: number(allTiles.length)}) : t("Open a picture to approve or reject it.");
  byId("answers-save").disabled = !count;
}

function answerSection(asset) {
  if (!sheet.answers || asset.status === "failed") return null;
  const known = decided.get(asset) || {verdict: "", comment: ""};
  const button = (verdict, words) => element("button",
    {type: "button", class: "quiet verdict", "data-verdict": verdict, "aria-pressed": String(known.verdict === verdict), onclick: () => decide(asset, verdict)}, words);
  const comment = element("textarea", {rows: "2", dir: "auto", "aria-label": t("Comment"), placeholder: t("Comment")});
  comment.value = known.comment;
  comment.addEventListener("input", () => {
    decided.set(asset, {...(decided.get(asset) || {verdict: ""}), comment: comment.value});
    unsaved = true;
  });
  return section(t("Decision"), element("div", {class: "verdicts"}, button("approve", t("Approve")), button("reject", t("Reject"))), comment);
}

/** A cell as spreadsheets read it; what they would run is text. */
function csvCell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The list: a line for each file of what was decided. */
function answersList() {
  const lines = [["id", "path", "sha256", "decision", "comment"]];
  for (const [asset, {verdict, comment}] of decided) {
    if (!verdict) continue;
    inFull(asset).files.forEach((file, at) => {
      lines.push([file.id, file.path, sheet.answers.digests[asset.first + at], verdict, comment]);
    });
  }
  return `\ufeff${lines.map((line) => line.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function saveAnswers() {
  const link = element("a", {href: URL.createObjectURL(new Blob([answersList()], {type: "text/csv"})), download: sheet.answers.name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  unsaved = false;
}

if (sheet.answers) {
  byId("answers").hidden = false;
  byId("answers-save").addEventListener("click", saveAnswers);
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}
