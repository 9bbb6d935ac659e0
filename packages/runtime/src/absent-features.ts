/**
 * @module What the engine has and a site must not find, as a table that the service worker puts in the boot data.
 *
 * An http: site has no secure context, though underneath every page is the proxy's and secure: what Chromium 156 has at
 * http://localhost and not at another http: address, with what Firefox 153 does otherwise.
 * https://w3c.github.io/webappsec-secure-contexts/
 *
 * A secure site is without payments and credentials: they are bound to the origin that the browser knows, and what they ask sites
 * for (payment method manifests, related origins of WebAuthn) goes past the service worker.
 */

/** Plain data: it travels as JSON, and regular expressions as their source. */
export interface AbsentFeatures {
  /** A regular expression: globals of these names. */
  families?: string;
  /** Globals by name. */
  globals: readonly string[];
  /** Members of prototypes, by interface. */
  members: Readonly<Record<string, readonly string[]>>;
  /** A regular expression: more members of Navigator. */
  navigator?: string;
  /** A regular expression: what stays. */
  kept?: string;
  /** Has the site a secure context? */
  isSecure?: boolean;
}

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

/** By name, for no document should look through all that there is. */
const unproxied: AbsentFeatures = {
  globals: words(`
    AuthenticatorAssertionResponse AuthenticatorAttestationResponse AuthenticatorResponse Credential CredentialsContainer
    DigitalCredential FederatedCredential IdentityCredential IdentityCredentialError IdentityProvider NavigatorLogin OTPCredential
    PasswordCredential PaymentAddress PaymentManager PaymentMethodChangeEvent PaymentRequest PaymentRequestUpdateEvent
    PaymentResponse PublicKeyCredential`),
  members: { Navigator: ['credentials', 'login'] },
  isSecure: true,
};

/**
 * @param url of the document or worker
 * @param userAgent of the browser, which says what engine it has
 */
export function absentFeatures(url: string, userAgent: string): AbsentFeatures {
  if (trustworthy.test(url)) return unproxied;
  const isFirefox = /Firefox\//.test(userAgent);
  return {
    families: isFirefox ? `${families.source}|${hiddenByFirefox.source}` : families.source,
    globals,
    members,
    navigator: auctions.source,
    ...(isFirefox && { kept: keptByFirefox.source }),
  };
}
