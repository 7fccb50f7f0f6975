namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>int32 sums of neighbouring channels, fed from their int8 or int16 elements. Exact: nothing saturates and int32 wraps.</summary>
internal unsafe interface IInt32Sums<TSelf>
    where TSelf : struct, IInt32Sums<TSelf>
{
    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Channels.</summary>
    static abstract int Count { get; }

    /// <summary>The number for every channel.</summary>
    static abstract implicit operator TSelf(int value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Load(int* source);

    /// <summary>Loads one int8 a channel.</summary>
    static abstract TSelf Load(sbyte* source);

    /// <summary>Loads one int16 a channel.</summary>
    static abstract TSelf Load(short* source);

    /// <summary>Adds the product of two int8 to each sum.</summary>
    static abstract TSelf MultiplyAdd(TSelf sums, sbyte* x, sbyte* weights);

    /// <summary>Adds the product of an int16 and an int8 to each sum.</summary>
    static abstract TSelf MultiplyAdd(TSelf sums, short* x, sbyte* weights);

    /// <summary>The sum over all channels; up to four sums are added in int32 before that.</summary>
    static abstract long Total(TSelf sums);

    static abstract void Store(TSelf sums, int* destination);
}
