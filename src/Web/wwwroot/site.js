// What every page does when scripts run; without them everything works as well.

// A form with data-once is sent once: its button shows that it works, and says so to those who do not see it.
document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (!button) return;
  button.classList.add("busy");
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) button.lastChild.textContent = button.dataset.busy;
});

// A page that the browser kept and shows again can be sent again.
addEventListener("pageshow", event => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".busy")) { button.classList.remove("busy"); button.removeAttribute("aria-disabled"); }
});

// What went wrong is where the reader is.
document.querySelector(".notice.bad[role=alert]")?.focus();

// Lists that send themselves when they change have a button for those without scripts.
for (const select of document.querySelectorAll("select[data-send]")) {
  select.form.querySelector("[data-unscripted]")?.setAttribute("hidden", "");
  select.addEventListener("change", () => select.form.requestSubmit());
}

