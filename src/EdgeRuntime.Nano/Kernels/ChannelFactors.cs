using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// What the channels of a layer with int8 weights have each: multiplier, shift, bias. Layers with many places share one of a session and
    /// read them from the file again at each run: that is little work beside their sums, and a device has little RAM.
    /// </summary>
    internal sealed class ChannelFactors
    {
        /// <summary>The entry of <see cref="Shifts"/> of a channel that is not shifted.</summary>
        internal const int LeastShift = 30;

        private const int Multiplier = 0;
        private const int Shift = 1;
        private const int FileBias = 2;
        private const int First = 3;
        private const int Channels = 4;
        private const int Run = 5;
        private const int ZeroPoint = 6;
        private const int PatchLength = 7;

        private readonly ModelBytes file;

        internal ChannelFactors(ModelBytes file)
        {
            this.file = file;
        }

        /// <summary>The multipliers. This array and the others may be longer than what they are for, and others after <see cref="Load"/>.</summary>
        internal int[] Multipliers = new int[0];

        /// <summary>How far each channel is shifted to the right, and <see cref="LeastShift"/>; less than that is to the left.</summary>
        internal sbyte[] Shifts;

        /// <summary>The int32 bias.</summary>
        internal int[] Bias;

        /// <summary>What a kernel adds up within a run; those that share the other arrays share this one.</summary>
        internal int[] Sums;

        /// <summary>Zero points of the input.</summary>
        internal sbyte[] Patch = new sbyte[0];

        /// <summary>Where in the file a layer's numbers are.</summary>
        /// <param name="context">The operator.</param>
        /// <param name="shape">Its units, the channels. A single multiplier is for all of them, and fewer than they are for as many runs of neighbours.</param>
        /// <param name="patchLength">Elements of <see cref="Patch"/>.</param>
        internal static int[] Layer(BindContext context, DenseShape shape, int patchLength)
        {
            TensorInfo stored = context.Input(shape.Factors);
            int[] layer = new int[PatchLength + 1];
            layer[Multiplier] = stored.Offset;
            layer[Shift] = context.Input(shape.Factors + 1).Offset;
            layer[FileBias] = shape.Bias >= 0 && context.Operator.HasInput(shape.Bias) ? context.Input(shape.Bias).Offset : -1;
            layer[First] = shape.First;
            layer[Channels] = shape.Units;
            layer[Run] = stored.Elements == 1 ? int.MaxValue : stored.Elements < shape.Units ? shape.Units / stored.Elements : 1;
            layer[ZeroPoint] = shape.ZeroPoint;
            layer[PatchLength] = patchLength;
            return layer;
        }

        /// <summary>Fills the arrays with the numbers of a layer.</summary>
        internal void Load(int[] layer)
        {
            int channels = layer[Channels];
            int first = layer[First];
            int run = layer[Run];
            if (Multipliers.Length < channels)
            {
                Multipliers = new int[channels];
                Bias = new int[channels];
                Shifts = new sbyte[channels];
            }

            if (Patch.Length < layer[PatchLength])
            {
                Patch = new sbyte[layer[PatchLength]];
            }

            // One after the other, as they lie in a file that is read in chunks.
            int[] numbers = Multipliers;
            int from = layer[Multiplier];
            for (int i = 0; i < channels; i++)
            {
                numbers[i] = file.I32(from + ((first + i) / run * 4));
            }

            sbyte[] small = Shifts;
            from = layer[Shift];
            for (int i = 0; i < channels; i++)
            {
                small[i] = (sbyte)(LeastShift - (sbyte)file.U8(from + ((first + i) / run)));
            }

            numbers = Bias;
            from = layer[FileBias];
            for (int i = 0; i < channels; i++)
            {
                numbers[i] = from < 0 ? 0 : file.I32(from + ((first + i) * 4));
            }

            small = Patch;
            for (int i = 0; i < layer[PatchLength]; i++)
            {
                small[i] = (sbyte)layer[ZeroPoint];
            }
        }
    }
}
