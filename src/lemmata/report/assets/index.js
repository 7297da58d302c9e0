// The index: search as you type, filters, and lists too long for one page shown bit by bit.
(function () {
  "use strict";
  var NAME = 0, HREF = 1, KIND = 2, LABEL = 3, MATH = 4, TEXT = 5, USES = 6, USED = 7, SYMBOLS = 8, FAMILY = 9, SHAPE = 10;
  var STEP = 100;
  var entries = window.lemmataEntries;
  var list = document.getElementById("entries");
  var status = document.getElementById("status");
  var more = document.getElementById("more");
  var form = document.getElementById("search");
  var query = document.getElementById("q");
  var axiom = document.getElementById("axiom");
  var user = document.getElementById("user");
  var symbol = document.getElementById("symbol");
  var kinds = Array.from(form.querySelectorAll("[name=kind]"));
  var pager = document.getElementById("pager");
  var words = entries.map(function (entry) { return (entry[NAME] + " " + entry[TEXT] + " " + (entry[SHAPE] || "")).toLowerCase(); });
  var place = new Map(entries.map(function (entry, at) { return [entry[NAME], at]; }));
  var found = entries.map(function (_, at) { return at; });
  var shown = list.children.length;

  var options = document.createDocumentFragment();
  entries.forEach(function (entry) {
    if (entry[USES].length) options.append(new Option(entry[NAME], entry[NAME]));
  });
  document.getElementById("names").append(options);
  form.hidden = false;

  function element(tag, name, text) {
    var made = document.createElement(tag);
    made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  // Laws of one family stand together; the first shown of them has the number of the family.
  function item(entry, before) {
    var row = element("li", "entry");
    if (symbol) {
      var first = entry[FAMILY] && !(before && before[FAMILY] === entry[FAMILY]);
      row.classList.toggle("variant", Boolean(entry[FAMILY]) && !first);
      row.append(element("span", "rank", first ? entry[FAMILY] : ""));
    }
    var link = element("a", "name", entry[NAME]);
    link.href = entry[HREF];
    var math = element("div", "math");
    math.append(window.lemmataMath(entry[MATH]));
    var meta = element("div", "meta");
    meta.append(element("span", "badge " + entry[KIND], entry[LABEL]));
    if (entry[USED]) meta.append(element("span", "used", "used by " + entry[USED]));
    if (entry[SHAPE]) meta.append(element("span", "shape", entry[SHAPE]));
    row.append(link, math, meta);
    return row;
  }
  function grow() {
    var part = document.createDocumentFragment();
    found.slice(shown, shown + STEP).forEach(function (at, place) {
      part.append(item(entries[at], entries[found[shown + place - 1]]));
    });
    shown = Math.min(found.length, shown + STEP);
    list.append(part);
    tell();
  }
  function tell() {
    var count = found.length.toLocaleString("en");
    var noun = found.length === 1 ? " statement" : " statements";
    status.textContent = !found.length ? "Nothing matches."
      : shown < found.length ? shown.toLocaleString("en") + " of " + count + noun : count + noun;
    more.hidden = shown >= found.length;
  }
  // All that rests on a statement, itself included.
  var users = entries.map(function () { return []; });
  entries.forEach(function (entry, at) {
    entry[USES].forEach(function (used) { users[used].push(at); });
  });
  function above(base) {
    var found = new Set([base]);
    found.forEach(function (at) { users[at].forEach(function (user) { found.add(user); }); });
    return found;
  }
  function choose() {
    var wanted = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    var only = kinds.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var resting = axiom.value ? above(place.get(axiom.value)) : null;
    var citing = user.value ? place.get(user.value) : undefined;
    found = [];
    entries.forEach(function (entry, at) {
      if (only.length && only.indexOf(entry[KIND]) < 0) return;
      if (resting && !resting.has(at)) return;
      if (citing !== undefined && entries[citing][USES].indexOf(at) < 0) return;
      if (symbol && symbol.value && entry[SYMBOLS].indexOf(Number(symbol.value)) < 0) return;
      if (wanted.every(function (word) { return words[at].indexOf(word) >= 0; })) found.push(at);
    });
    if (pager) pager.hidden = true;
    list.replaceChildren();
    shown = 0;
    grow();
  }
  function remember() {
    var state = new URLSearchParams();
    if (query.value) state.set("q", query.value);
    if (axiom.value) state.set("axiom", axiom.value);
    if (user.value) state.set("user", user.value);
    if (symbol && symbol.value) state.set("symbol", symbol.options[symbol.selectedIndex].text);
    kinds.forEach(function (box) { if (box.checked) state.append("kind", box.value); });
    var text = state.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  }
  function recall() {
    var state = new URLSearchParams(location.hash.slice(1));
    query.value = state.get("q") || "";
    axiom.value = state.get("axiom") || "";
    user.value = state.get("user") || "";
    if (symbol) {
      var option = Array.from(symbol.options).find(function (one) { return one.text === state.get("symbol"); });
      symbol.value = option ? option.value : "";
    }
    kinds.forEach(function (box) { box.checked = state.getAll("kind").indexOf(box.value) >= 0; });
    return Array.from(state.keys()).length > 0;
  }
  form.addEventListener("input", function () { choose(); remember(); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  query.addEventListener("keydown", function (event) {
    var first = list.querySelector("a.name");
    if (event.key === "Enter" && first && query.value) location.href = first.href;
  });
  more.addEventListener("click", function () {
    var first = shown;
    grow();
    list.children[first].querySelector("a").focus();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      query.focus();
    }
  });
  window.addEventListener("hashchange", function () { recall(); choose(); });
  if (recall()) choose();
})();
