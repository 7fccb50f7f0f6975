using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <content>Kernels that do without the whole file in RAM.</content>
    internal static partial class KernelTable
    {
        /// <summary>Whether the kernel that <see cref="Has"/> tells of can do without the whole file in RAM.</summary>
        internal static bool HasChunked(Opcode opcode, TensorType type)
        {
            switch (opcode)
            {
                case Opcode.Dense: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Conv: return false;
                case Opcode.ConvTranspose: return false;
                case Opcode.RNN: return false;
                case Opcode.GRU: return false;
                case Opcode.LSTM: return false;
                default: return true;
            }
        }

        static partial void BindChunked(BindContext context, ref NanoKernel kernel)
        {
            if (context.ChunkBytes == 0)
            {
                return;
            }

            switch (context.Operator.Opcode)
            {
                case Opcode.Dense:
                    switch (context.Input(0).Type)
                    {
                        case TensorType.Int8: kernel = new DenseInt8Chunked(context); break;
                        case TensorType.Int16: kernel = new DenseInt16Chunked(context); break;
                    }

                    break;
            }
        }
    }
}
