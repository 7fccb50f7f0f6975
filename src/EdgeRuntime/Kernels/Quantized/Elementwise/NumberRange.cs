namespace EdgeInference.Runtime.Kernels.Quantized.Elementwise;

/// <summary>The numbers that a part of an operator can reach.</summary>
internal readonly record struct NumberRange(long Low, long High)
{
    /// <summary>The range of a + b and of a − b.</summary>
    internal NumberRange WithEitherSignOf(NumberRange other)
    {
        long most = Math.Max(Math.Abs(other.Low), Math.Abs(other.High));
        return new NumberRange(Low - most, High + most);
    }

    /// <summary>The range of products.</summary>
    internal NumberRange Times(NumberRange other)
    {
        long most = Math.Max(Math.Abs(Low), Math.Abs(High)) * Math.Max(Math.Abs(other.Low), Math.Abs(other.High));
        return new NumberRange(-most, most);
    }

    /// <summary>Whether all fit int32 when a number is added.</summary>
    internal bool HasRoomFor(long number) => Low + number >= int.MinValue && High + number <= int.MaxValue;
}
