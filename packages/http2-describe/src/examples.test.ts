import { expect, it } from 'vitest';
import { bytesOf, connectionPreface, emptySettings, frame, grpcMessage, plainHeaders } from './frames.test-support.js';
import { parseSchema } from './protobuf/schema.js';
import { Transcript } from './transcript.js';

const usersSchema = parseSchema(`
  syntax = "proto3";
  import "google/protobuf/empty.proto";
  package users.v1;
  message User { string first_name = 1; string last_name = 2; uint64 id = 3; }
  message AddUserResponse { uint64 user_id = 1; }
  service Users {
    rpc AddUser(User) returns (AddUserResponse) {}
    rpc GetUsers(google.protobuf.Empty) returns (stream User) {}
  }
`);

it('describes the 84 bytes of the HTTP example line by line', () => {
  const bytes = bytesOf(`
    50 52 49 20 2a 20 48 54  54 50 2f 32 2e 30 0d 0a
    0d 0a 53 4d 0d 0a 0d 0a  00 00 24 04 00 00 00 00
    00 00 01 00 00 10 00 00  02 00 00 00 01 00 04 00
    00 ff ff 00 05 00 00 40  00 00 03 00 00 00 64 00
    06 00 01 00 00 00 00 06  04 00 00 00 00 00 00 02
    00 00 00 00
  `);
  expect(bytes.length).toBe(84);
  const transcript = new Transcript({ client: '127.0.0.1:59600', server: 'localhost:8080' });
  expect(transcript.describe(bytes, 'client')).toBe(`============================================================
client(127.0.0.1:59600)->proxy->server(localhost:8080)

Client Connection Preface = b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'
Hexdump (Client Connection Preface) =
   50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a
   0d 0a 53 4d 0d 0a 0d 0a
----------------------------------------
Frame Length = 36 (00 00 24)
Frame Type = SETTINGS (04)
Flags = UNSET (00)
Stream Identifier = 0 (00 00 00 00)
Settings =
   SETTINGS_HEADER_TABLE_SIZE:0x1 -> 4096 (00 01 | 00 00 10 00)
   SETTINGS_ENABLE_PUSH:0x2 -> 1 (00 02 | 00 00 00 01)
   SETTINGS_INITIAL_WINDOW_SIZE:0x4 -> 65535 (00 04 | 00 00 ff ff)
   SETTINGS_MAX_FRAME_SIZE:0x5 -> 16384 (00 05 | 00 00 40 00)
   SETTINGS_MAX_CONCURRENT_STREAMS:0x3 -> 100 (00 03 | 00 00 00 64)
   SETTINGS_MAX_HEADER_LIST_SIZE:0x6 -> 65536 (00 06 | 00 01 00 00)
----------------------------------------
Frame Length = 6 (00 00 06)
Frame Type = SETTINGS (04)
Flags = UNSET (00)
Stream Identifier = 0 (00 00 00 00)
Settings =
   SETTINGS_ENABLE_PUSH:0x2 -> 0 (00 02 | 00 00 00 00)
----------------------------------------
`);
});

it('describes the DATA frame of the gRPC example line by line', () => {
  const transcript = new Transcript({ client: 'c', server: 's', schema: usersSchema });
  const request = plainHeaders({
    ':method': 'POST',
    ':scheme': 'http',
    ':path': '/users.v1.Users/AddUser',
    'content-type': 'application/grpc',
  });
  transcript.describe(Buffer.concat([connectionPreface, emptySettings, frame(1, 4, 3, request)]), 'client');
  const data = bytesOf('00 00 15 00 01 00 00 00 03 00 00 00 00 10 0a 05 41 6c 69 63 65 12 07 52 65 64 6d 6f 6e 64');
  expect(transcript.describe(data, 'client').split('\n\n')[1]).toBe(`Frame Length = 21 (00 00 15)
Frame Type = DATA (00)
Flags = END_STREAM:0x1 (01)
Stream Identifier = 3 (00 00 00 03)
gRPC Compressed Flag = 0 (00)
Protobuf Length = 16 (00 00 00 10)
Protobuf Message (users.v1.User) =
   first_name: "Alice"
   last_name: "Redmond"
Hexdump (Protobuf Message) =
   0a 05 41 6c 69 63 65 12 07 52 65 64 6d 6f 6e 64
----------------------------------------
`);
});

