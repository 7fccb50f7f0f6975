using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>Constants of integers in the smallest type that holds them all.</summary>
internal static class SmallestIntegers
{
    /// <summary>Bytes of an integer of which the smallest and largest are known.</summary>
    internal static int Signed(int min, int max) =>
        min >= sbyte.MinValue && max <= sbyte.MaxValue ? 1 : min >= short.MinValue && max <= short.MaxValue ? 2 : 4;

    /// <summary>The same of numbers from 0 on, for which all bits of int8 and int16 count.</summary>
    internal static int Unsigned(int max) => max <= byte.MaxValue ? 1 : max <= ushort.MaxValue ? 2 : 4;

    /// <summary>A constant of so many bytes a number.</summary>
    internal static Value Constant(string name, IReadOnlyList<int> values, int size, params int[] shape) => size switch
    {
        1 => Value.Constant(name, [.. values.Select(value => unchecked((sbyte)value))], shape),
        2 => Value.Constant(name, [.. values.Select(value => unchecked((short)value))], shape),
        _ => Value.Constant(name, [.. values], shape),
    };
}
