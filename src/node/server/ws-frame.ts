/** The opcodes of RFC 6455 that carry messages. */
export const opcodes = { text: 1, binary: 2 } as const;

/** The header of an unmasked, unfragmented frame with so many bytes of payload (RFC 6455, 5.2). */
export const frameHeader = (opcode: number, length: number): Buffer => {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, length]);
  if (length < 65_536) return Buffer.from([first, 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header.set([first, 127]);
  header.writeUIntBE(length, 4, 6);
  return header;
};

/** How many texts are kept as frames, and how many bytes: those that one turn sends to everybody. */
const textsMax = 256;
const bytesMax = 262_144;

const texts = new Map<string, Buffer>();
let bytes = 0;

/** A text as a whole frame. What goes to many is made once: encoding is most of what sending costs. */
export const textFrame = (text: string): Buffer => {
  let frame = texts.get(text);
  if (frame) return frame;
  const payload = Buffer.from(text);
  frame = Buffer.concat([frameHeader(opcodes.text, payload.length), payload]);
  // Answers come here too, of megabytes some of them: who asks for many must not fill the memory.
  if (texts.size >= textsMax || bytes + frame.length > bytesMax) {
    texts.clear();
    bytes = 0;
  }
  texts.set(text, frame);
  bytes += frame.length;
  return frame;
};
