namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// Texts one after the other: the length in bytes of each, one byte below 128, else two (seven low bits with the high bit
    /// set, then the rest), then its UTF-8. The texts stay in the file until they are asked for.
    /// </summary>
    internal static class TextList
    {
        /// <summary>Most bytes of a text.</summary>
        public const int MaxBytes = (1 << 15) - 1;

        /// <summary>The number of texts, or −1 where they do not end exactly at <paramref name="end"/>.</summary>
        public static int Count(ModelBytes bytes, int start, int end)
        {
            int count = 0;
            int position = start;
            while (position < end)
            {
                position = Next(bytes, position, end);
                count++;
            }

            return position == end ? count : -1;
        }

        /// <summary>The text at <paramref name="position"/>, which was checked.</summary>
        public static string At(ModelBytes bytes, int position)
        {
            int length = bytes.U8(position);
            return length < 128 ? bytes.Utf8(position + 1, length) : bytes.Utf8(position + 2, Long(bytes, position));
        }

        /// <summary>Where the text after the one at <paramref name="position"/> begins; beyond <paramref name="end"/> where it does not fit.</summary>
        public static int Next(ModelBytes bytes, int position, int end)
        {
            if (position >= end)
            {
                return end + 1;
            }

            int length = bytes.U8(position);
            if (length < 128)
            {
                return position + 1 + length;
            }

            return position + 2 > end ? end + 1 : position + 2 + Long(bytes, position);
        }

        /// <summary>All texts of a list, none if it is not a list.</summary>
        public static string[] All(ModelBytes bytes, int start, int end)
        {
            int count = Count(bytes, start, end);
            string[] texts = new string[count < 0 ? 0 : count];
            int position = start;
            for (int i = 0; i < texts.Length; i++)
            {
                texts[i] = At(bytes, position);
                position = Next(bytes, position, end);
            }

            return texts;
        }

        private static int Long(ModelBytes bytes, int position)
        {
            return (bytes.U8(position) & 127) | (bytes.U8(position + 1) << 7);
        }
    }
}
