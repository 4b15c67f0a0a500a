// Copy buttons: data-copy holds the text, data-copy-from the id of an element that holds it.
async function copy(button) {
  const source = button.dataset.copyFrom;
  const text = source ? document.getElementById(source).textContent : button.dataset.copy;
  await navigator.clipboard.writeText(text);
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { button.textContent = before; }, 2000);
}

function announce(text) {
  const region = document.createElement("div");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  document.body.append(region);
  // A live region speaks only what changes after it exists.
  requestAnimationFrame(() => { region.textContent = text; });
  setTimeout(() => region.remove(), 3000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button && !button.matches(":disabled")) copy(button);
});
