// A credential in an SVG: one <openbadges:credential> directly inside <svg>, as text or as the attribute `verify` (Open Badges
// 3.0, 5.3.2). The browser's own parser reads it, as a document that is never shown: nothing in it runs or is fetched.

import { LARGEST_CREDENTIAL } from "./documents.js";
import { utf8 } from "./encodings.js";
import { Refusal } from "./refusals.js";

const NAMESPACE = "https://purl.imsglobal.org/ob/v3p0";
const SVG = "http://www.w3.org/2000/svg";
const OLDER = "http://openbadges.org";
const LARGEST_SVG = 4 * 1024 * 1024;

const damaged = (what) => new Refusal("damaged", what);

// The text of the one credential in an SVG.
export function extractFromSvg(bytes) {
  if (bytes.length > LARGEST_SVG) throw new Refusal("too-large", `the SVG has ${bytes.length} bytes`);
  const root = parsed(bytes);
  const found = root.getElementsByTagNameNS(NAMESPACE, "credential");
  if (!found.length && root.getElementsByTagNameNS(OLDER, "assertion").length) {
    throw new Refusal("older", "an Open Badge 2.0");
  }
  if (!found.length) throw new Refusal("none", "the SVG holds no credential");
  if (found.length > 1) throw new Refusal("several", "the SVG holds more than one credential");
  const [element] = found;
  if (element.parentNode !== root) throw damaged("the credential is not directly inside <svg>");
  if (element.childElementCount) throw damaged("the credential has elements inside");
  const [text, token] = [element.textContent.trim(), element.getAttribute("verify")];
  if (token !== null && text) throw damaged("the credential is there twice, as an attribute and as text");
  const credential = utf8(token === null ? text : token.trim());
  if (!credential.length) throw damaged("the credential is empty");
  if (credential.length > LARGEST_CREDENTIAL) throw new Refusal("too-large", `${credential.length} bytes`);
  return credential;
}

function parsed(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw damaged("the SVG is not UTF-8");
  }
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']/.exec(text);
  if (declared && !/^(?:utf-8|us-ascii|ascii)$/i.test(declared[1])) {
    throw damaged(`the SVG says it is written in ${declared[1]}`);
  }
  if (text.includes("<!ENTITY")) {
    throw damaged("the SVG declares entities, with which a small file can unfold into a huge one");
  }
  const document = new DOMParser().parseFromString(text, "image/svg+xml");
  const root = document.documentElement;
  if (document.getElementsByTagName("parsererror").length || root.localName !== "svg" || root.namespaceURI !== SVG) {
    throw damaged("it is no proper SVG");
  }
  return root;
}
