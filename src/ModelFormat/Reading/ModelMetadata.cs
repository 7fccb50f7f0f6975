namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// The contract section: what goes into the model, what comes out and how it decides. Records of a key and a payload in
    /// ascending order of their keys, each at most once. Nothing of it is copied: texts are read from the file when asked for.
    /// </summary>
    public sealed class ModelMetadata
    {
        private readonly ModelBytes bytes;
        private readonly int start;
        private readonly int end;

        internal ModelMetadata(ModelBytes bytes, int start, int length)
        {
            this.bytes = bytes;
            this.start = start;
            end = start + length;
        }

        // After the operators, so that the first fault of a file is the one nearest to its start.
        internal void Check()
        {
            int last = 0;
            for (int position = start; position < end; position = Next(position))
            {
                int key = CheckRecord(position);
                if (key <= last)
                {
                    throw new ModelFormatException("contract", position, "record " + key.ToString() + " comes after record " + last.ToString() + "; each must appear once, in ascending order");
                }

                last = key;
            }
        }

        /// <summary>Byte offset of a record's payload in the file, or −1 where the record is absent.</summary>
        internal int PayloadOffset(MetadataKey key)
        {
            int position = Find(key);
            return position < 0 ? -1 : position + FormatLayout.ContractHeaderBytes;
        }

        /// <summary>Length of a record's payload in bytes, 0 if the record is absent.</summary>
        internal int PayloadLength(MetadataKey key)
        {
            int position = Find(key);
            return position < 0 ? 0 : LengthAt(position);
        }

        /// <summary>A byte of a record's payload, which must be there.</summary>
        internal int Byte(MetadataKey key, int index)
        {
            return bytes.U8(PayloadOffset(key) + index);
        }

        /// <summary>A text, empty if the record is absent.</summary>
        public string Text(MetadataKey key)
        {
            int offset = PayloadOffset(key);
            return offset < 0 ? "" : bytes.Utf8(offset, PayloadLength(key));
        }

        /// <summary>The number of texts of a record that holds a list, 0 if it is absent.</summary>
        public int TextCount(MetadataKey key)
        {
            int offset = PayloadOffset(key);
            return offset < 0 ? 0 : EdgeInference.ModelFormat.TextList.Count(bytes, offset, offset + PayloadLength(key));
        }

        /// <summary>Text <paramref name="index"/> of a record that holds a list, which must have it.</summary>
        public string Text(MetadataKey key, int index)
        {
            int position = PayloadOffset(key);
            for (int i = 0; i < index; i++)
            {
                position = EdgeInference.ModelFormat.TextList.Next(bytes, position, end);
            }

            return EdgeInference.ModelFormat.TextList.At(bytes, position);
        }

        /// <summary>All texts of a record that holds a list, none if it is absent.</summary>
        public string[] TextList(MetadataKey key)
        {
            int offset = PayloadOffset(key);
            return offset < 0 ? new string[0] : EdgeInference.ModelFormat.TextList.All(bytes, offset, offset + PayloadLength(key));
        }

        /// <summary>float32 values, none if the record is absent.</summary>
        public float[] Floats(MetadataKey key)
        {
            int offset = PayloadOffset(key);
            float[] values = new float[PayloadLength(key) / 4];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = bytes.F32(offset + (i * 4));
            }

            return values;
        }

        // −1 where the record is absent.
        private int Find(MetadataKey key)
        {
            for (int position = start; Fits(position); position = Next(position))
            {
                int found = bytes.U8(position);
                if (found >= (int)key)
                {
                    return found == (int)key ? position : -1;
                }
            }

            return -1;
        }

        private int LengthAt(int position)
        {
            return (int)((uint)bytes.I32(position) >> 8);
        }

        private int Next(int position)
        {
            return position + FormatLayout.ContractHeaderBytes + LengthAt(position);
        }

        private bool Fits(int position)
        {
            return end - position >= FormatLayout.ContractHeaderBytes && Next(position) <= end;
        }

        private int CheckRecord(int position)
        {
            if (!Fits(position))
            {
                throw new ModelFormatException("contract", position, "a record does not fit in the section");
            }

            int key = bytes.U8(position);
            int payload = position + FormatLayout.ContractHeaderBytes;
            int length = LengthAt(position);
            switch ((MetadataKey)key)
            {
                case MetadataKey.InputNames:
                case MetadataKey.Labels:
                case MetadataKey.InputUnits:
                    Require(EdgeInference.ModelFormat.TextList.Count(bytes, payload, payload + length) >= 0, payload, "a list of texts does not fit in its record");
                    break;
                case MetadataKey.Threshold:
                case MetadataKey.Calibration:
                case MetadataKey.AbstainBand:
                case MetadataKey.InputStatistics:
                case MetadataKey.InputLimits:
                    Require(length > 0 && (length & 3) == 0, payload, "a list of numbers is empty or not a multiple of four bytes long");
                    break;
                case MetadataKey.SourceHash:
                case MetadataKey.TrainingRows:
                    Require(length == 32, payload, "a SHA-256 is not 32 bytes long");
                    break;
                case MetadataKey.MissingValues:
                    Require(length == 0, payload, "record 12 is not empty");
                    break;
                case MetadataKey.Inputs:
                case MetadataKey.Outputs:
                case MetadataKey.Window:
                case MetadataKey.Decision:
                case MetadataKey.Adaptation:
                    // Whoever reads these checks them.
                    break;
                default:
                    if (key < FormatLayout.FirstOptionalKey)
                    {
                        throw new ModelFormatException("contract", position, "this engine has no record " + key.ToString() + " of the contract, which is required; update the runtime");
                    }

                    break;
            }

            return key;
        }

        private static void Require(bool condition, int offset, string problem)
        {
            if (!condition)
            {
                throw new ModelFormatException("contract", offset, problem);
            }
        }
    }
}