it('describes the answer of a gRPC method by the type that the method returns', () => {
  const transcript = new Transcript({ client: 'c', server: 's', schema: usersSchema });
  const request = { ':method': 'POST', ':path': '/users.v1.Users/AddUser', 'content-type': 'application/grpc' };
  const response = { ':status': '200', 'content-type': 'application/grpc' };
  transcript.describe(
    Buffer.concat([connectionPreface, emptySettings, frame(1, 4, 3, plainHeaders(request))]),
    'client',
  );
  const text = transcript.describe(
    Buffer.concat([
      emptySettings,
      frame(1, 4, 3, plainHeaders(response)),
      frame(0, 0, 3, grpcMessage(bytesOf('08 87 8e 89 a9 ee 9f 8d 82 9c 01'))),
    ]),
    'server',
  );
  expect(text).toContain(`Protobuf Message (users.v1.AddUserResponse) =
   user_id: 11242168839194167047
Hexdump (Protobuf Message) =
   08 87 8e 89 a9 ee 9f 8d 82 9c 01
`);
});

it('describes the PROXY protocol line in front of the preface', () => {
  const transcript = new Transcript({ client: '10.101.130.13:62522', server: 'localhost:50052' });
  const line = Buffer.from('PROXY TCP4 198.51.100.22 203.0.113.7 35646 80\r\n');
  expect(transcript.describe(Buffer.concat([line, connectionPreface]), 'client'))
    .toBe(`============================================================
client(10.101.130.13:62522)->proxy->server(localhost:50052)

Proxy Protocol Header =
   b'PROXY TCP4 198.51.100.22 203.0.113.7 35646 80\\r\\n'
Hexdump (Proxy Protocol Header) =
   50 52 4f 58 59 20 54 43 50 34 20 31 39 38 2e 35
   31 2e 31 30 30 2e 32 32 20 32 30 33 2e 30 2e 31
   31 33 2e 37 20 33 35 36 34 36 20 38 30 0d 0a
----------------------------------------
Client Connection Preface = b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'
Hexdump (Client Connection Preface) =
   50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a
   0d 0a 53 4d 0d 0a 0d 0a
----------------------------------------
`);
});

it('heads the server with its own route, and shows headers as names and values over their bytes', () => {
  const transcript = new Transcript({ client: '127.0.0.1:59600', server: 'localhost:8080' });
  const block = '88 76 8e 8c 68 31 16 9c 4b 20 b6 77 2d 8c 05 70 7f 5c 82 75 ef 5f 8b 1d 75 d0 62 0d 26 3d 4c 74 41 ea';
  transcript.describe(emptySettings, 'server');
  const bytes = Buffer.concat([frame(1, 4, 1, block), frame(0, 1, 1, Buffer.from('{"a": \'b\'}'))]);
  expect(transcript.describe(bytes, 'server')).toBe(`============================================================
server(localhost:8080)->proxy->client(127.0.0.1:59600)

Frame Length = 34 (00 00 22)
Frame Type = HEADERS (01)
Flags = END_HEADERS:0x4 (04)
Stream Identifier = 1 (00 00 00 01)
Headers =
   ':status' -> '200'
   'server' -> 'basic-h2-server/1.0'
   'content-length' -> '78'
   'content-type' -> 'application/json'
Hexdump (Compressed Headers) =
   88 76 8e 8c 68 31 16 9c 4b 20 b6 77 2d 8c 05 70
   7f 5c 82 75 ef 5f 8b 1d 75 d0 62 0d 26 3d 4c 74
   41 ea
----------------------------------------
Frame Length = 10 (00 00 0a)
Frame Type = DATA (00)
Flags = END_STREAM:0x1 (01)
Stream Identifier = 1 (00 00 00 01)
Frame Payload =
   b'{"a": \\'b\\'}'
Hexdump (Frame Payload) =
   7b 22 61 22 3a 20 27 62 27 7d
----------------------------------------
`);
});
