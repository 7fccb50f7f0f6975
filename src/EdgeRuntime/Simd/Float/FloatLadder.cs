using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>A part of a kernel, or the choice of one, written once for every width.</summary>
internal interface IFloatStep<TArguments>
    where TArguments : allows ref struct
{
    /// <summary>Does what vectors of this width can do. True where that was all; false leaves the rest to narrower vectors.</summary>
    static abstract bool Run<TVector>(ref TArguments arguments)
        where TVector : struct, IFloatVector<TVector>;
}

/// <summary>The widths of float32 vectors, from the widest that this processor has to the narrowest. No kernel asks for a width elsewhere.</summary>
internal static class FloatLadder
{
    /// <summary>Elements in the widest vector of this processor; 1 where it has none.</summary>
    internal static int Lanes
    {
        get
        {
            int lanes = 1;
            Vectors<CountLanes, int>(ref lanes);
            return lanes;
        }
    }

    /// <summary>Runs the step on each width until one leaves nothing. False where the narrowest vectors, or the lack of any, left something.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Vectors<TStep, TArguments>(ref TArguments arguments)
        where TStep : struct, IFloatStep<TArguments>
        where TArguments : allows ref struct
        => (FloatVector512.IsSupported && TStep.Run<FloatVector512>(ref arguments))
            || (FloatVector256.IsSupported && TStep.Run<FloatVector256>(ref arguments))
            || (FloatVector128.IsSupported && TStep.Run<FloatVector128>(ref arguments));

    /// <summary>Runs the step on each width, and what they leave one number at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void All<TStep, TArguments>(ref TArguments arguments)
        where TStep : struct, IFloatStep<TArguments>
        where TArguments : allows ref struct
    {
        if (!Vectors<TStep, TArguments>(ref arguments))
        {
            Scalar<TStep, TArguments>(ref arguments);
        }
    }

    /// <summary>Runs the step one number at a time: the scalar twin of <see cref="All"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Scalar<TStep, TArguments>(ref TArguments arguments)
        where TStep : struct, IFloatStep<TArguments>
        where TArguments : allows ref struct
        => TStep.Run<FloatScalar>(ref arguments);

    private readonly struct CountLanes : IFloatStep<int>
    {
        public static bool Run<TVector>(ref int lanes)
            where TVector : struct, IFloatVector<TVector>
        {
            lanes = TVector.Count;
            return true;
        }
    }
}
