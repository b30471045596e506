// Parts of the page. Whatever comes out of a file becomes text, never markup.

const SVG = "http://www.w3.org/2000/svg";

// element("p", {class: "quiet"}, "text", another): null children are left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== ""));
  return made;
}

// A symbol of the sprite, which lies in the page itself or beside it; with `label` it also speaks.
export function symbol(name, label = "", classes = "") {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", `icon ${classes}`.trim());
  if (label) {
    made.setAttribute("role", "img");
    made.setAttribute("aria-label", label);
  } else made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.querySelector("[data-sprite]")?.dataset.sprite ?? ""}#${name}`);
  made.append(use);
  return made;
}

// `text` with the values in place of the names in braces.
export const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));

export function sizeInWords(bytes, language) {
  const [unit, number] = bytes < 1e6 ? ["kilobyte", Math.max(1, bytes / 1e3)] : ["megabyte", bytes / 1e6];
  const maximumFractionDigits = bytes < 1e6 ? 0 : 1;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits }).format(number);
}
