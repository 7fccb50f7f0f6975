using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>How a convolution's window moves over an image, channels last; the meaning of each number is ConvRule's.</summary>
    internal sealed class WindowGeometry
    {
        internal WindowGeometry(OperatorRecord record)
        {
            TensorInfo input = record.Inputs[0];
            TensorInfo weights = record.Inputs[1];
            TensorInfo output = record.Outputs[0];
            Batch = input.Dimension(0);
            Height = input.Dimension(1);
            Width = input.Dimension(2);
            Channels = input.Dimension(3);
            OutputHeight = output.Dimension(1);
            OutputWidth = output.Dimension(2);
            Units = output.Dimension(3);
            KernelHeight = weights.Dimension(1);
            KernelWidth = weights.Dimension(2);
            StrideHeight = record.Int(ConvRule.Stride);
            StrideWidth = record.Int(ConvRule.Stride + 1);
            DilationHeight = record.Int(ConvRule.Dilation);
            DilationWidth = record.Int(ConvRule.Dilation + 1);
            PadTop = record.Int(ConvRule.Pad);
            PadLeft = record.Int(ConvRule.Pad + 1);
            Groups = record.Int(ConvRule.Groups);
            ReachedHeight = Larger(PadTop + Height, ((OutputHeight - 1) * StrideHeight) + ((KernelHeight - 1) * DilationHeight) + 1);
            ReachedWidth = Larger(PadLeft + Width, ((OutputWidth - 1) * StrideWidth) + ((KernelWidth - 1) * DilationWidth) + 1);
        }

        internal readonly int Batch;

        internal readonly int Height;

        internal readonly int Width;

        internal readonly int Channels;

        internal readonly int OutputHeight;

        internal readonly int OutputWidth;

        internal readonly int Units;

        internal readonly int KernelHeight;

        internal readonly int KernelWidth;

        internal readonly int StrideHeight;

        internal readonly int StrideWidth;

        internal readonly int DilationHeight;

        internal readonly int DilationWidth;

        internal readonly int PadTop;

        internal readonly int PadLeft;

        internal readonly int Groups;

        /// <summary>Rows of the image with all that its windows reach above and below it.</summary>
        internal readonly int ReachedHeight;

        /// <summary>Columns of the image with all that its windows reach to its left and right.</summary>
        internal readonly int ReachedWidth;

        internal int ChannelsPerGroup
        {
            get { return Channels / Groups; }
        }

        internal int UnitsPerGroup
        {
            get { return Units / Groups; }
        }

        /// <summary>Elements of a window, of one group's channels.</summary>
        internal int PatchLength
        {
            get { return KernelHeight * KernelWidth * ChannelsPerGroup; }
        }

        internal bool ReachesOutside
        {
            get { return ReachedHeight != Height || ReachedWidth != Width; }
        }

        /// <summary>Whether each output place sees one pixel, in the order of both, so that pixels are rows of Dense.</summary>
        internal bool IsPointwise
        {
            get
            {
                return Groups == 1 && KernelHeight == 1 && KernelWidth == 1 && StrideHeight == 1 && StrideWidth == 1
                    && PadTop == 0 && PadLeft == 0 && OutputHeight == Height && OutputWidth == Width;
            }
        }

        private static int Larger(int a, int b)
        {
            return a > b ? a : b;
        }
    }
}
