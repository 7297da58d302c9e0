// The graph: drag or arrow keys to move, wheel, pinch or plus and minus to zoom.
(function () {
  "use strict";
  document.querySelectorAll("[data-graph]").forEach(function (canvas) {
    var svg = canvas.querySelector("svg");
    var all = svg.getAttribute("viewBox").split(" ").map(Number);
    var view = all.slice();
    var figure = canvas.parentElement;

    function show() { svg.setAttribute("viewBox", view.map(function (one) { return one.toFixed(1); }).join(" ")); }
    function scale() {
      var box = svg.getBoundingClientRect();
      return Math.max(view[2] / box.width, view[3] / box.height);
    }
    function zoom(factor, x, y) {
      var width = Math.min(Math.max(view[2] * factor, 120), all[2] * 4);
      factor = width / view[2];
      view = [x + (view[0] - x) * factor, y + (view[1] - y) * factor, width, view[3] * factor];
      show();
    }
    function middle(factor) { zoom(factor, view[0] + view[2] / 2, view[1] + view[3] / 2); }
    function move(x, y) { view[0] += x; view[1] += y; show(); }
    function fit() { view = all.slice(); show(); }
    function at(event) {
      return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    }

    // A large graph starts at a size one can read, with its own statement in sight.
    function start() {
      var box = svg.getBoundingClientRect();
      if (!box.width || scale() <= 1.25) return;
      var here = svg.querySelector(".here rect");
      var width = box.width * 1.1;
      var height = box.height * 1.1;
      var x = here ? Number(here.getAttribute("x")) + Number(here.getAttribute("width")) / 2 : all[0] + all[2] / 2;
      var y = here ? Number(here.getAttribute("y")) : all[1] + all[3] / 2;
      var left = Math.min(Math.max(x - width * 0.6, all[0]), Math.max(all[0], all[0] + all[2] - width));
      var top = Math.min(Math.max(y - height / 2, all[1]), Math.max(all[1], all[1] + all[3] - height));
      view = [left, top, width, height];
      show();
    }

    figure.querySelectorAll("[data-zoom]").forEach(function (button) {
      button.addEventListener("click", function () {
        if (button.dataset.zoom === "fit") fit();
        else middle(button.dataset.zoom === "in" ? 0.75 : 1 / 0.75);
      });
    });
    canvas.addEventListener("keydown", function (event) {
      var far = 60 * scale();
      var keys = {
        ArrowLeft: function () { move(-far, 0); },
        ArrowRight: function () { move(far, 0); },
        ArrowUp: function () { move(0, -far); },
        ArrowDown: function () { move(0, far); },
        "+": function () { middle(0.75); },
        "=": function () { middle(0.75); },
        "-": function () { middle(1 / 0.75); },
        "0": fit
      };
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    // The page must still scroll past the graph, so a wheel zooms only where the graph has the focus.
    canvas.addEventListener("wheel", function (event) {
      if (!event.ctrlKey && !canvas.contains(document.activeElement)) return;
      event.preventDefault();
      var point = at(event);
      zoom(Math.exp(event.deltaY * 0.0015), point.x, point.y);
    }, { passive: false });

    var pointers = new Map();
    var dragged = false;
    canvas.addEventListener("pointerdown", function (event) {
      if (event.button) return;
      pointers.set(event.pointerId, event);
      dragged = false;
    });
    canvas.addEventListener("pointermove", function (event) {
      var before = pointers.get(event.pointerId);
      if (!before) return;
      var step = scale();
      if (pointers.size === 2) {
        var other = Array.from(pointers.values()).find(function (one) { return one.pointerId !== event.pointerId; });
        var was = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
        var now = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
        var point = at(other);
        if (now > 0) zoom(was / now, point.x, point.y);
        dragged = true;
      } else if (dragged || Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) > 4) {
        if (!dragged) canvas.setPointerCapture(event.pointerId);
        dragged = true;
        move((before.clientX - event.clientX) * step, (before.clientY - event.clientY) * step);
      } else return;
      pointers.set(event.pointerId, event);
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      canvas.addEventListener(name, function (event) { pointers.delete(event.pointerId); });
    });
    canvas.addEventListener("click", function (event) {
      if (dragged) event.preventDefault();
      dragged = false;
    }, true);
    canvas.addEventListener("dragstart", function (event) { event.preventDefault(); });

    // Neighbours of the statement under the pointer or the focus.
    function light(event) {
      var node = event.target.closest(".mark");
      svg.classList.toggle("lit", Boolean(node));
      svg.querySelectorAll(".near").forEach(function (one) { one.classList.remove("near"); });
      if (!node) return;
      var near = new Set([node.dataset.node]);
      svg.querySelectorAll(".arc").forEach(function (arc) {
        if (arc.dataset.source !== node.dataset.node && arc.dataset.target !== node.dataset.node) return;
        arc.classList.add("near");
        near.add(arc.dataset.source).add(arc.dataset.target);
      });
      svg.querySelectorAll(".mark").forEach(function (mark) {
        mark.classList.toggle("near", near.has(mark.dataset.node));
      });
    }
    canvas.addEventListener("mouseover", light);
    canvas.addEventListener("focusin", light);
    // Another drawing was put in the place of the one there was.
    canvas.addEventListener("redraw", function () {
      all = svg.getAttribute("viewBox").split(" ").map(Number);
      fit();
      start();
    });
    start();
  });
})();
