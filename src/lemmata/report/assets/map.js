// The graph of a development: what the filters leave is laid out again, what is cited on the left.
(function () {
  "use strict";
  var NAME = 0, HREF = 1, KIND = 2, LABEL = 3, TEXT = 5, USES = 6, USED = 7, SYMBOLS = 8, SHAPE = 10;
  var ROW = 40, GAP = 80, LETTER = 7.4, PAD = 28, HEIGHT = 28, LONGEST = 26, SWEEPS = 6, MOST = 150;
  var space = "http://www.w3.org/2000/svg";
  var entries = window.lemmataEntries;
  var form = document.getElementById("choose");
  var query = document.getElementById("q");
  var symbol = document.getElementById("symbol");
  var around = document.getElementById("around");
  var status = document.getElementById("status");
  var kinds = Array.from(form.querySelectorAll("[name=kind]"));
  var canvas = document.querySelector("[data-graph]");
  var svg = canvas.querySelector("svg");
  var group = svg.querySelector(".view");
  var cut = document.querySelector("figcaption .cut");
  var place = new Map(entries.map(function (entry, at) { return [entry[NAME], at]; }));
  var users = entries.map(function () { return []; });
  var words = entries.map(function (entry) { return (entry[NAME] + " " + entry[TEXT] + " " + entry[SHAPE]).toLowerCase(); });
  var options = document.createDocumentFragment();
  entries.forEach(function (entry, at) {
    options.append(new Option(entry[NAME], entry[NAME]));
    entry[USES].forEach(function (used) { users[used].push(at); });
  });
  document.getElementById("names").append(options);
  form.hidden = false;

  function reach(base, next) {
    var found = new Set([base]);
    found.forEach(function (at) { next(at).forEach(function (one) { found.add(one); }); });
    return found;
  }
  function near(base) {
    var found = reach(base, function (at) { return entries[at][USES]; });
    reach(base, function (at) { return users[at]; }).forEach(function (at) { found.add(at); });
    return found;
  }
  function matching() {
    var wanted = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    var only = kinds.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var close = around.value && place.has(around.value) ? near(place.get(around.value)) : null;
    var found = [];
    entries.forEach(function (entry, at) {
      if (only.length && only.indexOf(entry[KIND]) < 0) return;
      if (close && !close.has(at)) return;
      if (symbol.value && entry[SYMBOLS].indexOf(Number(symbol.value)) < 0) return;
      if (wanted.every(function (word) { return words[at].indexOf(word) >= 0; })) found.push(at);
    });
    return found;
  }

  // Layers are longest paths; in each, nodes are ordered by the middle of their neighbours.
  function layout(chosen) {
    var inside = new Set(chosen), layer = new Map(), columns = [];
    function depth(start) {
      var stack = [start];
      while (stack.length) {
        var at = stack[stack.length - 1];
        var below = entries[at][USES].filter(function (used) { return inside.has(used); });
        var waiting = below.filter(function (used) { return !layer.has(used); });
        if (waiting.length) { stack.push.apply(stack, waiting); continue; }
        stack.pop();
        layer.set(at, below.reduce(function (most, used) { return Math.max(most, layer.get(used) + 1); }, 0));
      }
    }
    chosen.forEach(function (at) { if (!layer.has(at)) depth(at); });
    chosen.forEach(function (at) {
      var first = users[at].filter(function (one) { return inside.has(one); })
        .reduce(function (least, one) { return Math.min(least, layer.get(one)); }, Infinity);
      if (layer.get(at) === 0 && first !== Infinity) layer.set(at, first - 1);
      (columns[layer.get(at)] = columns[layer.get(at)] || []).push(at);
    });
    var y = new Map();
    function stack(column) {
      column.forEach(function (at, number) { y.set(at, (number - (column.length - 1) / 2) * ROW); });
    }
    function pull(at) {
      var close = entries[at][USES].concat(users[at]).filter(function (one) { return inside.has(one); });
      return close.length ? close.reduce(function (sum, one) { return sum + y.get(one); }, 0) / close.length : y.get(at);
    }
    columns.forEach(stack);
    for (var sweep = 0; sweep < SWEEPS; sweep++) {
      (sweep % 2 ? columns.slice().reverse() : columns).forEach(function (column) {
        var wish = new Map(column.map(function (at) { return [at, pull(at)]; }));
        column.sort(function (one, two) { return wish.get(one) - wish.get(two); });
        stack(column);
      });
    }
    var boxes = new Map(), x = 0, tallest = 0;
    columns.forEach(function (column) {
      var widest = 0;
      column.forEach(function (at) {
        var width = label(at).length * LETTER + PAD;
        boxes.set(at, { x: x, y: y.get(at), width: width });
        widest = Math.max(widest, width);
      });
      tallest = Math.max(tallest, column.length * ROW);
      x += widest + GAP;
    });
    boxes.forEach(function (box) { box.y += tallest / 2; });
    return { boxes: boxes, width: Math.max(x - GAP, 1), height: Math.max(tallest, ROW) };
  }
  // What was found has no name that says more than itself.
  function label(at) { return short(entries[at][entries[at][KIND] === "axiom" ? NAME : TEXT]); }
  function short(name) { return name.length <= LONGEST ? name : name.slice(0, LONGEST - 1) + "…"; }
  function make(tag, attributes, text) {
    var made = document.createElementNS(space, tag);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function draw(chosen) {
    var plan = layout(chosen), part = document.createDocumentFragment();
    chosen.forEach(function (at) {
      var end = plan.boxes.get(at);
      entries[at][USES].forEach(function (used) {
        var start = plan.boxes.get(used);
        if (!start) return;
        var from = start.x + start.width, half = (end.x - from) / 2;
        part.append(make("path", {
          "class": "arc", "data-source": used, "data-target": at,
          d: "M" + from + " " + start.y + "C" + (from + half) + " " + start.y + " " + (end.x - half) + " " + end.y + " " + end.x + " " + end.y
        }));
      });
    });
    chosen.forEach(function (at) {
      var entry = entries[at], box = plan.boxes.get(at);
      var mark = make("a", { "class": "mark " + entry[KIND], href: entry[HREF], "data-node": at });
      mark.append(make("title", {}, entry[NAME] + " (" + entry[LABEL] + "): " + entry[TEXT]));
      mark.append(make("rect", { x: box.x, y: box.y - HEIGHT / 2, width: box.width, height: HEIGHT, rx: 5 }));
      mark.append(make("text", { x: box.x + box.width / 2, y: box.y + 4, "text-anchor": "middle" }, label(at)));
      part.append(mark);
    });
    group.replaceChildren(part);
    svg.setAttribute("viewBox", "-16 -16 " + (plan.width + 32) + " " + (plan.height + 32));
    svg.style.setProperty("--h", plan.height + 32);
    canvas.dispatchEvent(new Event("redraw"));
  }
  function choose() {
    var found = matching();
    var best = found.slice().sort(function (one, two) {
      return (entries[two][KIND] === "essential") - (entries[one][KIND] === "essential") ||
        entries[two][USED] - entries[one][USED] || one - two;
    }).slice(0, MOST).sort(function (one, two) { return one - two; });
    status.textContent = !found.length ? "Nothing matches."
      : found.length > best.length ? best.length + " of " + found.length.toLocaleString("en") + " statements are drawn, the essential and most used ones; narrow the filters to see the others."
      : found.length === 1 ? "1 statement" : found.length + " statements";
    if (cut) cut.hidden = true;
    draw(best);
  }
  form.addEventListener("input", choose);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
})();
