using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>What an operator does with the elements of a window, channel by channel.</summary>
internal unsafe interface IWindowReduction
{
    /// <summary>What a window begins with, for the channels from <paramref name="bias"/> on.</summary>
    static abstract TVector Initial<TVector>(float* bias)
        where TVector : struct, IFloatVector<TVector>;

    /// <summary>Whether <see cref="Add"/> rounds, so that a large window is added in parts.</summary>
    static abstract bool IsSum { get; }

    static abstract TVector Add<TVector>(TVector total, TVector x, float* weights)
        where TVector : struct, IFloatVector<TVector>;

    /// <summary>The output, from the total over the <paramref name="count"/> elements of the window that count.</summary>
    static abstract TVector Finish<TVector>(TVector total, in ChannelWindowArguments a, int count)
        where TVector : struct, IFloatVector<TVector>;
}

/// <summary>What a bound operator on windows of single channels knows.</summary>
internal unsafe struct ChannelWindowArguments
{
    internal float* Input;
    internal float* Output;

    /// <summary>[kernel h, kernel w, channels]; null for a pooling.</summary>
    internal float* Weights;

    /// <summary>Null for a pooling.</summary>
    internal float* Bias;
    internal int Batch;
    internal int Channels;
    internal WindowAxis Vertical;
    internal WindowAxis Horizontal;
    internal WindowSpan* Rows;
    internal WindowSpan* Columns;
    internal FusedReluKind Relu;
    internal float Alpha;
    internal float Beta;

    /// <summary>Applied to all outputs at the end, or null.</summary>
    internal delegate*<float*, float*, nint, float, float, void> Activation;
}

