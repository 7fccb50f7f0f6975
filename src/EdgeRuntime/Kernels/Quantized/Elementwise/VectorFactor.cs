using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime.Simd.Int8.Requantize;

namespace EdgeInference.Runtime.Kernels.Quantized.Elementwise;

/// <summary>A shift to the left, a multiplication and a rounding shift to the right, the same for all numbers of a vector.</summary>
internal readonly struct VectorFactor
{
    private const int HalfMultiplier = 1 << 30;

    private readonly int left;
    private readonly int multiplier;
    private readonly int right;

    /// <summary>Half a step of the shift to the right, 0 where there is none.</summary>
    private readonly int half;

    /// <summary>−1 where the shift to the right rounds, else 0.</summary>
    private readonly int rounds;

    /// <summary>A power of two that loses no bit: a shift to the left does it all.</summary>
    private readonly bool isShift;

    /// <summary>For x·2^left first, and a shift of at most 0.</summary>
    internal VectorFactor(int left, int multiplier, int shift)
    {
        this.left = left;
        this.multiplier = multiplier;
        right = -shift;
        half = right > 0 ? 1 << (right - 1) : 0;
        rounds = right > 0 ? -1 : 0;
        if (multiplier == HalfMultiplier && right < left)
        {
            isShift = true;
            this.left = left - 1 - right;
        }
    }

    internal VectorFactor(int multiplier, int shift)
        : this(Math.Max(shift, 0), multiplier, Math.Min(shift, 0))
    {
    }

    /// <summary>Makes of a range what the factor makes of it; false if a number could leave int32 on the way.</summary>
    internal bool TryScale(ref NumberRange range)
    {
        // A shift that does it all still stands for one further to the left, which saturates.
        int first = isShift ? left + 1 + right : left;
        if (!new NumberRange(range.Low << first, range.High << first).HasRoomFor(0))
        {
            return false;
        }

        if (isShift)
        {
            range = new NumberRange(range.Low << left, range.High << left);
            return true;
        }

        int low = FixedPoint.SaturatingRoundingDoublingHighMul((int)(range.Low << left), multiplier);
        int high = FixedPoint.SaturatingRoundingDoublingHighMul((int)(range.High << left), multiplier);
        range = new NumberRange(FixedPoint.RoundingDivideByPowerOfTwo(low, right), FixedPoint.RoundingDivideByPowerOfTwo(high, right));
        return new NumberRange(low, high).HasRoomFor(half) && new NumberRange(low, high).HasRoomFor((long)half + rounds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Scale<TVector>(TVector x)
        where TVector : struct, IRequantizeVector<TVector>
    {
        x = TVector.ShiftLeft(x, left);
        if (isShift)
        {
            return x;
        }

        x = TVector.MultiplyHigh(x, multiplier);
        return TVector.ShiftRight(x + half + (TVector.Sign(x) & rounds), right);
    }
}
