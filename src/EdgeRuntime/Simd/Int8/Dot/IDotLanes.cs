namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>
/// A vector of int32 sums of int8 products, one sum for each output. Each step adds the products of <see cref="Group"/>
/// inputs, the same ones in every lane, and as many weights in every lane. Exact: nothing saturates and int32 wraps.
/// </summary>
internal unsafe interface IDotLanes<TSelf>
    where TSelf : struct, IDotLanes<TSelf>
{
    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Sums in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Inputs in a step.</summary>
    static abstract int Group { get; }

    /// <summary>Bytes of a prepared input: 1, or 2 where the processor multiplies int16. A packed weight has 1.</summary>
    static abstract int Size { get; }

    /// <summary>Whether inputs that many sums share are multiplied as <see cref="Prepare"/> leaves them; where <see cref="Size"/> is 2, all are.</summary>
    static abstract bool Prepares { get; }

    /// <summary>What is added to every input before it is multiplied; its share of the sums is taken out through the bias.</summary>
    static abstract int InputOffset { get; }

    /// <summary>The lowest weight with which no sum is wrong.</summary>
    static virtual sbyte LowestWeight => sbyte.MinValue;

    /// <summary>Position, in a vector of weights, of the weight of one output and one input of the step.</summary>
    static abstract int Slot(int lane, int input);

    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Sums.</summary>
    static abstract TSelf Load(void* source);

    /// <summary>A step's weights of all outputs of a vector, int8 in the order of <see cref="Slot"/>, widened where <see cref="Size"/> is 2.</summary>
    static abstract TSelf LoadWeights(byte* source);

    /// <summary>Prepares n inputs, <see cref="Size"/> bytes each. Reads and writes whole vectors: what follows the inputs meets weights of zero.</summary>
    static abstract void Prepare(sbyte* inputs, byte* prepared, nint n);

    /// <summary>The <see cref="Group"/> inputs of a step, in every lane: int8, or int16 where <see cref="Size"/> is 2.</summary>
    static abstract TSelf Broadcast(void* inputs);

    /// <summary>The same from inputs that were prepared.</summary>
    static abstract TSelf BroadcastPrepared(void* inputs);

    static abstract TSelf MultiplyAdd(TSelf sums, TSelf inputs, TSelf weights);

    static abstract void Store(TSelf sums, int* destination);
}
