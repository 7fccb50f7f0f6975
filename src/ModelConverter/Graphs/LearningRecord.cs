using System.Buffers.Binary;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>How a model learns on a device: what record 14 of its contract says but where its last layer is.</summary>
internal sealed record LearningRecord
{
    /// <summary>The bits of <see cref="HeadSettings"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Sigmoid or softmax.</summary>
    public required DecisionHead Link { get; init; }

    /// <summary>The logit of one step of what the last layer's multipliers give.</summary>
    public required float LogitStep { get; init; }

    /// <summary>Fraction bits of changes and logits.</summary>
    public int FractionBits { get; init; } = 30;

    /// <summary>Passes over the stored samples after each new one.</summary>
    public int Passes { get; init; }

    /// <summary>The most that a weight may be changed, in 2^−fraction bits.</summary>
    public int WeightLimit { get; init; } = 1;

    /// <summary>The most that a logit may be moved, in 2⁻⁴.</summary>
    public int LogitLimit { get; init; } = 1;

    /// <summary>Numerator of the learning rate.</summary>
    public int Rate { get; init; } = 1;

    /// <summary>Its shift to the right.</summary>
    public int RateShift { get; init; } = 1;

    /// <summary>The bias's input, as a power of two.</summary>
    public int BiasShift { get; init; }

    /// <summary>Samples that are stored.</summary>
    public int Capacity { get; init; }

    /// <summary>Classes that can be added.</summary>
    public int AddedClasses { get; init; }

    /// <summary>Neighbours that vote.</summary>
    public int Neighbours { get; init; }

    /// <summary>The quantile of normal samples, in 2⁻¹⁵.</summary>
    public int Quantile { get; init; } = 1;

    /// <summary>Normal samples before the first threshold.</summary>
    public int WarmUp { get; init; } = 2;

    /// <summary>The inputs of the self-test vectors.</summary>
    public IReadOnlyList<float[]> SelfTestRows { get; init; } = [];

    /// <summary>The class of each.</summary>
    public IReadOnlyList<int> SelfTestClasses { get; init; } = [];

    /// <summary>The bytes of the means of classes, as elements of the hidden vector; empty where no head needs them.</summary>
    public byte[] Means { get; init; } = [];

    /// <summary>The record's bytes.</summary>
    /// <param name="hidden">Index of the hidden vector's tensor.</param>
    /// <param name="layer">Index of the last layer's operator.</param>
    /// <param name="hasSelfTest">Whether the file has the self-test vectors.</param>
    public byte[] Payload(int hidden, int layer, bool hasSelfTest)
    {
        byte[] header = new byte[AdaptationRecord.HeaderBytes];
        Short(AdaptationRecord.HiddenOffset, hidden);
        Short(AdaptationRecord.OperatorOffset, layer);
        header[AdaptationRecord.HeadsOffset] = (byte)Heads;
        header[AdaptationRecord.LinkOffset] = (byte)Link;
        header[AdaptationRecord.FractionBitsOffset] = (byte)FractionBits;
        header[AdaptationRecord.PassesOffset] = (byte)Passes;
        BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(AdaptationRecord.LogitStepOffset), LogitStep);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(AdaptationRecord.WeightLimitOffset), WeightLimit);
        Short(AdaptationRecord.RateOffset, Rate);
        header[AdaptationRecord.RateShiftOffset] = (byte)RateShift;
        header[AdaptationRecord.BiasShiftOffset] = (byte)BiasShift;
        Short(AdaptationRecord.CapacityOffset, Capacity);
        header[AdaptationRecord.AddedClassesOffset] = (byte)AddedClasses;
        header[AdaptationRecord.NeighboursOffset] = (byte)Neighbours;
        Short(AdaptationRecord.QuantileOffset, Quantile);
        Short(AdaptationRecord.WarmUpOffset, WarmUp);
        Short(AdaptationRecord.LogitLimitOffset, LogitLimit);
        return [.. header, .. hasSelfTest ? SelfTestClasses.Select(label => (byte)label) : [], .. Means];

        void Short(int offset, int value) => BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(offset), checked((ushort)value));
    }
}
