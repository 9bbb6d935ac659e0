/**
 * @module
 * Names for what the wire format only numbers, from `.proto` files.
 */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import protobuf from 'protobufjs';
import type { Direction } from '../description.js';
import { DescribeConfigurationError } from '../errors.js';

export interface MessageType {
  /** With its package, without a leading dot. */
  name: string;
  fieldOf(number: number): FieldType | null;
}

export interface FieldType {
  name: string;
  /** A scalar type's name, or `message`, `enum` or `map`. */
  type: string;
  message: MessageType | null;
  enumValueName(value: number): string | null;
  /** For maps: key and value as the fields 1 and 2 of an entry. */
  isRepeated: boolean;
}

export interface ProtobufSchema {
  /** What a method's requests (from the client) or responses are; null when the schema has no such method. */
  messageTypeOf(path: string, direction: Direction): MessageType | null;
  type(name: string): MessageType | null;
}

/** Reads `.proto` files and what they import, which is looked for beside the importer and in `directories`. */
export function loadSchema(files: string[], directories: string[] = []): ProtobufSchema {
  const root = new protobuf.Root();
  const resolveBesideImporter = root.resolvePath.bind(root);
  root.resolvePath = (importer, target) => {
    const candidates = [
      resolveBesideImporter(importer, target),
      ...directories.map((directory) => join(directory, target)),
    ];
    return (
      candidates.find((path) => path !== null && existsSync(path)) ?? (isAbsolute(target) ? target : candidates[0]!)
    );
  };
  return schemaOr(`${files.join(', ')}`, () => root.loadSync(files, { keepCase: true }));
}

/** The schema in the text of one `.proto` file; only the imports that come with protobufjs resolve. */
export function parseSchema(text: string): ProtobufSchema {
  return schemaOr('the schema', () => {
    const { root, imports = [] } = protobuf.parse(text, { keepCase: true });
    for (const name of imports) {
      const known = protobuf.common.get(name);
      if (known?.nested) root.addJSON(known.nested);
    }
    return root;
  });
}

function schemaOr(what: string, load: () => protobuf.Root): ProtobufSchema {
  try {
    const root = load();
    root.resolveAll();
    return new LoadedSchema(root);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DescribeConfigurationError('H2_DESCRIBE_BAD_SCHEMA', `Failed to read ${what}: ${reason}.`, {
      cause: error,
    });
  }
}

class LoadedSchema implements ProtobufSchema {
  readonly #types = new Map<protobuf.Type, MessageType>();

  constructor(private readonly root: protobuf.Root) {}

  messageTypeOf(path: string, direction: Direction): MessageType | null {
    const match = /^\/(.+)\/([^/]+)$/.exec(path);
    if (match === null) return null;
    const service = this.root.lookup(match[1]!, [protobuf.Service]);
    if (!(service instanceof protobuf.Service)) return null;
    const method = Object.hasOwn(service.methods, match[2]!) ? service.methods[match[2]!] : undefined;
    const type = direction === 'client' ? method?.resolvedRequestType : method?.resolvedResponseType;
    return type ? this.#messageType(type) : null;
  }

  type(name: string): MessageType | null {
    const type = this.root.lookup(name, [protobuf.Type]);
    return type instanceof protobuf.Type ? this.#messageType(type) : null;
  }

  #messageType(type: protobuf.Type): MessageType {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const fields = new Map<number, FieldType>();
    const messageType: MessageType = {
      name: type.fullName.replace(/^\./, ''),
      fieldOf: (number) => {
        const field = type.fieldsById[number];
        if (field === undefined) return null;
        const fieldType = fields.get(number) ?? this.#fieldType(field);
        fields.set(number, fieldType);
        return fieldType;
      },
    };
    this.#types.set(type, messageType);
    return messageType;
  }

  #fieldType(field: protobuf.FieldBase): FieldType {
    if (field instanceof protobuf.MapField) {
      return {
        name: field.name,
        type: 'message',
        message: this.#mapEntry(field),
        enumValueName: () => null,
        isRepeated: true,
      };
    }
    return this.#valueType(field, field.name, field.repeated);
  }

  #valueType(field: protobuf.FieldBase, name: string, isRepeated: boolean): FieldType {
    const resolved = field.resolvedType;
    if (resolved instanceof protobuf.Type) {
      return { name, type: 'message', message: this.#messageType(resolved), enumValueName: () => null, isRepeated };
    }
    const enumValueName = (value: number) =>
      resolved instanceof protobuf.Enum ? (resolved.valuesById[value] ?? null) : null;
    const type = resolved instanceof protobuf.Enum ? 'enum' : field.type;
    return { name, type, message: null, enumValueName, isRepeated };
  }

  #mapEntry(field: protobuf.MapField): MessageType {
    const key: FieldType = {
      name: 'key',
      type: field.keyType,
      message: null,
      enumValueName: () => null,
      isRepeated: false,
    };
    const value = this.#valueType(field, 'value', false);
    return { name: `${field.name} entry`, fieldOf: (number) => (number === 1 ? key : number === 2 ? value : null) };
  }
}
