using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>Integers in the order of float32 numbers, −0 with +0: bits, of negative numbers those below the sign inverted.</summary>
internal static unsafe class SortKeys
{
    /// <summary>Writes the key of each value, and <paramref name="notANumber"/> for NaN.</summary>
    internal static void Run(float* values, int* keys, int count, int notANumber)
    {
        if (count < Vector128<float>.Count)
        {
            for (int i = 0; i < count; i++)
            {
                keys[i] = Keys(Vector128.CreateScalar(values[i]), notANumber).ToScalar();
            }

            return;
        }

        // The last vector may do some again.
        int last = count - Vector128<float>.Count;
        for (int i = 0; i < last; i += Vector128<float>.Count)
        {
            Vector128.Store(Keys(Vector128.Load(values + i), notANumber), keys + i);
        }

        Vector128.Store(Keys(Vector128.Load(values + last), notANumber), keys + last);
    }

    private static Vector128<int> Keys(Vector128<float> values, int notANumber)
    {
        // A sum with +0 is +0 for either zero.
        Vector128<int> bits = (values + Vector128<float>.Zero).AsInt32();
        Vector128<int> keys = bits ^ Vector128.ShiftRightLogical(Vector128.ShiftRightArithmetic(bits, 31), 1);
        return Vector128.ConditionalSelect(Vector128.Equals(values, values).AsInt32(), keys, Vector128.Create(notANumber));
    }
}
