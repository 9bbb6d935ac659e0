import culvert from '@culvert/vite-plugin';

/** The development and the preview server bring a Bare server with them, at /bare/. */
export default { plugins: [culvert()] };
