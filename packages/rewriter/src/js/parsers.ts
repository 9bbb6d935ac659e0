/**
 * @module What is used of acorn and acorn-loose, in one place: the build puts one file here, with both and without what of
 * acorn is never called (`build/trim-acorn.ts`).
 */
export { Parser, tokTypes } from 'acorn';
export { LooseParser } from 'acorn-loose';
