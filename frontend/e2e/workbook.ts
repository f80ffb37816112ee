import { crc32, inflateRawSync } from "node:zlib";

/** A workbook a community has filled in: the one it was sent with words and numbers in some cells, in the format's plainest form. */
export function filledIn(workbook: Buffer, cells: Readonly<Record<string, string | number>>): Buffer {
  const files = unzipped(workbook);
  const name = "xl/worksheets/sheet1.xml";
  let sheet = files.get(name)?.toString() ?? "";
  for (const [cell, value] of Object.entries(cells)) {
    const filled = typeof value === "number" ? `><v>${value}</v>` : ` t="inlineStr"><is><t>${value}</t></is>`;
    const blank = new RegExp(`(<c r="${cell}" s="\\d+")>`);
    if (!blank.test(sheet)) throw new Error(`the sheet has no blank at ${cell}`);
    sheet = sheet.replace(blank, `$1${filled}`);
  }
  files.set(name, Buffer.from(sheet));
  return zipped(files);
}

/** Returns the files of a ZIP, as its central directory lists them (APPNOTE.TXT 4.3.12). */
export function unzipped(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  const files = new Map<string, Buffer>();
  for (let at = zip.readUInt32LE(end + 16), n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, more, comment] = [28, 30, 32].map((o) => zip.readUInt16LE(at + o)) as [number, number, number];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(begin, begin + size);
    files.set(zip.toString("utf8", at + 46, at + 46 + name), method === 0 ? packed : inflateRawSync(packed));
    at += 46 + name + more + comment;
  }
  return files;
}

/** Returns a ZIP of files as they are, none packed. */
function zipped(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [path, file] of files) {
    const name = Buffer.from(path);
    // What a local header and an entry of the directory have in common: flags, method, time, sum and sizes.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt32LE(crc32(file), 10);
    common.writeUInt32LE(file.length, 14);
    common.writeUInt32LE(file.length, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    parts.push(Buffer.from("PK\u0003\u0004"), common, name, file);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\u0000"), common, rest, name);
    at += 30 + name.length + file.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.size, 4);
  end.writeUInt16LE(files.size, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from("PK\u0005\u0006"), end]);
}
