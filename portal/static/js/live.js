// Live lists: what changed is refreshed in its row, what is new waits behind a button; nothing moves under the reader.
// <tbody data-live="address of the first page" data-live-label="%d new" data-rows> with <tr data-key="…"> rows;
// data-live-every sets the seconds. The list needs an id that is the same on every page.
const USUAL = 10;
const LONGEST = 300;

class Live {
  constructor(list) {
    this.list = list;
    this.every = Number(list.dataset.liveEvery) || USUAL;
    this.wait = this.every;
    this.button = null;
    this.later();
  }

  later() {
    this.timer = setTimeout(() => this.look(), this.wait * 1000);
  }

  async look() {
    if (!this.list.isConnected) return;
    if (document.hidden) {
      document.addEventListener("visibilitychange", () => this.look(), { once: true });
      return;
    }
    const page = await this.fetch();
    const fresh = page && this.find(page);
    if (fresh) this.compare(fresh);
    // Slow down while the portal does not answer.
    this.wait = fresh ? this.every : Math.min(this.wait * 2, LONGEST);
    this.later();
  }

  async fetch() {
    try {
      const answer = await fetch(this.list.dataset.live || location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return null;
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch (error) {
      if (error instanceof TypeError) return null;
      throw error;
    }
  }

  find(page) {
    return page.getElementById(this.list.id);
  }

  compare(fresh) {
    const here = new Map(this.rows(this.list).map((row) => [row.dataset.key, row]));
    let count = 0;
    for (const row of this.rows(fresh)) {
      const known = here.get(row.dataset.key);
      if (!known) count += 1;
      else if (known.innerHTML !== row.innerHTML && !known.contains(document.activeElement)) {
        known.replaceChildren(...row.cloneNode(true).childNodes);
      }
    }
    this.offer(count, fresh);
  }

  rows(list) {
    return [...list.querySelectorAll("[data-key]")];
  }

  offer(count, fresh) {
    this.fresh = fresh;
    if (!count) return;
    if (!this.button) this.build();
    const text = this.list.dataset.liveLabel.replace("%d", count);
    if (this.button.textContent !== text) this.button.textContent = text;
  }

  build() {
    const region = document.createElement("div");
    region.className = "fresh";
    region.setAttribute("role", "status");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.addEventListener("click", () => this.show());
    region.append(this.button);
    (this.list.closest(".table") ?? this.list).before(region);
  }

  show() {
    this.list.replaceChildren(...this.fresh.childNodes);
    window.htmx?.process(this.list);
    this.button.parentElement.remove();
    this.button = null;
    this.list.querySelector("[data-key] a[href]")?.focus();
  }
}

function start(root) {
  for (const list of root.querySelectorAll("[data-live]")) {
    if (list.dataset.isLive) continue;
    list.dataset.isLive = "yes";
    new Live(list);
  }
}

start(document);
document.addEventListener("htmx:afterSettle", () => start(document));
