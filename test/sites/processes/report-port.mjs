/** Tells the parent which port a site listens on, and ends this process when the parent is gone. */
export function reportPort(server) {
  process.once('disconnect', () => process.exit());
  process.send?.({ port: server.address().port });
}
