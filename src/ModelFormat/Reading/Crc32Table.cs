namespace EdgeInference.ModelFormat
{
    /// <summary>The 256 remainders of CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320), shared by every reader and the writer.</summary>
    internal static class Crc32Table
    {
        /// <summary>What the register holds before the first byte; the result is its complement after the last.</summary>
        public const uint Initial = 0xFFFFFFFFu;

        /// <summary>The remainders, by the low byte of the register. They take a kilobyte, which a device lets go of.</summary>
        public static uint[] Make()
        {
            uint[] table = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint remainder = i;
                for (int bit = 0; bit < 8; bit++)
                {
                    remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320u : remainder >> 1;
                }

                table[i] = remainder;
            }

            return table;
        }
    }
}
