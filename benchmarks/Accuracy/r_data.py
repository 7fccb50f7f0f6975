"""Reads data frames from the .rda files of R packages, without R: R's serialization in its XDR form, versions 2 and 3."""
import bz2, gzip, lzma, math, struct, zlib


class Frame(dict):
    """Columns by name, in order; a factor is a list of texts, a missing value None."""


class _Reader:
    def __init__(self, data):
        self.data, self.at, self.refs = data, 0, []

    def take(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def int(self):
        return struct.unpack(">i", self.take(4))[0]

    def item(self):
        flags = self.int()
        kind, has_attributes, has_tag = flags & 0xFF, flags & 0x200, flags & 0x400
        if kind == 0xFE or kind == 0:
            return None
        if kind in (0xFD, 0xF2, 0xFB, 0xFC, 0xF1):
            return None
        if kind == 0xFF:
            return self.refs[(flags >> 8) - 1 if flags >> 8 else self.int() - 1]
        if kind == 1:
            self.refs.append(self.item())
            return self.refs[-1]
        if kind == 2:
            pairs = []
            while True:
                if has_attributes:
                    self.item()
                tag = self.item() if has_tag else None
                pairs.append((tag, self.item()))
                flags = self.int()
                kind, has_attributes, has_tag = flags & 0xFF, flags & 0x200, flags & 0x400
                if kind != 2:
                    if kind == 0xFE:
                        return pairs
                    raise ValueError("a dotted pair")
        if kind == 6:
            self.at -= 4
            flags = self.int()
            if has_attributes:
                self.item()
            if has_tag:
                self.item()
            self.item()
            self.item()
            return None
        if kind == 9:
            length = self.int()
            return None if length < 0 else self.take(length).decode("latin-1")
        if kind in (10, 13):
            n = self.int()
            value = [None if v == -2147483648 else v for v in struct.unpack(f">{n}i", self.take(4 * n))]
        elif kind == 14:
            n = self.int()
            value = [None if math.isnan(v) else v for v in struct.unpack(f">{n}d", self.take(8 * n))]
        elif kind in (16, 19, 20):
            value = [self.item() for _ in range(self.int())]
        elif kind == 238:
            info, state, _ = self.item(), self.item(), self.item()
            name = info[0][1] if isinstance(info[0], tuple) else info[0]
            if name == "compact_intseq":
                n, first, step = (int(v) for v in state)
                return [first + i * step for i in range(n)]
            if name.startswith("wrap_"):
                return state[0][1] if isinstance(state[0], tuple) else state[0]
            if name == "deferred_string":
                return [None if v is None else str(v) for v in state[0][1]]
            raise ValueError(f"the compact form {name}")
        else:
            raise ValueError(f"the type {kind}")
        if not has_attributes:
            return value
        attributes = dict(self.item())
        if "levels" in attributes:
            return [None if v is None else attributes["levels"][v - 1] for v in value]
        if kind == 19 and "names" in attributes and "data.frame" in attributes.get("class", []):
            return Frame(zip(attributes["names"], value))
        if kind == 19 and "names" in attributes:
            return dict(zip(attributes["names"], value))
        return value


def read(path):
    """All objects of a file by name."""
    data = open(path, "rb").read()
    for opener in (gzip.decompress, bz2.decompress, lzma.decompress):
        try:
            data = opener(data)
            break
        except (OSError, lzma.LZMAError):
            pass
    if data[:7] not in (b"RDX2\nX\n", b"RDX3\nX\n"):
        raise ValueError(f"{path}: not R's XDR form")
    return dict(_serialized(data[5:]))


def read_lazy(folder, name):
    """One object of the data base that R keeps most packages' data in, Rdata.rdx and Rdata.rdb."""
    index = _serialized(gzip.decompress(open(folder + "/Rdata.rdx", "rb").read()))
    start, length = index["variables"][name]
    part = open(folder + "/Rdata.rdb", "rb").read()[start:start + length]
    return _serialized(lzma_or_zlib(part))


def lzma_or_zlib(part):
    """Decompresses an object: its length in 4 bytes, then perhaps a letter for what compressed it."""
    kind = part[4:5]
    return bz2.decompress(part[5:]) if kind == b"2" else lzma.decompress(part[5:]) if kind == b"Z" else zlib.decompress(part[4:])


def _serialized(data):
    reader = _Reader(data)
    reader.at = 2
    version = reader.int()
    reader.take(8)
    if version == 3:
        reader.take(reader.int())
    return reader.item()
