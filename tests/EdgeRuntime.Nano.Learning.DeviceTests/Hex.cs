using System;

namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>Data written as text, two digits to a byte, in which a difference is one line.</summary>
    internal static class Hex
    {
        internal static byte[] Bytes(string text)
        {
            char[] digits = text.ToCharArray();
            byte[] bytes = new byte[digits.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)((Digit(digits[2 * i]) << 4) | Digit(digits[(2 * i) + 1]));
            }

            return bytes;
        }

        internal static float[] Floats(string text)
        {
            byte[] bytes = Bytes(text);
            float[] values = new float[bytes.Length / 4];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = BitConverter.ToSingle(bytes, 4 * i);
            }

            return values;
        }

        private static int Digit(char digit)
        {
            return digit <= '9' ? digit - '0' : digit - 'a' + 10;
        }
    }
}
