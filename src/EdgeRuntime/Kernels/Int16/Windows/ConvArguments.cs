namespace EdgeInference.Runtime.Kernels.Int16.Windows;

/// <summary>What a bound int16 convolution that sums one window at a time knows.</summary>
internal unsafe struct ConvArguments
{
    internal WindowGeometry Geometry;
    internal PaddedImage Image;
    internal short* Input;

    /// <summary>As they are in the file, or as <see cref="DepthwiseConv"/> packs them.</summary>
    internal sbyte* Weights;
    internal byte* Output;
    internal int OutputBytes;

    /// <summary>The sums of one window, where they fit int32.</summary>
    internal int* Sums;
    internal WideRequantization Requantization;
}
