// The reader's choice of colours, kept from page to page; without one the system's is followed.
(function () {
  "use strict";
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function stored() {
    try { return localStorage.getItem("lemmata-theme"); } catch (error) { return null; }
  }
  function isDark() {
    var chosen = root.dataset.theme;
    return chosen ? chosen === "dark" : system.matches;
  }
  if (stored()) root.dataset.theme = stored();
  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme");
    function show() { button.setAttribute("aria-pressed", String(isDark())); }
    button.addEventListener("click", function () {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("lemmata-theme", root.dataset.theme); } catch (error) { /* kept for this page only */ }
      show();
    });
    system.addEventListener("change", show);
    show();
  });
})();
