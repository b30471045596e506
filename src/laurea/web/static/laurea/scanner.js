// The camera of the verify desk: looks for the QR code of a certificate and hands over what it says. Nothing of a picture
// leaves the browser. The browser's own reader is taken where there is one, else ZXing as WebAssembly, which is loaded
// when the camera starts. Without a camera, or without leave to use it, everything else on the page works as before.
"use strict";

const scanner = document.querySelector("[data-scanner]");
const scannerPart = (name) => scanner.querySelector(`[data-scan-${name}]`);

const LONGEST_SIDE = 1280;
const PAUSE = 40; // between two looks, in ms
const CODE_AT_END = /(?:^|\/c\/)([0-9A-TV-Za-tv-z][\s-]*){16}\/?$/;
const TOKEN = /^ey[\w-]+\.[\w-]+\.[\w-]*$/;

let camera = null; // the stream, while it runs
let look = null; // video -> texts of QR codes
let round = 0; // of the camera; what an earlier one finds is late

// --- Readers ----------------------------------------------------------------------------------------------------------

const ownReader = async () => {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video)).map((found) => found.rawValue);
};

const loaded = (address) =>
  new Promise((resolve, reject) => {
    const program = document.createElement("script");
    program.src = address;
    program.onload = resolve;
    program.onerror = () => reject(new Error(address));
    document.head.append(program);
  });

const zxingReader = async () => {
  if (!window.ZXingWASM) await loaded(scanner.dataset.engine);
  await ZXingWASM.prepareZXingModule({
    overrides: { locateFile: () => scanner.dataset.wasm },
    fireImmediately: true,
  });
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const options = { formats: ["QRCode"], maxNumberOfSymbols: 4, tryHarder: true, tryInvert: false };
  let turn = 0;
  return async (video) => {
    // In turn the whole picture, made smaller where it is large, and its middle as sharp as it comes.
    const [width, height] = [video.videoWidth, video.videoHeight];
    const closer = turn++ % 2 === 1 && Math.max(width, height) > LONGEST_SIDE;
    const side = Math.min(width, height, LONGEST_SIDE);
    const [w, h] = closer ? [side, side] : [width, height];
    const scale = Math.min(1, LONGEST_SIDE / Math.max(w, h));
    canvas.width = Math.round(w * scale);
    canvas.height = Math.round(h * scale);
    brush.drawImage(video, (width - w) / 2, (height - h) / 2, w, h, 0, 0, canvas.width, canvas.height);
    const found = await ZXingWASM.readBarcodes(brush.getImageData(0, 0, canvas.width, canvas.height), options);
    return found.filter((code) => code.isValid).map((code) => code.text);
  };
};

const prepareReader = () => {
  look ??= (async () => (await ownReader()) ?? zxingReader())();
  look.catch(() => {}); // is told when a picture is to be read
};

// --- What was seen ----------------------------------------------------------------------------------------------------

const leadsToCredential = (text) => TOKEN.test(text) || CODE_AT_END.test(text.trim());

const host = (text) => {
  try {
    return new URL(text).host;
  } catch {
    return "";
  }
};

const sayOfScan = (text, manner = "") => {
  const place = scannerPart("said");
  if (place.textContent !== text) place.textContent = text; // said aloud once, not thirty times a second
  place.dataset.manner = manner;
};

const take = (text) => {
  const form = scannerPart("form");
  stopCamera();
  scanner.classList.add("has-found");
  navigator.vibrate?.(60);
  sayOfScan(scanner.dataset.saidFound, "good");
  form.elements.text.value = text;
  form.submit();
};

const judgeSeen = (texts) => {
  const seen = [...new Set(texts.filter(Boolean))];
  const leading = seen.filter(leadsToCredential);
  if (leading.length === 1) return take(leading[0]);
  if (leading.length > 1) return sayOfScan(scanner.dataset.saidSeveral, "bad");
  if (seen.length) {
    const where = host(seen[0]);
    return sayOfScan(where ? `${scanner.dataset.saidElsewhere} ${where}` : scanner.dataset.saidForeign, "bad");
  }
};

