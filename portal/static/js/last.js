// Lists whose newest entry comes last open there: data-newest-last.
function toTheEnd(root) {
  for (const list of root.querySelectorAll("[data-newest-last]")) list.scrollTop = list.scrollHeight;
}

toTheEnd(document);
document.addEventListener("htmx:afterSettle", (event) => toTheEnd(event.target));
