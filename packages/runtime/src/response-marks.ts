/**
 * @module The marks by which the service worker tells the runtime what a response must look like. They stand where a clone
 * and a cache keep them.
 */

/** The status text of a response that the page may see nothing of (`mode: "no-cors"`, another origin). */
export const opaqueStatusText = 'culvert-opaque';