// --- The camera -------------------------------------------------------------------------------------------------------

const PROBLEMS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", OverconstrainedError: "none" };

const showProblem = (name) => {
  const place = scannerPart("problem");
  place.textContent = scanner.dataset[`said${name[0].toUpperCase()}${name.slice(1)}`];
  place.hidden = false;
};

const stopCamera = () => {
  round += 1;
  for (const track of camera?.getTracks() ?? []) track.stop();
  camera = null;
  scanner.classList.remove("is-scanning");
};

const opened = (device) => {
  const which = device ? { deviceId: { exact: device } } : { facingMode: { ideal: "environment" } };
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { ...which, width: { ideal: 1920 }, height: { ideal: 1080 } },
  });
};

const offerTorch = (track) => {
  const button = scannerPart("torch");
  button.hidden = !track.getCapabilities?.().torch;
  button.setAttribute("aria-pressed", "false");
};

const offerCameras = async (track) => {
  const place = scannerPart("cameras");
  const choice = place.querySelector("select");
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
  const current = track.getSettings().deviceId;
  choice.replaceChildren(
    ...devices.map((device, number) => {
      const name = device.label || `${scanner.dataset.saidCamera} ${number + 1}`;
      return new Option(name, device.deviceId, false, device.deviceId === current);
    }),
  );
  place.hidden = devices.length < 2;
};

const startCamera = async (device = "") => {
  stopCamera();
  const mine = round;
  const isLate = () => mine !== round;
  scannerPart("problem").hidden = true;
  scanner.classList.add("is-scanning");
  sayOfScan(scanner.dataset.saidStarting);
  prepareReader(); // while the person is asked about the camera
  const video = scannerPart("video");
  try {
    const stream = await opened(device);
    if (isLate()) return stream.getTracks().forEach((track) => track.stop());
    camera = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => isLate() || (stopCamera(), showProblem("lost")));
    video.srcObject = stream;
    await video.play();
    offerTorch(track);
    offerCameras(track).catch(() => {}); // then there is no choice
  } catch (error) {
    if (isLate()) return;
    stopCamera();
    return showProblem(PROBLEMS[error.name] ?? "busy");
  }
  sayOfScan(scanner.dataset.saidHold);
  await keepLooking(video, isLate);
};

const keepLooking = async (video, isLate) => {
  let failures = 0;
  while (!isLate()) {
    try {
      const texts = await (await look)(video);
      if (isLate()) return;
      judgeSeen(texts);
      failures = 0;
    } catch (error) {
      if (isLate()) return;
      failures += 1;
      // The browser's own reader may promise what its system does not have.
      if (failures === 1) look = zxingReader();
      else if (failures > 3) {
        look = null;
        stopCamera();
        return showProblem("reader");
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
};

// --- Buttons ----------------------------------------------------------------------------------------------------------

const offerScanning = async () => {
  if (!navigator.mediaDevices?.getUserMedia) return;
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  scannerPart("start").hidden = !devices.some((device) => device.kind === "videoinput");
};

if (scanner) {
  offerScanning();
  navigator.mediaDevices?.addEventListener?.("devicechange", offerScanning);
  for (const intent of ["pointerenter", "focus"]) {
    scannerPart("start").addEventListener(intent, prepareReader, { once: true });
  }
  scannerPart("start").addEventListener("click", async () => {
    const started = startCamera();
    scannerPart("stop").focus();
    await started;
  });
  scannerPart("stop").addEventListener("click", () => {
    stopCamera();
    scannerPart("start").focus();
  });
  scannerPart("cameras").addEventListener("change", (event) => startCamera(event.target.value));
  scannerPart("torch").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    const lit = button.getAttribute("aria-pressed") !== "true";
    await camera?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: lit }] });
    button.setAttribute("aria-pressed", String(lit));
  });
  addEventListener("pagehide", stopCamera);
  addEventListener("pageshow", () => scanner.classList.remove("has-found")); // back from the answer
}
