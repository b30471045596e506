// A PDF file: where its objects are, and what streams hold (ISO 32000-2, 7.4 and 7.5). Only as much is read as finding
// attachments takes; where the table of contents is broken, the objects are looked for one by one.

import { bytesOf, latin1 } from "./encodings.js";
import {
  Budget,
  damagedPdf,
  fromHexadecimal,
  isMap,
  matchAt,
  readPdfObject,
  Ref,
  skipSpace,
  Stream,
} from "./pdf_objects.js";
import { Refusal } from "./refusals.js";
import { unpack } from "./unpacking.js";

const HEADER_WITHIN = 1024;
const TRAILER_WITHIN = 4096;
const MOST_SECTIONS = 1_000;
const LARGEST_TABLE = 8 * 1024 * 1024;
const DEEPEST_LOOKUP = 20;
const STARTXREF = /startxref[\0\t\n\f\r ]+(\d{1,12})/g;
const ENTRY = /(\d{10}) (\d{5}) ([nf])/y;
const SUBSECTION = /(\d{1,10})[ \t]+(\d{1,10})[\0\t\n\f\r ]+/y;
const HEADER = /(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj/y;
const HEADER_BEFORE = /(?<!\d)(\d{1,10})[\0\t\n\f\r ]{1,4}(\d{1,5})[\0\t\n\f\r ]{1,4}$/;

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

export class PdfFile {
  trailer = new Map();
  isWhole = true;
  budget = new Budget();
  #places = new Map();
  #packs = new Map();
  #found = new Map();
  #looking = [];

  constructor(data) {
    this.data = data;
  }

  // The value, or the object that it refers to; null where there is none (7.3.10).
  async resolve(value) {
    for (let step = 0; step < DEEPEST_LOOKUP; step += 1) {
      if (!(value instanceof Ref)) return value ?? null;
      value = await this.#object(value.number);
    }
    throw damagedPdf("references in it lead in a circle");
  }

  async dictionary(value) {
    const found = await this.resolve(value);
    return isMap(found) ? found : new Map();
  }

  async array(value) {
    const found = await this.resolve(value);
    return Array.isArray(found) ? found : [];
  }

  // What a stream holds, as text of bytes; null when that is more than `largest`.
  async content(stream, largest) {
    let raw = await this.#raw(stream);
    for (const [name, parameters] of await this.#filters(stream.entries)) {
      if (name === "FlateDecode" || name === "Fl") {
        const unpacked = await this.#inflate(raw, largest);
        if (unpacked === null) return null;
        raw = await this.#unpredict(unpacked, parameters);
      } else if (name === "ASCIIHexDecode" || name === "AHx") raw = fromHexadecimal(raw.split(">")[0]);
      else throw damagedPdf(`a part of it is packed in a way that is not read here (${String(name).slice(0, 30)})`);
    }
    return raw.length <= largest ? raw : null;
  }

  async #object(number) {
    if (this.#found.has(number)) return this.#found.get(number);
    const place = this.#places.get(number);
    if (!place) return null;
    if (this.#looking.includes(number) || this.#looking.length > DEEPEST_LOOKUP) {
      throw damagedPdf("references in it lead in a circle");
    }
    this.#looking.push(number);
    let value = null;
    try {
      if ("at" in place) value = this.#plain(number, place.at);
      else {
        const { text, offsets } = await this.#pack(place.stream);
        if (offsets.has(number)) [value] = readPdfObject(text, offsets.get(number), this.budget);
      }
    } finally {
      this.#looking.pop();
    }
    this.#found.set(number, value);
    return value;
  }

  #plain(number, at) {
    const header = matchAt(HEADER, this.data, skipSpace(this.data, at));
    if (!header || Number(header[1]) !== number) throw damagedPdf(`object ${number} is not where it should be`);
    const [value, behind] = readPdfObject(this.data, HEADER.lastIndex, this.budget);
    const end = skipSpace(this.data, behind);
    if (!isMap(value) || !this.data.startsWith("stream", end)) return value;
    const start = end + "stream".length;
    return new Stream(value, start + (this.data.startsWith("\r\n", start) ? 2 : 1));
  }

  // An object stream (7.5.7): its content, and where in it each object begins.
  async #pack(number) {
    if (this.#packs.has(number)) return this.#packs.get(number);
    const stream = "stream" in (this.#places.get(number) ?? {}) ? null : await this.#object(number);
    const holdsNone = () => damagedPdf(`object ${number} holds no other objects`);
    if (!(stream instanceof Stream)) throw holdsNone();
    const text = await this.content(stream, LARGEST_TABLE);
    const count = await this.resolve(stream.entries.get("N"));
    const first = await this.resolve(stream.entries.get("First"));
    if (text === null || !isCount(count) || !isCount(first) || first > text.length) throw holdsNone();
    const numbers = (text.slice(0, first).match(/[^\0\t\n\v\f\r ]+/g) ?? []).slice(0, 2 * count);
    this.budget.spend(numbers.length);
    if (numbers.length % 2 || !numbers.every((item) => /^\d{1,10}$/.test(item))) throw holdsNone();
    const offsets = new Map();
    for (let index = 0; index < numbers.length; index += 2) {
      offsets.set(Number(numbers[index]), first + Number(numbers[index + 1]));
    }
    this.#packs.set(number, { text, offsets });
    return this.#packs.get(number);
  }

  async #raw(stream) {
    const length = await this.resolve(stream.entries.get("Length"));
    if (isCount(length) && stream.start + length <= this.data.length) {
      const end = stream.start + length;
      if (this.data.startsWith("endstream", skipSpace(this.data, end))) {
        this.budget.spend(1 + Math.floor(length / 1000));
        return this.data.slice(stream.start, end);
      }
    }
    const end = this.data.indexOf("endstream", stream.start);
    this.budget.spend(1 + Math.floor(((end < 0 ? this.data.length : end) - stream.start) / 1000));
    if (end < 0) throw damagedPdf("a part of it has no end");
    return this.data.slice(stream.start, end).replace(/\n$/, "").replace(/\r$/, "");
  }

  async #filters(entries) {
    const names = await this.resolve(entries.get("Filter") ?? entries.get("F"));
    const parameters = await this.resolve(entries.get("DecodeParms") ?? entries.get("DP"));
    const listed = Array.isArray(names) ? names : names === null ? [] : [names];
    const each = Array.isArray(parameters) ? parameters : [parameters];
    if (listed.length > 4) throw damagedPdf("a part of it is packed too many times over");
    const found = [];
    for (const [index, name] of listed.entries()) {
      found.push([await this.resolve(name), await this.dictionary(each[index])]);
    }
    return found;
  }

  async #inflate(raw, largest) {
    const allowed = Math.min(largest, this.budget.unpacked);
    let unpacked;
    try {
      unpacked = await unpack(bytesOf(raw), "deflate", allowed);
    } catch {
      // A line break that somebody counted in with what is packed.
      const shorter = raw.replace(/[\r\n]{1,2}$/, "");
      if (shorter === raw) throw damagedPdf("a packed part of it cannot be unpacked");
      unpacked = await unpack(bytesOf(shorter), "deflate", allowed);
    }
    this.budget.unpacked -= Math.min(unpacked?.length ?? allowed, allowed);
    this.budget.spend(1 + Math.floor((unpacked?.length ?? allowed) / 1000));
    return unpacked && latin1(unpacked);
  }

  // Undo the PNG predictors that tables are packed with (7.4.4.4).
  async #unpredict(data, parameters) {
    const predictor = await this.resolve(parameters.get("Predictor"));
    if (!isCount(predictor) || predictor === 1) return data;
    const columns = await this.resolve(parameters.get("Columns") ?? 1);
    const colours = await this.resolve(parameters.get("Colors") ?? 1);
    const bits = await this.resolve(parameters.get("BitsPerComponent") ?? 8);
    if (predictor < 10 || colours !== 1 || bits !== 8 || !isCount(columns) || columns < 1 || columns > 4096) {
      throw damagedPdf("a packed part of it is foretold in an unusual way");
    }
    this.budget.spend(Math.floor(data.length / 8));
    const bytes = bytesOf(data);
    const rows = [];
    let above = new Uint8Array(columns);
    for (let start = 0; start + columns < bytes.length; start += columns + 1) {
      above = unfiltered(bytes[start], bytes.subarray(start + 1, start + 1 + columns), above);
      rows.push(latin1(above));
    }
    return rows.join("");
  }

  // Follow all cross-reference sections, the newest first.
  async readReferences(newest) {
    const waiting = [newest];
    const seen = new Set();
    while (waiting.length) {
      const at = waiting.pop();
      if (seen.has(at)) continue;
      if (seen.size >= MOST_SECTIONS || at >= this.data.length) throw damagedPdf("its table of contents leads nowhere");
      seen.add(at);
      const isTable = this.data.startsWith("xref", skipSpace(this.data, at));
      const trailer = isTable ? this.#table(at) : await this.#tableStream(at);
      if (!this.trailer.size) this.trailer = trailer;
      // A hybrid file's stream comes before what the section replaced (7.5.8.4), so it goes on the stack last.
      waiting.push(...[trailer.get("Prev"), trailer.get("XRefStm")].filter(isCount));
    }
  }

  #table(at) {
    let place = skipSpace(this.data, skipSpace(this.data, at) + "xref".length);
    for (let subsection; (subsection = matchAt(SUBSECTION, this.data, place));) {
      const [first, count] = [Number(subsection[1]), Number(subsection[2])];
      place = SUBSECTION.lastIndex;
      if (count * 18 > this.data.length - place) throw damagedPdf("its table of contents announces more than there is");
      this.budget.spend(1 + count);
      for (let number = first; number < first + count; number += 1) {
        const entry = matchAt(ENTRY, this.data, place);
        if (!entry) throw damagedPdf("its table of contents is broken");
        if (entry[3] === "n") this.#remember(number, { at: Number(entry[1]) });
        place = skipSpace(this.data, ENTRY.lastIndex);
      }
    }
    if (!this.data.startsWith("trailer", place)) throw damagedPdf("its table of contents has no end");
    const [trailer] = readPdfObject(this.data, place + "trailer".length, this.budget);
    if (!isMap(trailer)) throw damagedPdf("its trailer is broken");
    return trailer;
  }

  // A cross-reference stream (7.5.8).
  async #tableStream(at) {
    const header = matchAt(HEADER, this.data, skipSpace(this.data, at));
    const stream = header ? this.#plain(Number(header[1]), at) : null;
    if (!(stream instanceof Stream) || stream.entries.get("Type") !== "XRef") {
      throw damagedPdf("its table of contents is not where it should be");
    }
    const { entries } = stream;
    const table = await this.content(stream, LARGEST_TABLE);
    const widths = (await this.array(entries.get("W"))).filter((width) => isCount(width) && width <= 8);
    const size = entries.get("Size");
    const row = widths.reduce((sum, width) => sum + width, 0);
    if (table === null || widths.length !== 3 || !row || !isCount(size)) {
      throw damagedPdf("its table of contents is broken");
    }
    const listed = (await this.array(entries.get("Index"))).filter(isCount);
    const index = listed.length ? listed : [0, size];
    let offset = 0;
    for (let pair = 0; pair + 1 < index.length; pair += 2) {
      const count = Math.min(index[pair + 1], Math.floor((table.length - offset) / row));
      this.budget.spend(1 + count);
      for (let number = index[pair]; number < index[pair] + count; number += 1) {
        this.#rememberRow(number, table.slice(offset, offset + row), widths);
        offset += row;
      }
    }
    return entries;
  }

  #rememberRow(number, row, [first, second]) {
    const numberIn = (text) => [...text].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0);
    const kind = first ? numberIn(row.slice(0, first)) : 1;
    const value = numberIn(row.slice(first, first + second));
    if (kind === 1) this.#remember(number, { at: value });
    if (kind === 2) this.#remember(number, { stream: value });
  }

  #remember(number, place) {
    if (!this.#places.has(number)) this.#places.set(number, place);
  }

  // Find the objects without a table: where one is written twice, the later counts.
  async searchObjects() {
    this.#places.clear();
    this.#packs.clear();
    this.#found.clear();
    this.trailer = new Map();
    this.isWhole = false;
    this.budget.spend(Math.floor(this.data.length / 1000));
    for (let at = this.data.indexOf("obj"); at >= 0; at = this.data.indexOf("obj", at + 3)) {
      this.budget.spend(2);
      const from = Math.max(at - 24, 0);
      const before = HEADER_BEFORE.exec(this.data.slice(from, at));
      if (before) this.#places.set(Number(before[1]), { at: from + before.index });
    }
    for (const number of [...this.#places.keys()]) await this.#lookForCatalog(number);
    if (!this.trailer.size) throw damagedPdf("its beginning cannot be found");
  }

  async #lookForCatalog(number) {
    const place = this.#places.get(number);
    if (!("at" in place)) return;
    const opening = this.data.slice(place.at, place.at + 400);
    if (!/\/(?:Catalog|ObjStm|XRef|Encrypt)/.test(opening)) return;
    try {
      const value = await this.#object(number);
      const entries = value instanceof Stream ? value.entries : value;
      if (!isMap(entries)) return;
      const type = entries.get("Type");
      if (type === "ObjStm") {
        for (const inner of (await this.#pack(number)).offsets.keys()) this.#remember(inner, { stream: number });
      }
      if (type === "XRef") for (const [name, each] of entries) this.trailer.set(name, each);
      if (type === "Catalog") this.trailer.set("Root", new Ref(number));
    } catch (problem) {
      if (problem.code !== "damaged" && problem.code !== "packing") throw problem;
    }
  }
}

// One row as it was before filtering (PNG, section 9; one byte a pixel).
function unfiltered(kind, row, above) {
  const done = new Uint8Array(row.length);
  let [left, corner] = [0, 0];
  for (let index = 0; index < row.length; index += 1) {
    const up = above[index];
    const guess = [0, left, up, (left + up) >> 1][kind] ?? nearest(left, up, corner);
    left = done[index] = (row[index] + guess) & 255;
    corner = up;
  }
  return done;
}

function nearest(left, up, corner) {
  const estimate = left + up - corner;
  return [left, up, corner].reduce((best, each) =>
    Math.abs(estimate - each) < Math.abs(estimate - best) ? each : best,
  );
}

// The PDF in these bytes, its table of contents read.
export async function openPdf(bytes) {
  const header = latin1(bytes.subarray(0, HEADER_WITHIN)).indexOf("%PDF-");
  if (header < 0) throw damagedPdf("it does not begin as a PDF");
  const file = new PdfFile(latin1(bytes.subarray(header)));
  try {
    const pointers = [...file.data.slice(-TRAILER_WITHIN).matchAll(STARTXREF)];
    if (!pointers.length) throw damagedPdf("it ends too early");
    await file.readReferences(Number(pointers.at(-1)[1]));
    if (!(await file.dictionary(file.trailer.get("Root"))).size) throw damagedPdf("its beginning cannot be found");
  } catch (problem) {
    if (!["damaged", "packing"].includes(problem.code)) throw problem;
    if (!file.trailer.has("Encrypt")) await file.searchObjects();
  }
  if (file.trailer.has("Encrypt")) {
    throw new Refusal("encrypted", "the PDF is encrypted, so what is attached cannot be seen");
  }
  return file;
}
