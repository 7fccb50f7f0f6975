namespace EdgeInference.Runtime.Simd.Float;

/// <summary>
/// float32 arithmetic of one width, with the operators of a number: a formula is written once and compiled for 512, 256 and
/// 128 bits and for one float. Every member but <see cref="Sum"/> is one IEEE operation on each element, so that all widths
/// agree to the bit.
/// </summary>
internal unsafe interface IFloatVector<TSelf>
    where TSelf : struct, IFloatVector<TSelf>
{
    /// <summary>Whether this processor has vectors of this width.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Vector registers that a kernel may keep its sums in.</summary>
    static abstract int Registers { get; }

    /// <summary>The number in every element.</summary>
    static abstract implicit operator TSelf(float value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf Load(float* source);

    /// <summary>The first <paramref name="count"/> elements, 1 to <see cref="Count"/>, of memory that is touched nowhere else; the others are 0.</summary>
    static virtual TSelf LoadFirst(float* source, int count)
    {
        float* elements = stackalloc float[TSelf.Count];
        TSelf.Store(0f, elements);
        for (int i = 0; i < count; i++)
        {
            elements[i] = source[i];
        }

        return TSelf.Load(elements);
    }

    static abstract void Store(TSelf x, float* destination);

    /// <summary>Stores the first <paramref name="count"/> elements, 1 to <see cref="Count"/>, and touches no other.</summary>
    static abstract void StoreFirst(TSelf x, float* destination, int count);

    /// <summary>Stores integers that int8 holds.</summary>
    static abstract void StoreInt8(TSelf x, sbyte* destination);

    /// <summary>Stores integers that int16 holds.</summary>
    static abstract void StoreInt16(TSelf x, short* destination);

    /// <summary>The sum of the elements, in an order that depends on their number.</summary>
    static abstract float Sum(TSelf x);

    /// <summary>The larger of two numbers; NaN if either is, and +0 is larger than −0.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>a where it is larger than b, else b: NaN only where b is, in one instruction where the processor has it.</summary>
    static virtual TSelf Larger(TSelf a, TSelf b) => TSelf.SelectLess(b, a, a, b);

    /// <summary>a where it is less than b, else b: NaN only where b is, in one instruction where the processor has it.</summary>
    static virtual TSelf Smaller(TSelf a, TSelf b) => TSelf.SelectLess(a, b, a, b);

    /// <summary>a·b + c, rounded once where <see cref="FusedMultiplyAdd.IsSupported"/>, else twice.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Abs(TSelf x);

    /// <summary>The magnitude of one with the sign of the other; NaN stays NaN.</summary>
    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>−|x|.</summary>
    static virtual TSelf NegativeAbs(TSelf x) => -TSelf.Abs(x);

    /// <summary>The same for a magnitude that is not above 0, with −|sign| known.</summary>
    static virtual TSelf CopySign(TSelf magnitude, TSelf sign, TSelf negativeAbs) => TSelf.CopySign(magnitude, sign);

    /// <summary><paramref name="then"/> where a &lt; b, else <paramref name="otherwise"/>; NaN is not less.</summary>
    static abstract TSelf SelectLess(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    /// <summary>False only where no element of a is less than that of b: what would be done for those that are can be left out.</summary>
    static virtual bool AnyLess(TSelf a, TSelf b) => true;

    /// <summary>Nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>The largest integer that is not above.</summary>
    static abstract TSelf Floor(TSelf x);

    /// <summary>The smallest integer that is not below.</summary>
    static abstract TSelf Ceiling(TSelf x);

    /// <summary>The nearest integer towards zero.</summary>
    static abstract TSelf Truncate(TSelf x);

    static abstract TSelf Sqrt(TSelf x);

    /// <summary>Applies a function to one element after the other.</summary>
    static virtual TSelf Map<TFunction>(TSelf x)
        where TFunction : struct, ILibraryFunction
    {
        float* elements = stackalloc float[TSelf.Count];
        TSelf.Store(x, elements);
        for (int i = 0; i < TSelf.Count; i++)
        {
            elements[i] = TFunction.Of(elements[i]);
        }

        return TSelf.Load(elements);
    }

    /// <summary>2ⁿ for an integer n from −126 to 127; any number for NaN.</summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>2ⁿ for 1.5·2²³ + 127 + n, n from −126 to 127: the integer lies in the last bits of that sum. Any number for others.</summary>
    static abstract TSelf PowerOfSum(TSelf sum);

    /// <summary>n·2⁻¹⁴⁹ for an integer n from 0 to 2²³, by its bits: arithmetic that ends in a denormal number is many times slower. Any number for others.</summary>
    static abstract TSelf Denormal(TSelf n);

    /// <summary>The upper 12 bits of the significand: a product of two such numbers is exact.</summary>
    static abstract TSelf UpperHalf(TSelf x);
}
