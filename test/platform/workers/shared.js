let connections = 0;
onconnect = ({ ports: [port], origin, source }) => {
  connections += 1;
  port.onmessage = () =>
    port.postMessage(JSON.stringify([location.href, self.name, self.origin, connections, origin, source === port]));
};
