/**
 * @module
 * The thin bar below the address field while a page loads.
 */
import { element } from './elements.js';

export class ProgressBar {
  private readonly bar = element('div', 'progress');
  private readonly fill = this.bar.querySelector('span');
  private hideTimer = 0;

  show({ isLoading, value }: { isLoading: boolean; value: number }): void {
    clearTimeout(this.hideTimer);
    if (isLoading && (this.bar.hidden || this.bar.classList.contains('is-done'))) this.restart();
    this.bar.setAttribute('aria-valuenow', String(Math.round(value * 100)));
    if (this.fill) this.fill.style.transform = `scaleX(${value})`;
    if (isLoading) return;
    this.bar.classList.add('is-done');
    this.hideTimer = window.setTimeout(() => (this.bar.hidden = true), 600);
  }

  private restart(): void {
    this.bar.hidden = false;
    this.bar.classList.remove('is-done');
    if (!this.fill) return;
    this.fill.style.transition = 'none';
    this.fill.style.transform = 'scaleX(0)';
    // Makes the browser take the empty bar as the start of the next transition.
    void this.fill.offsetWidth;
    this.fill.style.transition = '';
  }
}
