using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Updates
{
    /// <summary>CRC-32 (IEEE 802.3) of bytes that come in parts.</summary>
    internal sealed class Crc32
    {
        private readonly uint[] table = Crc32Table.Make();
        private uint register = Crc32Table.Initial;

        /// <summary>The CRC of all bytes so far.</summary>
        internal uint Value
        {
            get { return ~register; }
        }

        internal static uint Of(byte[] bytes, int count)
        {
            Crc32 crc = new Crc32();
            crc.Add(bytes, 0, count);
            return crc.Value;
        }

        internal void Add(byte[] bytes, int offset, int count)
        {
            uint[] remainders = table;
            uint value = register;
            for (int i = offset; i < offset + count; i++)
            {
                value = remainders[(byte)(value ^ bytes[i])] ^ (value >> 8);
            }

            register = value;
        }

        internal void Reset()
        {
            register = Crc32Table.Initial;
        }
    }
}
