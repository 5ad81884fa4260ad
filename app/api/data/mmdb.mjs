/**
 * The little of the MaxMind DB format that the table builder needs: metadata, values, and a walk over every network in address
 * order. Readers on npm answer one address at a time; a walk visits each network once and so needs seconds instead of minutes.
 * Format: https://maxmind.github.io/MaxMind-DB/
 */
const METADATA_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const DATA_SECTION_GAP = 16;

export class Mmdb {
  constructor(buffer) {
    this.buffer = buffer;
    const marker = buffer.lastIndexOf(METADATA_MARKER);
    if (marker < 0) throw new Error('not a MaxMind DB file: its metadata marker is missing');
    const start = marker + METADATA_MARKER.length;
    this.metadata = new ValueReader(buffer, start).read(start).value;
    if (this.metadata.record_size !== 24 && this.metadata.record_size !== 28 && this.metadata.record_size !== 32) {
      throw new Error(`record size ${this.metadata.record_size} is not part of the format`);
    }
    this.nodeBytes = this.metadata.record_size / 4;
    this.dataStart = this.metadata.node_count * this.nodeBytes + DATA_SECTION_GAP;
    this.values = new ValueReader(buffer, this.dataStart);
  }

  /** Child `side` (0 or 1) of a node. */
  child(node, side) {
    const { buffer, nodeBytes } = this;
    const at = node * nodeBytes;
    if (nodeBytes === 6) return buffer.readUIntBE(at + side * 3, 3);
    if (nodeBytes === 8) return buffer.readUInt32BE(at + side * 4);
    const middle = buffer[at + 3];
    return side === 0
      ? (middle >>> 4) * 0x1000000 + buffer.readUIntBE(at, 3)
      : (middle & 15) * 0x1000000 + buffer.readUIntBE(at + 4, 3);
  }

  /**
   * Calls `visit(prefix, length, dataOffset)` for every network that has data, in address order. `prefix` is a plain number, so
   * networks longer than `maxLength` (at most 48 bits) are reported at that length.
   */
  walk(maxLength, visit) {
    const { node_count: nodeCount } = this.metadata;
    const descend = (node, prefix, length) => {
      if (node === nodeCount) return;
      if (node > nodeCount) {
        const cut = Math.max(0, length - maxLength);
        visit(Math.floor(prefix / 2 ** cut), length - cut, node - nodeCount - DATA_SECTION_GAP);
        return;
      }
      if (length >= maxLength + 5) return; // a sliver below the resolution asked for: its siblings speak for it
      descend(this.child(node, 0), prefix * 2, length + 1);
      descend(this.child(node, 1), prefix * 2 + 1, length + 1);
    };
    descend(0, 0, 0);
  }

  /** Offset of the record that holds the network of `length` bits starting with `prefix`, or undefined. */
  find(prefix, length) {
    const { node_count: nodeCount } = this.metadata;
    let node = 0;
    for (let depth = 1; depth <= length && node < nodeCount; depth++) {
      node = this.child(node, Math.floor(prefix / 2 ** (length - depth)) % 2);
    }
    return node > nodeCount ? node - nodeCount - DATA_SECTION_GAP : undefined;
  }

  /** The record at an offset that `walk` reported. */
  record(dataOffset) {
    return this.values.read(this.dataStart + dataOffset).value;
  }
}

/** Decodes values; pointers count from `base`. */
class ValueReader {
  constructor(buffer, base) {
    this.buffer = buffer;
    this.base = base;
  }

  read(at) {
    const control = this.buffer[at++];
    let type = control >>> 5;
    if (type === 1) return this.pointer(control, at);
    if (type === 0) type = 7 + this.buffer[at++];
    let size = control & 31;
    if (size >= 29) {
      const extra = size - 28;
      size = [29, 285, 65821][extra - 1] + this.buffer.readUIntBE(at, extra);
      at += extra;
    }
    if (type === 7) return this.map(at, size);
    if (type === 11) return this.array(at, size);
    if (type === 14) return { value: size === 1, end: at };
    return { value: this.scalar(type, at, size), end: at + size };
  }

  scalar(type, at, size) {
    const { buffer } = this;
    if (type === 2) return buffer.toString('utf8', at, at + size);
    if (type === 3) return buffer.readDoubleBE(at);
    if (type === 15) return buffer.readFloatBE(at);
    if (type === 8) return size === 0 ? 0 : buffer.readIntBE(at, size);
    if (type === 5 || type === 6) return size === 0 ? 0 : buffer.readUIntBE(at, size);
    if (type === 9 || type === 10) return size === 0 ? 0n : BigInt(`0x${buffer.toString('hex', at, at + size)}`);
    return buffer.subarray(at, at + size);
  }

  map(at, size) {
    const value = {};
    for (let i = 0; i < size; i++) {
      const key = this.read(at);
      const entry = this.read(key.end);
      value[key.value] = entry.value;
      at = entry.end;
    }
    return { value, end: at };
  }

  array(at, size) {
    const value = [];
    for (let i = 0; i < size; i++) {
      const entry = this.read(at);
      value.push(entry.value);
      at = entry.end;
    }
    return { value, end: at };
  }

  pointer(control, at) {
    const bytes = ((control >>> 3) & 3) + 1;
    const low = this.buffer.readUIntBE(at, bytes);
    const high = bytes === 4 ? 0 : (control & 7) * 2 ** (8 * bytes);
    const target = this.base + high + low + [0, 2048, 526336, 0][bytes - 1];
    return { value: this.read(target).value, end: at + bytes };
  }
}
