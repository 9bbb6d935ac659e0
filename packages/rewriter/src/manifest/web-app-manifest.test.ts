import { expect, it } from 'vitest';
import type { UrlSettings } from '../url/index.js';
import { rewriteManifest } from './web-app-manifest.js';

const settings: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const context = {
  manifestUrl: 'https://site.example/app/manifest.json',
  documentUrl: 'https://site.example/app/index.html',
  settings,
};
const at = (asset: string, url: string): string => `http://localhost:8080/service/${asset}/${encodeURIComponent(url)}`;
const rewritten = (manifest: unknown): unknown => JSON.parse(rewriteManifest(JSON.stringify(manifest), context));

it('scopes every URL, resolved against the manifest', () => {
  expect(
    rewritten({
      name: 'a',
      start_url: '../?pwa',
      scope: '/',
      icons: [{ src: 'icon.png', sizes: '1x1' }],
      shortcuts: [{ name: 'b', url: 'b', icons: [{ src: '/b.png' }] }],
      share_target: { action: 'share', params: { title: 'url' } },
      unknown: { src: 'c' },
    }),
  ).toEqual({
    name: 'a',
    start_url: at('html', 'https://site.example/?pwa'),
    scope: at('html', 'https://site.example/'),
    icons: [{ src: at('icon', 'https://site.example/app/icon.png'), sizes: '1x1' }],
    shortcuts: [
      {
        name: 'b',
        url: at('html', 'https://site.example/app/b'),
        icons: [{ src: at('icon', 'https://site.example/b.png') }],
      },
    ],
    share_target: { action: at('html', 'https://site.example/app/share'), params: { title: 'url' } },
    unknown: { src: 'c' },
  });
});

it('starts at the document where the manifest does not say', () => {
  expect(rewritten({})).toEqual({ start_url: at('html', context.documentUrl) });
  expect(rewritten({ start_url: 1 })).toEqual({ start_url: at('html', context.documentUrl) });
});

it('keeps the placeholder of a protocol handler', () => {
  const { protocol_handlers } = rewritten({
    protocol_handlers: [{ protocol: 'web+a', url: '/open?u=%s' }],
  }) as { protocol_handlers: { url: string }[] };
  expect(protocol_handlers[0]!.url).toContain('open%3Fu%3D%s');
});

it.each(['', '{', '[]', 'null', '1', '"a"'])('leaves %s, which is no manifest', (text) => {
  expect(rewriteManifest(text, context)).toBe(text);
});

it('leaves what is no URL', () => {
  expect(rewritten({ start_url: 'http://[', icons: [{ src: 1 }, null, 'a'], shortcuts: {} })).toEqual({
    start_url: 'http://[',
    icons: [{ src: 1 }, null, 'a'],
    shortcuts: {},
  });
});
