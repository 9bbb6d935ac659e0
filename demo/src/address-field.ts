/**
 * @module
 * The address field: shows where the frame is, takes what the user types, and says when that cannot be opened.
 */
import { element, showIcon } from './elements.js';

export interface AddressFieldHandlers {
  submit(text: string): void;
}

export class AddressField {
  private readonly form = element('form', 'address-form');
  private readonly input = element('input', 'address');
  private readonly icon = this.form.querySelector('.address-icon');
  private readonly error = element('p', 'address-error');
  private shownUrl = '';

  constructor(handlers: AddressFieldHandlers) {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      handlers.submit(this.input.value);
    });
    this.input.addEventListener('input', () => {
      this.clearError();
      this.updateIcon();
    });
    this.input.addEventListener('focus', () => this.input.select());
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.input.value === this.shownUrl) return;
      event.stopPropagation();
      this.reset();
    });
  }

  /** Shows a URL, unless the user is typing another one. */
  show(url: string): void {
    const isTyping = document.activeElement === this.input && this.input.value !== this.shownUrl;
    this.shownUrl = url;
    if (!isTyping) this.reset();
  }

  /** Puts the shown URL back in the place of what was typed. */
  reset(): void {
    this.input.value = this.shownUrl;
    this.clearError();
    this.updateIcon();
    if (document.activeElement === this.input) this.input.select();
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  blur(): void {
    this.input.blur();
  }

  fail(message: string): void {
    this.error.textContent = message;
    this.error.hidden = false;
    this.form.classList.add('is-wrong');
    this.input.setAttribute('aria-invalid', 'true');
    this.focus();
  }

  private clearError(): void {
    this.error.hidden = true;
    this.form.classList.remove('is-wrong');
    this.input.removeAttribute('aria-invalid');
  }

  private updateIcon(): void {
    const isShown = this.input.value === this.shownUrl && this.shownUrl !== '';
    const isPlain = isShown && this.shownUrl.startsWith('http:');
    showIcon(this.icon, !isShown ? 'search' : isPlain ? 'globe' : 'lock');
    this.icon?.setAttribute('data-security', isPlain ? 'plain' : 'secure');
  }
}
