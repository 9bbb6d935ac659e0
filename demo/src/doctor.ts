/**
 * @module
 * The page that looks at the set-up: one line for each finding, as it comes.
 */
import { examine, type Finding } from '@culvert/sw/page';
import { element } from './elements.js';

const marks: Readonly<Record<Finding['status'], string>> = { ok: '✓', warning: '!', problem: '✕', skipped: '–' };

const { bare } = document.documentElement.dataset;

/** What the demo's pages register, and what `npm start` serves. */
const target = {
  scope: '/service/',
  serviceWorker: '/culvert.sw.js',
  bareServers: bare ? [new URL(bare, location.href).href] : [],
};

function line({ status, title, detail, advice }: Finding): HTMLLIElement {
  const item = document.createElement('li');
  Object.assign(item.dataset, { status, mark: marks[status] });
  item.append(paragraph(title, 'title'), paragraph(detail, 'detail'));
  if (advice) item.append(paragraph(advice, 'advice'));
  return item;
}

function paragraph(text: string, className: string): HTMLParagraphElement {
  return Object.assign(document.createElement('p'), { textContent: text, className });
}

const list = element('ol', 'findings');
let problems = 0;
let warnings = 0;
for await (const finding of examine(target)) {
  list.append(line(finding));
  if (finding.status === 'problem') problems++;
  if (finding.status === 'warning') warnings++;
}
const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
element('p', 'summary').textContent =
  problems + warnings === 0 ? 'All is well.' : `${count(problems, 'problem')}, ${count(warnings, 'warning')}.`;