/// <summary>
/// Windows of single channels, channels last and across the lanes of a vector: depthwise convolution and poolings. Only what
/// lies within the image is visited, so that nothing is asked about an element.
/// </summary>
internal static unsafe class ChannelWindows<TReduction>
    where TReduction : struct, IWindowReduction
{
    // Vectors of neighbouring channels side by side, so that their latencies overlap.
    private const int Side = 4;

    /// <summary>By the widest vectors of this processor, the last channels by narrower ones.</summary>
    internal static void Run(void* pointer)
    {
        var channels = new Progress { Arguments = (ChannelWindowArguments*)pointer };
        FloatLadder.All<Step, Progress>(ref channels);
        Activate(in *channels.Arguments);
    }

    /// <summary>One channel at a time: the scalar twin.</summary>
    internal static void RunReference(void* pointer)
    {
        var channels = new Progress { Arguments = (ChannelWindowArguments*)pointer };
        FloatLadder.Scalar<Step, Progress>(ref channels);
        Activate(in *channels.Arguments);
    }

    private static void Activate(in ChannelWindowArguments a)
    {
        if (a.Activation != null)
        {
            nint outputs = (nint)a.Batch * a.Vertical.Outputs * a.Horizontal.Outputs * a.Channels;
            a.Activation(a.Output, a.Output, outputs, a.Alpha, a.Beta);
        }
    }

    private readonly struct Step : IFloatStep<Progress>
    {
        public static bool Run<TVector>(ref Progress progress)
            where TVector : struct, IFloatVector<TVector>
        {
            ref readonly ChannelWindowArguments a = ref *progress.Arguments;
            int channel = progress.Channels;
            for (; channel <= a.Channels - (Side * TVector.Count); channel += Side * TVector.Count)
            {
                Images<TVector>(in a, channel, sideBySide: true);
            }

            for (; channel <= a.Channels - TVector.Count; channel += TVector.Count)
            {
                Images<TVector>(in a, channel, sideBySide: false);
            }

            progress.Channels = channel;
            return channel == a.Channels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Images<TVector>(in ChannelWindowArguments a, int channel, bool sideBySide)
        where TVector : struct, IFloatVector<TVector>
    {
        float* output = a.Output + channel;
        nint rowStride = (nint)a.Horizontal.Size * a.Channels;
        for (int n = 0; n < a.Batch; n++)
        {
            float* image = a.Input + channel + (n * a.Vertical.Size * rowStride);
            for (int row = 0; row < a.Vertical.Outputs; row++)
            {
                WindowSpan vertical = a.Rows[row];
                float* line = image + (vertical.Position * rowStride);
                float* weights = a.Weights + ((nint)vertical.First * a.Horizontal.Kernel * a.Channels) + channel;
                for (int column = 0; column < a.Horizontal.Outputs; column++, output += a.Channels)
                {
                    WindowSpan horizontal = a.Columns[column];
                    var window = new Window
                    {
                        X = line + ((nint)horizontal.Position * a.Channels),
                        Weights = weights + ((nint)horizontal.First * a.Channels),
                        Height = vertical.Length,
                        Width = horizontal.Length,
                    };
                    int count = vertical.Count * horizontal.Count;
                    if (TReduction.IsSum && (long)window.Height * window.Width > FloatSums.Part)
                    {
                        for (int i = 0; i < (sideBySide ? Side : 1) * TVector.Count; i += TVector.Count)
                        {
                            Large<TVector>(in a, window, a.Bias + channel + i, output + i, count);
                            window.X += TVector.Count;
                            window.Weights += TVector.Count;
                        }
                    }
                    else if (sideBySide)
                    {
                        Four<TVector>(in a, window, a.Bias + channel, output, count);
                    }
                    else
                    {
                        One<TVector>(in a, window, a.Bias + channel, output, count);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TVector>(in ChannelWindowArguments a, Window window, float* bias, float* y, int count)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector s0 = TReduction.Initial<TVector>(bias);
        TVector s1 = TReduction.Initial<TVector>(bias + TVector.Count);
        TVector s2 = TReduction.Initial<TVector>(bias + (2 * TVector.Count));
        TVector s3 = TReduction.Initial<TVector>(bias + (3 * TVector.Count));
        nint step = (nint)a.Horizontal.Dilation * a.Channels;
        nint line = (nint)a.Vertical.Dilation * a.Horizontal.Size * a.Channels;
        for (int i = 0; i < window.Height; i++)
        {
            float* x = window.X + (i * line);
            float* w = window.Weights + ((nint)i * a.Horizontal.Kernel * a.Channels);
            for (int j = 0; j < window.Width; j++)
            {
                s0 = TReduction.Add(s0, TVector.Load(x), w);
                s1 = TReduction.Add(s1, TVector.Load(x + TVector.Count), w + TVector.Count);
                s2 = TReduction.Add(s2, TVector.Load(x + (2 * TVector.Count)), w + (2 * TVector.Count));
                s3 = TReduction.Add(s3, TVector.Load(x + (3 * TVector.Count)), w + (3 * TVector.Count));
                x += step;
                w += a.Channels;
            }
        }

        TVector.Store(TReduction.Finish(s0, in a, count), y);
        TVector.Store(TReduction.Finish(s1, in a, count), y + TVector.Count);
        TVector.Store(TReduction.Finish(s2, in a, count), y + (2 * TVector.Count));
        TVector.Store(TReduction.Finish(s3, in a, count), y + (3 * TVector.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<TVector>(in ChannelWindowArguments a, Window window, float* bias, float* y, int count)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector total = TReduction.Initial<TVector>(bias);
        nint step = (nint)a.Horizontal.Dilation * a.Channels;
        nint line = (nint)a.Vertical.Dilation * a.Horizontal.Size * a.Channels;
        for (int i = 0; i < window.Height; i++)
        {
            float* x = window.X + (i * line);
            float* w = window.Weights + ((nint)i * a.Horizontal.Kernel * a.Channels);
            for (int j = 0; j < window.Width; j++)
            {
                total = TReduction.Add(total, TVector.Load(x), w);
                x += step;
                w += a.Channels;
            }
        }

        TVector.Store(TReduction.Finish(total, in a, count), y);
    }

    // Parts of a sum are short enough that their roundings do not matter; of the sum of the parts they are kept.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Large<TVector>(in ChannelWindowArguments a, Window window, float* bias, float* y, int count)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector part = TReduction.Initial<TVector>(bias);
        TVector sum = 0f;
        TVector error = 0f;
        int room = FloatSums.Part;
        nint step = (nint)a.Horizontal.Dilation * a.Channels;
        nint line = (nint)a.Vertical.Dilation * a.Horizontal.Size * a.Channels;
        for (int i = 0; i < window.Height; i++)
        {
            float* x = window.X + (i * line);
            float* w = window.Weights + ((nint)i * a.Horizontal.Kernel * a.Channels);
            for (int j = 0; j < window.Width; j++)
            {
                if (room == 0)
                {
                    Empty(part, ref sum, ref error);
                    part = 0f;
                    room = FloatSums.Part;
                }

                part = TReduction.Add(part, TVector.Load(x), w);
                room--;
                x += step;
                w += a.Channels;
            }
        }

        Empty(part, ref sum, ref error);

        // An infinite sum leaves no error that is a number.
        sum = TVector.SelectLess(TVector.Abs(error), float.PositiveInfinity, sum + error, sum);
        TVector.Store(TReduction.Finish(sum, in a, count), y);
    }

    // The error of an addition is exact: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Empty<TVector>(TVector part, ref TVector sum, ref TVector error)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector after = sum + part;
        TVector added = after - sum;
        error += (sum - (after - added)) + (part - added);
        sum = after;
    }

    private struct Progress
    {
        internal ChannelWindowArguments* Arguments;

        /// <summary>Channels that are done.</summary>
        internal int Channels;
    }

    // The part of a window that lies within the image.
    private struct Window
    {
        internal float* X;
        internal float* Weights;
        internal int Height;
        internal int Width;
    }
}
