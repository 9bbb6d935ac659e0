/** A worker of one's own: the options are set before Culvert's worker is imported. */
self.culvertConfig = {
  bareServer: async (remoteUrl, attempt) => (attempt === 0 ? '/bare/' : `https://${remoteUrl.host}.bare.example/`),
};
importScripts('culvert.sw.js');
