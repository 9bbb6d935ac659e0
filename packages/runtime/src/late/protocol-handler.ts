/**
 * @module What a page may register as a handler of a scheme, in the words of Chromium.
 * https://html.spec.whatwg.org/multipage/system-state.html#normalize-protocol-handler-parameters
 */

/** https://html.spec.whatwg.org/multipage/system-state.html#safelisted-scheme */
const safelistedSchemes = new Set(
  'bitcoin ftp ftps geo im irc ircs magnet mailto matrix mms news nntp openpgp4fpr sftp sip sms smsto ssh tel urn webcal wtai xmpp'.split(
    ' ',
  ),
);

/**
 * @param isUrl whether the URL parses
 * @param isOwn whether it is of the document's origin
 * @returns the message and the name of the exception; null where there is nothing wrong
 */
export function protocolHandlerProblem(
  scheme: string,
  url: string,
  isUrl: boolean,
  isOwn: boolean,
): [message: string, name: string] | null {
  if (scheme === 'web+') {
    const advice = "Schemes starting with 'web+' must be followed by one or more ASCII letters.";
    return [`The scheme name '${scheme}' is not allowed. ${advice}`, 'SecurityError'];
  }
  if (!safelistedSchemes.has(scheme) && !/^web\+[a-z]+$/.test(scheme)) {
    const advice = "Please prefix non-allowlisted schemes with the string 'web+'.";
    return [`The scheme '${scheme}' doesn't belong to the scheme allowlist. ${advice}`, 'SecurityError'];
  }
  if (!url.includes('%s')) return [`The url provided ('${url}') does not contain '%s'.`, 'SyntaxError'];
  if (!isUrl) {
    return [`The custom handler URL created by removing '%s' and prepending '${url}' is invalid.`, 'SyntaxError'];
  }
  return isOwn ? null : ["Can only register custom handler in the document's origin.", 'SecurityError'];
}
