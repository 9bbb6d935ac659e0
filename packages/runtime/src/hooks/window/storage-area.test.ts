import { expect, it } from 'vitest';
import type { StoragePartition } from '../universal/storage-partition.js';
import { createStorageLookAlike, lookAlikes, StorageItems, type NativeStorageOperations } from './storage-area.js';

const partition = (prefix: string): StoragePartition => ({
  prefix,
  add: (name) => prefix + name,
  strip: (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : null),
});

function areas() {
  const map = new Map<string, string>();
  const native: NativeStorageOperations = {
    getItem: (_area, key) => map.get(key) ?? null,
    setItem: (_area, key, value) => void map.set(key, value),
    removeItem: (_area, key) => void map.delete(key),
    length: () => map.size,
    key: (_area, index) => [...map.keys()][index] ?? null,
  };
  const prototype = { getItem() {}, length: 0 };
  const open = (prefix: string) => {
    const items = new StorageItems({} as Storage, partition(prefix), native);
    const area = createStorageLookAlike(items, prototype) as Storage & Record<string, unknown>;
    lookAlikes.set(area, items);
    return { items, area };
  };
  return { map, open, prototype };
}

it('shows items as own, enumerable properties in order', () => {
  const { area } = areas().open('a|');
  area.z = 1;
  area.b = undefined;
  expect(Object.keys(area)).toEqual(['z', 'b']);
  expect({ ...area }).toEqual({ z: '1', b: 'undefined' });
  expect(JSON.stringify(area)).toBe('{"z":"1","b":"undefined"}');
  expect('z' in area && !('y' in area)).toBe(true);
  expect(delete area.z && delete area.nothing).toBe(true);
  expect(area.z).toBe(undefined);
});

it('keeps the prototype in front of an item of the same name', () => {
  const { open, prototype } = areas();
  const { area, items } = open('a|');
  (area as Record<string, unknown>).getItem = 'x';
  expect(area.getItem).toBe(prototype.getItem);
  expect(items.get('getItem')).toBe('x');
  expect(Object.keys(area)).toEqual([]);
});

it('keeps two sites apart, also in clear', () => {
  const { open, map } = areas();
  const a = open('a|');
  const b = open('b|');
  a.area.key1 = '1';
  b.area.key1 = '2';
  a.items.clear();
  expect(a.items.keys()).toEqual([]);
  expect(b.area.key1).toBe('2');
  expect([...map.keys()]).toEqual(['b|key1']);
});

it('takes no accessors and cannot be made non-extensible', () => {
  const { area } = areas().open('a|');
  expect(() => Object.defineProperty(area, 'x', { get: () => 1 })).toThrow(TypeError);
  expect(() => Object.freeze(area)).toThrow(TypeError);
  Object.defineProperty(area, 'y', { value: 5 });
  expect(area.y).toBe('5');
});

it('leaves symbols and inheriting objects alone', () => {
  const { area, items } = areas().open('a|');
  const symbol = Symbol();
  (area as unknown as Record<symbol, unknown>)[symbol] = 1;
  expect(Reflect.ownKeys(area)).toEqual([symbol]);
  const heir = Object.create(area) as Record<string, unknown>;
  heir.x = 1;
  expect(items.keys()).toEqual([]);
  expect(heir.x).toBe(1);
});
