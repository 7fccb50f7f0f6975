using System.Runtime.InteropServices;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>What a bound int8 convolution that sums one window at a time knows.</summary>
internal unsafe struct ConvArguments
{
    internal WindowGeometry Geometry;
    internal PaddedImage Image;
    internal sbyte* Input;

    /// <summary>As they are in the file, or as <see cref="DepthwiseConv"/>, <see cref="DepthwiseTaps"/> or <see cref="DepthwiseColumns"/> packs them.</summary>
    internal sbyte* Weights;

    /// <summary>With the input's zero point folded in, except for the scalar twin.</summary>
    internal int* Bias;

    /// <summary>Sums of a few windows.</summary>
    internal int* Sums;

    /// <summary>int32 values between the sums of one window and of the next.</summary>
    internal int SumStride;
    internal byte* Output;
    internal int OutputBytes;
    internal int InputZeroPoint;

    /// <summary>Writes the sums of as many windows side by side as it is told, from the first one's corner in the padded image.</summary>
    internal delegate*<ConvArguments*, sbyte*, int*, int, void> AccumulateWindows;

    /// <summary>Where, from its corner on, each element of a depthwise window lies.</summary>
    internal int* Taps;
    internal int TapCount;
    internal Requantization Requantization;
    internal delegate*<int*, Requantization*, byte*, nint, void> Requantize;
}

/// <summary>The weights and bias of an int8 convolution as they are in the file: [units, window] and [units] or null.</summary>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
internal unsafe struct ConvPacking
{
    internal sbyte* Weights;
    internal int* Bias;
    internal int Units;
    internal int Window;
    internal int InputZeroPoint;

    /// <summary>The weights alone, so that convolutions with another bias share them.</summary>
    internal readonly ConvPacking WeightsOnly => this with { Bias = null, InputZeroPoint = 0 };
}
