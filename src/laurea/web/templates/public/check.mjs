// check.mjs: node check.mjs CODE.json did.json
import {readFile} from 'node:fs/promises';

const [credential, did] = await Promise.all(process.argv.slice(2).map(async file => JSON.parse(await readFile(file))));
const {proof, ...document} = credential;
const {proofValue, ...options} = proof.find(({cryptosuite}) => cryptosuite === 'eddsa-jcs-2022');

const digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
function base58(text, length) {
  const number = [...text.replace(/^z/, '')].reduce((sum, digit) => sum * 58n + BigInt(digits.indexOf(digit)), 0n);
  return Uint8Array.from(number.toString(16).padStart(2 * length, '0').match(/../g), byte => parseInt(byte, 16));
}
const sorted = value => Array.isArray(value) ? `[${value.map(sorted)}]` : value === Object(value) ?
  `{${Object.keys(value).sort().map(name => `${JSON.stringify(name)}:${sorted(value[name])}`)}}` : JSON.stringify(value);
const sha256 = async text => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

const method = did.verificationMethod.find(({id}) => id === options.verificationMethod);
const allowed = did.id === credential.issuer.id && did.assertionMethod.includes(method?.id) &&
  options.type === 'DataIntegrityProof' && options.proofPurpose === 'assertionMethod' &&
  sorted(options['@context']) === sorted(document['@context']);
const raw = allowed && base58(method.publicKeyMultibase, 34).slice(2);
const key = allowed && await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
const signed = new Uint8Array([...await sha256(sorted(options)), ...await sha256(sorted(document))]);
const genuine = allowed && await crypto.subtle.verify('Ed25519', key, base58(proofValue, 64), signed);
console.log(genuine ? 'The signature is genuine.' : 'This is NOT what the issuer signed.');
process.exit(genuine ? 0 : 1);