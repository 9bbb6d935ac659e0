/**
 * @module
 * The label of the page: its icon and title, here and in the title of the demo's own tab.
 */
import { element } from './elements.js';

const svgNamespace = 'http://www.w3.org/2000/svg';

export class Tab {
  private readonly tab = element('div', 'tab');
  private readonly icon = element('span', 'tab-icon');
  private readonly title = element('span', 'tab-title');

  constructor() {
    this.showIcon(null);
  }

  showTitle(title: string): void {
    this.title.textContent = title || 'New page';
    this.tab.title = title;
    document.title = title ? `${title} – Culvert` : 'Culvert';
  }

  /** @param url a blob: or data: URL: anything else would be fetched from its site, past the proxy */
  showIcon(url: string | null): void {
    this.icon.replaceChildren(url ? this.createImage(url) : createGlobe());
  }

  private createImage(url: string): HTMLImageElement {
    const image = new Image(16, 16);
    image.alt = '';
    image.addEventListener('error', () => this.icon.contains(image) && this.icon.replaceChildren(createGlobe()));
    image.src = url;
    return image;
  }
}

function createGlobe(): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  const use = document.createElementNS(svgNamespace, 'use');
  use.setAttribute('href', '#icon-globe');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}
