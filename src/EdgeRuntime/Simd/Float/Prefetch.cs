using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>Asks for memory that is read soon, where the processor can be asked. Any address is allowed.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Asks for lines at equal distances in a core's own cache.</summary>
    /// <param name="first">An address in the first line.</param>
    /// <param name="step">Elements from line to line.</param>
    /// <param name="lines">Lines.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Lines(float* first, nint step, nint lines)
    {
        if (Sse.IsSupported)
        {
            for (; lines > 0; lines--, first += step)
            {
                Sse.Prefetch1(first);
            }
        }
    }
}
