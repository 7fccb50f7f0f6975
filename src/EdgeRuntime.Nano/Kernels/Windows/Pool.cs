using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>The walk of MaxPool and AveragePool over windows and their pixels, channels last; what becomes of a pixel is the type's.</summary>
    internal abstract class Pool : NanoKernel
    {
        private readonly PoolAxis vertical;
        private readonly PoolAxis horizontal;
        private readonly int batch;
        private readonly bool countsPads;

        protected Pool(BindContext context)
        {
            OperatorRecord record = context.Operator;
            TensorInfo x = context.Input(0);
            batch = x.Dimension(0);
            Channels = x.Dimension(3);
            vertical = new PoolAxis(record, 0, x.Dimension(1), context.Output().Dimension(1));
            horizontal = new PoolAxis(record, 1, x.Dimension(2), context.Output().Dimension(2));
            countsPads = record.Int(PoolRule.CountIncludePad) != 0;
            IsMax = record.Opcode == Opcode.MaxPool;
        }

        protected readonly int Channels;

        protected readonly bool IsMax;

        internal override void Run()
        {
            int image = 0;
            int index = 0;
            int rows = vertical.First.Length;
            int columns = horizontal.First.Length;
            for (int n = 0; n < batch; n++)
            {
                for (int row = 0; row < rows; row++)
                {
                    for (int column = 0; column < columns; column++)
                    {
                        Window(image, row, column, index);
                        index += Channels;
                    }
                }

                image += vertical.Size * horizontal.Size;
            }
        }

        /// <summary>Begins a window whose outputs are at <paramref name="index"/>.</summary>
        protected abstract void Begin(int index);

        /// <summary>Takes in <paramref name="count"/> pixels, the first at <paramref name="offset"/>, <paramref name="step"/> elements apart.</summary>
        protected abstract void Add(int offset, int count, int step, int index);

        /// <summary>Ends a window with <paramref name="within"/> elements in the image that is divided by <paramref name="counted"/>.</summary>
        protected abstract void End(int index, int within, int counted);

        private void Window(int image, int row, int column, int index)
        {
            Begin(index);
            int count = vertical.Within[row];
            int across = horizontal.Within[column];
            int lineStep = vertical.Step * horizontal.Size * Channels;
            int step = horizontal.Step * Channels;
            int offset = (image + (vertical.First[row] * horizontal.Size) + horizontal.First[column]) * Channels;
            for (int i = 0; i < count && across > 0; i++)
            {
                Add(offset, across, step, index);
                offset += lineStep;
            }

            int within = count * across;
            End(index, within, countsPads ? vertical.WithinPads[row] * horizontal.WithinPads[column] : within);
        }
    }
}
