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

        internal int Batch { get; private set; }

        internal int Height { get; private set; }

        internal int Width { get; private set; }

        internal int Channels { get; private set; }

        internal int OutputHeight { get; private set; }

        internal int OutputWidth { get; private set; }

        internal int Units { get; private set; }

        internal int KernelHeight { get; private set; }

        internal int KernelWidth { get; private set; }

        internal int StrideHeight { get; private set; }

        internal int StrideWidth { get; private set; }

        internal int DilationHeight { get; private set; }

        internal int DilationWidth { get; private set; }

        internal int PadTop { get; private set; }

        internal int PadLeft { get; private set; }

        internal int Groups { get; private set; }

        /// <summary>Rows of the image with all that its windows reach above and below it.</summary>
        internal int ReachedHeight { get; private set; }

        /// <summary>Columns of the image with all that its windows reach to its left and right.</summary>
        internal int ReachedWidth { get; private set; }

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
