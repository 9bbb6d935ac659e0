import { proxy } from 'virtual:culvert';

const form = document.querySelector('form');
const frame = proxy.createFrame(document.querySelector('iframe'));
const registered = proxy.register();

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  await registered;
  frame.go(form.url.value);
});
frame.on('navigate', ({ url }) => (form.url.value = url));

registered.catch((error) => {
  const alert = document.querySelector('[role=alert]');
  alert.textContent = error.message;
  alert.hidden = false;
});
