/**
 * @module What the engine has in secure contexts alone: a page of an http: site finds none of it, though underneath every
 * page is the proxy's and secure. https://w3c.github.io/webappsec-secure-contexts/
 *
 * The table is what Chromium 156 has at http://localhost and not at another http: address, with what Firefox 153 does otherwise.
 */
import { hideProperty, interceptAccessor } from '../../interception/index.js';
import { regExpTest } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

const words = (text: string) => text.trim().split(/\s+/);

/** Interfaces whose names are alike; the rest of the globals by name. */
const families =
  /^(?:Audio(?:De|En)coder|Authenticator|Cache|Clipboard(?!Event)|Cookie(?:Ch|St)|Credential|Device(?:Mot|Orientation|Post)|FileSystem(?:Directory|File|Handle|Observer|Sync|Writable)|GPU|HID|Identity(?:Credential|Provider)|Image(?:Capture|Decoder|Track)|Keyboard(?:La|$)|Language(?:D|M)|Lock|MIDI|Media(?:Device|Key(?:Message|Se|Status|Sy|s))|Navigator[LM]|Payment|Presentation|Pressure[OR]|ScreenDetail|Serial|ServiceWorker|StorageBucket|USB|Video(?:De|En)coder|WakeLock|WebTransport|XR)|Credential$|Sensor/;

const globals = words(`
  Accelerometer AudioPlaybackStats AudioWorklet BatteryManager CaptureController CreateMonitor CryptoKey
  DocumentPictureInPicture EyeDropper FetchLaterResult FontData Gyroscope IdleDetector NavigationPreloadManager
  ProtectedAudience SpeechRecognitionPhrase StorageManager SubtleCrypto Summarizer Translator VirtualKeyboard
  WGSLLanguageFeatures Worklet caches cookieStore documentPictureInPicture fetchLater getScreenDetails ondevicemotion
  ondeviceorientation ondeviceorientationabsolute onpointerrawupdate queryLocalFonts showDirectoryPicker
  showOpenFilePicker showSaveFilePicker`);

const navigatorMembers = words(`
  cpuPerformance clipboard credentials deviceMemory devicePosture gpu hid keyboard locks login managed mediaDevices presentation
  serial serviceWorker storage storageBuckets usb userAgentData virtualKeyboard wakeLock xr clearAppBadge getBattery
  getInstalledRelatedApps getUserMedia mozGetUserMedia registerProtocolHandler requestMIDIAccess requestMediaKeySystemAccess setAppBadge
  unregisterProtocolHandler webkitGetUserMedia protectedAudience`);

/** The rest of Navigator's that Chromium has for auctions of advertisements. */
const auctions = /Auction|InterestGroup|URN/;

const members: Readonly<Record<string, readonly string[]>> = {
  Navigator: navigatorMembers,
  WorkerNavigator: navigatorMembers,
  WorkerGlobalScope: ['caches'],
  Crypto: ['subtle', 'randomUUID'],
  BaseAudioContext: ['audioWorklet'],
  AudioContext: ['sinkId', 'onsinkchange', 'setSinkId'],
  HTMLMediaElement: ['mediaKeys', 'setMediaKeys'],
  PointerEvent: ['getCoalescedEvents'],
  Screen: ['isExtended', 'onchange'],
  WebGLRenderingContext: ['makeXRCompatible'],
  WebGL2RenderingContext: ['makeXRCompatible'],
  Document: ['onpointerrawupdate', 'browsingTopics', 'hasPrivateToken', 'hasRedemptionRecord'],
  HTMLAnchorElement: ['attributionSrc'],
  HTMLIFrameElement: ['adAuctionHeaders', 'browsingTopics', 'privateToken'],
  HTMLImageElement: ['attributionSrc', 'browsingTopics'],
  HTMLScriptElement: ['attributionSrc'],
  HTMLElement: ['onpointerrawupdate'],
  SVGElement: ['onpointerrawupdate'],
  MathMLElement: ['onpointerrawupdate'],
};

/** Firefox has these at any address; the second has more names that it hides. */
const keptByFirefox =
  /^(?:ClipboardE|Device[MO]|FileSystem.+[ey]Ent|FileSystem.+Reader|MediaKey|ondev|mediaKey|setMediaK|requestMediaK)/;
const hiddenByFirefox =
  /^(?:AudioParamMap|AudioWorkletN|DocumentPictureInPictureE|Geolocation(?:C|Position$)|PerformanceServerT|Push)/;

/** https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
const trustworthy = /^(?!http:)|^http:\/\/(?:localhost|[^/:]*\.localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)/;

/** To be installed last: the other hooks need what is hidden here. */
export function hideSecureContextFeatures(realm: Realm): void {
  const global = realm.global as Record<string, any>;
  if (regExpTest(trustworthy, realm.data.url)) return;
  const isFirefox = regExpTest(/Firefox\//, global.navigator.userAgent as string);
  const hide = (target: object, name: string) => {
    if (!isFirefox || !regExpTest(keptByFirefox, name)) hideProperty(realm, target, name);
  };
  for (const name of Object.getOwnPropertyNames(global)) {
    if (regExpTest(families, name) || (isFirefox && regExpTest(hiddenByFirefox, name))) hide(global, name);
  }
  for (const name of globals) hide(global, name);
  for (const [holder, names] of Object.entries(members)) {
    const prototype = global[holder]?.prototype as object | undefined;
    if (prototype) for (const name of names) hide(prototype, name);
  }
  const navigator = Object.getPrototypeOf(global.navigator) as object;
  for (const name of Object.getOwnPropertyNames(navigator)) if (regExpTest(auctions, name)) hide(navigator, name);
  const holder = realm.kind === 'window' ? global : (global.WorkerGlobalScope.prototype as object);
  interceptAccessor(realm, holder, 'isSecureContext', {
    get: (native) =>
      function () {
        native(this);
        return false;
      },
  });
}
