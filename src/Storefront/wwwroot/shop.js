// What makes the storefront livelier: suggestions, live stock and orders, the basket without a new page. Everything works without it.

// Suggestions as one types: the newest answer counts, arrows choose, Escape closes.
const search = document.querySelector("form[data-suggest]");
if (search) {
  const input = search.querySelector("input[type=search]");
  const box = document.createElement("div");
  box.className = "suggestions";
  box.id = "suggestions";
  box.hidden = true;
  search.append(box);
  input.setAttribute("aria-controls", box.id);
  let waiting, asked = "";
  const close = () => { box.hidden = true; };
  const ask = async () => {
    const text = input.value.trim();
    if (text === asked && !box.hidden) return;
    asked = text;
    if (text.length < 2) return close();
    const answer = await fetch(`${search.dataset.suggest}?q=${encodeURIComponent(text)}`).catch(() => null);
    if (input.value.trim() !== text) return;
    if (!answer || answer.status !== 200) return close();
    box.innerHTML = await answer.text();
    box.hidden = document.activeElement !== input;
  };
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 160); });
  search.addEventListener("keydown", event => {
    const links = [...box.querySelectorAll("a")];
    if (event.key === "Escape") { close(); input.focus(); }
    if (box.hidden || !links.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (at < 0 ? input : links[Math.min(at, links.length - 1)]).focus();
  });
  search.addEventListener("focusout", event => { if (!search.contains(event.relatedTarget)) close(); });
}

// Live: the stock's badge changes where it stands; an order's page is read anew.
for (const place of document.querySelectorAll("[data-live]")) {
  const events = new EventSource(place.dataset.live);
  events.addEventListener("stock", event => {
    const [, kind, words] = event.data.split("|");
    const badge = place.querySelector(".badge");
    if (badge.textContent.trim() === words) return;
    badge.className = `badge ${kind}`;
    badge.textContent = words;
  });
  events.addEventListener("changed", async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.querySelector("[data-live]").childNodes);
  });
  addEventListener("pagehide", () => events.close());
}

// More and fewer.
for (const step of document.querySelectorAll("[data-step]")) {
  step.hidden = false;
  step.addEventListener("click", () => {
    const input = step.parentElement.querySelector("input");
    input.value = Math.max(+input.min, Math.min(+input.max, +input.value + +step.dataset.step));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// In the basket a changed quantity is sent by itself.
for (const form of document.querySelectorAll("form[data-quantity]")) {
  form.querySelector("[data-unscripted]")?.setAttribute("hidden", "");
  let waiting;
  form.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(() => form.requestSubmit(), 500); });
}

// Into the basket without leaving the page.
for (const form of document.querySelectorAll("form[data-add]")) {
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const button = event.submitter;
    if (button.classList.contains("busy")) return;
    button.classList.add("busy");
    const answer = await fetch(form.action, { method: "post", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" } }).catch(() => null);
    button.classList.remove("busy");
    if (!answer?.ok || !answer.headers.get("content-type")?.includes("json")) return form.submit();
    const added = await answer.json();
    const link = document.querySelector(".cart-link");
    link.querySelector(".cart-words").textContent = added.label;
    let count = link.querySelector(".cart-count");
    if (!count) { count = document.createElement("span"); count.className = "cart-count"; count.setAttribute("aria-hidden", "true"); link.append(count); }
    count.textContent = added.count > 99 ? "99+" : added.count;
    const box = document.querySelector(".toast");
    box.textContent = added.message;
    box.hidden = false;
    clearTimeout(box.timer);
    box.timer = setTimeout(() => { box.hidden = true; }, 5000);
  });
}
