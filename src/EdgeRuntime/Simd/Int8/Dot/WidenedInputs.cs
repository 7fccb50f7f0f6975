using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>Inputs as int16, for processors that multiply those.</summary>
internal static unsafe class WidenedInputs
{
    /// <summary>Widens n inputs. Reads and writes whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(sbyte* inputs, short* wide, nint n)
    {
        for (nint i = 0; i < n; i += Vector128<sbyte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(inputs + i));
            low.Store(wide + i);
            high.Store(wide + i + 8);
        }
    }
}
