// A proof page: premises light up, subproofs fold, texts are copied and saved.
(function () {
  "use strict";

  // Premises of the step under the pointer or the focus.
  var marked = [];
  function clear() {
    marked.forEach(function (element) { element.classList.remove("premise", "citing"); });
    marked = [];
  }
  function mark(element, name) {
    element.classList.add(name);
    marked.push(element);
  }
  function light(target) {
    var step = target.closest("[data-uses]");
    clear();
    if (!step) return;
    mark(step, "citing");
    step.dataset.uses.split(" ").forEach(function (number) {
      var premise = document.getElementById("s" + number);
      if (!premise) return;
      // A premise may be one link of a chain, and a folded one shows at its summary.
      var shown = premise.closest(".link, .step");
      var folded = shown.closest("details:not([open])");
      mark(folded ? folded.querySelector("summary") : shown, "premise");
    });
  }
  document.querySelectorAll(".proof").forEach(function (proof) {
    proof.addEventListener("mouseover", function (event) { light(event.target); });
    proof.addEventListener("focusin", function (event) { light(event.target); });
    proof.addEventListener("mouseleave", clear);
    proof.addEventListener("focusout", clear);
  });

  // A link to a folded step opens what it is folded in.
  function reveal() {
    var id = decodeURIComponent(location.hash.slice(1));
    var target = id && document.getElementById(id);
    if (!target) return;
    for (var fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    var row = target.closest(".link, .step");
    if (row) row.scrollIntoView({ block: "center" });
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  function foldAll(open) {
    document.querySelectorAll(".proof details").forEach(function (fold) { fold.open = open; });
  }
  var unfold = document.getElementById("unfold");
  var fold = document.getElementById("fold");
  if (unfold) {
    if (!document.querySelector(".proof details")) unfold.parentElement.hidden = true;
    unfold.addEventListener("click", function () { foldAll(true); });
    fold.addEventListener("click", function () { foldAll(false); });
  }

  // Paper cannot unfold: everything is open while printing.
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll(".proof details:not([open])"));
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (one) { one.open = false; });
  });

  // Arrow keys move from step to step.
  document.querySelectorAll(".proof").forEach(function (proof) {
    proof.addEventListener("keydown", function (event) {
      if (!event.target.matches("a.no") || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
      var all = Array.from(proof.querySelectorAll("a.no")).filter(function (one) { return one.offsetParent; });
      var next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) next.focus();
      event.preventDefault();
    });
  });

  function say(button, text) {
    var label = button.firstChild.textContent;
    button.firstChild.textContent = text;
    setTimeout(function () { button.firstChild.textContent = label; }, 1500);
  }
  // Pages opened from disk may not write to the clipboard directly; a selection can be copied there.
  function copySelected(text) {
    var area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("not allowed"));
  }
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.addEventListener("click", function () {
      var text = document.getElementById(button.dataset.copy).textContent;
      copySelected(text).catch(function () { return navigator.clipboard.writeText(text); }).then(
        function () { say(button, "Copied"); },
        function () { say(button, "Not allowed"); }
      );
      button.focus();
    });
  });
  // A browser does not save a local file from a link, but it saves a text that the page holds.
  document.querySelectorAll("[data-download]").forEach(function (link) {
    link.addEventListener("click", function () {
      var text = document.getElementById(link.dataset.download).textContent;
      link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    });
  });
})();
