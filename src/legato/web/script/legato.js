// What pages do beyond links and forms. Everything here has a way without it.
(() => {
  "use strict";
  const OFF = "legato-single-keys-off";
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Dialogs: the browser keeps the focus inside, closes on Escape and gives the focus back.
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    all("dialog[open]").forEach((other) => other.close());
    dialog.showModal();
    const input = find("input[type=search]", dialog);
    if (input) { input.value = ""; narrow(input); input.focus(); }
  };
  const close = (id) => {
    const part = document.getElementById(id);
    if (part.close) part.close(); else part.hidden = true;
  };
  const narrow = (input) => {
    const list = document.getElementById(input.dataset.narrows);
    const words = input.value.trim().toLocaleLowerCase();
    all("li", list).forEach((item) => {
      item.hidden = !item.textContent.toLocaleLowerCase().includes(words);
    });
    find("[data-when-none]", list.parentElement).hidden = all("li:not([hidden])", list).length > 0;
  };
  // A slider beside a number: whichever is moved, the other follows; only the number is sent.
  const mirror = (moved) => {
    const number = moved.dataset.mirrors && document.getElementById(moved.dataset.mirrors);
    if (number) number.value = moved.value;
    const slider = moved.id && find(`input[data-mirrors="${CSS.escape(moved.id)}"]`);
    if (slider) slider.value = moved.value;
  };
  const shown = () => all("#commands li:not([hidden]) :is(a, button)");

  document.addEventListener("click", (event) => {
    const part = event.target.closest("[data-opens], [data-closes]");
    if (part?.dataset.opens) open(part.dataset.opens);
    if (part?.dataset.closes) close(part.dataset.closes);
    if (event.target.matches("dialog")) event.target.close();
    const goes = event.target.closest("[data-goes]"); // In a picture; its table has the links.
    if (goes) location.assign(goes.dataset.goes);
    const link = event.target.closest("a[data-drawer]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      drawer(link);
    }
  });
  // What an act would do is a page; here its part comes into a drawer beside what the reader sees.
  const drawer = async (link) => {
    const asked = new URL(link.href);
    // What is chosen in a form goes along, its keys do not.
    const form = link.dataset.with && document.getElementById(link.dataset.with);
    for (const [name, value] of form ? new FormData(form) : []) {
      if (name !== "csrfmiddlewaretoken" && name !== "key") asked.searchParams.append(name, value);
    }
    await htmx.ajax("GET", asked.href, { target: "#drawer-content", select: "#act", swap: "innerHTML" });
    const shown = find("#drawer");
    if (!find("#act", shown)) return;
    if (!shown.open) shown.showModal();
    find("#act", shown).focus();
  };
  // Rows that are chosen: a bar rises with their number, and what it would do comes into the drawer.
  const picks = () => all("input[name=record][form=bulk]");
  const count = () => {
    const bar = find("#bulk");
    if (!bar) return;
    const chosen = picks().filter((each) => each.checked).length;
    const everything = find("[name=all]", bar).checked;
    find("[data-count]", bar).textContent = (everything ? Number(bar.dataset.total) : chosen).toLocaleString(document.documentElement.lang);
    bar.classList.toggle("resting", !chosen && !everything);
  };
  const pick = () => {
    const box = find("input[form=bulk]", document.activeElement.closest("tr") ?? document.createElement("tr"));
    if (box) { box.checked = !box.checked; count(); }
  };
  const give = () => { if (find("#bulk:not(.resting)")) find("#bulk").requestSubmit(); };
  // What is changed in a form and not sent yet: the bar beside its rows counts it.
  const isChanged = (field) => {
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((each) => each.selected !== each.defaultSelected && (each.value || each.defaultSelected));
    return field.type === "number" && field.value !== field.defaultValue;
  };
  const pending = () => all("[data-pending]").forEach((bar) => {
    const many = [...document.getElementById(bar.dataset.pending).elements].filter(isChanged).length;
    find("[data-count]", bar).textContent = many.toLocaleString(document.documentElement.lang);
    find("[data-said]", bar).hidden = !many;
    bar.classList.toggle("some", many > 0);
  });
  document.addEventListener("change", () => { count(); pending(); });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id !== "bulk" && !form.matches(".drawer .give")) return;
    event.preventDefault();
    const chosen = new URLSearchParams(new FormData(form));
    if (chosen.has("all")) chosen.delete("record");
    drawer({ href: `${form.action}?${chosen}`, dataset: {} });
  });
  count();
  pending();
  document.addEventListener("input", (event) => {
    if (event.target.dataset.narrows) narrow(event.target);
    mirror(event.target);
    pending();
  });

  // Keys. While an input method composes a word, none of them is ours.
  const isTyping = (target) => target.matches("input, select, textarea, [contenteditable]");
  const rows = () => all("table tbody th a[href], table tbody tr[tabindex]");
  const step = (by) => {
    const places = rows();
    if (!places.length) return;
    const present = places.findIndex((each) => each === document.activeElement);
    const next = present < 0 ? (by > 0 ? 0 : places.length - 1) : present + by;
    places[Math.max(0, Math.min(places.length - 1, next))].focus();
  };
  const tables = () => {
    const parts = all("details.picture-table");
    const opened = parts.some((each) => each.open);
    parts.forEach((each) => { each.open = !opened; });
  };
  const search = () => find("main input[type=search]")?.focus();
  const undo = () => find("a[data-undo]")?.click();
  const SINGLE = { "/": search, x: pick, a: give, u: undo, j: () => step(1), k: () => step(-1), t: tables, "?": () => open("keys") };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("palette");
      return;
    }
    if (find("#palette")?.open) return inPalette(event);
    if (event.shiftKey && event.key === "ArrowDown" && event.target.matches("tr[tabindex]")) {
      event.preventDefault();
      if (!find("input[form=bulk]:checked", event.target)) pick();
      step(1);
      if (!find("input[form=bulk]:checked", document.activeElement)) pick();
      return;
    }
    if (event.key === "Enter" && event.target.matches("tr[tabindex]")) {
      const link = find("th a[href]", event.target), reasons = find("details.reasons", event.target);
      if (link) link.click(); else if (reasons) reasons.open = !reasons.open;
      return;
    }
    const act = SINGLE[event.key];
    const ours = act && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!ours || isTyping(event.target) || find("dialog[open]") || localStorage.getItem(OFF)) return;
    event.preventDefault();
    act();
  });
  const inPalette = (event) => {
    const items = shown();
    const present = items.indexOf(document.activeElement);
    if (event.key === "Escape") {
      event.preventDefault(); // A search field would only empty itself.
      close("palette");
    } else if (event.key === "Enter" && present < 0 && items.length) {
      event.preventDefault();
      items[0].click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      items[Math.max(0, Math.min(items.length - 1, present + by))]?.focus();
    }
  };
  const box = find("#single-keys");
  if (box) {
    box.checked = !localStorage.getItem(OFF);
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
    });
  }

  // Swaps: say what has come, and never lose the reader's place.
  let unfolded = []; // What the reader had opened in what is swapped.
  let held = null; // What had the focus when the answer was asked for; null if nothing had.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = new URL(event.detail.pathInfo.requestPath, location);
    const answered = new URL(event.detail.xhr.responseURL);
    if (asked.pathname !== answered.pathname) {
      event.detail.shouldSwap = false;
      location.assign(answered.href);
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    count();
    unfolded.forEach((id) => { const part = document.getElementById(id); if (part) part.open = true; });
    if (event.detail.target?.id === "drawer-content") return;
    const place = event.detail.target?.closest("section") ?? find("main");
    find("#said").textContent = find("[data-said]", place)?.textContent.trim() ?? "";
    if (held && document.activeElement === document.body) {
      const again = held.id && document.getElementById(held.id);
      const places = [again, ...place.querySelectorAll("[tabindex]"), find("main")];
      places.find((each) => each && each.checkVisibility()).focus();
    }
  });
  const failed = () => { find("#toast").hidden = false; };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:beforeRequest", () => {
    held = document.activeElement === document.body ? null : document.activeElement;
    unfolded = all("details[id][open]").map((each) => each.id);
    find("#toast").hidden = true;
  });
})();
