// Forms: a button that was pressed waits (site.css shows a spinner after 200 ms); empty filters stay out of the address.
function rest(form, submitter) {
  // After this turn: a disabled button would not be sent with the form.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
    submitter?.setAttribute("aria-busy", "true");
  });
}

function wake() {
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    for (const other of button.form?.querySelectorAll("button") ?? []) other.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  rest(form, event.submitter);
});

document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-tidy]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-tidy]")) return;
  for (const [name, value] of [...event.detail.formData]) if (value === "") event.detail.formData.delete(name);
});

// Back may show the page as it was left, with its buttons resting.
addEventListener("pageshow", wake);
