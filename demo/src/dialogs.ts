/**
 * @module
 * The two dialogs: help, and settings.
 */
import { isSearchTemplate } from './address.js';
import { element } from './elements.js';
import { saveSettings, searchEngines, type SearchEngineId, type Settings } from './settings.js';

export function setUpHelp(): { open(): void } {
  const dialog = element('dialog', 'help');
  closeOnBackdrop(dialog);
  return { open: () => void (dialog.open || dialog.showModal()) };
}

export function setUpSettings(settings: Settings): { open(): void } {
  const dialog = element('dialog', 'settings');
  const form = element('form', 'settings-form');
  const engine = element('select', 'search-engine');
  const template = element('input', 'search-template');
  const templateField = element('label', 'search-template-field');
  const error = element('span', 'search-template-error');
  closeOnBackdrop(dialog);
  engine.append(...Object.entries(searchEngines).map(([id, { label }]) => new Option(label, id)));

  const update = (): void => {
    templateField.hidden = engine.value !== 'custom';
    error.textContent = '';
  };
  engine.addEventListener('change', update);
  template.addEventListener('input', () => (error.textContent = ''));

  form.addEventListener('submit', (event) => {
    if ((event.submitter as HTMLButtonElement | null)?.value !== 'save') return;
    const searchEngine = engine.value as SearchEngineId;
    const searchTemplate = template.value.trim();
    if (searchEngine === 'custom' && !isSearchTemplate(searchTemplate)) {
      event.preventDefault();
      error.textContent = 'Use an http: or https: address with %s in the place of the words.';
      template.focus();
      return;
    }
    Object.assign(settings, { searchEngine, searchTemplate });
    saveSettings(settings);
  });

  return {
    open() {
      if (dialog.open) return;
      engine.value = settings.searchEngine;
      template.value = settings.searchTemplate;
      update();
      dialog.showModal();
    },
  };
}

function closeOnBackdrop(dialog: HTMLDialogElement): void {
  dialog.addEventListener('click', (event) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const isInside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    // A click that a key made has no place.
    if (event.target === dialog && event.detail > 0 && !isInside) dialog.close();
  });
}
