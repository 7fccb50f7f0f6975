namespace ModelFormat
{
    /// <summary>The metadata section: records of a key and a payload, in any order, each at most once. All of it is optional.</summary>
    public sealed class ModelMetadata
    {
        // Bounds the search for duplicate keys, which is quadratic.
        private const int MaxRecords = 256;

        private readonly ModelBytes bytes;
        private readonly int[] keys;
        private readonly int[] kinds;
        private readonly int[] offsets;
        private readonly int[] lengths;

        internal ModelMetadata(ModelBytes bytes, int start, int sectionLength)
        {
            this.bytes = bytes;
            int end = start + sectionLength;
            int count = 0;
            for (int position = start; position < end; count++)
            {
                position = Next(position, end);
            }

            if (count > MaxRecords)
            {
                throw new ModelFormatException("metadata", start, "it has more than " + MaxRecords.ToString() + " records");
            }

            keys = new int[count];
            kinds = new int[count];
            offsets = new int[count];
            lengths = new int[count];
            int offset = start;
            for (int i = 0; i < count; i++)
            {
                keys[i] = bytes.U16(offset);
                kinds[i] = bytes.U16(offset + 2);
                lengths[i] = bytes.I32(offset + 4);
                offsets[i] = offset + FormatLayout.MetadataHeaderBytes;
                CheckRecord(i);
                offset = Next(offset, end);
            }
        }

        /// <summary>Byte offset of a key's payload in the file, or −1 where the key is absent.</summary>
        public int PayloadOffset(MetadataKey key)
        {
            int record = Find(key);
            return record < 0 ? -1 : offsets[record];
        }

        /// <summary>Length of a key's payload in bytes, 0 where the key is absent.</summary>
        public int PayloadLength(MetadataKey key)
        {
            int record = Find(key);
            return record < 0 ? 0 : lengths[record];
        }

        /// <summary>A byte of a key's payload, which the key must have.</summary>
        public int Byte(MetadataKey key, int index)
        {
            return bytes.U8(PayloadOffset(key) + index);
        }

        /// <summary>A text, empty where the key is absent.</summary>
        public string Text(MetadataKey key)
        {
            int record = Find(key);
            return record < 0 || kinds[record] != (int)MetadataKind.Text ? "" : bytes.Utf8(offsets[record], lengths[record]);
        }

        /// <summary>A list of texts, empty where the key is absent.</summary>
        public string[] TextList(MetadataKey key)
        {
            int record = Find(key);
            if (record < 0 || kinds[record] != (int)MetadataKind.TextList)
            {
                return new string[0];
            }

            string[] texts = new string[bytes.I32(offsets[record])];
            int position = offsets[record] + 4;
            for (int i = 0; i < texts.Length; i++)
            {
                int length = bytes.I32(position);
                texts[i] = bytes.Utf8(position + 4, length);
                position += 4 + length;
            }

            return texts;
        }

        /// <summary>float32 values, empty where the key is absent.</summary>
        public float[] Floats(MetadataKey key)
        {
            int record = Find(key);
            if (record < 0 || kinds[record] != (int)MetadataKind.Floats)
            {
                return new float[0];
            }

            float[] values = new float[lengths[record] / 4];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = bytes.F32(offsets[record] + (i * 4));
            }

            return values;
        }

        private int Find(MetadataKey key)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                if (keys[i] == (int)key)
                {
                    return i;
                }
            }

            return -1;
        }

        private int Next(int position, int end)
        {
            int length = end - position >= FormatLayout.MetadataHeaderBytes ? bytes.I32(position + 4) : -1;
            if (length < 0 || length > end - position - FormatLayout.MetadataHeaderBytes)
            {
                throw new ModelFormatException("metadata", position, "a record does not fit into the section");
            }

            // Payloads are padded to four bytes; the writer pads the last one too.
            int next = position + FormatLayout.MetadataHeaderBytes + ((length + 3) & ~3);
            if (next > end)
            {
                throw new ModelFormatException("metadata", position, "a record's padding does not fit into the section");
            }

            return next;
        }

        private void CheckRecord(int record)
        {
            for (int i = 0; i < record; i++)
            {
                if (keys[i] == keys[record])
                {
                    throw new ModelFormatException("metadata", offsets[record], "key " + keys[record].ToString() + " is there twice");
                }
            }

            if (kinds[record] == (int)MetadataKind.Floats && (lengths[record] & 3) != 0)
            {
                throw new ModelFormatException("metadata", offsets[record], "a list of numbers has a broken length");
            }

            if (kinds[record] == (int)MetadataKind.TextList)
            {
                CheckTextList(offsets[record], lengths[record]);
            }
        }

        private void CheckTextList(int start, int length)
        {
            int end = start + length;
            int count = length >= 4 ? bytes.I32(start) : -1;
            bool good = count >= 0 && count <= (length - 4) / 4;
            int position = start + 4;
            for (int i = 0; good && i < count; i++)
            {
                int size = end - position >= 4 ? bytes.I32(position) : -1;
                good = size >= 0 && size <= end - position - 4;
                position += 4 + size;
            }

            if (!good || position != end)
            {
                throw new ModelFormatException("metadata", start, "a list of texts does not fit its record");
            }
        }
    }
}
