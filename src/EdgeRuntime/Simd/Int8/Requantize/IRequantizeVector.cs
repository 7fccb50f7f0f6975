namespace EdgeInference.Runtime.Simd.Int8.Requantize;

/// <summary>int32 numbers as they are requantized: multiplied by a fixed-point multiplier, shifted with rounding, and stored as int8.</summary>
internal unsafe interface IRequantizeVector<TSelf>
    where TSelf : struct, IRequantizeVector<TSelf>
{
    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether <see cref="MultiplyHighBounded"/> doubles the product; where not, the number has to be doubled before.</summary>
    static abstract bool Doubles { get; }

    /// <summary>The number in every element.</summary>
    static abstract implicit operator TSelf(int value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>The lower 32 bits of each product.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf Load(int* source);

    /// <summary>As many int8, widened.</summary>
    static abstract TSelf LoadInt8(sbyte* source);

    /// <summary>As many int16, widened.</summary>
    static abstract TSelf LoadInt16(short* source);

    static abstract void Store(TSelf x, int* destination);

    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>−1 where a &gt; b, else 0.</summary>
    static abstract TSelf Greater(TSelf a, TSelf b);

    /// <summary>−1 where x is negative, else 0.</summary>
    static abstract TSelf Sign(TSelf x);

    /// <summary>Half of a number that is not negative, rounded down.</summary>
    static abstract TSelf Half(TSelf x);

    static abstract TSelf ShiftLeft(TSelf x, TSelf count);

    /// <summary>The arithmetic shift.</summary>
    static abstract TSelf ShiftRight(TSelf x, TSelf count);

    /// <summary>The arithmetic shift, rounded, ties away from zero, by 0 to 31.</summary>
    static abstract TSelf RoundingShiftRight(TSelf x, TSelf count);

    /// <summary>The upper half of 2x·multiplier, rounded, ties up, for multipliers that are not negative.</summary>
    static abstract TSelf MultiplyHigh(TSelf x, TSelf multiplier);

    /// <summary>What <see cref="MultiplyHighBounded"/> wants to know of a multiplier.</summary>
    static abstract TSelf Prepare(TSelf multiplier);

    /// <summary>The upper half of x·multiplier, or of 2x·multiplier where <see cref="Doubles"/>, rounded, ties up; 2x must fit int32.</summary>
    static abstract TSelf MultiplyHighBounded(TSelf x, TSelf multiplier, TSelf prepared);

    /// <summary>Stores the lower 8 bits of each number.</summary>
    static abstract void StoreInt8(TSelf x, sbyte* destination);

    /// <summary>Stores the lower 16 bits of each number.</summary>
    static abstract void StoreInt16(TSelf x, short* destination);

    /// <summary>Stores each number as the nearest int16.</summary>
    static abstract void StoreInt16Saturated(TSelf x, short* destination);

    /// <summary>An int8 in every byte of a vector.</summary>
    static abstract TSelf Bytes(sbyte value);

    /// <summary>Stores a vector as int8 within two bounds from <see cref="Bytes"/>.</summary>
    static abstract void StoreRow(TSelf x, TSelf min, TSelf max, sbyte* destination);

    /// <summary>Stores four vectors in the same way, <paramref name="stride"/> bytes apart.</summary>
    static abstract void StoreRows(TSelf x0, TSelf x1, TSelf x2, TSelf x3, TSelf min, TSelf max, sbyte* destination, nint stride);
}
