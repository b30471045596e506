// Verifies a log of C2SP (signed-note, tlog-checkpoint, tlog-tiles) by itself, after RFC 6962 and those pages alone.
//
//   node log.mjs log FOLDER KEY [EARLIER]    the whole log in a folder; that it continues an earlier checkpoint
//   node log.mjs proof FILE KEY              the proof of a credential, as its page offers it
//
// Prints one line of JSON; exits with 1 and a reason when anything is not as it must be.
import {createHash, createPublicKey, verify} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafHash = data => sha256(Buffer.of(0), data);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const must = (is, why) => { if (!is) throw new Error(why); };

// RFC 6962, 2.1: MTH, as it is written there.
const half = count => 2 ** Math.ceil(Math.log2(count) - 1);
function treeHash(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0];
  const k = half(leaves.length);
  return nodeHash(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

// The root that a proof of inclusion leads to, by the recursion of PATH (2.1.1).
function rootOf(index, size, leaf, path) {
  if (size === 1) { must(path.length === 0, 'the proof is too long'); return leaf; }
  must(path.length > 0, 'the proof is too short');
  const k = half(size), last = path[path.length - 1], rest = path.slice(0, -1);
  return index < k ? nodeHash(rootOf(index, k, leaf, rest), last) : nodeHash(last, rootOf(index - k, size - k, leaf, rest));
}

function verifierKey(text) {
  const [name, hash, ...rest] = text.trim().split('+');
  const data = Buffer.from(rest.join('+'), 'base64');
  must(data[0] === 1 && data.length === 33, 'no Ed25519 key');
  const id = sha256(Buffer.from(`${name}\n`), data).subarray(0, 4);
  must(id.toString('hex') === hash, 'the hash of the key is wrong');
  const jwk = {kty: 'OKP', crv: 'Ed25519', x: data.subarray(1).toString('base64url')};
  return {name, id, key: createPublicKey({key: jwk, format: 'jwk'})};
}

function checkpoint(note, {name, id, key}) {
  const end = note.lastIndexOf('\n\n');
  must(end > 0, 'no signed note');
  const text = note.slice(0, end + 1);
  const signed = note.slice(end + 2).split('\n').some(line => {
    const [dash, signer, value] = line.split(' ');
    if (dash !== '\u2014' || signer !== name) return false;
    const data = Buffer.from(value, 'base64');
    return data.subarray(0, 4).equals(id) && verify(null, Buffer.from(text), key, data.subarray(4));
  });
  must(signed, 'the note is not signed with this key');
  const [origin, size, root] = text.split('\n');
  must(origin === name, 'the checkpoint is of another log');
  return {origin, size: Number(size), root: Buffer.from(root, 'base64')};
}

function tilePath(level, index, width) {
  let number = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    number = `x${String(rest % 1000).padStart(3, '0')}/${number}`;
  }
  return `tile/${level}/${number}${width < 256 ? `.p/${width}` : ''}`;
}

function* tiles(count) {
  for (let index = 0; index * 256 < count; index++) yield [index, Math.min(256, count - index * 256)];
}

function wholeLog(folder, key, earlier) {
  const read = path => readFileSync(join(folder, path));
  const head = checkpoint(read('checkpoint').toString(), key);
  const entries = [];
  for (const [index, width] of tiles(head.size)) {
    const data = read(tilePath('entries', index, width));
    let at = 0;
    for (let each = 0; each < width; each++) {
      const length = data.readUInt16BE(at);
      entries.push(data.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    must(at === data.length, 'a tile of entries has more in it');
  }
  const leaves = entries.map(leafHash);
  must(treeHash(leaves).equals(head.root), 'the entries are not those of the checkpoint');
  let hashes = leaves;
  for (let level = 0; hashes.length > 0; level++) {
    const above = [];
    for (const [index, width] of tiles(hashes.length)) {
      const part = hashes.slice(index * 256, index * 256 + width);
      must(read(tilePath(level, index, width)).equals(Buffer.concat(part)), `tile ${level}/${index} is wrong`);
      if (width === 256) above.push(treeHash(part));
    }
    hashes = above;
  }
  if (earlier) {
    const before = checkpoint(readFileSync(earlier, 'utf8'), key);
    must(before.size <= head.size, 'the log is shorter than it was');
    must(treeHash(leaves.slice(0, before.size)).equals(before.root), 'the log was rewritten');
  }
  return {size: head.size, root: head.root.toString('hex')};
}

function proof(file, key) {
  const {content, salt, index, hashes, checkpoint: note} = JSON.parse(readFileSync(file));
  const head = checkpoint(note, key);
  const entry = sha256(Buffer.from(salt, 'base64'), Buffer.from(content));
  must(index >= 0 && index < head.size, 'there is no such entry');
  const root = rootOf(index, head.size, leafHash(entry), hashes.map(hash => Buffer.from(hash, 'base64')));
  must(root.equals(head.root), 'the proof does not lead to the checkpoint');
  return {index, size: head.size, said: JSON.parse(content)};
}

const [what, place, key, earlier] = process.argv.slice(2);
try {
  const known = verifierKey(readFileSync(key, 'utf8'));
  console.log(JSON.stringify(what === 'log' ? wholeLog(place, known, earlier) : proof(place, known)));
} catch (error) {
  console.log(JSON.stringify({refused: error.message}));
  process.exit(1);
}
