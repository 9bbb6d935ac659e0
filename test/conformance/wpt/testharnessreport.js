/**
 * Reports results to the runner. Copied to resources/testharnessreport.js of the checkout, the file that the suite leaves
 * to embedders. `console.debug` carries the report, so that nothing has to be injected into the page.
 */
(function () {
  const emit = console.debug.bind(console);
  const serialize = JSON.stringify.bind(JSON);
  const href = globalThis.location ? String(location.href) : '';
  const partial = [];
  const row = ({ name, status, message }) => [
    String(name),
    status,
    message === null || message === undefined ? null : String(message).slice(0, 300),
  ];

  // Read by the runner where the page never completes.
  Object.defineProperty(globalThis, '__wpt_run_partial__', {
    value: () => serialize({ href, tests: partial }),
    configurable: true,
  });
  add_result_callback((test) => partial.push(row(test)));
  add_completion_callback((tests, { status, message }) => {
    const report = { href, status, message: message ? String(message).slice(0, 500) : null, tests: tests.map(row) };
    emit(`__wpt_run_result__:${serialize(report)}`);
  });
})();
