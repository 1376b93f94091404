// What the back office does when scripts run; every page works as well without.

// On a phone the ways scroll sideways: the present one is in sight.
document.querySelector(".side-ways [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Many products at once: all of a page, and only the fields that the chosen action needs.
const bulk = document.querySelector(".bulk");
if (bulk) {
  const all = bulk.querySelector("[data-all]");
  const boxes = [...bulk.querySelectorAll("input[name=ids]")];
  const action = bulk.querySelector("#action");
  const fields = { price: bulk.querySelector("#percent")?.closest(".field"), category: bulk.querySelector("#to")?.closest(".field") };
  const show = () => {
    const chosen = boxes.filter(box => box.checked).length;
    bulk.toggleAttribute("data-none", chosen === 0);
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const [name, field] of Object.entries(fields)) field?.toggleAttribute("data-hidden", action.value !== name);
  };
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; show(); });
  bulk.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}

// Pictures are seen before they are sent.
for (const input of document.querySelectorAll("input[type=file][data-preview]")) {
  const box = document.createElement("div");
  box.className = "previews";
  input.after(box);
  input.addEventListener("change", () => {
    box.replaceChildren(...[...input.files].filter(file => file.type.startsWith("image/")).map(file => {
      const picture = new Image();
      const reader = new FileReader();
      reader.addEventListener("load", () => { picture.src = reader.result; });
      reader.readAsDataURL(file);
      picture.alt = file.name;
      return picture;
    }));
  });
}

// What was typed is not left by mistake.
const sheet = document.querySelector("#sheet");
if (sheet) {
  let changed = false;
  sheet.addEventListener("input", () => { changed = true; });
  document.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", event => { if (changed) event.preventDefault(); });
}

// A file of products goes in parts of some hundred lines, so that one sees how far it is.
const importing = document.querySelector("[data-import]");
importing?.addEventListener("submit", async event => {
  event.preventDefault();
  const { working, done, stopped } = importing.dataset;
  const [state, progress, button] = [".import-state", ".import-progress", "button"].map(name => importing.querySelector(name));
  const report = document.querySelector(".import-report");
  const rows = report.querySelector("tbody");
  const [header, ...lines] = records(await importing.querySelector("input[type=file]").files[0].text());
  const size = Math.min(500, Math.max(25, Math.ceil(lines.length / 20)));
  for (const count of report.querySelectorAll("[data-count]")) count.textContent = "0";
  rows.replaceChildren();
  report.hidden = progress.hidden = false;
  button.disabled = true;
  state.textContent = working;
  try {
    for (let sent = 0, before = 0; sent < Math.max(1, lines.length); sent += size) {
      const part = lines.slice(sent, sent + size);
      const body = new FormData();
      body.set("_csrf", importing.querySelector("[name=_csrf]").value);
      body.set("part", "yes");
      body.set("before", String(before));
      body.set("file", new Blob([header, ...part], { type: "text/csv" }), "part.csv");
      const answer = await fetch(importing.action, { method: "POST", body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(answer.status === 422 ? text : stopped);
      rows.insertAdjacentHTML("beforeend", text);
      before += part.reduce((sum, line) => sum + line.split("\n").length - 1, 0);
      progress.value = Math.round(Math.min(1, (sent + size) / lines.length) * 100);
      for (const count of report.querySelectorAll("[data-count]")) count.textContent = rows.querySelectorAll(`[data-outcome=${count.dataset.count}]`).length;
    }
    state.textContent = done;
  } catch (problem) {
    state.textContent = problem instanceof TypeError ? stopped : problem.message;
  }
  button.disabled = false;
});

/** The records of a CSV file with their line ends; a line end within quotes ends none. */
function records(text) {
  const found = [];
  let [start, quoted] = [0, false];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\"") quoted = !quoted;
    else if (text[i] === "\n" && !quoted) { found.push(text.slice(start, i + 1)); start = i + 1; }
  }
  if (start < text.length) found.push(text.slice(start) + "\n");
  return found;
}
