using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Int8.Requantize;

/// <summary>The rounding shift where no instruction rounds. Not a default of the interface: NativeAOT does not inline those.</summary>
internal static class RoundingShift
{
    /// <summary>The arithmetic shift by 0 to 31, ties away from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Right<TVector>(TVector x, TVector count)
        where TVector : struct, IRequantizeVector<TVector>
    {
        TVector mask = TVector.ShiftLeft(1, count) - 1;
        TVector up = TVector.Greater(x & mask, TVector.Half(mask) - TVector.Sign(x));
        return TVector.ShiftRight(x, count) - up;
    }
}
