// The brief form of mathematics in the data of the index, turned into MathML.
window.lemmataMath = function (text) {
  "use strict";
  var space = "http://www.w3.org/1998/Math/MathML";
  var tags = { i: "mi", n: "mn", o: "mo", t: "mtext" };
  function make(tag, content) {
    var element = document.createElementNS(space, tag);
    if (content !== undefined) element.textContent = content;
    return element;
  }
  function identifier(name) {
    var parts = /^(.*?[^\W\d])_?(\d+)('*)$/u.exec(name) || /^(.*?)()('*)$/u.exec(name);
    if (!parts[1]) parts = [name, name, "", ""];
    var element = make("mi", parts[1]);
    if (parts[2]) {
      var lowered = make("msub");
      lowered.append(element, make("mn", parts[2]));
      element = lowered;
    }
    if (parts[3]) {
      var raised = make("msup");
      raised.append(element, make("mo", "′".repeat(parts[3].length)));
      element = raised;
    }
    return element;
  }
  var math = make("math");
  text.split("\n").forEach(function (token) {
    var content = token.slice(1);
    if (token[0] === "i") math.append(identifier(content));
    else {
      var element = make(tags[token[0]], content);
      if (content === "(" || content === ")") element.setAttribute("stretchy", "false");
      if (content === ".") {
        element.setAttribute("lspace", "0em");
        element.setAttribute("rspace", "0.4em");
      }
      math.append(element);
    }
  });
  return math;
};
