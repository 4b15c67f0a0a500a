// Everything that makes pages quicker to use; every page works without it.
import "./copy.js";
import "./form.js";
import "./keys.js";
import "./last.js";
import "./live.js";
import "./theme.js";

document.documentElement.classList.add("js");
